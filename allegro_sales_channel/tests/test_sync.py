"""Journal, inbox, import and sweep: nothing is lost, nothing comes twice."""

import random
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..allegro.errors import (
    AllegroForbiddenError,
    AllegroRejectedError,
    AllegroTooManyRequestsError,
    AllegroUnavailableError,
)
from ..allegro.fetched import Fetched
from ..models.orders import allegro_account_sweep
from ..models.orders.allegro_incoming_order import MAX_ATTEMPTS
from .common import AllegroCommon, form_json, line_json

LOGGERS = (
    "odoo.addons.allegro_sales_channel.models.door.allegro_account_runner",
    "odoo.addons.allegro_sales_channel.models.orders.allegro_incoming_order",
)


class Killed(BaseException):
    """As when the server dies: nothing of ours catches it."""


class SyncCommon(AllegroCommon):
    def orders(self):
        return self.env["sale.order"].search(
            [("allegro_account_id", "=", self.account.id)]
        )

    def imported(self):
        return sorted(self.orders().mapped("allegro_checkout_form_id"))

    def inbox(self):
        return self.env["allegro.incoming.order"].search(
            [("account_id", "=", self.account.id)]
        )

    def sync(self):
        with mute_logger(*LOGGERS):
            self.run_action("sync")

    def sweep(self):
        with mute_logger(*LOGGERS):
            self.run_action("sweep")


@tagged("post_install", "-at_install")
class TestJournal(SyncCommon):
    def test_cursor_follows_what_was_read(self):
        ids = [self.fake.put(form_json()) for _ in range(3)]
        self.sync()
        self.assertEqual(self.account.event_cursor, "3")
        self.assertEqual(self.imported(), sorted(ids))
        self.assertFalse(self.inbox())
        self.assertTrue(self.account.last_sync_at)
        asked = []
        self.fake.checkout_forms = lambda form_ids: asked.append(form_ids) or []
        self.sync()
        self.assertFalse(asked, "nothing new, nothing asked")

    def test_duplicates_and_disorder(self):
        form = form_json()
        for event in (
            "BUYER_MODIFIED",
            "READY_FOR_PROCESSING",
            "FILLED_IN",
            "READY_FOR_PROCESSING",
            "BOUGHT",
            "A_TYPE_OF_THE_FUTURE",
        ):
            self.fake.put(form, event)
        self.sync()
        for event in ("READY_FOR_PROCESSING", "BOUGHT"):
            self.fake.announce(form["id"], event)
        self.sync()
        self.assertEqual(self.imported(), [form["id"]])
        self.assertEqual(len(self.orders().picking_ids), 1)

    def test_events_without_an_order_are_passed(self):
        self.fake.announce(None, "SOMETHING")
        form_id = self.fake.put(form_json())
        self.sync()
        self.assertEqual(self.imported(), [form_id])
        self.assertEqual(self.account.event_cursor, "2")

    def test_journal_faster_than_the_order(self):
        form = form_json(status="FILLED_IN")
        with freeze_time("2026-09-10 12:00:00"):
            form_id = self.fake.put(form)
            self.sync()
            self.assertFalse(self.orders())
            self.assertIn("FILLED_IN", self.inbox().error)
            self.fake.put({**form, "status": "READY_FOR_PROCESSING"}, event=None)
            self.sync()
            self.assertFalse(self.orders(), "not before its time")
        with freeze_time("2026-09-10 12:01:01"):
            self.sync()
        self.assertEqual(self.imported(), [form_id])

    def test_never_ready_is_forgotten_not_quarantined(self):
        self.fake.put(form_json(status="FILLED_IN"))
        moment = datetime(2026, 9, 10, 12)
        for _ in range(MAX_ATTEMPTS):
            with freeze_time(moment):
                self.sync()
            moment += timedelta(days=1)
        self.assertFalse(self.inbox())
        self.assertFalse(self.orders())

    def test_lost_journal_is_replaced_by_the_list(self):
        self.account.event_cursor = "forgotten"
        form_id = self.fake.put(form_json())

        def forgotten(cursor):
            raise AllegroRejectedError("unknown event", status=422)
            yield

        self.fake.iter_event_pages = forgotten
        self.sync()
        self.assertEqual(self.account.event_cursor, "1")
        self.assertFalse(self.orders())
        self.sweep()
        self.sync()
        self.assertEqual(self.imported(), [form_id])

    def test_merged_away_before_it_got_here(self):
        self.fake.announce("gone")
        self.sync()
        self.assertFalse(self.inbox())

    def test_news_of_a_known_order_updates_it(self):
        form = form_json()
        self.fake.put(form)
        self.sync()
        fulfillment = {"status": "SENT", "provider": {"id": "SELLER"}}
        form["fulfillment"] = fulfillment
        self.fake.put(form, "FULFILLMENT_STATUS_CHANGED")
        self.sync()
        order = self.orders()
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertFalse(order.allegro_fulfillment_target, "and never echoes")


