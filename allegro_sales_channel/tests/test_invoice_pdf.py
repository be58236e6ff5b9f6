import io
import shutil
import unittest
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from .common import company_invoice, form_json, line_json, money
from .common_money import PolishAllegroCommon

#: wkhtmltopdf draws the letters of web fonts; only those of the system stay text.
_SYSTEM_FONT = "<style>* {font-family: 'DejaVu Sans' !important}</style></head>"


@tagged("post_install", "-at_install")
@unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
class TestInvoicePdf(PolishAllegroCommon, HttpCase):
    def text_of(self, invoice):
        report = self.env.registry["ir.actions.report"]
        run = report._run_wkhtmltopdf

        def run_with_system_font(self, bodies, **kwargs):
            bodies = [str(body).replace("</head>", _SYSTEM_FONT) for body in bodies]
            return run(self, bodies, **kwargs)

        with patch.object(report, "_run_wkhtmltopdf", run_with_system_font):
            real = invoice.with_context(force_report_rendering=True)
            real._allegro_make_pdf()
            content = real.invoice_pdf_report_id.raw
            pages = PdfReader(io.BytesIO(content)).pages
        return " ".join("".join(page.extract_text() for page in pages).split())

    def test_the_document_says_what_allegro_says(self):
        form = form_json(
            line_json("VAT-23", "123.00", 2),
            line_json("VAT-8", "9.99", deposit={"price": money("0.50")}),
            delivery_cost="9.99",
            invoice=company_invoice(),
        )
        [order] = self.import_forms(form)
        invoice = order._create_invoices()
        invoice.invoice_date = self.company._allegro_today()
        invoice.action_post()
        text = self.text_of(invoice)
        for words in (
            invoice.name,
            "Firma Testowa",
            "PL1234563218",
            "123.00 23% 246.00",  # the amount is with tax, as the unit price is
            "Deposit",
            "266.48",
            # the buyer has not paid yet
            "Due Date",
        ):
            self.assertIn(words, text)

    def test_what_is_paid_on_allegro_is_no_debt(self):
        form = form_json(line_json("VAT-23", "123.00"))
        form["payment"] |= {"provider": "PAYU", "paidAmount": money("123.00")}
        [order] = self.import_forms(form)
        invoice = order._create_invoices()
        invoice.invoice_date = self.company._allegro_today()
        invoice.action_post()
        text = self.text_of(invoice)
        self.assertIn("Paid via Allegro (PayU)", text)
        self.assertIn("Paid on 09/10/2026", text)
        self.assertRegex(text, r"Amount Due \D*0\.00")
        for words in ("Due Date", "Payment Communication"):
            self.assertNotIn(words, text)
