"""Whose fault is it? One answer, and what each loop over documents does with it."""

import logging
from unittest.mock import patch

import psycopg2
from psycopg2 import errors

from odoo.exceptions import (
    ConcurrencyError,
    LockError,
    UserError,
    ValidationError,
)
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..allegro.errors import (
    AllegroAuthorisationError,
    AllegroConflictError,
    AllegroDataError,
    AllegroNotFoundError,
    AllegroTooManyRequestsError,
    AllegroUnavailableError,
)
from ..models.door.fault import Fault, attempt, in_log, in_words, whose
from .common import AllegroCommon, company_invoice, form_json

RUNNER = "odoo.addons.allegro_sales_channel.models.door.allegro_account_runner"


class Coded(psycopg2.OperationalError):
    """An error as PostgreSQL gives it, with its code."""

    pgcode = None


def coded(code, kind=Coded):
    return type("Coded", (kind,), {"pgcode": code})("said by PostgreSQL")


@tagged("post_install", "-at_install")
class TestWhose(TransactionCase):
    def test_each_kind(self):
        cases = {
            Fault.RACE: [
                errors.SerializationFailure(),
                errors.DeadlockDetected(),
                errors.LockNotAvailable(),
                ConcurrencyError("again"),
                LockError("locked"),
            ],
            Fault.DATABASE: [
                psycopg2.InterfaceError("cursor already closed"),
                psycopg2.OperationalError("server closed the connection"),
                coded("57P01"),  # an administrator stops it
                coded("53100"),  # disk full
                coded("25P02", psycopg2.InternalError),  # transaction gone
                coded("XX000", psycopg2.InternalError),
            ],
            Fault.ALLEGRO: [
                AllegroUnavailableError("down"),
                AllegroTooManyRequestsError("slower", retry_after=3),
                AllegroAuthorisationError("token"),
            ],
            Fault.DOCUMENT: [
                coded("54000"),  # a value too long for an index
                coded("22001", psycopg2.DataError),
                coded("23505", psycopg2.IntegrityError),
                AllegroDataError("lineItems[0].id", "is missing"),
                AllegroNotFoundError("gone"),
                AllegroConflictError("changed"),
                UserError("closed period"),
                KeyError("x"),
                MemoryError(),
                RecursionError(),
            ],
        }
        for fault, exceptions in cases.items():
            for error in exceptions:
                with self.subTest(error=repr(error)):
                    self.assertIs(whose(error), fault)

    def test_attempt_undoes_what_a_document_broke(self):
        partner = self.env["res.partner"].create({"name": "Before"})

        def work(name):
            partner.name = name
            raise ValueError(name)

        error = attempt(self.env, work, "After")
        self.assertIsInstance(error, ValueError)
        self.assertEqual(partner.name, "Before")
        self.assertIsNone(attempt(self.env, partner.write, {"name": "Done"}))
        with self.assertRaises(AllegroUnavailableError):
            attempt(self.env, self._raise, AllegroUnavailableError("down"))
        with self.assertRaises(LockError):
            attempt(self.env, self._raise, LockError("locked"))

    def _raise(self, error):
        raise error

    def test_words(self):
        self.assertEqual(in_words(UserError("Closed period")), "Closed period")
        self.assertEqual(in_words(KeyError("x")), "'x' (KeyError)")
        self.assertEqual(in_words(ValueError()), "- (ValueError)")
        self.assertIn("lineItems", in_words(AllegroDataError("lineItems", "is none")))

    def test_a_log_says_what_and_where_never_who(self):
        secret = "Firma Testowa, PL1234563218"
        for error, kind in (
            (UserError(secret), "UserError"),
            (KeyError(secret), "KeyError"),
            (coded("23505", psycopg2.IntegrityError), "Coded 23505"),
            (AllegroUnavailableError("down", status=503), "HTTP 503"),
            (AllegroConflictError(secret, code=secret, trace_id="t-1"), "trace-id t-1"),
            (AllegroDataError("buyer.id", "is long", quoted=secret), "at buyer.id"),
        ):
            with self.subTest(kind):
                try:
                    self._raise(error)
                except Exception as raised:
                    text = in_log(raised)
                self.assertIn(kind, text)
                self.assertNotIn("1234563218", text)
                if "Error at test" in text:
                    self.assertIn(" > test_fault.py:", text)
        self.assertEqual(in_log(ValueError(secret)), "ValueError at ?")


