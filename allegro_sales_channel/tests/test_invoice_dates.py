"""Of which day an invoice is: its tax point, its rate, and what follows from them."""

from contextlib import contextmanager
from datetime import date, datetime, time
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import company_invoice, form_json, line_json, money
from .test_invoice import InvoiceCommon

NO_RATE = "no exchange rate for CZK"


@contextmanager
def on(day):
    """At noon of a day of 2026."""
    with freeze_time(datetime.combine(date.fromisoformat(f"2026-{day}"), time(11))):
        yield


def day(text):
    return date.fromisoformat(f"2026-{text}")


class DatesCommon(InvoiceCommon):
    def order(self, *lines, paid_on="10-31", kind="ONLINE", paid=True, **values):
        """An order bought in October, paid at noon of a day of 2026.

        :param paid: the amount, or all of it, or nothing
        """
        with on("10-28"):
            form = form_json(*lines, **values)
            total = form["summary"]["totalToPay"]
            amount = total if paid is True else paid and money(paid, total["currency"])
            form["payment"] |= {
                "type": kind,
                "finishedAt": f"2026-{paid_on}T11:00:00.000Z",
                "paidAmount": amount or None,
            }
            [order] = self.import_forms(form)
        return order

    def leaves(self, order, when, *products):
        """Hand over all of it, or these products only."""
        with on(when):
            delivery = order.picking_ids.filtered(lambda p: p.state == "assigned")
            if products:
                for move in delivery.move_ids:
                    if move.product_id not in products:
                        move.quantity = 0
            delivery.move_ids.picked = True
            for move in delivery.move_ids:
                move.picked = bool(move.quantity)
            delivery.with_context(skip_backorder=True).button_validate()
            order._allegro_confirmed("SENT")

    def invoiced(self, order, when):
        with on(when):
            self.run_invoicing()
        self.assertFalse(order.allegro_invoice_error)
        return order.invoice_ids

    def drafted(self, order, when):
        with on(when):
            return order._create_invoices()

    def posted(self, draft, when):
        with on(when):
            draft.action_post()
        return draft

    def abroad(self, *lines, currency="PLN", **values):
        """Sold to a company in Prague whose number Allegro has verified."""
        delivery = form_json(currency=currency)["delivery"]
        delivery["address"]["countryCode"] = "CZ"
        return self.order(
            *lines,
            currency=currency,
            delivery=delivery,
            invoice=company_invoice(
                "CZ25123891", "VAT_EU", "CZ", features=["VAT_EU_VERIFIED"]
            ),
            **values,
        )


