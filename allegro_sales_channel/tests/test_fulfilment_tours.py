"""The buttons, the dialogs and the list, in a browser."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..allegro.errors import AllegroRejectedError
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

    def _list_of(self, orders, **context):
        """A list of these orders alone, as the menu has it of all."""
        return self.env["ir.actions.act_window"].create(
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
                "domain": [("id", "in", orders.ids)],
                "context": context,
            }
        )

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
        parcel._refused(AllegroRejectedError("Zły numer"))
        order._allegro_complain_of_parcels()
        self.start_tour(
            f"/odoo/sales/{order.id}", "allegro_correct_number", login=self.user.login
        )
        order.invalidate_recordset()
        self.assertEqual(order.allegro_parcel_ids.waybill, "1234567890123B")
        self.assertEqual(order.allegro_parcel_ids.state, "to_send")

    def test_many_orders_from_the_list(self):
        orders = self._order() + self._order()
        sent = self._order(fulfillment={"status": "SENT"})
        sent.name = "AWAY"
        action = self._list_of(orders + sent, search_default_allegro_to_process=1)
        self.start_tour(
            f"/odoo/action-{action.id}", "allegro_bulk", login=self.user.login
        )
        orders.invalidate_recordset()
        self.assertEqual(
            set(orders.mapped("allegro_fulfillment_target")), {"PROCESSING"}
        )
        self.assertEqual(orders.allegro_parcel_ids.waybill, "0000007268757Q")

    # Without a tracking number

    def test_one_order_without_a_number(self):
        order = self._order()
        order._allegro_confirmed("PROCESSING")
        order.name = "ONE"
        self.start_tour(
            f"/odoo/sales/{order.id}", "allegro_hand_over_one", login=self.user.login
        )
        order.invalidate_recordset()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        self.assertEqual(order.picking_ids.state, "done")

    def test_many_orders_some_without_a_number(self):
        bare, numbered = self._order(), self._order()
        numbered.picking_ids.carrier_tracking_ref = "0000007268757Q"
        bare.name, numbered.name = "BARE", "NUMBERED"
        action = self._list_of(bare + numbered)
        self.start_tour(
            f"/odoo/action-{action.id}", "allegro_hand_over_many", login=self.user.login
        )
        self.env.invalidate_all()
        self.assertEqual(numbered.allegro_fulfillment_target, "SENT")
        self.assertFalse(bare.allegro_fulfillment_target)

    def test_a_delivery_without_a_number(self):
        storekeeper = new_test_user(
            self.env, "storekeeper", "stock.group_stock_user", password="storekeeper"
        )
        order = self._order()
        action = self.env.ref("stock.action_picking_tree_outgoing")
        self.start_tour(
            f"/odoo/action-{action.id}/{order.picking_ids.id}",
            "allegro_hand_over_delivery",
            login=storekeeper.login,
        )
        order.invalidate_recordset()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
