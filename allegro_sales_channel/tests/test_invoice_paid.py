"""What the buyer reads of his payment: in the invoice, and in his own pages."""

from datetime import date
from unittest.mock import patch

from lxml import html

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import company_invoice, form_json, line_json, money
from .test_invoice import InvoiceCommon

#: Half past midnight in Warsaw, the day before in Greenwich.
PAID_AT = "2026-09-09T22:30:00.000Z"


class PaidCommon(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "qr_code": True,
                "link_qr_code": True,
                "bank_ids": [
                    Command.create(
                        {
                            "acc_number": "PL61109010140000071219812874",
                            "partner_id": cls.company.partner_id.id,
                            "allow_out_payment": True,
                        }
                    )
                ],
            }
        )
        # drawing one takes libraries that Odoo does without
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["account.move"],
                "_generate_portal_payment_qr",
                lambda move: "data:image/png;base64,",
            )
        )
        # what the buyer's own terms would ask for
        cls.thirty_days = cls.env.ref("account.account_payment_term_30days")

    def bought(self, kind="ONLINE", paid=None, provider="PAYU", **values):
        """An order of 123.00.

        :param paid: amount that Allegro has received
        """
        form = form_json(
            line_json("VAT-23", "123.00"),
            payment={
                "id": "payment-1",
                "type": kind,
                "provider": provider,
                "finishedAt": PAID_AT,
                "paidAmount": paid and money(paid),
            },
            **values,
        )
        [order] = self.import_forms(form)
        order.partner_id.property_payment_term_id = self.thirty_days
        order.partner_invoice_id.property_payment_term_id = self.thirty_days
        return order

    def posted(self, order):
        invoice = order._create_invoices()
        invoice.invoice_date = self.company._allegro_today()
        invoice.action_post()
        return invoice

    def invoiced(self, *args, **values):
        return self.posted(self.bought(*args, **values))

    def page(self, invoice, report="account.report_invoice_with_payments"):
        """The report as it is printed, without its layout's scripts."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, invoice.ids
        )
        return html.fromstring(content)

    def words(self, page, path="//main|//div[hasclass('article')]"):
        path = path.replace("hasclass('article')", "contains(@class, 'article')")
        return " ".join(" ".join(n.text_content() for n in page.xpath(path)).split())

    def assert_asks(self, page, *, due, where, code):
        """Does this page ask for money: by when, whereto, by a code to scan?"""
        found = {
            "due": bool(page.xpath("//div[@name='due_date']")),
            "where": bool(page.xpath("//p[@name='payment_communication']")),
            "code": bool(
                page.xpath("//div[@id='qrcode' or @id='payment_link_qrcode']")
            ),
        }
        self.assertEqual(found, {"due": due, "where": where, "code": code})

    def rows(self, page):
        """What stands below the total, a text for each row."""
        rows = page.xpath("//tr[contains(@class, 'o_total')]/following-sibling::tr")
        return [" ".join(row.text_content().split()) for row in rows]


@tagged("post_install", "-at_install")
class TestInvoicePaid(PaidCommon):
    def test_paid_online(self):
        invoice = self.invoiced(paid="123.00")
        self.assertEqual(
            invoice.allegro_payment_words, "Paid via Allegro (PayU) on 09/10/2026"
        )
        page = self.page(invoice)
        self.assertIn("Paid via Allegro (PayU) on 09/10/2026", self.words(page))
        self.assert_asks(page, due=False, where=False, code=False)
        [paid, due] = self.rows(page)
        self.assertRegex(paid, r"^Paid on 09/10/2026 .*123\.00")
        self.assertRegex(due, r"^Amount Due \D*0\.00\D*$")
        # the books know of no payment, and of no term that the buyer does not have
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.amount_residual, 123)
        self.assertFalse(invoice.invoice_payment_term_id)
        self.assertEqual(invoice.invoice_date_due, invoice.invoice_date)

    def test_what_is_booked_is_not_printed_twice(self):
        self.account.payment_journal_id = self.clearing
        invoice = self.invoiced(paid="123.00")
        self.run_invoicing()
        self.assertEqual(invoice.payment_state, "paid")
        page = self.page(invoice)
        [paid, due] = self.rows(page)
        self.assertRegex(paid, r"^Paid on 09/10/2026 .*123\.00")
        self.assertRegex(due, r"^Amount Due \D*0\.00\D*$")
        self.assert_asks(page, due=False, where=False, code=False)

    def test_what_was_credited_later_does_not_make_it_a_debt(self):
        invoice = self.invoiced(paid="123.00")
        credit_note = invoice._reverse_moves()
        credit_note.invoice_line_ids.filtered("product_id").price_unit = 61.5
        credit_note.action_post()
        lines = (invoice + credit_note).line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 61.5)
        [paid, due] = self.rows(self.page(invoice))
        self.assertIn("123.00", paid)
        self.assertRegex(due, r"^Amount Due \D*0\.00\D*$")

    def test_paid_in_part(self):
        surcharge = {
            "id": "payment-2",
            "type": "ONLINE",
            "provider": "PAYU",
            "finishedAt": "2026-09-12T08:00:00.000Z",
            "paidAmount": money("20.00"),
        }
        invoice = self.invoiced(paid="100.00", surcharges=[surcharge])
        self.assertIn("Paid in part via Allegro (PayU)", invoice.allegro_payment_words)
        self.assertIn("120.00", invoice.allegro_payment_words)
        page = self.page(invoice)
        # the rest is due, but a code would ask for all of it
        self.assert_asks(page, due=True, where=True, code=False)
        [first, second, due] = self.rows(page)
        self.assertRegex(first, r"^Paid on 09/10/2026 .*100\.00")
        self.assertRegex(second, r"^Paid on 09/12/2026 .*20\.00")
        self.assertRegex(due, r"^Amount Due \D*3\.00")

    def test_paid_at_a_day_that_allegro_does_not_tell(self):
        invoice = self.invoiced(paid="123.00", provider=None)
        invoice.allegro_order_id.allegro_payment_finished_at = False
        self.assertEqual(invoice.allegro_payment_words, "Paid via Allegro")
        self.assertRegex(self.rows(self.page(invoice))[0], r"^Paid \D*123\.00")

    def test_cash_on_delivery(self):
        invoice = self.invoiced("CASH_ON_DELIVERY", provider=None)
        page = self.page(invoice)
        self.assertIn("Cash on delivery", self.words(page))
        self.assertNotIn("Paid", self.words(page))
        self.assert_asks(page, due=False, where=False, code=False)
        self.assertEqual(self.rows(page), [])
        invoice.allegro_order_id.allegro_collected_amount = 123
        self.assertIn("Cash on delivery, paid", self.words(self.page(invoice)))

    def test_extended_term(self):
        order = self.bought(
            "EXTENDED_TERM",
            provider="EPT",
            invoice=company_invoice(dueDate="2027-01-15"),
        )
        # a term of the buyer's own does not take its place
        order.payment_term_id = self.thirty_days
        invoice = self.posted(order)
        self.assertEqual(invoice.invoice_date_due, date(2027, 1, 15))
        page = self.page(invoice)
        self.assertIn("Extended payment term on Allegro", self.words(page))
        self.assertIn("01/15/2027", self.words(page, "//div[@name='due_date']"))
        # where to, and when, is for the operator to say
        self.assert_asks(page, due=True, where=False, code=False)

    def test_bank_transfer(self):
        order = self.bought("WIRE_TRANSFER", provider="OFFLINE")
        order.payment_term_id = self.thirty_days
        invoice = self.posted(order)
        self.assertEqual(invoice.invoice_payment_term_id, self.thirty_days)
        page = self.page(invoice)
        self.assertIn("Bank transfer", self.words(page))
        self.assert_asks(page, due=True, where=True, code=True)
        self.assertIn("PL61 1090 1014 0000 0712 1981 2874", self.words(page))

    def test_not_paid_yet(self):
        invoice = self.invoiced()
        self.assertFalse(invoice.allegro_payment_words)
        self.assert_asks(self.page(invoice), due=True, where=True, code=True)

    def test_a_credit_note_is_not_paid(self):
        invoice = self.invoiced(paid="123.00")
        credit_note = invoice._reverse_moves()
        credit_note.action_post()
        page = self.page(credit_note)
        self.assertNotIn("Paid", self.words(page))
        self.assertEqual(self.rows(page), [])
        self.assertFalse(credit_note.allegro_payment_words)

    def test_a_second_invoice_is_paid_by_what_the_first_left(self):
        order = self.bought(paid="123.00")
        invoice = self.posted(order)
        self.assertEqual(invoice._allegro_payments(), [(date(2026, 9, 10), 123)])
        order.order_line.filtered("allegro_is_bought")[:1].product_uom_qty = 2
        second = self.posted(order)
        self.assertEqual(second._allegro_payments(), [])
        # corrected, and billed anew
        invoice._reverse_moves(cancel=True)
        self.assertEqual(second._allegro_payments(), [(date(2026, 9, 10), 123)])
        self.assertEqual(invoice._allegro_payments(), [(date(2026, 9, 10), 123)])

    def test_invoices_of_others_are_odoos(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.env["res.partner"]
                .create(
                    {
                        "name": "Somebody",
                        "property_payment_term_id": self.thirty_days.id,
                    }
                )
                .id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.products["VAT-23"].id,
                            "price_unit": 100,
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(invoice.invoice_payment_term_id, self.thirty_days)
        self.assert_asks(self.page(invoice), due=True, where=True, code=True)

    def test_in_the_language_of_the_document(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        invoice = self.invoiced(paid="123.00")
        invoice.partner_id.lang = "pl_PL"
        # as Polish people write dates
        self.assertIn("10.09.2026", self.words(self.page(invoice)))

    def test_an_accountant_without_sales_sees_it(self):
        invoice = self.invoiced(paid="123.00")
        accountant = new_test_user(
            self.env,
            "accountant",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        words = invoice.with_user(accountant).allegro_payment_words
        self.assertEqual(words, "Paid via Allegro (PayU) on 09/10/2026")


@tagged("post_install", "-at_install")
class TestInvoicePaidPortal(PaidCommon, HttpCase):
    """The buyer's own pages: they ask for nothing that he has paid."""

    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_payment.enable_portal_payment", True)
        self.buyer = new_test_user(
            self.env,
            "buyer",
            "base.group_portal",
            password="buyer-password",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def of_the_buyer(self, *args, **values):
        order = self.bought(*args, **values)
        order.partner_id = order.partner_invoice_id = self.buyer.partner_id
        invoice = self.posted(order)
        # long ago, for Odoo
        invoice.invoice_date_due = "2026-01-01"
        return invoice

    def opened(self, path):
        self.authenticate("buyer", "buyer-password")
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def test_the_list_and_the_page(self):
        paid = self.of_the_buyer(paid="123.00")
        unpaid = self.of_the_buyer()
        page = self.opened("/my/invoices")
        row, other = (
            " ".join(
                page.xpath(f"//tr[.//a[text()[contains(., '{move.name}')]]]")[0]
                .text_content()
                .split()
            )
            for move in (paid, unpaid)
        )
        self.assertIn("Paid", row)
        self.assertNotIn("Waiting for Payment", row)
        self.assertNotIn("Pay Now", row)
        self.assertNotIn("01/01/2026", row)
        self.assertNotIn("123.00", row)
        self.assertIn("Waiting for Payment", other)
        self.assertIn("Pay Now", other)
        self.assertIn("123.00", other)
        overdue = self.opened("/my/invoices?filterby=overdue_invoices")
        self.assertIn(unpaid.name, overdue.text_content())
        self.assertNotIn(paid.name, overdue.text_content())
        for invoice, asks in ((paid, False), (unpaid, True)):
            page = self.opened(invoice.get_portal_url())
            sidebar = page.xpath("//span[contains(@class, 'sidebar_timeago')]")
            self.assertEqual(bool(sidebar), asks)
            self.assertEqual("Pay Now" in page.text_content(), asks)
            report = self.opened(invoice.get_portal_url(report_type="html"))
            self.assertEqual("Paid via Allegro" in report.text_content(), not asks)
