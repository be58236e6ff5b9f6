"""Which document an order gets: what Odoo makes of the router's answer."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import company_invoice, form_json, line_json, person_invoice
from .test_invoice import InvoiceCommon

USER = "allegro_sales_channel.group_allegro_user"


class DocumentCommon(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = cls.env["product.category"].create({"name": "Parts"})
        cls.engines = cls.env["product.category"].create(
            {"name": "Engines", "parent_id": cls.parts.id}
        )
        cls.products["VAT-23"].categ_id = cls.engines

    def user(self, login, *groups):
        """One of the company, who sees all its orders."""
        mine = (USER, "sales_team.group_sale_salesman_all_leads", *groups)
        return new_test_user(
            self.env,
            login,
            groups=",".join(mine),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def get_receipts(self):
        self.company.allegro_person_document = "receipt"

    def buyer_wants_invoice(self, form):
        form["invoice"] = company_invoice()
        form["revision"] = "2"
        form["fulfillment"]["status"] = "SENT"
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")

    def with_nip(self):
        """The invoice data of a buyer who gave his NIP and wants no invoice."""
        return {**company_invoice(), "required": False}


@tagged("post_install", "-at_install")
class TestDocument(DocumentCommon):
    def test_by_default_everybody_gets_an_invoice(self):
        for invoice in ({"required": False}, person_invoice(), company_invoice()):
            order = self.handed_over(invoice=invoice)
            self.assertEqual(order.allegro_document, "invoice")
            self.run_invoicing()
            self.assertEqual(order.invoice_ids.state, "posted")
            self.assertFalse(order.allegro_receipt_ids)

    def test_a_person_gets_what_is_set(self):
        order = self.sold()
        for setting in ("receipt", "none", "invoice"):
            self.company.allegro_person_document = setting
            self.assertEqual(order.allegro_document, setting)
            self.assertIn("settings", order.allegro_document_reason)

    def test_nothing_is_made_where_persons_get_nothing(self):
        self.company.allegro_person_document = "none"
        order = self.handed_over()
        self.run_invoicing()
        self.assertFalse(order.allegro_invoice_due)
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.allegro_receipt_ids)

    def test_the_category_above_counts(self):
        order = self.sold(line_json("VAT-23"))
        self.assertEqual(order.allegro_document, "invoice")
        self.parts.allegro_receipt_required = True
        self.assertEqual(order.allegro_document, "receipt")
        self.assertIn("first sale", order.allegro_document_reason)
        self.products["VAT-23"].categ_id = self.parts.copy(
            {"allegro_receipt_required": False}
        )
        self.assertEqual(order.allegro_document, "invoice")

    def test_who_asked_gets_an_invoice_and_persons_a_receipt_beside_it(self):
        self.parts.allegro_receipt_required = True
        person = self.handed_over(line_json("VAT-23"), invoice=person_invoice())
        company = self.handed_over(line_json("VAT-23"), invoice=company_invoice())
        self.assertIn("receipt", person.allegro_document_reason)
        self.run_invoicing()
        self.assertEqual((person + company).invoice_ids.mapped("state"), ["posted"] * 2)
        self.assertEqual(len(person.allegro_receipt_ids), 1)
        self.assertFalse(company.allegro_receipt_ids)

    def test_a_nip_without_a_wish(self):
        self.get_receipts()
        small = self.sold(line_json("VAT-23", "450.00"), invoice=self.with_nip())
        large = self.sold(line_json("VAT-23", "450.01"), invoice=self.with_nip())
        self.assertEqual(small.allegro_document, "receipt_nip")
        self.assertEqual(large.allegro_document, "invoice")

    def test_in_another_currency_450_zloty_count(self):
        self.get_receipts()
        # 5.81 CZK a złoty
        small = self.sold(
            line_json("VAT-23", "2600.00", currency="CZK"),
            currency="CZK",
            invoice=self.with_nip(),
        )
        large = self.sold(
            line_json("VAT-23", "2700.00", currency="CZK"),
            currency="CZK",
            invoice=self.with_nip(),
        )
        self.assertEqual(small.allegro_document, "receipt_nip")
        self.assertEqual(large.allegro_document, "invoice")

    def test_items_that_are_not_here_are_a_persons(self):
        order = self.sold(line_json("VAT-23"), line_json("NOWHERE"))
        self.assertEqual(order.allegro_document, "person")
        self.assertIn("unmanaged", order._allegro_invoice_block_codes())
        self.assertNotIn("document", order._allegro_invoice_block_codes())

    def test_margin_goods_beside_others_wait_for_a_person(self):
        margin = self._make_tax("Margin", 0, allegro_margin_scheme=True)
        self._make_product("USED", margin)
        order = self.handed_over(line_json("USED"), line_json("VAT-23"))
        self.assertEqual(order.allegro_document, "person")
        self.assertIn("margin scheme", order.allegro_invoice_block_reason)
        self.run_invoicing()
        self.assertFalse(order.invoice_ids)

    def test_it_stays_once_there_is_one(self):
        order = self.handed_over()
        self.run_invoicing()
        self.get_receipts()
        self.assertEqual(order.allegro_document, "invoice")

    def test_the_buyer_asks_before_the_receipt_is_printed(self):
        self.get_receipts()
        form = form_json(line_json("VAT-23"))
        form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
        [order] = self.import_forms(form)
        order._allegro_confirmed("SENT")
        self.run_invoicing()
        self.assertEqual(len(order.allegro_receipt_ids), 1)
        self.buyer_wants_invoice(form)
        self.assertFalse(order.allegro_receipt_ids)
        self.assertEqual(order.allegro_document, "invoice")
        self.run_invoicing()
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_the_buyer_asks_after_the_receipt_is_printed(self):
        self.get_receipts()
        form = form_json(line_json("VAT-23"))
        form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
        [order] = self.import_forms(form)
        order._allegro_confirmed("SENT")
        self.run_invoicing()
        order.allegro_receipt_ids.action_printed()
        order.user_id = self.user("responsible")
        self.buyer_wants_invoice(form)
        self.assertEqual(order.allegro_document, "receipt")
        self.assertIn("receipt", ", ".join(order.activity_ids.mapped("summary")))

    def test_what_is_under_the_margin_scheme_shows_no_vat(self):
        margin = self._make_tax("Margin", 0, allegro_margin_scheme=True)
        self._make_product("USED", margin)
        order = self.handed_over(line_json("USED"), delivery_cost="9.99")
        ordinary = self.handed_over(line_json("VAT-23"))
        self.assertEqual(order.allegro_document, "margin_invoice")
        self.run_invoicing()
        words = "procedura marży – towary używane"
        render = self.env["ir.actions.report"]._render_qweb_html
        for invoice, is_margin in (
            (order.invoice_ids, True),
            (ordinary.invoice_ids, False),
        ):
            html = render("account.report_invoice_with_payments", invoice.ids)[0]
            html = html.decode()
            self.assertEqual(words in html, is_margin)
            for vat in ("td_taxes", "o_taxes", "o_subtotal"):
                self.assertEqual(vat in html, not is_margin, vat)
            self.assertIn("o_total", html)

    def test_the_flag_of_the_tax_counts_when_it_is_set(self):
        tax = self._make_tax("Used goods", 0)
        self._make_product("USED", tax)
        order = self.sold(line_json("USED"))
        self.assertEqual(order.allegro_document, "invoice")
        tax.allegro_margin_scheme = True
        self.assertEqual(order.allegro_document, "margin_invoice")
        with self.assertRaises(ValidationError):
            self.rates["23"].allegro_margin_scheme = True

    # A person's choice

    def test_a_person_chooses_and_it_stays(self):
        order = self.handed_over(line_json("VAT-23"))
        biller = self.user("biller", "account.group_account_invoice")
        order.with_user(biller).allegro_document_choice = "receipt"
        self.assertEqual(order.allegro_document, "receipt")
        self.company.allegro_person_document = "none"
        self.assertEqual(order.allegro_document, "receipt")
        self.run_invoicing()
        self.assertFalse(order.invoice_ids)
        self.assertEqual(len(order.allegro_receipt_ids), 1)
        # not printed yet, so there is still another way
        order.with_user(biller).allegro_document_choice = "invoice"
        self.run_invoicing()
        self.assertFalse(order.allegro_receipt_ids)
        self.assertEqual(order.invoice_ids.state, "posted")
        with self.assertRaises(UserError):
            order.with_user(biller).allegro_document_choice = "none"

    def test_only_who_makes_invoices_chooses(self):
        order = self.sold()
        own = order.with_user(self.user("seller"))
        self.assertEqual(own.allegro_document, "invoice")
        for values in (
            {"allegro_document_choice": "none"},
            {"allegro_document": "none"},
        ):
            with self.assertRaises(AccessError):
                own.write(values)

    def test_ksef_is_chosen_only_where_it_is(self):
        if "l10n_pl_edi" in self.env.registry._init_modules:
            self.skipTest("its own addon tells")
        order = self.sold()
        with self.assertRaises(ValidationError):
            order.allegro_document_choice = "invoice_ksef"
