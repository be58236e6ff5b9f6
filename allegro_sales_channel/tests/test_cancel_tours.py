from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .cancel_common import CancelCommon
from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestCancelTours(CancelCommon, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "allegro_tour_manager",
            password="allegro_tour_manager",
            groups="allegro_sales_channel.group_allegro_manager",
        )
        new_test_user(
            cls.env,
            "allegro_tour_user",
            password="allegro_tour_user",
            groups="allegro_sales_channel.group_allegro_user",
        )

    def test_cancel_order_in_the_browser(self):
        order = self.buy(("SKU-1", 1), ("SKU-2", 1))
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "allegro_cancel_order",
            login="allegro_tour_manager",
        )
        self.assertEqual(order.state, "cancel")
        self.assertEqual(
            order.allegro_stock_audit_ids.product_id, self.products["SKU-2"]
        )
        self.assertEqual(order.allegro_stock_audit_ids.reason_text, "Still in its box")

    def test_cancel_many_in_the_browser(self):
        good, sent = self.buy(("SKU-1", 1)), self.buy(("SKU-2", 1))
        sent.allegro_fulfillment_status = "SENT"
        self.start_tour(
            "/odoo/allegro-orders", "allegro_cancel_many", login="allegro_tour_manager"
        )
        self.assertEqual(good.state, "cancel")
        self.assertEqual(sent.state, "sale")

    def _handed_over(self):
        order = self.buy(("SKU-1", 1))
        self.finish(order.picking_ids)
        order._allegro_confirmed("SENT")
        return order

    def test_after_sent_there_is_no_cancel_without_the_right(self):
        order = self._handed_over()
        self.start_tour(
            f"/odoo/sales/{order.id}", "allegro_no_cancel", login="allegro_tour_user"
        )

    def test_after_sent_cancelling_in_odoo_says_what_it_does(self):
        order = self._handed_over()
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "allegro_cancel_in_odoo_only",
            login="allegro_tour_manager",
        )
        order.invalidate_recordset()
        self.assertEqual(order.state, "cancel")

    def test_cancelled_by_the_buyer_there_is_no_way_back(self):
        order = self.buy(("SKU-1", 1))
        self.buyer_cancels(order)
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "allegro_no_way_back",
            login="allegro_tour_manager",
        )

    def test_stock_audit_in_the_browser(self):
        self.products["SKU-1"].barcode = "5900000000017"
        order = self.buy(("SKU-1", 1), ("SKU-2", 1), ("SKU-8", 1))
        self.buyer_cancels(order)
        self.start_tour("/odoo", "allegro_stock_audit", login="allegro_tour_user")
        states = {
            audit.product_id.default_code: audit.state
            for audit in order.allegro_stock_audit_ids
        }
        self.assertEqual(
            states,
            {
                "SKU-1": "back_in_stock",
                "SKU-2": "back_in_stock",
                "SKU-8": "to_check",
            },
        )
        note = order.allegro_stock_audit_ids.filtered(
            lambda audit: audit.product_id == self.products["SKU-2"]
        ).note
        self.assertEqual(note, "It is fine after all")