@tagged("post_install", "-at_install")
class TestTaxPoint(DatesCommon):
    def test_what_is_paid_before_it_leaves_is_due_on_the_day_of_the_payment(self):
        order = self.order()
        self.leaves(order, "11-02")
        invoice = self.invoiced(order, "11-02")
        self.assertEqual(invoice.taxable_supply_date, day("10-31"))
        self.assertEqual(invoice.date, day("10-31"))
        self.assertEqual(invoice.invoice_date, day("11-02"))
        self.assertEqual(invoice.delivery_date, day("11-02"))
        self.assertEqual(
            invoice.allegro_tax_point_words,
            "10/31/2026: paid before the goods left (art. 19a(8))",
        )

    def test_also_when_it_is_invoiced_before_it_leaves(self):
        self.company.allegro_auto_invoice_when = "processing"
        order = self.order()
        with on("11-02"):
            order._allegro_confirmed("PROCESSING")
        invoice = self.invoiced(order, "11-02")
        self.assertEqual(invoice.taxable_supply_date, day("10-31"))
        self.assertFalse(invoice.delivery_date)
        # what was issued stays as it was
        self.leaves(order, "11-03")
        self.assertFalse(invoice.delivery_date)
        self.assertIn("10/31/2026: paid", invoice.allegro_tax_point_words)

    def test_midnight_is_the_companys(self):
        order = self.order()
        order.allegro_payment_finished_at = "2026-10-31 23:30:00"
        self.leaves(order, "11-05")
        invoice = self.invoiced(order, "11-05")
        self.assertEqual(invoice.taxable_supply_date, day("11-01"))

    def test_what_is_paid_on_delivery_is_due_when_it_leaves(self):
        for kind in ("CASH_ON_DELIVERY", "EXTENDED_TERM"):
            order = self.order(kind=kind)
            self.leaves(order, "11-02")
            invoice = self.invoiced(order, "11-04")
            self.assertEqual(invoice.taxable_supply_date, day("11-02"))
            self.assertEqual(invoice.date, day("11-02"))
            self.assertEqual(invoice.delivery_date, day("11-02"))
            self.assertIn("the goods left", invoice.allegro_tax_point_words)

    def test_what_costs_nothing_is_imported_and_due_when_it_leaves(self):
        order = self.order(line_json("VAT-23", "0.00"))
        self.assertFalse(order.allegro_invoice_blocked)
        self.leaves(order, "11-02")
        draft = self.drafted(order, "11-04")
        self.assertEqual(draft.taxable_supply_date, day("11-02"))

    def test_handed_over_without_a_delivery_in_odoo(self):
        order = self.order(kind="CASH_ON_DELIVERY")
        with on("11-02"):
            order._allegro_confirmed("SENT")
        invoice = self.invoiced(order, "11-02")
        self.assertEqual(invoice.taxable_supply_date, day("11-02"))
        self.assertEqual(invoice.delivery_date, day("11-02"))
        with on("11-20"):
            invoice.invalidate_recordset(["allegro_tax_point_words"])
            words = invoice.allegro_tax_point_words
        self.assertEqual(words, "11/02/2026: the goods left (art. 19a(1))")

    def test_drafted_before_anything_happened_it_is_known_when_posted(self):
        order = self.order(kind="CASH_ON_DELIVERY")
        draft = self.drafted(order, "10-29")
        self.assertFalse(draft.taxable_supply_date)
        self.assertIn("neither paid nor", draft.allegro_tax_point_words)
        self.leaves(order, "10-30")
        self.posted(draft, "11-03")
        self.assertEqual(draft.taxable_supply_date, day("10-30"))
        self.assertEqual(draft.delivery_date, day("10-30"))
        self.assertEqual(draft.invoice_date, day("11-03"))
        self.assertEqual(draft.date, day("10-30"))

    def test_elsewhere_it_is_not_set(self):
        product = self._make_product("FREE", self.env["account.tax"])
        self.products["FREE"] = product
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        order = self.order(line_json("FREE"))
        self.leaves(order, "11-02")
        invoice = self.invoiced(order, "11-02")
        self.assertFalse(invoice.taxable_supply_date)
        self.assertFalse(invoice.allegro_tax_point_words)
        self.assertEqual(invoice.delivery_date, day("11-02"))
        self.assertEqual(invoice.date, day("11-02"))

    # A person decides

    def surcharged(self):
        order = self.order(paid="100.00")
        order.write(
            {
                "allegro_surcharge_amount": 23,
                "allegro_surcharge_finished_at": "2026-11-01 11:00:00",
            }
        )
        self.leaves(order, "11-02")
        return order

    def test_a_surcharge_of_another_month_is_for_a_person(self):
        order = self.surcharged()
        with on("11-02"):
            self.run_invoicing()
        self.assertFalse(order.invoice_ids)
        self.assertIn("tax point is not clear", order.allegro_invoice_block_reason)
        draft = self.drafted(order, "11-02")
        self.assertFalse(draft.taxable_supply_date)
        self.assertEqual(
            draft.allegro_tax_point_words,
            "Not set: its parts fall into several months: 10/31/2026 (paid),"
            " 11/01/2026 (paid)",
        )

    def test_what_a_person_chooses_stays(self):
        draft = self.drafted(self.surcharged(), "11-02")
        with Form(draft) as form:
            form.taxable_supply_date = day("10-31")
        self.posted(draft, "11-05")
        self.assertEqual(draft.taxable_supply_date, day("10-31"))
        self.assertEqual(draft.date, day("10-31"))
        self.assertIn("10/31/2026 (its parts", draft.allegro_tax_point_words)

    def test_also_against_the_law(self):
        order = self.order()
        self.leaves(order, "11-02")
        draft = self.drafted(order, "11-02")
        with Form(draft) as form:
            form.taxable_supply_date = day("11-01")
            form.invoice_date = day("11-03")
        self.posted(draft, "11-03")
        self.assertEqual(draft.taxable_supply_date, day("11-01"))
        self.assertIn(
            "11/01/2026; by payment and dispatch 10/31/2026: paid",
            draft.allegro_tax_point_words,
        )

    def two_parcels(self, **values):
        order = self.order(line_json("VAT-23"), line_json("VAT-8"), **values)
        self.leaves(order, "10-30", self.products["VAT-23"])
        self.assertEqual(len(order.picking_ids), 2)
        return order

    def test_a_second_parcel_of_another_month_is_for_a_person(self):
        order = self.two_parcels(kind="CASH_ON_DELIVERY")
        self.assertTrue(order.allegro_invoice_blocked, "one is still here")
        self.leaves(order, "11-02")
        self.assertTrue(order.allegro_invoice_blocked)
        draft = self.drafted(order, "11-02")
        self.assertIn(
            "10/30/2026 (left), 11/02/2026 (left)", draft.allegro_tax_point_words
        )

    def test_but_not_one_of_the_same_month(self):
        order = self.two_parcels(kind="CASH_ON_DELIVERY")
        self.leaves(order, "10-31")
        self.assertFalse(order.allegro_invoice_blocked)
        invoice = self.invoiced(order, "11-02")
        self.assertEqual(invoice.taxable_supply_date, day("10-31"))
        self.assertEqual(invoice.delivery_date, day("10-31"))

    def test_nor_where_all_was_paid_before(self):
        order = self.two_parcels(paid_on="10-29")
        self.assertFalse(order.allegro_invoice_blocked)
        self.leaves(order, "11-02")
        invoice = self.invoiced(order, "11-02")
        self.assertEqual(invoice.taxable_supply_date, day("10-29"))
        self.assertEqual(invoice.delivery_date, day("11-02"))

    # Without VAT to the Union

    def test_to_a_company_in_the_union_it_is_due_when_invoiced(self):
        order = self.abroad(line_json("VAT-23", "121.00"))
        self.assertEqual(order.amount_tax, 0)
        self.leaves(order, "11-02")
        invoice = self.invoiced(order, "11-04")
        self.assertEqual(invoice.taxable_supply_date, day("11-04"))
        self.assertIn("art. 20(1)", invoice.allegro_tax_point_words)

    def test_at_the_latest_on_the_15th_of_the_next_month(self):
        order = self.abroad(line_json("VAT-23", "121.00"))
        self.leaves(order, "10-30")
        invoice = self.invoiced(order, "11-20")
        self.assertEqual(invoice.taxable_supply_date, day("11-15"))
        self.assertEqual(invoice.date, day("11-15"))
        self.assertEqual(invoice.delivery_date, day("10-30"))


