"""What keeps a document from Allegro for a while only, and what for good."""

from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..allegro.errors import (
    AllegroConflictError,
    AllegroNotFoundError,
    AllegroRejectedError,
    AllegroUnavailableError,
)
from ..models.invoicing.account_move import DOCUMENT_TRIES
from .common import company_invoice
from .test_invoice import InvoiceCommon

NOON = datetime(2026, 9, 10, 12)


@tagged("post_install", "-at_install")
class TestDocumentPassingFaults(InvoiceCommon):
    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOON))

    def wanted(self):
        order = self.handed_over(invoice=company_invoice())
        self.run_invoicing()
        return order.invoice_ids

    def later(self, **time):
        self.clock.tick(timedelta(**time))
        self.run_invoicing()

    def scanned(self, invoice, scan):
        form_id = invoice.allegro_order_id.allegro_checkout_form_id
        self.fake.documents[form_id] = [
            replace(document, scan=scan) for document in self.fake.documents[form_id]
        ]

    def test_an_order_that_is_not_found_for_a_while(self):
        gone = AllegroNotFoundError("no such order", status=404)
        with patch.object(type(self.fake), "billing_documents", side_effect=gone):
            invoice = self.wanted()
            self.assertEqual(invoice.allegro_document_state, "wanted")
            self.assertIn("no such order", invoice.allegro_document_error)
            self.assertFalse(invoice.allegro_order_id.allegro_document_failed)
            self.later(hours=5)
        self.assertEqual(invoice.allegro_document_state, "wanted")
        self.later(hours=5)
        self.assertEqual(invoice.allegro_document_state, "sent")
        self.assertFalse(invoice.allegro_document_error)
        self.later(minutes=1)
        self.assertEqual(invoice.allegro_document_state, "accepted")
        self.assertEqual(len(self.fake.files), 1)

    def test_pauses_grow_and_end_with_a_person(self):
        asked = []

        def not_found(_form_id):
            asked.append(datetime.now() - NOON)
            raise AllegroNotFoundError("no such order")

        with patch.object(self.fake, "billing_documents", not_found):
            invoice = self.wanted()
            for _quarter in range(30):
                self.later(hours=6)
        self.assertEqual(len(asked), DOCUMENT_TRIES)
        self.assertGreater(asked[-1], timedelta(days=2))
        self.assertEqual(invoice.allegro_document_state, "error")
        self.assertIn("no such order", invoice.allegro_document_error)
        invoice.action_allegro_upload_document()
        self.assertFalse(invoice.allegro_document_failures)
        self.run_invoicing()
        self.assertEqual(invoice.allegro_document_state, "sent")

    def test_there_already_though_the_list_did_not_say_so(self):
        upload = self.fake.upload_invoice

        def uploads_and_says_conflict(*args):
            upload(*args)
            raise AllegroConflictError("Order already has an invoice of this file name")

        with patch.object(self.fake, "upload_invoice", uploads_and_says_conflict):
            invoice = self.wanted()
        self.assertEqual(invoice.allegro_document_state, "wanted")
        self.later(minutes=1)
        self.assertEqual(invoice.allegro_document_state, "accepted")
        self.assertFalse(invoice.allegro_document_error)
        self.assertEqual(len(self.fake.files), 1)

    def test_another_file_is_being_scanned(self):
        """Some hear of it from the list, some by 409, some by 422."""
        self.fake.scan = "WAITING"
        invoice = self.wanted()
        note = invoice._reverse_moves(cancel=True)
        self.run_invoicing()
        self.assertEqual(note.allegro_document_state, "wanted")
        self.assertIn("checks another", note.allegro_document_error)
        self.assertEqual(len(self.fake.files), 1)
        self.scanned(invoice, "ACCEPTED")
        self.fake.upload_failure = AllegroConflictError("FILE-IN-SCANNING", status=409)
        self.later(minutes=1)
        self.assertEqual(note.allegro_document_state, "wanted")
        self.fake.upload_failure = None
        self.later(minutes=2)
        self.assertEqual(note.allegro_document_state, "sent")
        self.assertFalse(note.allegro_document_error)

    def test_a_scan_that_began_since_allegro_was_asked(self):
        self.fake.scan = "WAITING"
        invoice = self.wanted()
        note = invoice._reverse_moves(cancel=True)
        form_id = invoice.allegro_order_id.allegro_checkout_form_id
        answers = iter([[], self.fake.documents[form_id]])
        self.fake.upload_failure = AllegroRejectedError("is in progress", status=422)
        with patch.object(self.fake, "billing_documents", lambda _id: next(answers)):
            invoice.allegro_document_state = "accepted"
            self.run_invoicing()
        self.assertEqual(note.allegro_document_state, "wanted")

    def test_a_refusal_without_any_scan_is_one(self):
        self.fake.upload_failure = AllegroRejectedError("No invoice here", status=422)
        invoice = self.wanted()
        self.assertEqual(invoice.allegro_document_state, "error")

    def test_one_in_trouble_does_not_hold_up_the_next_ones(self):
        upload = type(self.fake).upload_invoice
        troubled = []

        def upload_invoice(fake, form_id, *args):
            if form_id == troubled[0].allegro_checkout_form_id:
                raise AllegroUnavailableError("500", outcome_unknown=True)
            return upload(fake, form_id, *args)

        orders = [self.handed_over(invoice=company_invoice()) for _two in "12"]
        troubled.append(orders[0])
        with patch.object(type(self.fake), "upload_invoice", upload_invoice):
            for _run in range(3):
                self.run_invoicing()
            first, second = (order.invoice_ids for order in orders)
            self.assertEqual(first.allegro_document_state, "wanted")
            self.assertIn(second.allegro_document_state, ("sent", "accepted"))
            for _half_day in range(DOCUMENT_TRIES):
                self.later(hours=12)
        self.assertEqual(first.allegro_document_state, "wanted", "no answer is no no")
        self.later(hours=12)
        self.assertEqual(first.allegro_document_state, "sent")
        self.assertFalse(first.allegro_document_error)

    def test_a_file_that_the_list_leaves_out_for_a_while(self):
        invoice = self.wanted()
        form_id = invoice.allegro_order_id.allegro_checkout_form_id
        on_allegro = self.fake.documents.pop(form_id)
        self.later(minutes=1)
        self.assertEqual(invoice.allegro_document_state, "sent")
        self.fake.documents[form_id] = on_allegro
        self.later(minutes=1)
        self.assertEqual(invoice.allegro_document_state, "accepted")
        self.assertFalse(invoice.allegro_document_error)

    def test_a_file_that_is_really_gone_is_said(self):
        invoice = self.wanted()
        self.fake.documents.clear()
        for _half_day in range(DOCUMENT_TRIES):
            self.later(hours=12)
        self.assertEqual(invoice.allegro_document_state, "error")
        self.assertIn("removed", invoice.allegro_document_error)
        self.assertEqual(len(self.fake.files), 1)

    def test_setting_an_invoice_back_forgets_what_was_in_the_way(self):
        self.fake.upload_failure = AllegroConflictError("there already")
        invoice = self.wanted()
        self.assertTrue(invoice.allegro_document_next_try_at)
        invoice.button_draft()
        self.assertFalse(invoice.allegro_document_state)
        self.assertFalse(invoice.allegro_document_next_try_at)
        self.assertFalse(invoice.allegro_document_error)
