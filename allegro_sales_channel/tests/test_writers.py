"""Writers: off, shadow, on; and the trail of what Allegro was told."""

import re
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..allegro.errors import (
    AllegroAuthorisationError,
    AllegroRejectedError,
    AllegroUnavailableError,
)
from ..allegro.shipments import Shipment
from .common import AllegroCommon, company_invoice, form_json
from .test_invoice import InvoiceCommon

WAYBILL = "0000007268757Q"
GATE = "odoo.addons.allegro_sales_channel.models.door.trail_gate.TrailGate"
USER = "allegro_sales_channel.group_allegro_user"


class WritersCommon(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        # the lowest rights with which one works
        cls.seller = cls._make_user("a_seller", "sales_team.group_sale_salesman")

    @classmethod
    def _make_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def order(self, **values):
        form = form_json(**values)
        self.fake.put(form, event=None)
        order = self.import_forms(form)
        order.user_id = self.seller
        return order

    def start(self, order):
        order.with_user(self.seller).action_allegro_start_processing()

    def enter_number(self, order, waybill=WAYBILL):
        wizards = self.env["allegro.tracking.wizard"].with_user(self.seller)
        carrier = self.env["allegro.carrier"]._by_code("DPD")
        wizards.create(
            {"order_id": order.id, "waybill": waybill, "carrier_id": carrier.id}
        ).action_confirm()
        return order.allegro_parcel_ids[-1:]

    def trail(self, order):
        return self.env["allegro.trail"].search(
            [("order_id", "=", order.id)], order="id"
        )

    def told(self, order):
        form_id = order.allegro_checkout_form_id
        return [what[1:] for what in self.fake.told if what[0] == form_id]


@tagged("post_install", "-at_install")
class TestTrail(WritersCommon):
    def test_each_write_leaves_a_line(self):
        order = self.order()
        self.start(order)
        parcel = self.enter_number(order)
        self.run_action("push")
        status, number = self.trail(order).sorted("writer", reverse=True)
        self.assertEqual(
            (status.writer, status.mode, status.state), ("status", "on", "done")
        )
        self.assertEqual(status.summary, "status: PROCESSING")
        self.assertEqual((status.method, status.answer), ("PUT", "HTTP 200"))
        self.assertIn(order.allegro_checkout_form_id, status.path)
        self.assertEqual((status.res_model, status.res_id), ("sale.order", order.id))
        self.assertEqual((number.writer, number.state), ("parcel", "done"))
        self.assertEqual(number.summary, f"carrierId: DPD, waybill: {WAYBILL}")
        self.assertEqual(
            (number.res_model, number.res_id), ("allegro.parcel", parcel.id)
        )
        # who wanted it, not who sent it
        self.assertEqual((status | number).user_id, self.seller)
        self.assertEqual((status | number).mapped("trace_id"), ["trace-1"] * 2)
        self.assertEqual(order.allegro_trail_count, 2)
        action = order.action_allegro_open_trail()
        found = self.env["allegro.trail"].search(action["domain"])
        self.assertEqual(found, status | number)

    def test_a_refusal(self):
        order = self.order()
        words = "anna@example.com is wrong"
        self.fake.refuse("add_shipment", AllegroRejectedError(words, status=422))
        self.enter_number(order)
        self.run_action("push")
        line = self.trail(order)
        self.assertEqual(line.state, "refused")
        self.assertIn("*** is wrong", line.answer)
        self.assertNotIn("example.com", line.answer)

    def test_what_allegro_has_already_leaves_no_line(self):
        order = self.order()
        self.fake.add_shipment(order.allegro_checkout_form_id, "DPD", WAYBILL)
        self.enter_number(order)
        self.run_action("push")
        self.assertEqual(order.allegro_parcel_ids.state, "sent")
        self.assertFalse(self.trail(order))

    def test_the_trail_outlives_what_fails_behind_it(self):
        """A worker that can't write the answer down has told Allegro all the same."""
        order = self.order()
        self.enter_number(order)
        with (
            patch.object(
                self.env.registry["sale.order"],
                "_allegro_fulfilled",
                side_effect=ZeroDivisionError,
            ),
            mute_logger("odoo.addons.allegro_sales_channel"),
            self.assertLogs("odoo.addons.allegro_sales_channel", "ERROR"),
        ):
            self.run_action("push")
        self.assertEqual(self.trail(order).state, "done")

    def test_trouble_with_all_of_allegro(self):
        order = self.order()
        self.start(order)
        self.fake.refuse("set_fulfillment_status", AllegroAuthorisationError("no"))
        with mute_logger("odoo.addons.allegro_sales_channel"):
            self.run_action("push")
        self.assertEqual(self.trail(order).state, "refused")

    def test_a_lost_answer_is_unknown(self):
        order = self.order()
        lost = AllegroUnavailableError("time-out", outcome_unknown=True)
        self.fake.refuse("add_shipment", lost)
        self.enter_number(order)
        self.run_action("push")
        self.assertEqual(self.trail(order).state, "unknown")
        # asked, found missing, sent
        order.with_user(self.seller).action_allegro_add_tracking()
        self.run_action("push")
        self.assertEqual(self.trail(order).mapped("state"), ["unknown", "done"])

    def test_a_kill_while_allegro_is_told(self):
        """The line was on disk before; Allegro is asked, and nothing is sent twice."""

        class Killed(BaseException):
            pass

        clients = type(self.fake)
        add = clients.add_shipment

        def add_and_die(fake, *arguments):
            add(fake, *arguments)
            raise Killed

        order = self.order()
        self.enter_number(order)
        with (
            # a dead process keeps nothing
            patch(f"{GATE}.keep"),
            patch.object(clients, "add_shipment", add_and_die),
            # not assertRaises: Odoo's own would roll back what was committed
            suppress(Killed),
        ):
            self.run_action("push")
        self.env.invalidate_all()
        self.assertEqual(self.told(order), [("DPD", WAYBILL)])
        line = self.trail(order)
        self.assertEqual(line.state, "unknown")
        self.assertEqual(line.summary, f"carrierId: DPD, waybill: {WAYBILL}")
        self.assertEqual(line.user_id, self.seller)
        order.allegro_claimed_until = False
        self.run_action("push")
        self.assertEqual(self.told(order), [("DPD", WAYBILL)])
        self.assertEqual(order.allegro_parcel_ids.state, "sent")
        self.assertEqual(self.trail(order), line)

    def test_what_was_not_expected_is_not_sent(self):
        """Without a line on disk a kill would leave no trace of it."""
        order = self.order()
        self.enter_number(order)
        with (
            patch(f"{GATE}.expect"),
            mute_logger("odoo.addons.allegro_sales_channel"),
            self.assertLogs("odoo.addons.allegro_sales_channel", "ERROR"),
        ):
            self.run_action("push")
        self.assertEqual(self.told(order), [])
        self.assertIn("not announced", self.account.last_error)

    def test_it_is_swept_when_it_is_old(self):
        order = self.order()
        self.start(order)
        self.run_action("push")
        self.account.trail_days = 10
        for days, is_kept in ((9, True), (11, False)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self.env["allegro.trail"]._gc_old()
            self.assertEqual(bool(self.trail(order)), is_kept)

    def test_who_sees_it(self):
        order = self.order()
        self.start(order)
        self.run_action("push")
        line = self.trail(order)
        user = self._make_user("a_user", USER)
        self.assertEqual(line.with_user(user).summary, "status: PROCESSING")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "a_stranger",
            groups=USER,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["allegro.trail"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            line.with_user(self.seller).read(["summary"])
        manager = self._make_user(
            "a_manager", "allegro_sales_channel.group_allegro_manager"
        )
        for act in (
            lambda: line.with_user(manager).write({"state": "done"}),
            lambda: line.with_user(manager).unlink(),
            lambda: line.with_user(manager).copy(),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_no_people_in_it(self):
        order = self.order()
        self.start(order)
        self.enter_number(order)
        self.run_action("push")
        kept = str(self.trail(order).read())
        people = r"Kowalski|Nowak|Testowa|600100200|allegromail|test-access-token"
        self.assertFalse(re.findall(people, kept))


@tagged("post_install", "-at_install")
class TestModes(WritersCommon):
    def test_managers_switch_and_it_is_told_in_the_chatter(self):
        manager = self._make_user(
            "a_manager", "allegro_sales_channel.group_allegro_manager"
        )
        self.account.with_user(manager).status_mode = "shadow"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(
            self.account.message_ids.tracking_value_ids.mapped("new_value_char"),
            ["Shadow: worked out and noted, not sent"],
        )
        user = self._make_user("a_user", USER)
        with self.assertRaises(AccessError):
            self.account.with_user(user).status_mode = "on"

    def test_off_nothing_is_looked_at(self):
        self.account.write({"status_mode": "off", "parcel_mode": "off"})
        order = self.order()
        self.start(order)
        parcel = self.enter_number(order)
        # entering a number wants those of Allegro read: that is no writing
        order.allegro_shipments_unread = False
        with patch.object(type(self.fake), "checkout_form", side_effect=AssertionError):
            self.run_action("push")
        self.assertFalse(self.trail(order))
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        self.assertEqual(parcel.state, "to_send")
        self.assertFalse(order.allegro_sync_error)
        self.assertTrue(order.allegro_is_held)
        words = order.with_user(self.seller).allegro_waiting_reason
        self.assertIn("switched off", words)
        self.assertIn("Statuses, Tracking numbers", words)

    def test_switched_on_it_is_sent(self):
        self.account.write({"status_mode": "off", "parcel_mode": "off"})
        order = self.order()
        self.start(order)
        self.enter_number(order)
        self.run_action("push")
        self.assertEqual(self.told(order), [])
        self.account.write({"status_mode": "on", "parcel_mode": "on"})
        cron = self.env.ref("allegro_sales_channel.ir_cron_allegro_push")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.run_action("push")
        self.assertEqual(self.told(order), [("PROCESSING",), ("DPD", WAYBILL)])
        self.assertFalse(order.allegro_waiting_reason)

    def test_each_writer_by_itself(self):
        self.account.parcel_mode = "off"
        order = self.order()
        self.enter_number(order)
        self.start(order)
        self.run_action("push")
        self.assertEqual(self.told(order), [("PROCESSING",)])
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertEqual(order.allegro_parcel_ids.state, "to_send")
        self.assertNotIn("Statuses", order.allegro_waiting_reason)
        self.account.write({"status_mode": "off", "parcel_mode": "on"})
        order.with_user(self.seller).action_allegro_hand_over()
        self.run_action("push")
        self.assertEqual(self.told(order), [("PROCESSING",), ("DPD", WAYBILL)])
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_shadow(self):
        self.account.write({"status_mode": "shadow", "parcel_mode": "shadow"})
        order = self.order()
        self.start(order)
        self.enter_number(order)
        activities = order.activity_ids
        for _turn in range(3):
            self.run_action("push")
        self.assertEqual(self.told(order), [])
        lines = self.trail(order)
        # each once, however often it is looked at
        self.assertEqual(set(lines.mapped("writer")), {"status", "parcel"})
        self.assertEqual(len(lines), 2)
        self.assertEqual(set(lines.mapped("state")), {"shadow"})
        self.assertEqual(set(lines.mapped("mode")), {"shadow"})
        self.assertEqual(lines.user_id, self.seller)
        self.assertFalse(order.allegro_sync_error)
        self.assertFalse(order.allegro_push_error)
        self.assertEqual(order.activity_ids, activities)
        self.assertIn("shadow mode", order.allegro_waiting_reason)
        self.assertFalse(self.account.last_error)
        # the next step is worked out as well
        order.with_user(self.seller).action_allegro_hand_over()
        self.run_action("push")
        self.assertEqual(
            self.trail(order)
            .filtered(lambda t: t.writer == "status")
            .mapped("summary"),
            ["status: PROCESSING", "status: SENT"],
        )

    def test_in_shadow_allegros_own_state_is_followed(self):
        self.account.write({"status_mode": "shadow", "parcel_mode": "shadow"})
        order = self.order()
        self.start(order)
        self.enter_number(order)
        self.run_action("push")
        form_id = order.allegro_checkout_form_id
        form = self.fake.forms[form_id]
        form["fulfillment"]["status"] = "SENT"
        form["revision"] = "by the other program"
        shipment = Shipment("id-1", "DPD", WAYBILL, None, (), None)
        self.fake.numbers[form_id] = [shipment]
        self.fake.announce(form_id)
        self.run_action("sync")
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertEqual(order.allegro_parcel_ids.state, "sent")
        self.assertFalse(order.allegro_waiting_reason)
        # switched on there is nothing left to send
        self.account.write({"status_mode": "on", "parcel_mode": "on"})
        self.run_action("push")
        self.assertEqual(self.told(order), [])

    def test_a_number_that_makes_no_sense_any_more_is_not_sent(self):
        self.account.parcel_mode = "shadow"
        order = self.order()
        parcel = self.enter_number(order)
        self.run_action("push")
        form_id = order.allegro_checkout_form_id
        self.fake.forms[form_id]["fulfillment"]["status"] = "SENT"
        self.fake.forms[form_id]["revision"] = "by the other program"
        self.fake.add_shipment(form_id, "UPS", "1Z9999999999999999")
        self.fake.announce(form_id)
        self.run_action("sync")
        self.run_action("push")
        told = self.told(order)
        self.account.parcel_mode = "on"
        self.run_action("push")
        self.assertEqual(self.told(order), told)
        self.assertEqual(parcel.state, "error")
        self.assertIn("another number", order.allegro_sync_error)
        # a person wants it all the same
        order.with_user(self.seller).action_allegro_retry()
        self.run_action("push")
        self.assertIn(("DPD", WAYBILL), self.told(order))

    def test_switched_off_while_it_runs(self):
        """The modes are read anew for each batch."""
        orders = self.env["sale.order"]
        for _number in range(14):
            orders |= self.order()
        orders.allegro_fulfillment_target = "PROCESSING"
        write_down = type(self.account)._write_down

        def switch_off(account, outcome):
            account.status_mode = "off"
            write_down(account, outcome)

        with patch.object(type(self.account), "_write_down", switch_off):
            self.run_action("push")
        self.assertEqual(len(self.fake.told), 12, "the batch that was begun")


@tagged("post_install", "-at_install")
class TestInvoiceModes(InvoiceCommon):
    def wanted(self):
        order = self.handed_over(invoice=company_invoice())
        self.run_invoicing()
        return order.invoice_ids

    def trail(self, move):
        return self.env["allegro.trail"].search(
            move.action_allegro_open_trail()["domain"]
        )

    def test_the_trail_of_an_invoice(self):
        move = self.wanted()
        line = self.trail(move)
        self.assertEqual((line.writer, line.state), ("invoice", "done"))
        self.assertEqual(line.order_id, move.allegro_order_id)
        self.assertIn(f"invoiceNumber: {move.name}", line.summary)
        self.assertNotIn("%PDF", str(line.read()))
        self.assertEqual(move.allegro_trail_count, 1)
        self.run_invoicing()
        self.assertEqual(self.trail(move), line, "looking leaves no line")

    def test_off(self):
        self.account.invoice_mode = "off"
        move = self.wanted()
        self.assertEqual(move.state, "posted", "made in Odoo all the same")
        self.assertFalse(self.fake.files)
        self.assertFalse(self.trail(move))
        self.assertEqual(move.allegro_document_state, "wanted")
        self.assertIn("switched off", move.allegro_document_held_words)
        self.assertIn("switched off", move.allegro_order_id.allegro_document_summary)
        self.account.invoice_mode = "on"
        self.run_invoicing()
        self.assertEqual(move.allegro_document_state, "sent")
        self.assertFalse(move.allegro_document_held_words)

    def test_shadow(self):
        self.account.invoice_mode = "shadow"
        move = self.wanted()
        self.run_invoicing()
        self.assertFalse(self.fake.files)
        line = self.trail(move)
        self.assertEqual(line.state, "shadow")
        self.assertIn(f"invoiceNumber: {move.name}", line.summary)
        self.assertEqual(move.allegro_document_state, "wanted")
        self.assertFalse(move.allegro_document_error)
        self.assertFalse(move.allegro_order_id.allegro_document_failed)
        self.assertIn("shadow mode", move.allegro_document_held_words)

    def test_the_buyer_gets_no_second_document(self):
        self.account.invoice_mode = "shadow"
        move = self.wanted()
        form_id = move.allegro_order_id.allegro_checkout_form_id
        self.fake.upload_invoice(form_id, "OTHER/1", "other.pdf", b"%PDF-")
        self.account.invoice_mode = "on"
        self.run_invoicing()
        self.assertEqual(len(self.fake.files), 1)
        self.assertEqual(move.allegro_document_state, "error")
        self.assertIn("OTHER/1", move.allegro_document_error)
        # a person wants it all the same
        move.action_allegro_upload_document()
        self.run_invoicing()
        self.assertEqual(len(self.fake.files), 2)

    def test_an_upload_that_never_ends_leaves_a_line(self):
        class Killed(BaseException):
            pass

        def die(*_arguments, **_options):
            seen.append(self.env["allegro.trail"].search_count(domain))
            raise Killed

        seen, domain = [], [("writer", "=", "invoice"), ("state", "=", "unknown")]
        self.account.invoice_mode = "off"
        move = self.wanted()
        self.account.invoice_mode = "on"
        with patch.object(type(self.fake), "upload_invoice", die):
            with self.assertRaises(Killed):
                self.run_invoicing()
        self.assertEqual(seen, [1])
        self.assertFalse(self.fake.files)
        self.assertTrue(move)