@tagged("post_install", "-at_install")
class TestTrouble(SyncCommon):
    def test_poison_does_not_stop_the_others(self):
        forms = [form_json() for _ in range(50)]
        forms[7]["lineItems"][0]["price"]["amount"] = "abc"
        # too long for the database's index of names, however it is packed
        letters = random.Random(1)
        forms[23]["delivery"]["address"]["firstName"] = "".join(
            chr(letters.randrange(0x20000, 0x2A6DF)) for _ in range(990)
        )
        forms[31]["lineItems"] = []
        for form in forms:
            self.fake.put(form)
        # one that only the database refuses, in the middle of a good batch
        poison = forms[40]["id"]
        confirm = type(self.env["sale.order"]).action_confirm

        def fragile(orders):
            if poison in orders.mapped("allegro_checkout_form_id"):
                orders.env.cr.execute("SELECT 1/0")
            return confirm(orders)

        with (
            mute_logger("odoo.sql_db"),
            patch.object(self.env.registry["sale.order"], "action_confirm", fragile),
        ):
            self.sync()
        failed = {row.checkout_form_id: row.error for row in self.inbox()}
        bad = {forms[index]["id"] for index in (7, 23, 31, 40)}
        self.assertEqual(failed.keys(), bad)
        self.assertEqual(len(self.imported()), 46)
        self.assertIn("ProgramLimitExceeded", failed[forms[23]["id"]])
        self.assertIn("lineItems[0].price.amount", failed[forms[7]["id"]])
        self.assertIn("lineItems", failed[forms[31]["id"]])
        self.assertIn("DivisionByZero", failed[poison])
        self.assertFalse(self.account.last_error)

    def test_another_worker_in_the_way_puts_nothing_off(self):
        form_id = self.fake.put(form_json())
        imports = type(self.env["sale.order"])._allegro_import
        failures = [psycopg2.errors.SerializationFailure("could not serialize")]

        def busy(orders, account, forms):
            if failures:
                raise failures.pop()
            return imports(orders, account, forms)

        with patch.object(self.env.registry["sale.order"], "_allegro_import", busy):
            self.sync()
        self.assertEqual(self.imported(), [form_id])
        self.assertFalse(self.account.last_error)
        self.assertFalse(self.inbox())

    def test_five_failures_are_for_a_person(self):
        form = form_json()
        good = form["lineItems"][0]["quantity"]
        form["lineItems"][0]["quantity"] = 0
        form_id = self.fake.put(form)
        moment = datetime(2026, 9, 10, 12)
        seen = []
        for _ in range(MAX_ATTEMPTS + 2):
            with freeze_time(moment):
                self.sync()
            seen.append((self.inbox().state, self.inbox().attempts))
            moment += timedelta(hours=12)
        self.assertEqual(seen[0], ("failed", 1))
        self.assertEqual(seen[-3:], [("quarantined", 5)] * 3)
        self.assertIn("lineItems[0].quantity", self.inbox().error)
        # put right and retried
        form["lineItems"][0]["quantity"] = good
        self.fake.put(form, event=None)
        self.inbox().action_retry()
        self.assertEqual((self.inbox().state, self.inbox().attempts), ("pending", 0))
        self.sync()
        self.assertEqual(self.imported(), [form_id])
        self.assertFalse(self.inbox())

    def test_failures_are_spaced(self):
        form = form_json(buyer=None)
        self.fake.put(form)
        asked = []
        read = self.fake.checkout_forms
        self.fake.checkout_forms = lambda ids: asked.append(ids) or read(ids)
        with freeze_time("2026-09-10 12:00:00"):
            self.sync()
            self.sync()
        self.assertEqual(len(asked), 1)
        self.assertEqual(str(self.inbox().next_try_at), "2026-09-10 12:01:00")

    def test_news_brings_a_quarantined_order_back_at_once(self):
        form = form_json()
        form_id = self.fake.put({**form, "buyer": None})
        self.sync()
        self.inbox().write({"state": "quarantined", "attempts": 5})
        self.fake.put(form)
        self.sync()
        self.assertEqual(self.imported(), [form_id])

    def test_outage_is_no_bad_order(self):
        form_id = self.fake.put(form_json())
        self.sync_fails_in("checkout_forms", AllegroUnavailableError("502"))
        self.assertEqual(self.inbox().state, "pending")
        self.assertEqual(self.inbox().attempts, 0)
        self.assertEqual(self.account.state, "connected")
        self.sync()
        self.assertEqual(self.imported(), [form_id])
        self.assertFalse(self.account.last_error)

    def sync_fails_in(self, method, error):
        def fail(*_args):
            raise error

        with patch.object(self.fake, method, fail):
            self.sync()
        self.assertIn(str(error), self.account.last_error)

    def test_too_many_requests_pauses(self):
        form_id = self.fake.put(form_json())
        with freeze_time("2026-09-10 12:00:00"):
            self.sync_fails_in(
                "checkout_forms", AllegroTooManyRequestsError("slow", retry_after=90)
            )
            self.assertEqual(str(self.account.paused_until), "2026-09-10 12:01:30")
            message = self.account.action_sync_now()["params"]["message"]
            self.assertIn("91 seconds", message)
        with freeze_time("2026-09-10 12:01:29"):
            self.sync()
            self.sweep()
            self.assertFalse(self.orders())
        with freeze_time("2026-09-10 12:01:31"):
            self.sync()
            self.assertEqual(self.imported(), [form_id])
            self.assertFalse(self.account.paused_until)

    def test_missing_scope_is_told_and_costs_no_order(self):
        form_id = self.fake.put(form_json())
        self.sync_fails_in(
            "checkout_forms", AllegroForbiddenError("no scope", code="AccessDenied")
        )
        self.assertEqual(self.inbox().attempts, 0)
        self.sync()
        self.assertEqual(self.imported(), [form_id])

    def test_trouble_with_one_account_never_stops_the_next(self):
        broken = self._make_account(seller_id="0999", sequence=1)
        clients = {broken.id: None, self.account.id: self.fake}
        form_id = self.fake.put(form_json())
        with patch.object(
            self.env.registry["allegro.account"],
            "_client",
            lambda account: clients[account.id] or 1 / 0,
        ):
            with mute_logger(*LOGGERS):
                self.run_action("sync")
        self.assertEqual(self.imported(), [form_id])
        self.assertIn("division by zero", broken.last_error)
        self.assertFalse(self.account.last_error)


