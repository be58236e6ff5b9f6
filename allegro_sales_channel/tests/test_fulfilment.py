"""What is wanted of Allegro reaches it once, and what Allegro says is shown."""

from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..allegro.errors import (
    AllegroAuthorisationError,
    AllegroConflictError,
    AllegroForbiddenError,
    AllegroRejectedError,
    AllegroTooManyRequestsError,
    AllegroUnavailableError,
)
from .common import AllegroCommon, form_json, line_json


@tagged("post_install", "-at_install")
class TestFulfilment(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())

    def _order(self, *lines, **values):
        form = form_json(*lines, **values)
        self.fake.put(form, event=None)
        return self.import_forms(form)

    def _parcel(self, order, waybill="0000007268757Q", carrier="DPD", **values):
        wizard = self.env["allegro.tracking.wizard"].create(
            {
                "order_id": order.id,
                "waybill": waybill,
                "carrier_id": self.env["allegro.carrier"]._by_code(carrier).id,
                **values,
            }
        )
        wizard.action_confirm()
        return order.allegro_parcel_ids[-1:]

    def _told(self, order):
        form_id = order.allegro_checkout_form_id
        return [what[1:] for what in self.fake.told if what[0] == form_id]

    # Statuses

    def test_start_processing_is_confirmed(self):
        order = self._order()
        self.assertEqual(order.allegro_next_step, "start")

        order.action_allegro_start_processing()
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertEqual(order.allegro_fulfillment_status, "NEW")
        self.assertEqual(self._told(order), [], "no HTTP in the user's transaction")

        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertEqual(order.allegro_next_step, "tracking")
        self.run_action("push")
        self.assertEqual(self._told(order), [("PROCESSING",)])

    def test_what_allegro_has_already_is_not_sent(self):
        order = self._order()
        order.action_allegro_start_processing()
        form = self.fake.forms[order.allegro_checkout_form_id]
        form["fulfillment"]["status"] = "SENT"

        self.run_action("push")

        self.assertEqual(self._told(order), [])
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertFalse(order.allegro_sync_error)
        # the news itself comes in by the door through which all news come
        self.run_action("sync")
        self.assertEqual(order.allegro_fulfillment_status, "SENT")

    def test_wanting_what_is_confirmed_changes_nothing(self):
        order = self._order(fulfillment={"status": "SENT"})
        order._allegro_want("SENT")
        order._allegro_want("PROCESSING")
        self.assertFalse(order.allegro_fulfillment_target)

    def test_nothing_takes_back_a_cancellation(self):
        order = self._order()
        order._allegro_want("CANCELLED")
        order._allegro_want("SENT")
        self.assertEqual(order.allegro_fulfillment_target, "CANCELLED")

    def test_refusal_stops_and_can_be_retried(self):
        order = self._order()
        order.action_allegro_start_processing()
        error = AllegroRejectedError("Zbyt wiele zmian", code="X", status=422)
        self.fake.refuse("set_fulfillment_status", error)

        self.run_action("push")
        self.assertIn("Zbyt wiele zmian", order.allegro_sync_error)
        self.assertIn("Retry", order.allegro_sync_error)
        self.assertFalse(order.allegro_fulfillment_target)
        self.run_action("push")
        self.assertEqual(self._told(order), [], "a refused wish is not repeated")
        inbox = self.env["allegro.incoming.order"].search([])
        self.assertEqual(
            inbox.mapped("checkout_form_id"), [order.allegro_checkout_form_id]
        )

        order.action_allegro_retry()
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertFalse(order.allegro_sync_error)
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")

    def test_give_up_forgets_the_refusal(self):
        order = self._order()
        order.action_allegro_start_processing()
        self.fake.refuse("set_fulfillment_status", AllegroRejectedError("no"))
        self.run_action("push")
        order.action_allegro_give_up()
        self.assertFalse(order.allegro_sync_error)
        self.assertEqual(order.allegro_next_step, "start")

    def test_lost_answer_is_asked_for(self):
        order = self._order()
        order.action_allegro_start_processing()
        form = self.fake.forms[order.allegro_checkout_form_id]
        form["fulfillment"]["status"] = "PROCESSING"  # it took effect
        error = AllegroUnavailableError("no answer", outcome_unknown=True)
        self.fake.refuse("checkout_form", error)

        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertTrue(order.allegro_next_push_at)
        self.assertIn("no answer", order.allegro_waiting_reason)

        order._allegro_wake_push()
        self.run_action("push")
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertFalse(order.allegro_next_push_at)
        self.assertEqual(self._told(order), [], "it was there already")

    def test_one_order_in_trouble_does_not_stop_the_others(self):
        first, second = self._order(), self._order()
        (first + second)._allegro_want("PROCESSING")
        self.fake.refuse("checkout_form", AllegroUnavailableError("broken"))
        self.run_action("push")
        statuses = (first + second).mapped("allegro_fulfillment_status")
        self.assertEqual(sorted(statuses), ["NEW", "PROCESSING"])

    def test_tries_become_rare(self):
        order = self._order()
        waits = []
        for _try in range(8):
            with freeze_time("2026-09-10 12:00:00"):
                order._allegro_come_again(AllegroUnavailableError("down"))
                waited = order.allegro_next_push_at - datetime(2026, 9, 10, 12)
                waits.append(waited.total_seconds() / 60)
        self.assertEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60])

    def test_too_many_requests_pause_the_account(self):
        order = self._order()
        order.action_allegro_start_processing()
        error = AllegroTooManyRequestsError("slow down", retry_after=60)
        self.fake.refuse("checkout_form", error)
        self.run_action("push")
        self.assertTrue(self.account.paused_until)
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        # as long as Allegro asked for, and no fault of the order's
        waits = order.allegro_next_push_at - fields.Datetime.now()
        self.assertTrue(50 < waits.total_seconds() <= 61)
        self.assertFalse(order.allegro_push_failures)
        self.run_action("push")
        self.assertEqual(self._told(order), [])

    def test_dead_token_waits_for_the_next_one(self):
        order = self._order()
        order.action_allegro_start_processing()
        self.fake.refuse("checkout_form", AllegroAuthorisationError("expired"))
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertTrue(self.account._token_needs_refresh())
        self.account.state = "reconnect"
        self.assertIn("connected again", order.allegro_waiting_reason)

    def test_missing_permission_is_said_on_the_order(self):
        order = self._order()
        order.action_allegro_start_processing()
        error = AllegroForbiddenError("no scope", code="AccessDenied", status=403)
        self.fake.refuse("set_fulfillment_status", error)
        self.run_action("push")
        self.assertIn("no scope", order.allegro_sync_error)
        self.assertIn("Connect the Allegro account again", order.allegro_sync_error)

    def test_cancelling_in_odoo_ends_the_wish(self):
        order = self._order()
        order.action_allegro_start_processing()
        order._action_cancel()
        self.assertFalse(order.allegro_fulfillment_target)
        self.run_action("push")
        self.assertEqual(self._told(order), [])
        cancelled = self._order()
        cancelled._allegro_want("CANCELLED")
        cancelled._action_cancel()
        self.run_action("push")
        self.assertEqual(self._told(cancelled), [("CANCELLED",)])

    def test_reading_numbers_of_a_lost_order_is_no_complaint(self):
        order = self._order()
        order.allegro_shipments_unread = True
        del self.fake.forms[order.allegro_checkout_form_id]
        self.run_action("push")
        self.assertFalse(order.allegro_sync_error)
        self.assertTrue(order.allegro_next_push_at)
        with freeze_time("2028-01-01"):  # it is gone for good
            self.account.token_expires_at = "2036-01-01 00:00:00"
            self.run_action("push")
        self.assertFalse(order.allegro_sync_error)
        self.assertFalse(order.allegro_shipments_unread)

    def test_order_that_allegro_does_not_have_for_a_while(self):
        order = self._order()
        order.action_allegro_start_processing()
        form = self.fake.forms.pop(order.allegro_checkout_form_id)
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertTrue(order.allegro_next_push_at)
        self.fake.forms[order.allegro_checkout_form_id] = form
        order.allegro_next_push_at = False
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertFalse(order.allegro_sync_error)
        self.assertFalse(order.allegro_next_push_at)

    def test_changed_meanwhile_is_looked_at_again(self):
        order = self._order()
        order.action_allegro_start_processing()
        self.fake.refuse("set_fulfillment_status", AllegroConflictError("outdated"))
        self.run_action("push")
        self.assertEqual(self._told(order), [("PROCESSING",)])
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")

    def test_buyer_was_faster(self):
        order = self._order()
        order.action_allegro_start_processing()
        self._parcel(order)
        self.fake.forms[order.allegro_checkout_form_id]["status"] = "CANCELLED"

        self.run_action("push")

        self.assertEqual(self._told(order), [])
        self.assertIn("buyer cancelled", order.allegro_sync_error)
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertEqual(order.allegro_parcel_ids.state, "error")
        self.assertTrue(self.env["allegro.incoming.order"].search([]))

    def test_claimed_order_is_left_to_its_worker(self):
        order = self._order()
        order.action_allegro_start_processing()
        wishes = order._allegro_claim(self.account)
        self.assertEqual(len(wishes), 1)
        self.assertEqual(order._allegro_claim(self.account), [])
        idle = self._order()
        self.assertEqual((order + idle)._allegro_claim(self.account), [])
        self.run_action("push")
        self.assertEqual(self._told(order), [])
        with freeze_time("2036-01-01"):  # its worker has died
            self.account.token_expires_at = "2040-01-01 00:00:00"
            self.run_action("push")
        self.assertEqual(self._told(order), [("PROCESSING",)])

    # What comes back

    def test_panel_status_comes_back_and_is_not_told(self):
        order = self._order()
        form_id = order.allegro_checkout_form_id
        self.fake.forms[form_id]["fulfillment"]["status"] = "PROCESSING"
        self.fake.announce(form_id, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.run_action("push")
        self.assertEqual(self._told(order), [])

    def test_panel_decides_over_an_older_wish(self):
        order = self._order()
        order.action_allegro_start_processing()
        form_id = order.allegro_checkout_form_id
        self.fake.forms[form_id]["fulfillment"]["status"] = "SUSPENDED"
        self.fake.announce(form_id, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertEqual(order.allegro_fulfillment_status, "SUSPENDED")

    def test_stale_answer_does_not_set_the_status_back(self):
        order = self._order()
        order.action_allegro_start_processing()
        self.run_action("push")
        form_id = order.allegro_checkout_form_id
        self.fake.forms[form_id]["fulfillment"]["status"] = "NEW"  # read too early
        self.fake.announce(form_id, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self._parcel(order)  # sending it reads the order, too early again
        self.run_action("push")
        self.run_action("sync")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertEqual(order.allegro_parcel_ids.state, "sent")

    def test_numbers_added_in_the_panel_are_shown(self):
        order = self._order()
        form_id = order.allegro_checkout_form_id
        self.fake.add_shipment(form_id, "UPS", "1Z9999999999999999")
        self.fake.forms[form_id]["fulfillment"]["shipmentSummary"] = {
            "lineItemsSent": "ALL"
        }
        self.fake.told.clear()
        self.env["sale.order"]._allegro_update(
            self.account, [self.fake._fetched(form_id).form]
        )
        self.fake.forms[form_id]["fulfillment"]["status"] = "SENT"
        self.fake.announce(form_id, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        self.run_action("push")
        parcel = order.allegro_parcel_ids
        self.assertEqual(
            (parcel.carrier_code, parcel.carrier_name, parcel.waybill, parcel.state),
            ("UPS", "UPS", "1Z9999999999999999", "sent"),
        )
        self.assertTrue(parcel.added_on_allegro)
        self.assertEqual(self._told(order), [])

    # Tracking numbers

    def test_number_is_sent_once(self):
        order = self._order()
        parcel = self._parcel(order)
        self.assertEqual(parcel.state, "to_send")
        self.run_action("push")
        self.run_action("push")
        self.assertEqual(parcel.state, "sent")
        self.assertEqual(self._told(order), [("DPD", "0000007268757Q")])

    def test_number_that_allegro_has_is_not_sent_again(self):
        order = self._order()
        form_id = order.allegro_checkout_form_id
        self.fake.add_shipment(form_id, "DPD", "0000007268757q")
        self.fake.told.clear()
        parcel = self._parcel(order)
        self.run_action("push")
        self.assertEqual(parcel.state, "sent")
        self.assertEqual(self._told(order), [])
        self.assertEqual(len(order.allegro_parcel_ids), 1)

    def test_a_mistyped_number_is_told_in_few_words(self):
        order = self._order()
        parcel = self._parcel(order)
        error = AllegroRejectedError(
            "Wystąpił błąd. Nie udało się zapisać zmian.",
            code="CarrierWaybillValidationException",
            status=400,
            trace_id="abc123",
        )
        self.fake.refuse("add_shipment", error)
        self.run_action("push")
        self.assertEqual(
            parcel.error,
            f"{parcel.carrier_name} doesn't accept this number. Correct it."
            " (trace-id abc123)",
        )
        self.assertIn(parcel.waybill, order.allegro_sync_error)

    def test_refused_number_is_shown_beside_it(self):
        order = self._order()
        parcel = self._parcel(order)
        error = AllegroRejectedError("Zły numer", code="CarrierWaybill", status=400)
        self.fake.refuse("add_shipment", error)
        self.run_action("push")
        self.assertEqual(parcel.state, "error")
        self.assertIn("Zły numer", parcel.error)
        self.assertIn("Zły numer", order.allegro_sync_error)
        self.run_action("push")
        self.assertEqual(self._told(order), [])

        action = parcel.action_correct()
        wizard = (
            self.env["allegro.tracking.wizard"].with_context(**action["context"]).new()
        )
        self.assertEqual(wizard.waybill, "0000007268757Q")
        self._parcel(order, "0000007268758Q", parcel_id=parcel.id)
        self.assertFalse(parcel.exists())
        self.assertFalse(order.allegro_sync_error)
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "0000007268758Q")
        self.run_action("push")
        self.assertEqual(self._told(order), [("DPD", "0000007268758Q")])

    def test_a_refused_number_is_corrected_before_handing_over(self):
        order = self._order()
        order.action_allegro_start_processing()
        parcel = self._parcel(order)
        self.assertEqual(order.allegro_next_step, "hand_over")
        self.fake.refuse("add_shipment", AllegroRejectedError("bad number"))
        self.run_action("push")
        self.assertEqual(order.allegro_next_step, "correct")
        self.assertIn("hand_over", order.allegro_steps.split())
        action = order.action_allegro_correct_parcel()
        self.assertEqual(action["context"]["default_parcel_id"], parcel.id)

        order.action_allegro_hand_over()
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertEqual(order.allegro_next_step, "correct")
        self._parcel(order, "0000007268758Q", parcel_id=parcel.id)
        self.assertFalse(order.allegro_next_step)
        with self.assertRaises(UserError):
            order.action_allegro_correct_parcel()

    def test_nothing_is_corrected_on_an_order_that_is_not_started_or_cancelled(self):
        order = self._order()
        self._parcel(order)
        self.fake.refuse("add_shipment", AllegroRejectedError("bad number"))
        self.run_action("push")
        self.assertEqual(order.allegro_next_step, "start")
        self.assertEqual(order.allegro_steps, "correct start")
        order.allegro_status = "CANCELLED"
        self.assertFalse(order.allegro_next_step)
        self.assertFalse(order.allegro_steps)

    def test_sent_is_told_although_a_number_is_refused(self):
        order = self._order()
        self._parcel(order)
        order.action_allegro_hand_over()
        self.fake.refuse("add_shipment", AllegroRejectedError("bad number"))
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertIn("bad number", order.allegro_sync_error)

    def test_several_numbers_at_once(self):
        order = self._order()
        self._parcel(order, "0000007268757Q, 0000007268758Q\n 00000 07268759Q ")
        self.assertEqual(
            order.allegro_parcel_ids.mapped("waybill"),
            ["0000007268757Q", "0000007268758Q", "0000007268759Q"],
        )
        self.assertEqual(
            order.picking_ids.carrier_tracking_ref,
            "0000007268757Q,0000007268758Q,0000007268759Q",
        )

    def test_bad_numbers_are_refused_in_words(self):
        order = self._order()
        self._parcel(order)
        for waybill, words in (
            ("", "Enter a tracking number"),
            (" , \n", "Enter a tracking number"),
            ("X" * 65, "too long"),
            ("numer-żółty", "not a tracking number"),
            ("123,123", "twice"),
            ("0000007268757q", "already"),
        ):
            with self.subTest(waybill), self.assertRaisesRegex(UserError, words):
                self._parcel(order, waybill)
        self.assertEqual(len(order.allegro_parcel_ids), 1)
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "0000007268757Q")

    def test_other_carrier_needs_a_name(self):
        order = self._order()
        with self.assertRaisesRegex(UserError, "carrier's name"):
            self._parcel(order, "ABC-123", "OTHER")
        parcel = self._parcel(
            order, "ABC-123", "OTHER", carrier_name=" Kurier Lokalny "
        )
        self.assertEqual(parcel.carrier_name, "Kurier Lokalny")

    def test_dropped_carrier_is_not_chosen(self):
        order = self._order()
        ups = self.env["allegro.carrier"]._by_code("UPS")
        del self.fake.carrier_names["UPS"]
        for day in ("10", "12"):
            with freeze_time(f"2026-09-{day} 12:00:00"):
                self.env["allegro.carrier"]._take_over(self.fake.carriers())
        self.assertFalse(ups.active)
        with self.assertRaisesRegex(UserError, "no longer has the carrier UPS"):
            self._parcel(order, "12345", carrier_id=ups.id)
        self.fake.carrier_names["UPS"] = "UPS"
        self.env["allegro.carrier"]._take_over(self.fake.carriers())
        self.assertTrue(ups.active)

    def test_only_some_lines(self):
        order = self._order(line_json("SKU-1"), line_json("SKU-2"))
        line = order.order_line[0]
        parcel = self._parcel(order, line_ids=[(6, 0, line.ids)])
        wish = order._allegro_wish()
        self.assertEqual(wish.parcels[0].line_ids, (line.allegro_line_item_id,))
        self.run_action("push")
        self.assertEqual(parcel.state, "sent")
        foreign = self._order()
        with self.assertRaisesRegex(UserError, "another order"):
            self._parcel(foreign, "1", line_ids=[(6, 0, line.ids)])

    def test_carrier_is_proposed(self):
        order = self._order()
        wizard = self.env["allegro.tracking.wizard"].new({"order_id": order.id})
        self.assertEqual(wizard.carrier_id.code, "DPD", "by the method's name")
        wizard.waybill = "1Z9999999999999999"
        self.assertEqual(wizard.carrier_id.code, "UPS", "by the number's form")
        wizard.carrier_id = self.env["allegro.carrier"]._by_code("INPOST")
        self.assertIn("UPS", wizard.hint)
        self.env["allegro.delivery.method"].create(
            {
                "method_id": "method-1",
                "name": "Allegro Kurier DPD",
                "allegro_carrier_id": wizard.carrier_id.id,
            }
        )
        self.assertEqual(order._allegro_carrier_for("12345").code, "INPOST")

    def test_lists_are_read_once_a_day(self):
        with freeze_time("2026-09-10 12:00:00"):
            self.run_action("sweep")
        self.assertEqual(len(self.env["allegro.delivery.method"].search([])), 2)
        method = self.env["allegro.delivery.method"]._by_method("method-1")
        self.assertEqual(method.allegro_carrier_id.code, "DPD")
        self.fake.carrier_names["NEW"] = "New one"
        with freeze_time("2026-09-10 13:00:00"):
            self.run_action("sweep")
            self.assertFalse(self.env["allegro.carrier"]._by_code("NEW"))
        with freeze_time("2026-09-11 12:00:00"):
            self.run_action("sweep")
            self.assertTrue(self.env["allegro.carrier"]._by_code("NEW"))

    # Many orders at once

    def test_bulk_says_what_became_of_each(self):
        new = self._order()
        sent = self._order(fulfillment={"status": "SENT"})
        other = self.env["sale.order"].create({"partner_id": new.partner_id.id})
        refused = self._order()
        action = (new + sent + other + refused).action_allegro_start_processing()
        result = self.env[action["res_model"]].browse(action["res_id"])
        outcomes = dict(
            zip(
                result.line_ids.mapped("order_id.id"),
                result.line_ids.mapped("result"),
                strict=True,
            )
        )
        self.assertEqual(
            outcomes,
            {
                new.id: "waiting",
                sent.id: "skipped",
                other.id: "skipped",
                refused.id: "waiting",
            },
        )
        self.fake.forms[refused.allegro_checkout_form_id]["status"] = "CANCELLED"
        self.run_action("push")
        lines = {line.order_id: line for line in result.line_ids}
        self.assertEqual(lines[new].result, "done")
        self.assertEqual(lines[refused].result, "refused")
        self.assertIn("buyer cancelled", lines[refused].message)
        self.assertIn("already sent", lines[sent].message)
        self.assertEqual(result.summary, "1 done, 2 skipped, 1 refused")

    def test_bulk_tracking_numbers(self):
        first, second, third = self._order(), self._order(), self._order()
        action = (first + second + third).action_allegro_add_tracking()
        batch = self.env[action["res_model"]].browse(action["res_id"])
        batch.line_ids[0].waybill = "0000007268757Q"
        batch.line_ids[1].waybill = "ż"
        self.assertEqual(set(batch.line_ids.carrier_id.mapped("code")), {"DPD"})
        action = batch.action_confirm()
        result = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            result.line_ids.mapped("result"), ["waiting", "refused", "skipped"]
        )
        self.assertEqual(first.allegro_parcel_ids.waybill, "0000007268757Q")
        self.assertFalse(second.allegro_parcel_ids)

    def test_news_for_open_screens(self):
        order = self._order()
        order.action_allegro_start_processing()
        self.env["bus.bus"].search([]).unlink()
        self.run_action("push")
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search([]).mapped("message")
        self.assertTrue(
            any(f'"order_ids":[{order.id}]' in message for message in messages)
        )
