"""How orders that need a person look in the list and on their form, in a browser."""

from odoo.tests import tagged

from .cancel_common import CancelCommon
from .common import line_json
from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestOrderListTours(CancelCommon, TourCase):
    def test_refused_and_cancelled_orders_stand_out(self):
        refused, cancelled = self.buy(("SKU-1", 1)), self.buy(("SKU-1", 1))
        partly = self.buy(("SKU-1", 1), lineItems=[line_json(), line_json(sku=None)])
        sent = self.buy(
            lineItems=[line_json(), line_json(sku=None)],
            fulfillment={"status": "SENT", "provider": {"id": "SELLER"}},
        )
        refused.allegro_sync_error = "Zbyt wiele zmian"
        self.buyer_cancels(cancelled)
        self.assertEqual(cancelled.allegro_fulfillment_status, "NEW")
        for name, order in (
            ("REFUSED", refused),
            ("CANCELLED", cancelled),
            ("PARTLY", partly),
            ("GONE", sent),
        ):
            order.name = name
        self.start_tour(
            "/odoo/allegro-orders", "allegro_orders_that_need_a_person", login="admin"
        )
