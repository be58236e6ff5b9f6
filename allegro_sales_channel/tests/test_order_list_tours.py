"""How orders that need a person look in the list and on their form, in a browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .cancel_common import CancelCommon
from .common import POINT, company_invoice, delivery, line_json
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

    def test_the_list_of_the_day(self):
        late = self.buy(
            lineItems=[line_json(), line_json(sku=None)], invoice=company_invoice()
        )
        today = self.buy(
            ("SKU-1", 1),
            delivery=delivery(pickupPoint=POINT),
            messageToSeller="Is it black?",
        )
        sent = self.buy(
            ("SKU-1", 1), fulfillment={"status": "SENT", "provider": {"id": "SELLER"}}
        )
        today.picking_ids.carrier_tracking_ref = "0000007268757Q"
        now = fields.Datetime.now()
        late.write({"name": "LATE", "allegro_dispatch_to": now - timedelta(days=1)})
        # the browser's user has no time zone, so the day is that of Greenwich
        today.write(
            {
                "name": "TODAY",
                "allegro_dispatch_to": now.replace(hour=23, minute=59, second=59),
            }
        )
        sent.name = "GONE"
        self.start_tour(
            "/odoo/allegro-orders", "allegro_list_of_the_day", login="admin"
        )

    def test_an_order_is_found_by_its_number_and_by_phone(self):
        numbered = self.buy(("SKU-1", 1))
        numbered.picking_ids.carrier_tracking_ref = "0000007268757Q"
        called = self.buy(("SKU-1", 1))
        called.allegro_buyer_phone = "+48 601 234 567"
        numbered.name, called.name = "NUMBER", "PHONE"
        self.start_tour("/odoo/allegro-orders", "allegro_find_an_order", login="admin")
