"""Corrections of invoices: pieces, amounts, delivery, everything; down to nothing."""

import re

from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .cancel_common import CancelCommon
from .common import AllegroCommon, company_invoice, form_json, line_json


@tagged("post_install", "-at_install")
class TestCorrect(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in cls.products.values():
            product.invoice_policy = "order"
        cls.accountant = new_test_user(
            cls.env,
            "allegro_invoicing",
            groups="account.group_account_invoice",
            email="invoicing@example.com",
        )

    def invoiced(self, *lines, **values):
        order = self.import_forms(form_json(*lines, **values))
        invoice = order._create_invoices()
        invoice.invoice_date = self.company._allegro_today()
        invoice.action_post()
        return order, invoice

    def open_wizard(self, document):
        action = document.with_user(self.accountant).action_allegro_correct()
        wizards = self.env[action["res_model"]].with_user(self.accountant)
        return wizards.browse(action["res_id"])

    def correct(self, document, *taken, **values):
        """
        :param taken: (number of the line, pieces, amount off)
        """
        wizard = self.open_wizard(document)
        wizard.write(values)
        for number, quantity, amount in taken:
            wizard.line_ids[number].write({"quantity": quantity, "amount": amount})
        action = wizard.action_confirm()
        return self.env["account.move"].browse(action["res_id"])

    def left(self, invoice):
        """Net, tax and gross in both currencies: the ledger's, not ours."""
        notes = invoice.reversal_move_ids.filtered(lambda note: note.state != "cancel")
        moves = invoice + notes
        company = moves.line_ids.filtered(lambda line: line.display_type == "product")
        taxes = moves.line_ids.filtered(lambda line: line.display_type == "tax")
        found = (
            sum(company.mapped("amount_currency")),
            sum(taxes.mapped("amount_currency")),
            sum(moves.mapped("amount_total_in_currency_signed")),
            sum(company.mapped("balance")),
            sum(taxes.mapped("balance")),
            sum(moves.mapped("amount_total_signed")),
        )
        return tuple(round(amount, 2) + 0.0 for amount in found)

    def test_three_corrections_of_one_piece_reach_nothing(self):
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            order, invoice = self.invoiced(line_json("SKU-1", "33.33", 3))
            for rest in (66.66, 33.33, 0):
                note = self.correct(order, (0, 1, 0))
                self.assertEqual(note.state, "draft")
                self.assertEqual(note.amount_total, 33.33)
                note.action_post()
                self.assertEqual(self.left(invoice)[2], rest)
            self.assertEqual(self.left(invoice), (0,) * 6)

    def test_money_off_and_pieces_in_any_order(self):
        order, invoice = self.invoiced(
            line_json("SKU-1", "33.33", 3),
            line_json("SKU-8", "5.55", 2),
            delivery_cost="8.99",
        )
        note = self.correct(order, (0, 1, 10), (1, 0, 0.07), kind="discount")
        self.assertEqual(note.amount_total, 43.40)
        self.assertEqual(note.allegro_correction_kind, "discount")
        names = note.invoice_line_ids.mapped("name")
        self.assertEqual(len([n for n in names if n.startswith("Price reduced:")]), 2)
        self.assertEqual(note.invoice_line_ids.mapped("quantity"), [1, 0, 0])
        self.assertEqual(self.left(invoice)[2], 76.68)
        # what is left is shown, and nothing more
        wizard = self.open_wizard(invoice)
        self.assertEqual(wizard.line_ids.mapped("left_quantity"), [2, 2, 1, 1])
        # the delivery is taxed as the goods are
        amounts = wizard.line_ids.mapped("left_amount")
        self.assertEqual(amounts, [56.66, 11.03, 8.09, 0.9])
        note = self.correct(invoice, (0, 1, 0))
        self.assertEqual(note.amount_total, 28.33)
        wizard = self.open_wizard(order)
        wizard.action_everything()
        wizard.action_confirm()
        self.assertEqual(wizard.credit_note_id.amount_total, 48.35)
        self.assertEqual(self.left(invoice), (0,) * 6)
        for document in (order, invoice):
            with self.assertRaisesRegex(UserError, "left to correct"):
                self.open_wizard(document)

    def test_it_says_what_was_before_and_after(self):
        order, invoice = self.invoiced(line_json("SKU-1", "33.33", 3))
        note = self.correct(order, (0, 1, 0), reason="Broken on the way")
        note.action_post()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        html, _kind = report._render_qweb_html("account.report_invoice", note.ids)
        root = etree.fromstring(html, etree.HTMLParser())
        [block] = root.xpath("//div[@name='allegro_correction']")
        text = " ".join("".join(block.itertext()).split())
        for words in (invoice.name, "Broken on the way"):
            self.assertIn(words, text)
        cells = [
            " ".join("".join(cell.itertext()).replace("\xa0", " ").split())
            for cell in block.xpath(".//tbody/tr/td")
        ]
        self.assertEqual(cells[1:], ["3.00", "99.99 zł", "2.00", "66.66 zł"])
        html, _kind = report._render_qweb_html("account.report_invoice", invoice.ids)
        self.assertNotIn(b"allegro_correction", html)

    def test_delivery_only(self):
        order, invoice = self.invoiced(line_json("SKU-1"), delivery_cost="8.99")
        wizard = self.open_wizard(order)
        wizard.line_ids.quantity = 1
        wizard.action_delivery_only()
        wizard.action_confirm()
        self.assertEqual(wizard.credit_note_id.amount_total, 8.99)
        self.assertEqual(self.left(invoice)[2], 123)

    def test_no_more_than_is_left(self):
        order, invoice = self.invoiced(line_json("SKU-1", "10.00", 3))
        self.correct(order, (0, 2, 0))
        for taken in ((0, 2, 0), (0, -1, 0), (0, 0, 10.01), (0, 1, 0.01), (0, 0, -1)):
            with self.assertRaisesRegex(UserError, "SKU-1.*left"):
                self.correct(order, taken)
        with self.assertRaisesRegex(UserError, "Say what"):
            self.correct(order)
        self.assertEqual(len(invoice.reversal_move_ids), 1)

    def test_what_a_browser_says_is_checked(self):
        order, invoice = self.invoiced()
        _other_order, other = self.invoiced(line_json("SKU-2", "1000.00"))
        wizard = self.open_wizard(order)
        wizard.line_ids = [
            Command.create(
                {"move_line_id": other.invoice_line_ids[:1].id, "quantity": 1}
            )
        ]
        with self.assertRaisesRegex(UserError, "is not a line of"):
            wizard.action_confirm()
        # twice the same line is one sum
        wizard.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"move_line_id": invoice.invoice_line_ids[:1].id, "quantity": 1}
                )
                for _time in range(2)
            ),
        ]
        with self.assertRaisesRegex(UserError, "1 left"):
            wizard.action_confirm()
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "posted"):
            wizard.action_confirm()
        self.assertFalse((invoice + other).reversal_move_ids)

    def test_a_second_click_opens_the_first_one(self):
        order, invoice = self.invoiced(line_json("SKU-1", "10.00", 3))
        wizard = self.open_wizard(order)
        wizard.line_ids.quantity = 1
        self.assertEqual(wizard.action_confirm(), wizard.action_confirm())
        self.assertEqual(len(invoice.reversal_move_ids), 1)

    def test_only_for_who_may_invoice(self):
        order, invoice = self.invoiced()
        seller = new_test_user(
            self.env,
            "allegro_only_sells",
            groups="sales_team.group_sale_salesman_all_leads",
            email="seller@example.com",
        )
        for document in (order, invoice):
            with self.assertRaises(AccessError):
                document.with_user(seller).action_allegro_correct()
        with self.assertRaises(AccessError):
            invoice.with_user(seller)._allegro_correct({}, kind="buyer_data")

    def test_each_cause_corrects_once(self):
        _order, invoice = self.invoiced(line_json("SKU-1", "10.00", 3))
        line = invoice.invoice_line_ids
        first = invoice._allegro_correct({line: 1}, kind="return", key="return:1")
        first.action_post()
        with self.assertRaisesRegex(UserError, re.escape(first.name)):
            invoice._allegro_correct({line: 1}, kind="return", key="return:1")
        # also where two begin at the same time
        second = invoice._allegro_correct({line: 1}, kind="return", key="return:2")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                second.allegro_correction_key = "return:1"
                second.flush_recordset()
        self.env.invalidate_all()
        # given up, it may be made again
        second.button_cancel()
        invoice._allegro_correct({line: 2}, kind="return", key="return:2")
        self.assertEqual(self.left(invoice), (0,) * 6)

    def test_the_buyers_data_alone(self):
        order, invoice = self.invoiced(invoice=company_invoice())
        right = invoice.partner_id.copy({"name": "Firma Testowa S.A."})
        note = self.correct(order, kind="buyer_data", partner_id=right.id)
        note.action_post()
        self.assertEqual(note.amount_total, 0)
        self.assertEqual(note.partner_id, right)
        self.assertEqual(self.left(invoice)[2], 123)
        with self.assertRaisesRegex(UserError, "no amount changes"):
            self.correct(order, (0, 1, 0), kind="buyer_data")
        right.vat = "PL5260250274"
        with self.assertRaisesRegex(UserError, "tax number differs"):
            self.correct(order, kind="buyer_data", partner_id=right.id)

    def test_odoos_own_credit_notes_count(self):
        order, invoice = self.invoiced(line_json("SKU-1", "33.33", 3))
        note = invoice._reverse_moves()
        note.invoice_line_ids.quantity = 2
        wizard = self.open_wizard(order)
        self.assertEqual(wizard.line_ids.left_quantity, 1)
        wizard.action_everything()
        wizard.action_confirm()
        self.assertEqual(self.left(invoice), (0,) * 6)

    def test_one_of_several_invoices_is_chosen(self):
        order, first = self.invoiced(line_json("SKU-1", "10.00", 3))
        order.order_line.product_uom_qty = 5
        second = order._create_invoices()
        second.action_post()
        wizard = self.open_wizard(order)
        self.assertTrue(wizard.has_choice)
        wizard.invoice_id = second
        self.assertEqual(wizard.line_ids.left_quantity, 2)
        wizard.invoice_id = first
        self.assertEqual(wizard.line_ids.left_quantity, 3)

    def test_what_was_credited_is_not_billed_again(self):
        order, invoice = self.invoiced(line_json("SKU-1", "10.00", 3))
        for quantity in (1, 2):
            self.correct(order, (0, quantity, 0))
            self.assertEqual(order.order_line.qty_to_invoice, 0)
            self.assertEqual(order.invoice_status, "invoiced")
        order.company_id.allegro_auto_invoice = True
        order._allegro_confirmed("SENT")
        self.assertFalse(order.allegro_invoice_due)
        self.assertEqual(len(order.invoice_ids), 3)

    def test_an_error_is_billed_anew(self):
        order, invoice = self.invoiced(line_json("SKU-1", "10.00", 3))
        self.correct(order, (0, 3, 0), kind="error").action_post()
        self.assertEqual(order.invoice_status, "to invoice")
        anew = order._create_invoices()
        anew.action_post()
        self.assertEqual(anew.amount_total, 30)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_the_reason_is_in_the_buyers_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        order, invoice = self.invoiced()
        invoice.partner_id.lang = "pl_PL"
        wizard = self.open_wizard(order)
        self.assertEqual(wizard.reason, "Goods returned")
        wizard.kind = "error"
        self.assertEqual(wizard.reason, "Error on the invoice")
        note = self.correct(order, (0, 1, 0), reason="Uszkodzone w transporcie")
        self.assertEqual(note.allegro_correction_reason, "Uszkodzone w transporcie")
        self.assertIn(invoice.name, note.ref)


