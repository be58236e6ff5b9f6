"""Receipts to print: what is on them, printing, returns, and e-receipts on Allegro."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..allegro.errors import (
    AllegroConflictError,
    AllegroNotFoundError,
    AllegroRejectedError,
    AllegroUnavailableError,
)
from .common import line_json
from .test_document import DocumentCommon

LINK = "https://paragony.pl/1"


@tagged("post_install", "-at_install")
class TestReceipts(DocumentCommon):
    def setUp(self):
        super().setUp()
        self.get_receipts()
        self.till = self.user("till")

    def receipt(self, *lines, **values):
        order = self.handed_over(*(lines or [line_json("VAT-23")]), **values)
        self.run_invoicing()
        return order.allegro_receipt_ids

    def test_amounts_by_rate(self):
        receipt = self.receipt(
            line_json("VAT-23", "123.00"),
            line_json("VAT-8", "108.00", 2),
            line_json("VAT-23", "24.60"),
        )
        self.assertEqual(receipt.state, "to_print")
        self.assertEqual(receipt.amount_total, 363.60)
        amounts = sorted(receipt.amount_ids.mapped(lambda a: (a.amount, a.amount_tax)))
        self.assertEqual(amounts, [(147.60, 27.60), (216.00, 16.00)])
        self.assertEqual(sum(receipt.amount_ids.mapped("amount")), receipt.amount_total)
        self.assertFalse(receipt.nip)

    def test_the_nip_is_printed(self):
        receipt = self.receipt(invoice=self.with_nip())
        self.assertEqual(receipt.nip, "1234563218")

    def test_one_order_one_receipt(self):
        receipt = self.receipt()
        receipt.order_id.allegro_invoice_due = True
        self.run_invoicing()
        self.assertEqual(receipt.order_id.allegro_receipt_ids, receipt)

    def test_printed_with_the_lowest_rights(self):
        receipts = self.receipt() + self.receipt()
        own = receipts.with_user(self.till)
        own[0].number = "W000123"
        own.action_printed()
        self.assertEqual(receipts.mapped("state"), ["printed"] * 2)
        self.assertEqual(receipts[0].number, "W000123")
        self.assertEqual(receipts.printed_by_id, self.till)
        self.assertIn("W000123", receipts[0].order_id.allegro_document_summary)
        own.action_undo()
        self.assertEqual(receipts.mapped("state"), ["to_print"] * 2)
        self.assertFalse(receipts.printed_by_id)
        with self.assertRaises(AccessError):
            own.write({"state": "printed"})
        with self.assertRaises(AccessError):
            own.write({"amount_total": 1})

    def test_the_sums_of_the_day(self):
        self.receipt(line_json("VAT-23", "123.00"))
        printed = self.receipt(line_json("VAT-23", "24.60"))
        printed += self.receipt(line_json("VAT-8", "108.00"), line_json("VAT-23"))
        printed.action_printed()
        sums = self.env["allegro.receipt.amount"]._read_group(
            [("receipt_id", "in", printed.ids)],
            ["date:day", "rate"],
            ["amount:sum", "amount_tax:sum"],
        )
        today = self.company._allegro_today()
        self.assertEqual({day for day, *_sums in sums}, {today})
        self.assertEqual(
            sorted(amounts for _day, _rate, *amounts in sums),
            [[108.00, 8.00], [147.60, 27.60]],
        )

    def test_nothing_is_printed_of_a_cancelled_order(self):
        receipt = self.receipt()
        receipt.order_id._action_cancel()
        self.assertTrue(receipt.is_undone)
        with self.assertRaises(UserError):
            receipt.action_printed()

    def test_what_comes_back_is_for_the_register_of_returns(self):
        receipt = self.receipt()
        receipt.action_printed()
        receipt.action_return_noted()
        self.assertFalse(receipt.return_noted_at)
        receipt.order_id._allegro_confirmed("RETURNED")
        self.assertTrue(receipt.is_undone)
        self.assertFalse(receipt.order_id.allegro_move_ids)
        receipt.with_user(self.till).action_return_noted()
        self.assertTrue(receipt.return_noted_at)

    def test_an_addon_with_a_printer_is_asked_once(self):
        asked = []
        model = self.env.registry["allegro.receipt"]
        self.patch(model, "_allegro_print", lambda receipt: asked.append(receipt.id))
        receipt = self.receipt()
        self.assertEqual(asked, receipt.ids)
        receipt._note_printed("F1")
        self.assertEqual((receipt.state, receipt.number), ("printed", "F1"))

    # E-receipts

    def linked(self):
        receipt = self.receipt()
        receipt.with_user(self.till).link = LINK
        self.run_invoicing()
        return receipt

    def test_the_address_comes_to_allegro(self):
        receipt = self.linked()
        form_id = receipt.order_id.allegro_checkout_form_id
        self.assertEqual(receipt.link_state, "on_allegro")
        self.assertEqual(self.fake.links, {form_id: [LINK]})
        receipt.action_retry_link()
        self.run_invoicing()
        self.assertEqual(self.fake.links, {form_id: [LINK]})
        self.assertEqual(receipt.link_state, "on_allegro")

    def test_one_that_is_there_is_no_failure(self):
        self.fake.refuse("add_billing_link", AllegroConflictError("URL-EXISTS"))
        self.assertEqual(self.linked().link_state, "on_allegro")

    def test_allegros_refusal_is_kept_and_tried_again_when_asked(self):
        self.fake.refuse(
            "add_billing_link", AllegroRejectedError("The given URL is invalid")
        )
        receipt = self.linked()
        self.assertEqual(receipt.link_state, "error")
        self.assertIn("invalid", receipt.link_error)
        self.run_invoicing()
        self.assertEqual(receipt.link_state, "error", "not asked again by itself")
        receipt.with_user(self.till).action_retry_link()
        self.run_invoicing()
        self.assertEqual(receipt.link_state, "on_allegro")
        self.assertFalse(receipt.link_error)

    def test_a_passing_fault_is_waited_for(self):
        for failure in (
            AllegroNotFoundError("not found"),
            AllegroUnavailableError("time-out"),
        ):
            self.fake.refuse("add_billing_link", failure)
            receipt = self.linked()
            self.assertEqual(receipt.link_state, "wanted")
            self.assertTrue(receipt.link_next_try_at)
            receipt.link_next_try_at = False
            self.run_invoicing()
            self.assertEqual(receipt.link_state, "on_allegro")

    def test_off_and_in_shadow_nothing_is_told(self):
        for mode, moments in (("off", 0), ("shadow", 1)):
            with self.subTest(mode):
                self.account.invoice_mode = mode
                receipt = self.linked()
                self.run_invoicing()
                self.assertFalse(self.fake.links)
                self.assertEqual(receipt.link_state, "wanted")
                trail = self.env["allegro.trail"].search(
                    [("res_model", "=", receipt._name), ("res_id", "=", receipt.id)]
                )
                self.assertEqual(len(trail), moments)
        self.account.invoice_mode = "on"
        self.run_invoicing()
        self.assertEqual(len(self.fake.links), 2)

    def test_what_is_no_address_is_refused(self):
        receipt = self.receipt()
        for link in ("http://paragony.pl/1", "javascript:alert(1)", "paragony.pl/1"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                receipt.link = link
