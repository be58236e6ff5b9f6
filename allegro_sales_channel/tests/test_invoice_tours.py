from odoo import fields
from odoo.tests import tagged

from .common import AllegroCommon, company_invoice, form_json, line_json
from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestInvoiceTours(AllegroCommon, TourCase):
    def test_settings(self):
        self.start_tour("/odoo", "allegro_settings", login="admin")
        self.company.invalidate_recordset()
        self.assertTrue(self.company.allegro_order_email)
        self.assertTrue(self.company.allegro_auto_invoice)
        self.assertEqual(self.company.allegro_auto_invoice_when, "processing")
        self.assertEqual(self.company.allegro_person_document, "receipt")

    def test_an_invoice_is_tried_again(self):
        self.company.allegro_auto_invoice = True
        orders = self.import_forms(form_json(), form_json(invoice=company_invoice()))
        orders._allegro_confirmed("SENT")
        orders[1].allegro_invoice_error = "The books are closed."
        self.start_tour("/odoo", "allegro_invoice_retry", login="admin")
        self.assertFalse(orders[1].allegro_invoice_error)

    def test_another_tax_than_allegro_s_is_let_pass(self):
        tax = {"rate": "8.00", "subject": "GOODS", "exemption": None}
        form = form_json(line_json(tax=tax), delivery_cost="9.99")
        [order] = self.import_forms(form)
        self.start_tour(f"/odoo/orders/{order.id}", "allegro_tax_accept", login="admin")
        self.assertFalse(order.allegro_invoice_blocked)

    def test_a_document_is_put_on_allegro_again(self):
        self.company.account_fiscal_country_id = self.company.country_id
        [order] = self.import_forms(form_json(invoice=company_invoice()))
        invoice = order._create_invoices()
        invoice.action_post()
        invoice._allegro_document_done("error", "FILE-CONTENT-INVALID")
        self.start_tour(
            f"/odoo/customer-invoices/{invoice.id}",
            "allegro_document_retry",
            login="admin",
        )
        self.assertEqual(invoice.allegro_document_state, "wanted")

    def test_a_piece_is_taken_back(self):
        self.company.account_fiscal_country_id = self.company.country_id
        [order] = self.import_forms(form_json(line_json(quantity=2)))
        invoice = order._create_invoices()
        invoice.action_post()
        self.start_tour(f"/odoo/orders/{order.id}", "allegro_correct", login="admin")
        note = invoice.reversal_move_ids
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.amount_total, 123)

    def test_documents_that_are_due(self):
        self.company.allegro_auto_invoice = True
        self.company.account_fiscal_country_id = self.env.ref("base.pl")
        late, later = self.import_forms(form_json(), form_json())
        (late | later).allegro_payment_amount = 123
        late.allegro_payment_finished_at = "2026-01-10 10:00:00"
        later.allegro_payment_finished_at = fields.Datetime.now()
        self.start_tour(
            "/odoo/allegro-documents-due", "allegro_documents_due", login="admin"
        )

    def test_documents_are_tried_again_from_their_list(self):
        self.company.account_fiscal_country_id = self.company.country_id
        orders = self.import_forms(
            form_json(invoice=company_invoice()), form_json(invoice=company_invoice())
        )
        for order, name in zip(orders, ("S-ONE", "S-TWO"), strict=True):
            order.name = name
            order._create_invoices().action_post()
        invoices = orders.invoice_ids
        invoices._allegro_document_done("error", "FILE-CONTENT-INVALID")
        self.start_tour("/odoo", "allegro_documents_retry", login="admin")
        self.assertEqual(
            invoices.mapped("allegro_document_state"), ["wanted", "wanted"]
        )
