"""A passing fault is not Allegro's word: asked again, and its warning goes away."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..allegro.errors import (
    AllegroConflictError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
    AllegroUnavailableError,
)
from ..models.door import pauses
from .common import AllegroCommon, form_json

NOON = datetime(2026, 9, 10, 12)


@tagged("post_install", "-at_install")
class TestPassingFaults(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        cls.account.token_expires_at = "2036-01-01"

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOON))

    def _order(self, **values):
        form = form_json(**values)
        self.fake.put(form, event=None)
        return self.import_forms(form)

    def _number(self, order, waybill="0000007268757Q"):
        order.picking_ids.carrier_tracking_ref = waybill
        return order.allegro_parcel_ids

    def _told(self, order):
        form_id = order.allegro_checkout_form_id
        return [what[1:] for what in self.fake.told if what[0] == form_id]

    def _row(self, order):
        return self.env["allegro.incoming.order"].search(
            [("checkout_form_id", "=", order.allegro_checkout_form_id)]
        )

    def _later(self, **time):
        self.clock.tick(timedelta(**time))
        self.env.invalidate_all()

    # A gatekeeper before Allegro

    def test_a_gatekeeper_once_is_told_again_by_itself(self):
        order = self._order()
        order.action_allegro_start_processing()
        gatekeeper = AllegroUnavailableError("A server before Allegro said 403")
        self.fake.refuse("set_fulfillment_status", gatekeeper)

        self.run_action("push")

        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertFalse(order.allegro_sync_error)
        self.assertFalse(order.allegro_refused_target)
        self.assertIn("before Allegro said 403", order.allegro_waiting_reason)
        self.assertEqual(self.account.state, "connected")
        self._later(minutes=1)
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertFalse(order.allegro_waiting_reason)
        self.assertFalse(order.allegro_push_error)

    def test_each_order_says_its_own_trouble(self):
        troubled, fine = self._order(), self._order()
        troubled.action_allegro_start_processing()
        fine.action_allegro_start_processing()
        self.fake.refuse("checkout_form", AllegroUnavailableError("only this one"))
        self.run_action("push")
        orders = (troubled + fine).filtered("allegro_waiting_reason")
        self.assertEqual(len(orders), 1)
        self.assertIn("only this one", orders.allegro_waiting_reason)

    # An order that is here, though Allegro answers 404

    def test_a_known_order_is_not_found_for_hours_and_sent_meanwhile(self):
        order = self._order()
        form_id = order.allegro_checkout_form_id
        form = self.fake.forms.pop(form_id)
        self.fake.announce(form_id, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        self.assertEqual(order.allegro_missing_since, NOON)
        self.assertFalse(order.allegro_sync_error)

        order.action_allegro_start_processing()
        self._number(order)
        order.action_allegro_hand_over()
        for _time in range(20):
            self.run_action("push")
            self.run_action("sync")
            self._later(minutes=30)
        self.assertEqual(self._told(order), [])
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        self.assertEqual(order.allegro_parcel_ids.state, "to_send")
        self.assertEqual(order.allegro_missing_since, NOON)
        self.assertIn("as soon as it finds", order.allegro_waiting_reason)
        self.assertNotEqual(self._row(order).state, "quarantined")

        self.fake.forms[form_id] = form
        self._later(hours=12)
        self.run_action("sync")
        self.run_action("push")

        self.assertFalse(order.allegro_missing_since)
        self.assertFalse(order.allegro_sync_error)
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertEqual(order.allegro_parcel_ids.state, "sent")
        self.assertEqual(self._told(order), [("DPD", "0000007268757Q"), ("SENT",)])
        self.run_action("sync")
        self.assertFalse(self._row(order))

    def test_not_found_is_asked_with_growing_pauses_and_is_no_failed_import(self):
        order = self._order()
        del self.fake.forms[order.allegro_checkout_form_id]
        self.fake.announce(order.allegro_checkout_form_id)
        asked = []
        fetch = self.fake.checkout_forms

        def counting(form_ids):
            asked.append(datetime.now() - NOON)
            return fetch(form_ids)

        with patch.object(self.fake, "checkout_forms", counting):
            for _minute in range(40):
                self.run_action("sync")
                self._later(minutes=1)
        minutes = [pause.total_seconds() // 60 for pause in asked]
        self.assertEqual(minutes, [0, 1, 2, 4, 8, 16, 32])
        row = self._row(order)
        self.assertEqual((row.state, row.attempts), ("pending", 0))
        self.assertIn("merged", row.error)
        self.assertEqual(order.state, "sale")

    def test_what_is_found_while_telling_is_not_missing(self):
        order = self._order()
        form = self.fake.forms.pop(order.allegro_checkout_form_id)
        order.action_allegro_start_processing()
        self.run_action("push")
        self.assertTrue(order.allegro_missing_since)
        self.assertTrue(self._row(order), "asked for from now on")
        self.fake.forms[form["id"]] = form
        self._later(minutes=1)
        self.run_action("push")
        self.assertFalse(order.allegro_missing_since)
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")

    def test_the_comparison_finds_it_too(self):
        order = self._order()
        order.allegro_missing_since = NOON
        self.run_action("sweep")
        self.run_action("sync")
        self.assertFalse(order.allegro_missing_since)

    def test_there_again_but_unreadable_it_is_not_missing(self):
        order = self._order()
        order.allegro_missing_since = NOON
        form = self.fake.forms[order.allegro_checkout_form_id]
        form["lineItems"] = "nonsense"
        self.fake.announce(form["id"])
        self.run_action("sync")
        self.assertFalse(order.allegro_missing_since)

    def test_pressing_retry_or_dismiss_does_not_hide_that_it_is_missing(self):
        order = self._order()
        order.allegro_missing_since = NOON
        order.action_allegro_retry()
        order.action_allegro_give_up()
        order._allegro_want("SENT")
        self.assertTrue(order.allegro_missing_since)

    def test_older_than_a_year_it_is_gone_and_what_was_wanted_ends(self):
        order = self._order()
        del self.fake.forms[order.allegro_checkout_form_id]
        order.action_allegro_start_processing()
        self._number(order)
        order.allegro_missing_since = NOON
        self._later(days=400)
        self.run_action("push")
        self.assertFalse(order.allegro_missing_since)
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertIn("older than a year", order.allegro_sync_error)
        self.assertEqual(order.allegro_parcel_ids.state, "error")

    def test_parcels_of_an_order_that_is_not_found_wait(self):
        order = self._order()
        parcel = self._number(order)
        self.fake.refuse("add_shipment", AllegroNotFoundError("no such order"))
        self.run_action("push")
        self.assertEqual(parcel.state, "to_send")
        self.assertTrue(order.allegro_missing_since)
        self._later(minutes=1)
        self.run_action("push")
        self.assertEqual(parcel.state, "sent")
        self.assertFalse(order.allegro_missing_since)

    # Numbers

    def test_a_number_that_is_there_although_allegro_says_conflict(self):
        order = self._order()
        parcel = self._number(order)
        add = self.fake.add_shipment

        def adds_and_says_conflict(*args):
            add(*args)
            raise AllegroConflictError("it is there", status=409)

        with patch.object(self.fake, "add_shipment", adds_and_says_conflict):
            self.run_action("push")
        self.assertEqual(parcel.state, "sent")
        self.assertFalse(order.allegro_sync_error)
        self.run_action("push")
        self.assertEqual(len(self._told(order)), 1)

    def test_a_refused_number_that_allegro_has_after_all(self):
        order = self._order()
        parcel = self._number(order)
        self.fake.refuse("add_shipment", AllegroRejectedError("Zły numer", status=400))
        self.run_action("push")
        self.assertIn("Zły numer", order.allegro_sync_error)
        self.fake.add_shipment(order.allegro_checkout_form_id, "DPD", parcel.waybill)
        self.fake.told.clear()

        self._later(minutes=1)
        self.run_action("push")

        self.assertEqual(parcel.state, "sent")
        self.assertFalse(order.allegro_sync_error)
        self.assertEqual(self._told(order), [])

    def test_a_refused_number_is_looked_for_ever_more_rarely_and_not_for_ever(self):
        order = self._order()
        self._number(order)
        self.fake.refuse("add_shipment", AllegroRejectedError("Zły numer", status=400))
        self.run_action("push")
        looks = []
        with patch.object(
            type(self.fake), "shipments", lambda fake, form_id: looks.append(1) or []
        ):
            for _step in range(30):
                before = len(looks)
                self.run_action("push")
                self.assertLessEqual(len(looks), before + 1)
                self._later(hours=3)
        self.assertGreater(len(looks), 3)
        self.assertLess(len(looks), 15)
        self.assertFalse(order.allegro_shipments_unread)
        self.assertIn("Zły numer", order.allegro_sync_error, "still to be corrected")
        self.assertEqual(self._told(order), [], "and never sent again by itself")

    def test_what_is_refused_as_a_whole_is_said_once(self):
        order = self._order()
        parcel = self._number(order)
        refusal = AllegroRejectedError("not now", status=422)
        with patch.object(type(self.fake), "shipments", side_effect=refusal):
            for _minute in range(5):
                self.run_action("push")
                self._later(seconds=10)
        said = order.message_ids.filtered(lambda message: "not now" in message.body)
        self.assertEqual(len(said), 1)
        self.assertEqual(parcel.state, "error")

    def test_a_confirmed_status_is_not_called_refused(self):
        order = self._order()
        order.action_allegro_start_processing()
        self._number(order)
        forbidden = AllegroForbiddenError("no scope", status=403, code="AccessDenied")
        with patch.object(type(self.fake), "shipments", side_effect=forbidden):
            self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertFalse(order.allegro_refused_target)
        self.assertIn("tracking numbers", order.allegro_sync_error)

    # Pauses

    def test_pauses_grow(self):
        minutes = [pauses.growing(count).total_seconds() / 60 for count in range(12)]
        self.assertEqual(minutes[:5], [1, 2, 4, 8, 16])
        self.assertEqual(minutes[-1], 720)
        self.assertEqual(pauses.growing(10**6), timedelta(hours=12))
        for lasted, pause in ((0, 1), (30, 30), (10_000, 720)):
            since = NOON - timedelta(minutes=lasted)
            self.assertEqual(
                pauses.as_long_again(since, NOON), timedelta(minutes=pause)
            )