@tagged("post_install", "-at_install")
class TestDeath(SyncCommon):
    """The server dies between any two steps; the next run goes on."""

    def _die_before(self, model, method):
        def die(*_args, **_kwargs):
            raise Killed

        with patch.object(self.env.registry[model], method, die):
            self._die()

    def _die(self):
        # not by assertRaises, which would undo what was committed before the death
        died = False
        try:
            self.sync()
        except Killed:
            died = True
        self.assertTrue(died)
        self.env.invalidate_all()

    def test_anywhere(self):
        steps = (
            ("allegro.account", "_read_journal"),
            ("allegro.incoming.order", "_add"),
            ("allegro.account", "_import_due"),
            ("allegro.incoming.order", "_process"),
            ("sale.order", "_allegro_import"),
            ("sale.order", "action_confirm"),
        )
        expected = []
        for model, method in steps:
            with self.subTest(f"before {model}.{method}"):
                expected.append(self.fake.put(form_json()))
                self._die_before(model, method)
                self.sync()
                self.assertEqual(self.imported(), sorted(expected))
                self.assertEqual(set(self.orders().mapped("state")), {"sale"})
                self.assertFalse(self.inbox())

    def _killed_by(self, *form_ids):
        """The server dies of any of these orders, whoever else is in the batch."""
        original = self.env.registry["sale.order"]._allegro_import

        def die(orders, account, forms):
            if {form.id for form in forms} & set(form_ids):
                raise Killed
            return original(orders, account, forms)

        return patch.object(self.env.registry["sale.order"], "_allegro_import", die)

    def test_an_order_that_kills_its_worker_ends_in_quarantine(self):
        before = [self.fake.put(form_json()) for _ in range(2)]
        deadly = self.fake.put(form_json())
        after = [self.fake.put(form_json()) for _ in range(2)]
        with self._killed_by(deadly):
            self._die()
            self.assertEqual(set(self.inbox().mapped("attempts")), {1})
            self.assertFalse(self.orders())
            # from now on each by itself, and the one that has died most comes last
            for attempts in range(2, MAX_ATTEMPTS + 1):
                self._die()
                row = self.inbox().filtered(lambda r: r.checkout_form_id == deadly)
                self.assertEqual(row.attempts, attempts)
                if attempts > 2:
                    self.assertEqual(self.imported(), sorted(before + after))
                    self.assertEqual(self.inbox(), row)
            self.assertEqual(row.state, "quarantined")
            self.assertIn("died", row.error)
            self.sync()  # and is left alone
            self.assertEqual(row.attempts, MAX_ATTEMPTS)
            # news of it is one more try, and no more
            self.fake.announce(deadly)
            self._die()
            self.assertEqual(row.state, "quarantined")
            self.sync()
        row.action_retry()
        self.sync()
        self.assertEqual(self.imported(), sorted([*before, deadly, *after]))

    def test_new_orders_come_in_before_what_killed(self):
        deadly = self.fake.put(form_json())
        with self._killed_by(deadly):
            self._die()
            later = self.fake.put(form_json())
            self._die()
        self.assertEqual(self.imported(), [later])

    def test_a_try_that_ends_is_counted_once(self):
        self.fake.put(form_json(buyer=None))
        self.sync()
        row = self.inbox()
        self.assertEqual((row.attempts, row.is_begun), (1, False))
        self.assertEqual(row.state, "failed")

    def test_trouble_of_allegro_is_no_try(self):
        self.fake.put(form_json())
        with patch.object(self.fake, "checkout_forms", self._unavailable, create=True):
            for _ in range(MAX_ATTEMPTS + 1):
                self.sync()
        row = self.inbox()
        self.assertEqual((row.attempts, row.state), (0, "pending"))
        self.assertFalse(row.is_begun)
        self.sync()
        self.assertFalse(self.inbox())

    def _unavailable(self, _form_ids):
        raise AllegroUnavailableError("down")

    def test_an_order_of_endless_news_is_no_failure(self):
        form_id = self.fake.put(form_json(), event=None)
        inbox = self.env["allegro.incoming.order"]
        inbox._add(self.account, [form_id])
        for _ in range(MAX_ATTEMPTS + 1):
            row = self.inbox()
            row._begin()
            fetched = self.fake.checkout_forms([form_id])
            seen = {row.id: row.news_count}
            inbox._add(self.account, [form_id])  # while Allegro was asked
            row._process(fetched, seen)
            self.assertEqual((row.attempts, row.state), (0, "pending"))
        row._process(fetched, {row.id: row.news_count})
        self.assertFalse(self.inbox())


