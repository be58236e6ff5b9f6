from odoo.tests import tagged

from .common import AllegroCommon, form_json, line_json


@tagged("post_install", "-at_install")
class TestImport(AllegroCommon):
    def test_paid_order_becomes_a_confirmed_sale_order(self):
        form = form_json(line_json("SKU-1", quantity=2), delivery_cost="9.99")
        form_id = self.fake.put(form)

        self.run_action("sync")

        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.amount_total, 255.99)
        self.assertEqual(str(order.date_order), "2026-09-10 08:00:00")
        self.assertEqual(order.client_order_ref, form_id)
        self.assertEqual(order.picking_ids.state, "assigned")
        self.assertEqual(order.picking_ids.move_ids.quantity, 2)