@tagged("post_install", "-at_install")
class TestReturned(CancelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in cls.products.values():
            product.invoice_policy = "order"
        cls.env["account.fiscal.position"].search([]).auto_apply = False

    def returned(self, order):
        self.follow(
            order, fulfillment={"status": "RETURNED", "provider": {"id": "SELLER"}}
        )

    def test_one_over_all_that_is_left_is_drafted(self):
        order = self.buy(("SKU-1", 3), delivery_cost="9.99")
        invoice = order._create_invoices()
        invoice.action_post()
        earlier = invoice._allegro_correct(
            {invoice.invoice_line_ids[0]: 1}, kind="return"
        )
        self.returned(order)
        note = invoice.reversal_move_ids - earlier
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.amount_total, invoice.amount_total - earlier.amount_total)
        asked = order.activity_ids
        [summary] = set(asked.mapped("summary"))
        self.assertIn(invoice.name, summary)
        self.assertEqual(order.invoice_status, "invoiced")
        # not twice, however often it comes and goes
        self.follow(order, fulfillment={"status": "SENT", "provider": {"id": "SELLER"}})
        self.returned(order)
        self.assertEqual(invoice.reversal_move_ids, note + earlier)
        self.assertEqual(order.activity_ids, asked)

    def test_none_without_an_invoice(self):
        order = self.buy(("SKU-1", 1))
        self.returned(order)
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.activity_ids)

    def test_a_cancellation_credits_what_is_left(self):
        order = self.buy(("SKU-1", 3))
        invoice = order._create_invoices()
        invoice.action_post()
        line = invoice.invoice_line_ids
        earlier = invoice._allegro_correct({line: 1}, {line: 5}, kind="return")
        earlier.action_post()
        self.buyer_cancels(order)
        note = invoice.reversal_move_ids - earlier
        self.assertEqual(note.allegro_correction_kind, "return")
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            credited = earlier[name] + note[name]
            self.assertAlmostEqual(credited, invoice[name])