@tagged("post_install", "-at_install")
class TestSweep(SyncCommon):
    def test_finds_what_the_journal_missed(self):
        form_id = self.fake.put(form_json(), event=None)
        self.sync()
        self.assertFalse(self.orders())
        self.sweep()
        self.sync()
        self.assertEqual(self.imported(), [form_id])
        self.assertTrue(self.account.last_sweep_at)

    def test_finds_what_has_moved_and_nothing_else(self):
        moved, same = form_json(), form_json()
        for form in (moved, same):
            self.fake.put(form)
        self.sync()
        fulfillment = {"status": "PROCESSING", "provider": {"id": "SELLER"}}
        self.fake.put({**moved, "fulfillment": fulfillment}, event=None)
        self.sweep()
        self.assertEqual(self.inbox().mapped("checkout_form_id"), [moved["id"]])

    def test_only_unmanaged_orders_are_not_asked_for_again_and_again(self):
        self.fake.put(form_json(line_json("UNKNOWN")), event=None)
        self.sweep()
        self.assertFalse(self.inbox())
        offer = self.env["allegro.offer"].search([("external_id", "=", "UNKNOWN")])
        self.assertEqual(offer.waiting_order_count, 1)

    def test_a_broken_order_is_noticed(self):
        form = form_json(buyer=None)
        self.fake.put(form, event=None)
        self.sweep()
        self.assertEqual(self.inbox().checkout_form_id, form["id"])

    def test_looks_back_a_week_before_the_last_one(self):
        asked = []

        def listing(since, until=None):
            asked.append((since, until))
            return iter(())

        self.fake.iter_checkout_forms = listing
        self.account.order_import_start = "2026-01-01"
        self.account.write({"last_sweep_at": "2026-09-09", "sweep_from": False})
        self.sweep()
        self.assertEqual(asked[-1][0], datetime(2026, 9, 2, tzinfo=timezone.utc))
        # moving the start back looks there at once
        self.account.order_import_start = "2025-12-01"
        self.sweep()
        self.assertEqual(asked[-1][0], datetime(2025, 12, 1, tzinfo=timezone.utc))
        self.sweep()
        self.assertNotEqual(asked[-1][0].year, 2025, "once")

    def test_goes_on_where_it_was_interrupted(self):
        """Six orders, pages of two; the list is newest first, as Allegro's."""
        forms = [
            form_json(line_json(boughtAt=f"2026-09-{day:02}T08:00:00.000Z"))
            for day in range(1, 7)
        ]
        for form in forms:
            self.fake.put(form, event=None)
        self.fake.iter_checkout_forms = self._listing
        self.patch(allegro_account_sweep, "SWEEP_PAGE", 2)
        self._dies_after = 3
        self.account._look_back(fields.Datetime.to_datetime("2026-09-01"))
        self.sweep()
        self.assertEqual(len(self.inbox()), 2)
        self.assertEqual(str(self.account.sweep_reached), "2026-09-05 08:00:01")
        self.assertFalse(self.account.last_sweep_at)
        self._dies_after = None
        self._listed = []
        self.sweep()
        self.assertEqual(len(self.inbox()), 6)
        self.assertNotIn(forms[5]["id"], self._listed, "what was listed is done")
        self.assertFalse(self.account.sweep_reached or self.account.sweep_from)
        self.assertTrue(self.account.last_sweep_at)

    _listed = []

    def _listing(self, since, until=None):
        fetched = [self.fake._fetched(form_id) for form_id in self.fake.forms]
        fetched.sort(key=lambda answer: answer.form.last_bought_at, reverse=True)
        for number, answer in enumerate(fetched):
            if self._dies_after is not None and number >= self._dies_after:
                raise AllegroUnavailableError("gone in the middle")
            if (
                since
                <= answer.form.last_bought_at
                <= (until or datetime.max.replace(tzinfo=timezone.utc))
            ):
                self._listed.append(answer.checkout_form_id)
                yield answer

    def test_begins_anew_when_asked_meanwhile(self):
        self.fake.put(form_json(), event=None)
        account = self.account

        def listing(since, until=None):
            yield Fetched("x", error=AllegroRejectedError("?"))
            account._look_back(fields.Datetime.to_datetime("2026-02-01"))

        self.fake.iter_checkout_forms = listing
        self.patch(allegro_account_sweep, "SWEEP_PAGE", 1)
        self.sweep()
        self.assertEqual(str(account.sweep_from), "2026-02-01 00:00:00")
