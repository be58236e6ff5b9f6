"""How far an invoice or a credit note has come on its way to Allegro."""

import importlib.util
from ast import literal_eval
from datetime import datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..allegro.errors import AllegroNotFoundError, AllegroRejectedError
from .common import company_invoice
from .test_invoice import InvoiceCommon

NOON = datetime(2026, 9, 10, 12)
_MIGRATIONS = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0"


@tagged("post_install", "-at_install")
class TestDocumentChain(InvoiceCommon):
    def wanted(self):
        order = self.handed_over(invoice=company_invoice())
        self.run_invoicing()
        return order.invoice_ids

    def listed(self, name):
        """The documents behind a filter of the list."""
        view = self.env.ref("allegro_sales_channel.allegro_document_view_search")
        [found] = view._get_combined_arch().xpath(f"//filter[@name='{name}']")
        return self.env["account.move"].search(
            [
                ("allegro_order_id.allegro_account_id", "=", self.account.id),
                *literal_eval(found.get("domain")),
            ]
        )

    def test_from_posting_to_allegro(self):
        invoice = self.wanted()
        order = invoice.allegro_order_id
        self.assertEqual(invoice.allegro_chain_state, "posted")
        self.assertTrue(invoice.allegro_chain_waits)
        self.assertIn("Allegro is checking it", order.allegro_document_summary)
        self.assertEqual(self.listed("waiting"), invoice)
        self.run_invoicing()
        self.assertEqual(invoice.allegro_chain_state, "on_allegro")
        self.assertFalse(invoice.allegro_chain_waits)
        self.assertIn("On Allegro", order.allegro_document_summary)
        self.assertFalse(self.listed("waiting"))

    def test_what_nobody_asked_for_waits_for_nothing(self):
        invoice = self.handed_over()
        self.run_invoicing()
        invoice = invoice.invoice_ids
        self.assertEqual(invoice.allegro_chain_state, "posted")
        self.assertFalse(invoice.allegro_chain_waits)
        self.assertEqual(
            invoice.allegro_order_id.allegro_document_summary, invoice.name
        )

    def test_a_draft_has_no_place_on_it(self):
        invoice = self.wanted()
        self.run_invoicing()
        invoice.button_draft()
        self.assertFalse(invoice.allegro_chain_state)
        self.assertFalse(invoice.allegro_posted_at)
        invoice.action_post()
        self.assertEqual(invoice.allegro_chain_state, "posted")
        self.assertTrue(invoice.allegro_posted_at)

    def test_late_is_what_waits_or_failed_for_a_day(self):
        with freeze_time(NOON) as clock:
            self.fake.upload_failure = AllegroRejectedError("no", status=422)
            failed = self.wanted()
            self.assertEqual(self.listed("failed"), failed)
            self.assertFalse(self.listed("late"))
            clock.tick(timedelta(days=2))
            self.assertEqual(self.listed("late"), failed)

    def test_retry_takes_what_failed_and_what_pauses(self):
        with freeze_time(NOON) as clock:
            self.fake.upload_failure = AllegroRejectedError("no", status=422)
            failed = self.wanted()
            self.fake.upload_failure = AllegroNotFoundError("not now", status=404)
            pausing = self.wanted()
            clock.tick(timedelta(seconds=1))
            self.run_invoicing()
            self.assertEqual(pausing.allegro_document_failures, 2)
            self.fake.upload_failure = None
            (failed + pausing).action_allegro_retry_chain()
            self.run_invoicing()
            states = (failed + pausing).mapped("allegro_document_state")
            self.assertEqual(states, ["sent", "sent"])

    def test_retry_takes_nothing_that_is_done(self):
        invoice = self.wanted()
        self.run_invoicing()
        invoice.action_allegro_retry_chain()
        self.assertEqual(invoice.allegro_chain_state, "on_allegro")
        self.run_invoicing()
        self.assertEqual(len(self.fake.files), 1)

    def test_who_may_not_write_invoices_retries_none(self):
        invoice = self.wanted()
        user = new_test_user(self.env, "reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            invoice.with_user(user).action_allegro_retry_chain()

    def test_documents_of_before_get_their_place(self):
        """The update fills what it would be too slow to compute for all entries."""
        done = self.wanted()
        self.run_invoicing()
        self.fake.upload_failure = AllegroRejectedError("no", status=422)
        failed = self.wanted()
        self.fake.upload_failure = None
        waiting = self.wanted()
        moves = done + failed + waiting
        names = ("allegro_chain_state", "allegro_chain_waits")
        expected = [[move[name] for name in names] for move in moves]
        self.env.flush_all()
        self.env.cr.execute(
            """
            ALTER TABLE account_move
                DROP COLUMN allegro_chain_state,
                DROP COLUMN allegro_chain_waits,
                DROP COLUMN allegro_posted_at
            """
        )
        path = _MIGRATIONS / "pre-document_chain.py"
        spec = importlib.util.spec_from_file_location("document_chain", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual([[move[name] for name in names] for move in moves], expected)
        self.assertTrue(all(moves.mapped("allegro_posted_at")))
