from datetime import date, datetime, timezone
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..allegro import writers
from ..allegro.documents import BillingDocument
from ..allegro.errors import AllegroRejectedError, AllegroUnavailableError
from .common import (
    FakeAllegro,
    company_invoice,
    form_json,
    line_json,
    money,
    person_invoice,
)
from .common_money import PolishAllegroCommon

PDF = b"%PDF-1.4 a document"
#: What Odoo says.
BOOKS_CLOSED = "The books are closed."
NO_WKHTMLTOPDF = "Unable to find Wkhtmltopdf on this system."


class FakeAllegroWithDocuments(FakeAllegro):
    def __init__(self):
        super().__init__()
        self.documents = {}  # lists by order
        self.files = []  # (order, number, file name, content), in order of arrival
        self.scan = "ACCEPTED"
        self.upload_failure = None
        self.loses_answer = False

    def billing_documents(self, checkout_form_id):
        self._maybe_fail()
        return self.documents.get(checkout_form_id, [])

    def upload_invoice(self, checkout_form_id, number, file_name, content):
        def tell():
            if self.upload_failure:
                raise self.upload_failure
            self.files.append((checkout_form_id, number, file_name, content))
            document = BillingDocument(
                str(len(self.files)),
                number,
                file_name,
                datetime(2026, 9, 10, tzinfo=timezone.utc),
                self.scan,
                None,
            )
            self.documents.setdefault(checkout_form_id, []).append(document)
            if self.loses_answer:
                raise AllegroUnavailableError("time-out", outcome_unknown=True)

        path = f"/order/{checkout_form_id}/billing-documents/files"
        files = {"file": (file_name, content, "application/pdf")}
        body = {"invoiceNumber": number}
        self.told_through_gate(writers.INVOICE, "POST", path, body, tell, files=files)

    def upload_invoice_file(self, checkout_form_id, document_id, content):
        def tell():
            self.files.append((checkout_form_id, None, document_id, content))

        path = f"/order/checkout-forms/{checkout_form_id}/invoices/{document_id}/file"
        self.told_through_gate(writers.INVOICE, "PUT", path, content, tell)


class InvoiceCommon(PolishAllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fake = FakeAllegroWithDocuments()
        cls.company.allegro_auto_invoice = True
        journals = cls.env["account.journal"]
        cls.journal = journals.create(
            {"name": "Allegro", "code": "ALG", "type": "sale"}
        )
        cls.clearing = journals.create(
            {"name": "Allegro Finance", "code": "AFIN", "type": "bank"}
        )
        cls.clearing.inbound_payment_method_line_ids.payment_account_id = (
            cls.clearing.default_account_id
        )
        cls.account.invoice_journal_id = cls.journal
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["ir.actions.report"],
                "_render_qweb_pdf",
                lambda report, *args, **kwargs: (PDF, "pdf"),
            )
        )
        # one PDF for each invoice, as the real splitting makes them
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["ir.actions.report"],
                "_pre_render_qweb_pdf",
                lambda report, *args, res_ids=None, **kwargs: (
                    {res_id: {"stream": None} for res_id in res_ids},
                    "pdf",
                ),
            )
        )
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["ir.actions.report"],
                "_get_splitted_report",
                lambda report, ref, content, kind: dict.fromkeys(content, PDF),
            )
        )

    def sold(self, *lines, paid=True, **values):
        """An imported order, paid online unless said otherwise."""
        form = form_json(*lines, **values)
        if paid and "payment" not in values:
            form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
        [order] = self.import_forms(form)
        return order

    def handed_over(self, *lines, **values):
        order = self.sold(*lines, **values)
        order._allegro_confirmed("SENT")
        return order

    def run_invoicing(self):
        self.run_action("invoice")