@tagged("post_install", "-at_install")
class TestLoops(AllegroCommon):
    """One document in trouble, whatever it is, and the others go on."""

    def setUp(self):
        super().setUp()
        self.company.allegro_auto_invoice = True
        self.company.allegro_auto_invoice_when = "processing"
        bank = self.env["account.journal"].create(
            {"name": "Allegro", "type": "bank", "code": "ALLG"}
        )
        self.account.payment_journal_id = bank
        forms = []
        for _number in range(3):
            form = form_json()
            form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
            form["fulfillment"]["status"] = "PROCESSING"
            forms.append(form)
        self.orders = self.import_forms(*forms)
        self.assertEqual(self.orders.mapped("allegro_invoice_due"), [True] * 3)

    def _failing(self, model, method, bad, error):
        """Let a method fail for one record, or for what belongs to it."""
        real = getattr(self.env.registry[model], method)
        is_move = model == "account.move"

        def fail(record, *arguments):
            if bad in (record, record["allegro_order_id"] if is_move else bad.browse()):
                raise error
            return real(record, *arguments)

        return patch.object(self.env.registry[model], method, fail)

    def test_an_invoice_that_can_not_be_made(self):
        bad = self.orders[0]
        for error in (KeyError("another addon"), coded("54000")):
            bad.allegro_invoice_error = False
            with self._failing("sale.order", "_allegro_make_invoice", bad, error):
                self.run_action("invoice")
            self.assertTrue(bad.allegro_invoice_error)
            self.assertFalse(self.orders[1:].filtered("allegro_invoice_due"))

    def test_a_payment_that_can_not_be_registered(self):
        bad = self.orders[0]
        error = AttributeError("another addon")
        with self._failing("account.move", "_allegro_register_payment", bad, error):
            self.run_action("invoice")
        self.assertIn("another addon", bad.invoice_ids.allegro_payment_error)
        self.assertTrue(bad.invoice_ids.allegro_payment_due)
        for other in self.orders[1:].invoice_ids:
            self.assertFalse(other.allegro_payment_error)
            self.assertFalse(other.allegro_payment_due)

    @mute_logger(RUNNER)
    def test_a_broken_step_stops_no_other_account(self):
        other = self._make_account(name="Other", seller_id="2000")
        form_id = self.fake.put(form_json())
        error = RuntimeError("a mistake of ours")
        with self._failing("allegro.account", "_sync", self.account, error):
            self.run_action("sync")
        self.assertIn("a mistake of ours", self.account.last_error)
        orders = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(orders.allegro_account_id, other)

    def test_the_log_names_nobody(self):
        """Whatever goes wrong with an order, its people stand on documents only."""
        people = ("Firma Testowa", "1234563218", "Kowalski", "buyer_one")
        words = ValidationError(" ".join(people))
        order = self.orders[0]
        for model, method, action in (
            ("sale.order", "_allegro_import", "sync"),
            ("sale.order", "_allegro_queue_order_email", "sync"),
            ("sale.order", "_allegro_make_invoice", "invoice"),
            ("sale.order", "_allegro_fulfilled", "push"),
            ("allegro.request", "_take_orders", "requests"),
            ("allegro.account", "_make_invoices", "invoice"),
            ("allegro.account", "_read_journal", "sync"),
        ):
            self.company.allegro_order_email = True
            form = self.fake.put(form_json(invoice=company_invoice()))
            self.env["allegro.request"]._want(
                self.account, "orders", checkout_form_ids=[form]
            )
            self.fake.put(form_json(id=order.allegro_checkout_form_id), event=None)
            order._allegro_want("SENT")
            with (
                self.subTest(method),
                patch.object(
                    self.env.registry[model], method, side_effect=words
                ) as failing,
                self.assertLogs("odoo", logging.INFO) as logs,
            ):
                logging.getLogger("odoo").info("that there is one")
                self.run_action(action)
                self.assertTrue(failing.called)
            for name in people:
                self.assertNotIn(name, "\n".join(logs.output))
        self.assertIn("Kowalski", self.account.last_error)
