from odoo import Command
from odoo.tests import tagged

from .cancel_common import CancelCommon


@tagged("post_install", "-at_install")
class TestCancelInvoices(CancelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in cls.products.values():
            product.invoice_policy = "order"
        # what becomes of taxes is no concern of these tests
        cls.company.account_fiscal_country_id = cls.env.ref("base.pl")
        cls.env["account.fiscal.position"].search([]).auto_apply = False

    def test_drafts_are_deleted(self):
        order = self.buy(("SKU-1", 1))
        invoice = order._create_invoices()
        self.buyer_cancels(order)
        self.assertFalse(invoice.exists())
        self.assertIn("draft invoice", self.said(order))

    def test_a_posted_one_gets_a_draft_credit_note_and_an_activity(self):
        order = self.buy(("SKU-1", 2), delivery_cost="9.99")
        invoice = order._create_invoices()
        invoice.action_post()

        self.buyer_cancels(order)

        self.assertEqual(invoice.state, "posted")
        note = invoice.reversal_move_ids
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.amount_total, invoice.amount_total)
        self.assertEqual(note.partner_id, invoice.partner_id)
        summaries = set(order.activity_ids.mapped("summary"))
        self.assertEqual(summaries, {f"Check the credit note for {invoice.name}"})

        self.assertFalse(order._allegro_credit_invoices())
        self.assertEqual(invoice.reversal_move_ids, note)

    def test_the_sellers_cancellation_does_the_same(self):
        order = self.buy(("SKU-1", 2))
        invoice = order._create_invoices()
        invoice.action_post()
        wizard = self.open_wizard(order)
        self.assertIn(invoice.name, wizard.row_ids.note)
        wizard.action_confirm()
        self.assertEqual(invoice.reversal_move_ids.state, "draft")
        self.assertTrue(order.activity_ids)

    def test_a_number_once_used_is_kept(self):
        order = self.buy(("SKU-1", 1))
        invoice = order._create_invoices()
        invoice.action_post()
        invoice.button_draft()
        self.buyer_cancels(order)
        self.assertEqual(invoice.state, "cancel")

    def test_an_invoice_over_several_orders_is_credited_in_part(self):
        order, other = self.buy(("SKU-1", 1)), self.buy(("SKU-2", 2))
        invoice = order._create_invoices()
        # Allegro's orders are invoiced apart, unless a person puts them together
        lines = other.order_line.filtered("product_id")
        invoice.invoice_line_ids = [
            Command.create(line._prepare_invoice_line()) for line in lines
        ]
        invoice.action_post()
        self.buyer_cancels(order)
        note = invoice.reversal_move_ids
        self.assertEqual(note.invoice_line_ids.product_id, self.products["SKU-1"])
        self.assertEqual(note.amount_total, order.amount_total)
