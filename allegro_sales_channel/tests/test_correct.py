"""Corrections of invoices: pieces, amounts, delivery, everything; down to nothing."""

from odoo.tests import new_test_user, tagged

from .common import AllegroCommon, form_json, line_json


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