@tagged("post_install", "-at_install")
class TestRate(DatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.currency.rate"].search([]).unlink()
        # one koruna is 0.1700 zł on the right day, 0.1781 on the day itself
        cls._make_rate("CZK", "2026-11-10", 1 / 0.17)
        cls._make_rate("CZK", "2026-11-12", 1 / 0.1781)

    def in_koruna(self, **values):
        """1,000 CZK, paid the day after the Independence Day."""
        values = {"paid_on": "11-12"} | values
        order = self.order(
            line_json("VAT-23", "1000.00", currency="CZK"), currency="CZK", **values
        )
        self.leaves(order, "11-13")
        return order

    def assert_at(self, move, zloty):
        """The ledger, the lines and the rate agree."""
        self.assertAlmostEqual(1000 / move.invoice_currency_rate, zloty, 2)
        self.assertEqual(abs(move.amount_total_signed), zloty)
        receivable = move.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        self.assertEqual(abs(receivable.balance), zloty)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)

    def test_it_is_that_of_the_last_working_day_before(self):
        invoice = self.invoiced(self.in_koruna(), "11-13")
        self.assertEqual(invoice.taxable_supply_date, day("11-12"))
        self.assert_at(invoice, 170.00)
        self.assertIn(
            "Exchange rate of 11/10/2026 (art. 31a)", invoice.allegro_tax_point_words
        )

    def test_before_the_invoice_when_that_is_earlier(self):
        order = self.order(
            line_json("VAT-23", "1000.00", currency="CZK"),
            currency="CZK",
            kind="CASH_ON_DELIVERY",
        )
        draft = self.drafted(order, "11-12")
        draft.taxable_supply_date = day("11-20")
        self.posted(draft, "11-12")
        self.assert_at(draft, 170.00)

    def test_to_the_union_it_is_that_before_the_invoice(self):
        order = self.abroad(
            line_json("VAT-23", "1000.00", currency="CZK"), currency="CZK"
        )
        self.leaves(order, "11-02")
        invoice = self.invoiced(order, "11-12")
        self.assert_at(invoice, 170.00)

    def test_it_follows_what_a_person_chooses(self):
        self._make_rate("CZK", "2026-11-13", 1 / 0.18)
        draft = self.drafted(self.in_koruna(), "11-16")
        self.assert_at(draft, 170.00)
        with Form(draft) as form:
            form.taxable_supply_date = day("11-16")
        self.posted(draft, "11-16")
        self.assert_at(draft, 180.00)

    # Refused

    def refused(self, order, when="11-13"):
        with on(when):
            self.run_invoicing()
        self.assertFalse(order.invoice_ids)
        return order.allegro_invoice_error

    def test_a_missing_one_is_refused(self):
        self.env["res.currency.rate"].search([]).unlink()
        order = self.in_koruna()
        words = self.refused(order)
        self.assertIn(f"{NO_RATE} of 11/10/2026", words)
        self.assertIn("Configuration > Currencies", words)
        self.assertTrue(words.endswith("."), "in words only")
        self._make_rate("CZK", "2026-11-10", 1 / 0.17)
        order.action_allegro_retry_invoice()
        self.assert_at(self.invoiced(order, "11-16"), 170.00)

    def test_one_that_comes_later_is_taken_by_itself(self):
        self.env["res.currency.rate"].search([]).unlink()
        order = self.in_koruna()
        self.refused(order)
        self._make_rate("CZK", "2026-11-10", 1 / 0.17)
        self.assertIn(NO_RATE, self.refused(order), "not at every run")
        self.assert_at(self.invoiced(order, "11-14"), 170.00)
        self.assertFalse(order.allegro_invoice_next_try_at)

    def test_it_is_looked_for_until_it_comes(self):
        self.env["res.currency.rate"].search([]).unlink()
        order = self.in_koruna()
        for when in ("11-13", "11-14", "11-16"):
            self.assertIn(NO_RATE, self.refused(order, when))
            tried_again_on = order.allegro_invoice_next_try_at.date()
            self.assertEqual(tried_again_on, day(when))

    def test_nothing_else_is_tried_again_by_itself(self):
        self.env["res.currency.rate"].search([]).unlink()
        order = self.in_koruna()
        self.refused(order)
        closed = UserError("The books are closed.")
        post = patch.object(type(self.env["account.move"]), "action_post")
        with post as action_post:
            action_post.side_effect = closed
            self.assertIn("closed", self.refused(order, "11-14"))
        self._make_rate("CZK", "2026-11-10", 1 / 0.17)
        self.assertIn("closed", self.refused(order, "11-16"))

    def test_an_older_one_is_refused(self):
        self.env["res.currency.rate"].search([]).unlink()
        self._make_rate("CZK", "2026-11-09", 1 / 0.17)
        # nor does a later one help, or one of another company
        self._make_rate("CZK", "2026-11-11", 1 / 0.17)
        other = self.env["res.company"].create({"name": "Other"})
        self._make_rate("CZK", "2026-11-10", 1 / 0.17, other)
        self.assertIn(f"{NO_RATE} of 11/10/2026", self.refused(self.in_koruna()))

    def test_the_one_that_odoo_would_take_counts(self):
        self.env["res.currency.rate"].search([]).unlink()
        shared = self.env["res.company"]
        self._make_rate("CZK", "2026-11-10", 1 / 0.17, shared)
        self.assert_at(self.invoiced(self.in_koruna(), "11-13"), 170.00)
        self._make_rate("CZK", "2026-11-09", 1 / 0.16)
        self.assertIn(NO_RATE, self.refused(self.in_koruna()))

    def test_made_by_hand_it_is_refused_too(self):
        self.env["res.currency.rate"].search([]).unlink()
        draft = self.drafted(self.in_koruna(), "11-13")
        with self.assertRaisesRegex(UserError, NO_RATE):
            self.posted(draft, "11-13")
        # the draft was made with none: 1,000 CZK as 1,000 zł
        self._make_rate("CZK", "2026-11-10", 1 / 0.17)
        with self.assertRaisesRegex(UserError, "press the arrows"):
            self.posted(draft, "11-13")
        draft.invalidate_recordset(["expected_currency_rate"])
        draft.refresh_invoice_currency_rate()
        self.posted(draft, "11-13")
        self.assert_at(draft, 170.00)

    # Typed by hand

    def typed(self, draft, zloty):
        with Form(draft) as form:
            form.invoice_currency_rate = 1000 / zloty
        self.assertTrue(draft.allegro_rate_is_given)

    def test_one_that_is_typed_counts(self):
        draft = self.drafted(self.in_koruna(), "11-13")
        self.assertFalse(draft.invoice_date)
        with on("11-13"):
            self.typed(draft, 165.00)
        self.assertIn("typed by hand", draft.allegro_tax_point_words)
        self.posted(draft, "11-13")
        self.assert_at(draft, 165.00)

    def test_also_where_there_is_none(self):
        self.env["res.currency.rate"].search([]).unlink()
        draft = self.drafted(self.in_koruna(), "11-13")
        with on("11-13"):
            self.typed(draft, 165.00)
        self.posted(draft, "11-13")
        self.assert_at(draft, 165.00)

    def test_by_who_has_no_rights_on_orders(self):
        clerk = new_test_user(
            self.env,
            "clerk",
            "account.group_account_invoice,base.group_multi_currency",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        draft = self.drafted(self.in_koruna(), "11-13").with_user(clerk)
        with on("11-13"):
            self.typed(draft, 165.00)
        self.posted(draft, "11-13")
        self.assert_at(draft.sudo(), 165.00)

    def test_until_another_day_is_chosen(self):
        self._make_rate("CZK", "2026-11-13", 1 / 0.18)
        draft = self.drafted(self.in_koruna(), "11-16")
        with on("11-16"):
            self.typed(draft, 165.00)
            with Form(draft) as form:
                form.taxable_supply_date = day("11-16")
        self.assertFalse(draft.allegro_rate_is_given)
        self.posted(draft, "11-16")
        self.assert_at(draft, 180.00)

    def test_or_odoos_is_taken_again(self):
        draft = self.drafted(self.in_koruna(), "11-13")
        with on("11-13"):
            self.typed(draft, 165.00)
            draft.refresh_invoice_currency_rate()
        self.assertFalse(draft.allegro_rate_is_given)
        self.posted(draft, "11-13")
        self.assert_at(draft, 170.00)

    def test_a_correction_follows_what_was_typed_and_takes_no_other(self):
        draft = self.drafted(self.in_koruna(), "11-13")
        with on("11-13"):
            self.typed(draft, 165.00)
        invoice = self.posted(draft, "11-13")
        with on("12-03"):
            note = invoice._reverse_moves()
            self.typed(note, 180.00)
        with self.assertRaisesRegex(UserError, "press the arrows"):
            self.posted(note, "12-03")
        with on("12-03"):
            note.refresh_invoice_currency_rate()
        self.posted(note, "12-03")
        self.assert_at(note, 165.00)

    def test_elsewhere_an_older_one_will_do_but_not_none(self):
        self.products["FREE"] = self._make_product("FREE", self.env["account.tax"])
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self.env["res.currency.rate"].search([]).unlink()
        order = self.order(line_json("FREE", "1000.00", currency="CZK"), currency="CZK")
        self.leaves(order, "11-13")
        self.assertIn(NO_RATE, self.refused(order))
        self._make_rate("CZK", "2026-10-01", 1 / 0.17)
        order.action_allegro_retry_invoice()
        self.assert_at(self.invoiced(order, "11-13"), 170.00)

    def test_other_invoices_are_odoos(self):
        self.env["res.currency.rate"].search([]).unlink()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.company.partner_id.id,
                "currency_id": self.env.ref("base.CZK").id,
                "invoice_line_ids": [Command.create({"name": "Rent", "price_unit": 9})],
            }
        )
        self.posted(invoice, "11-13")
        self.assertEqual(invoice.amount_total_signed, 9)
        self.assertFalse(invoice.allegro_tax_point_words)

    # Corrections

    def assert_corrects(self, note):
        """At the original's rate, in a month of its own."""
        self.assertEqual(note.move_type, "out_refund")
        self.posted(note, "12-03")
        self.assert_at(note, 170.00)
        self.assertFalse(note.taxable_supply_date)
        self.assertEqual(note.date, day("12-03"))

    def test_the_wizards_correction_takes_the_originals(self):
        invoice = self.invoiced(self.in_koruna(), "11-13")
        with on("12-03"):
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": invoice.journal_id.id, "reason": "Returned"})
            )
            wizard.refund_moves()
        self.assert_corrects(invoice.reversal_move_ids)

    def test_so_does_that_of_a_cancelled_order(self):
        order = self.in_koruna()
        self.invoiced(order, "11-13")
        with on("12-02"):
            note = order._allegro_credit_invoices()
        self.assert_corrects(note)

    def test_so_does_that_which_is_posted_at_once(self):
        invoice = self.invoiced(self.in_koruna(), "11-13")
        with on("12-03"):
            note = invoice._reverse_moves(cancel=True)
        self.assert_at(note, 170.00)
        self.assertEqual(invoice.payment_state, "reversed")

    def test_one_in_another_currency_has_no_rate_to_take(self):
        invoice = self.invoiced(self.in_koruna(), "11-13")
        with on("12-03"):
            note = invoice._reverse_moves()
            note.currency_id = self.env.ref("base.EUR")
        with self.assertRaisesRegex(UserError, "no exchange rate for EUR"):
            self.posted(note, "12-03")

    def test_so_does_that_which_is_made_from_the_order(self):
        order = self.order(
            line_json("VAT-23", "1000.00", currency="CZK"),
            currency="CZK",
            paid_on="11-12",
        )
        with on("11-13"):
            self.posted(order._create_invoices(), "11-13")
        order.order_line.product_uom_qty = 0
        with on("12-02"):
            note = order._create_invoices(final=True)
        self.assertFalse(note.reversed_entry_id)
        self.assert_corrects(note)