@tagged("post_install", "-at_install")
class TestInvoice(InvoiceCommon):
    # When

    def test_an_order_is_invoiced_once_when_handed_over(self):
        order = self.sold(line_json("VAT-23", "123.00", 2), delivery_cost="9.99")
        self.run_invoicing()
        order._allegro_confirmed("PROCESSING")
        self.run_invoicing()
        self.assertFalse(order.invoice_ids)
        order._allegro_confirmed("SENT")
        for _time in "123":
            self.run_invoicing()
            order._allegro_note_invoice_due()
        [invoice] = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.journal_id, self.journal)
        self.assertEqual(invoice.amount_total, 255.99)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_or_when_processing_starts(self):
        self.company.allegro_auto_invoice_when = "processing"
        order = self.sold()
        order._allegro_confirmed("PROCESSING")
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.state, "posted")
        order._allegro_confirmed("SENT")
        self.run_invoicing()
        self.assertEqual(len(order.invoice_ids), 1)

    def test_products_invoiced_as_delivered_are_invoiced_as_bought(self):
        self.products["VAT-8"].invoice_policy = "delivery"
        order = self.handed_over(line_json("VAT-8", "10.00", 3))
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.amount_total, 30)

    def test_sent_in_the_panel_of_allegro_before_it_came_here(self):
        fulfillment = {"status": "SENT", "provider": {"id": "SELLER"}}
        order = self.sold(fulfillment=fulfillment)
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_off_means_off(self):
        due = self.handed_over()
        self.company.allegro_auto_invoice = False
        late = self.handed_over(buyer={**form_json()["buyer"], "id": "2"})
        self.run_invoicing()
        self.assertFalse((due + late).invoice_ids)
        # switching it on does not reach back
        self.company.allegro_auto_invoice = True
        self.run_invoicing()
        self.assertFalse((due + late).invoice_ids)

    def test_one_order_is_no_reason_to_leave_out_the_others(self):
        bad = self.handed_over(line_json("VAT-23"))
        good = self.handed_over(line_json("VAT-8"))
        move_type = type(self.env["account.move"])
        post = move_type.action_post

        def action_post(moves):
            if moves.allegro_order_id == bad:
                raise UserError(BOOKS_CLOSED)
            return post(moves)

        with patch.object(move_type, "action_post", action_post):
            self.run_invoicing()
        self.assertEqual(good.invoice_ids.state, "posted")
        self.assertFalse(bad.invoice_ids)
        self.assertEqual(bad.allegro_invoice_error, BOOKS_CLOSED)
        self.run_invoicing()
        self.assertFalse(bad.invoice_ids, "it waits for a person")
        bad.action_allegro_retry_invoice()
        self.run_invoicing()
        self.assertEqual(bad.invoice_ids.state, "posted")
        self.assertFalse(bad.allegro_invoice_error)

    # Not

    def test_orders_that_may_not_be_invoiced_say_why(self):
        mismatch = form_json()
        mismatch["summary"]["totalToPay"] = money("124.00")
        [mismatched] = self.import_forms(mismatch)
        orders = {
            "not in Odoo": self.sold(line_json("VAT-23"), line_json("UNKNOWN")),
            "total on Allegro": mismatched,
            "tax number": self.sold(invoice=company_invoice("1234563219")),
            "returned": self.sold(
                fulfillment={"status": "RETURNED", "provider": {"id": "SELLER"}}
            ),
            "cancelled": self.sold(),
            "before the Allegro account": self.with_back_fill(),
        }
        orders["cancelled"].allegro_fulfillment_target = "CANCELLED"
        for words, order in orders.items():
            with self.subTest(words):
                order.allegro_fulfillment_status = (
                    order.allegro_fulfillment_status if words == "returned" else "SENT"
                )
                self.assertIn(words, order.allegro_invoice_block_reason)
        self.run_invoicing()
        every = self.env["sale.order"].union(*orders.values())
        self.assertFalse(every.invoice_ids)
        found = self.env["sale.order"].search([("allegro_invoice_blocked", "=", True)])
        self.assertEqual(found & every, every)

    def with_back_fill(self):
        orders = self.env["sale.order"].with_context(allegro_back_fill=True)
        form = form_json()
        with patch.object(type(self), "env", orders.env):
            [order] = self.import_forms(form)
        return order.with_env(self.env)

    def test_corrected_by_a_person_it_is_invoiced(self):
        order = self.handed_over(invoice=company_invoice("1234563219"))
        self.assertTrue(order.allegro_tax_id_doubtful)
        order.partner_invoice_id.vat = "PL1234563218"
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.partner_id.vat, "PL1234563218")

    def test_a_foreign_currency_needs_a_rate(self):
        self.env["res.currency.rate"].search([]).unlink()
        order = self.handed_over(line_json("VAT-23", currency="CZK"), currency="CZK")
        self.run_invoicing()
        self.assertFalse(order.invoice_ids)
        self.assertIn("no exchange rate for CZK", order.allegro_invoice_error)

    # To whom, and of which day

    def test_a_company_is_a_commercial_partner_of_its_own(self):
        order = self.handed_over(invoice=company_invoice("PL 123-456-32-18"))
        self.run_invoicing()
        partner = order.invoice_ids.commercial_partner_id
        self.assertEqual(partner, order.invoice_ids.partner_id)
        self.assertEqual(partner.vat, "PL1234563218")
        self.assertTrue(partner.is_company)
        again = self.sold(invoice=company_invoice("1234563218"))
        self.assertEqual(again.partner_invoice_id, partner)

    def test_a_person_is_named_as_on_the_invoice(self):
        order = self.sold(invoice=person_invoice())
        party = order.partner_invoice_id
        self.assertEqual(party.display_name, "Zofia Mazur")
        self.assertEqual(party.parent_id, order.partner_id)
        self.assertEqual(order.allegro_invoice_party_kind, "person")
        self.assertEqual(order.partner_shipping_id.display_name, "Jan Kowalski")

    def test_vat_numbers_of_other_countries(self):
        numbers = [
            ("CZ_DIC", "CZ25123891", "CZ", "CZ25123891"),
            ("SK_IC_DPH", "SK2022749619", "SK", "SK2022749619"),
            ("HU_ADOSZAM", "21376414-2-44", "HU", "HU21376414"),
            ("VAT_EU", "EL094259216", "GR", "EL094259216"),
        ]
        for kind, number, country, vat in numbers:
            with self.subTest(kind):
                order = self.sold(invoice=company_invoice(number, kind, country))
                self.assertEqual(order.partner_invoice_id.vat, vat)
                self.assertFalse(order.allegro_tax_id_doubtful)
        order = self.sold(invoice=company_invoice("25123891", "CZ_ICO", "CZ"))
        self.assertFalse(order.allegro_tax_id_doubtful, "it is no VAT number")
        self.assertEqual(order.allegro_invoice_tax_id, "25123891")

    def test_only_a_verified_company_abroad_buys_without_vat(self):
        def sold_to_prague(features, country="CZ"):
            form = form_json(line_json("VAT-23", "121.00"))
            form["delivery"]["address"]["countryCode"] = country
            form["invoice"] = company_invoice(
                "CZ25123891", "VAT_EU", "CZ", features=features
            )
            [order] = self.import_forms(form)
            return order

        verified = sold_to_prague(["VAT_EU_VERIFIED"])
        self.assertEqual(verified.fiscal_position_id, self.eu_position)
        self.assertEqual(verified.amount_tax, 0)
        self.assertEqual(verified.amount_total, 121)
        # taxable all the same, so not under OSS: as at home
        for features in (["VAT_EU_UNVERIFIED"], None):
            unverified = sold_to_prague(features)
            self.assertEqual(unverified.order_line.tax_ids.amount, 23)
        at_home = sold_to_prague(["VAT_EU_VERIFIED"], country="PL")
        self.assertEqual(at_home.order_line.tax_ids.amount, 23)

    def test_dates_are_those_of_warsaw(self):
        # half past midnight there, still the day (and month) before in Greenwich
        with freeze_time("2026-09-30 22:30:00"):
            order = self.sold(paid=False)
            order.picking_ids.button_validate()
            order._allegro_confirmed("SENT")
            self.run_invoicing()
        invoice = order.invoice_ids
        first = date(2026, 10, 1)
        self.assertEqual(invoice.invoice_date, first)
        self.assertEqual(invoice.delivery_date, first)
        self.assertEqual(invoice.taxable_supply_date, first)
        self.assertEqual(invoice.date, first)

    def test_extended_term_is_due_when_allegro_says(self):
        order = self.handed_over(
            payment={"type": "EXTENDED_TERM", "provider": "EPT", "paidAmount": None},
            invoice=company_invoice(dueDate="2027-01-15"),
        )
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.invoice_date_due, date(2027, 1, 15))

    # Payment

    def test_a_paid_order_is_paid_on_the_clearing_journal(self):
        self.account.payment_journal_id = self.clearing
        order = self.handed_over()
        for _time in "12":
            self.run_invoicing()
        invoice = order.invoice_ids
        self.assertEqual(invoice.payment_state, "paid")
        payment = invoice.matched_payment_ids
        self.assertEqual(payment.amount, 123)
        self.assertEqual(payment.journal_id, self.clearing)
        self.assertEqual(payment.date, date(2026, 9, 10))
        self.assertIn(order.allegro_payment_id, payment.memo)

    def test_payment_on_delivery_is_not_registered(self):
        self.account.payment_journal_id = self.clearing
        order = self.handed_over(
            payment={"type": "CASH_ON_DELIVERY", "provider": None, "paidAmount": None}
        )
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.payment_state, "not_paid")

    def test_a_payment_that_comes_later_is_registered_then(self):
        self.account.payment_journal_id = self.clearing
        order = self.handed_over(
            payment={"type": "EXTENDED_TERM", "provider": "EPT", "paidAmount": None}
        )
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.payment_state, "not_paid")
        order.allegro_payment_amount = 123
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_without_a_clearing_journal_no_payment_is_made(self):
        order = self.handed_over()
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.payment_state, "not_paid")

    # On Allegro

    def wanted(self, **values):
        order = self.handed_over(invoice=company_invoice(), **values)
        self.run_invoicing()
        return order.invoice_ids

    def test_the_pdf_is_put_on_allegro_once(self):
        invoice = self.wanted()
        for _time in "12":
            self.run_invoicing()
        form_id = invoice.allegro_order_id.allegro_checkout_form_id
        name = invoice.name
        file_name = f"{name.replace('/', '_')}.pdf"
        self.assertEqual(self.fake.files, [(form_id, name, file_name, PDF)])
        self.assertEqual(invoice.allegro_document_state, "accepted")

    def test_not_when_nobody_asked_for_an_invoice(self):
        order = self.handed_over()
        self.run_invoicing()
        self.assertFalse(self.fake.files)
        self.assertFalse(order.invoice_ids.allegro_document_state)
        with self.assertRaises(UserError):
            order.invoice_ids.action_allegro_upload_document()

    def test_after_a_lost_answer_allegro_is_asked_first(self):
        self.fake.loses_answer = True
        invoice = self.wanted()
        self.assertEqual(invoice.allegro_document_state, "wanted")
        self.run_invoicing()
        self.assertEqual(len(self.fake.files), 1)
        self.assertEqual(invoice.allegro_document_state, "accepted")

    def test_a_refusal_is_shown_and_can_be_retried(self):
        self.fake.upload_failure = AllegroRejectedError("No invoice here", status=422)
        invoice = self.wanted()
        self.assertEqual(invoice.allegro_document_state, "error")
        self.assertIn("No invoice here", invoice.allegro_document_error)
        order = invoice.allegro_order_id
        self.assertTrue(order.allegro_document_failed)
        self.assertIn("No invoice here", order.allegro_document_summary)
        self.fake.upload_failure = None
        self.run_invoicing()
        self.assertFalse(self.fake.files, "it waits for a person")
        user = new_test_user(
            self.env,
            "packer",
            groups="allegro_sales_channel.group_allegro_user,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order.with_user(user).action_allegro_retry_invoice()
        self.run_invoicing()
        self.assertEqual(invoice.allegro_document_state, "sent")
        self.assertFalse(invoice.allegro_document_error)

    def test_who_may_not_write_invoices_puts_none_on_allegro(self):
        invoice = self.wanted()
        user = new_test_user(self.env, "reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            invoice.with_user(user).action_allegro_upload_document()

    def test_a_file_that_allegro_rejects_is_shown(self):
        self.fake.scan = "REJECTED"
        invoice = self.wanted()
        self.run_invoicing()
        self.assertEqual(invoice.allegro_document_state, "error")

    def test_allegro_scans_one_file_at_a_time(self):
        self.fake.scan = "WAITING"
        invoice = self.wanted()
        credit_note = invoice._reverse_moves(cancel=True)
        self.assertEqual(credit_note.allegro_document_state, "wanted")
        self.run_invoicing()
        self.assertEqual(len(self.fake.files), 1)
        form_id = invoice.allegro_order_id.allegro_checkout_form_id
        self.fake.scan = "ACCEPTED"
        [document] = self.fake.documents[form_id]
        self.fake.documents[form_id] = [
            BillingDocument(
                document.id,
                document.number,
                document.file_name,
                document.uploaded_at,
                "ACCEPTED",
                None,
            )
        ]
        for _time in "12":
            self.run_invoicing()
        self.assertEqual(len(self.fake.files), 2)
        self.assertEqual(credit_note.allegro_document_state, "accepted")
        self.assertEqual(invoice.allegro_document_state, "accepted")

    def test_a_file_left_out_by_the_older_way_is_added(self):
        order = self.handed_over(invoice=company_invoice())
        self.fake.failure = AllegroUnavailableError("down")
        self.run_invoicing()
        self.fake.failure = None
        invoice = order.invoice_ids
        form_id = order.allegro_checkout_form_id
        name = invoice._allegro_file_name()
        self.fake.documents[form_id] = [
            BillingDocument("17", invoice.name, name, None, None, None)
        ]
        self.run_invoicing()
        self.assertEqual(self.fake.files, [(form_id, None, "17", PDF)])

    def test_a_corrected_invoice_goes_under_a_name_of_its_own(self):
        invoice = self.wanted()
        invoice.button_draft()
        invoice.action_post()
        self.run_invoicing()
        names = [name for _form, _number, name, _content in self.fake.files]
        self.assertEqual(len(set(names)), 2)
        self.assertTrue(names[1].endswith("_2.pdf"))

    def test_without_a_pdf_the_reason_is_said(self):
        def no_wkhtmltopdf(*_args, **_kwargs):
            raise UserError(NO_WKHTMLTOPDF)

        report = self.env.registry["ir.actions.report"]
        with patch.object(report, "_pre_render_qweb_pdf", no_wkhtmltopdf):
            invoice = self.wanted()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.allegro_document_state, "error")
        self.assertIn("Wkhtmltopdf", invoice.allegro_document_error)
        invoice.action_allegro_upload_document()
        self.run_invoicing()
        self.assertEqual(invoice.allegro_document_state, "sent")

    def test_a_pdf_too_large_for_allegro(self):
        report = self.env.registry["ir.actions.report"]
        large = PDF + bytes(3 * 1024 * 1024)
        with patch.object(
            report, "_get_splitted_report", lambda *args: dict.fromkeys(args[2], large)
        ):
            invoice = self.wanted()
        self.assertIn("3 MB", invoice.allegro_document_error)
        self.assertFalse(self.fake.files)

    # Records

    def test_two_orders_are_two_invoices(self):
        orders = self.sold() + self.sold()
        orders._create_invoices()
        self.assertEqual(len(orders.invoice_ids), 2)

    def test_a_copy_of_an_invoice_is_none_of_allegros(self):
        invoice = self.wanted()
        copy = invoice.copy()
        self.assertFalse(copy.allegro_order_id)
        self.assertFalse(copy.allegro_document_state)
