"""The buttons, the dialogs and the list, in a browser."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import AllegroCommon, form_json, line_json
from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestFulfilmentTours(AllegroCommon, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        cls.user = new_test_user(
            cls.env,
            "allegro_seller",
            "allegro_sales_channel.group_allegro_user,stock.group_stock_user",
            password="allegro_seller",
        )

    def _order(self, *lines, **values):
        form = form_json(*lines, **values)
        self.fake.put(form, event=None)
        return self.import_forms(form)

    def test_one_order_from_new_to_sent(self):
        order = self._order(line_json("SKU-1", quantity=2), line_json("SKU-2"))
        order.write(
            {
                "allegro_sync_error": "Zbyt wiele zmian",
                "allegro_refused_target": "PROCESSING",
            }
        )
        self.start_tour(
            f"/odoo/sales/{order.id}", "allegro_fulfilment", login=self.user.login
        )
        order.invalidate_recordset()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "1Z9999999999999999")
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        self.assertEqual(order.allegro_parcel_ids.carrier_code, "UPS")

    def test_a_refused_number_is_corrected(self):
        order = self._order()
        order._allegro_confirmed("PROCESSING")
        parcel = self.env["allegro.parcel"].create(
            {
                "order_id": order.id,
                "carrier_code": "DPD",
                "carrier_name": "DPD",
                "waybill": "1234567890123A",
            }
        )
        parcel._refused("Zły numer")
        order._allegro_complain_of_parcels()
        self.start_tour(
            f"/odoo/sales/{order.id}", "allegro_correct_number", login=self.user.login
        )
        order.invalidate_recordset()
        self.assertEqual(order.allegro_parcel_ids.waybill, "1234567890123B")
        self.assertEqual(order.allegro_parcel_ids.state, "to_send")

    def test_many_orders_from_the_list(self):
        others = self.env["sale.order"].search([("allegro_account_id", "!=", False)])
        orders = self._order() + self._order()
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Orders of the test",
                "res_model": "sale.order",
                "view_mode": "list,form",
                "view_ids": [
                    Command.create(
                        {
                            "sequence": 1,
                            "view_mode": "list",
                            "view_id": self.env.ref("sale.view_order_tree").id,
                        }
                    )
                ],
                "search_view_id": self.env.ref(
                    "sale.sale_order_view_search_inherit_sale"
                ).id,
                "domain": [("id", "not in", others.ids)],
                "context": {"search_default_allegro_to_process": 1},
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}", "allegro_bulk", login=self.user.login
        )
        orders.invalidate_recordset()
        self.assertEqual(
            set(orders.mapped("allegro_fulfillment_target")), {"PROCESSING"}
        )
        self.assertEqual(orders.allegro_parcel_ids.waybill, "0000007268757Q")
