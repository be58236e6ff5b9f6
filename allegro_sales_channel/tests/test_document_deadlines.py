"""Until when documents are due, who is reminded, and when that goes away."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import company_invoice, form_json, line_json, person_invoice
from .test_invoice import InvoiceCommon

NEAR = "allegro_sales_channel.mail_activity_type_documents_near"
LATE = "allegro_sales_channel.mail_activity_type_documents_late"
#: Bought and paid on the 10th of September, and nothing has left.
NOW = "2026-09-12 12:00:00"
FIFTEENTH = date(2026, 10, 15)


@tagged("post_install", "-at_install")
class TestDocumentDeadlines(InvoiceCommon):
    def due(self, order):
        return order.allegro_document_deadline

    def asked_again(self, order, form, **values):
        """The buyer changes the order on Allegro."""
        form.update(values)
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")

    @freeze_time(NOW)
    def test_paid_before_anything_left(self):
        order = self.sold(line_json("VAT-23"))
        self.assertEqual(self.due(order), FIFTEENTH)
        self.assertIn("106i(2)", order.allegro_document_deadline_words)

    @freeze_time(NOW)
    def test_on_delivery_when_it_left(self):
        payment = {"id": "p-1", "type": "CASH_ON_DELIVERY", "finishedAt": None}
        order = self.sold(line_json("VAT-23"), payment=payment)
        self.assertFalse(self.due(order))
        with freeze_time("2026-11-02 08:00:00"):
            order.picking_ids.move_ids.quantity = 1
            order.picking_ids.button_validate()
        self.assertEqual(self.due(order), date(2026, 12, 15))
        self.assertIn("106i(1)", order.allegro_document_deadline_words)

    @freeze_time(NOW)
    def test_left_on_a_day_that_nobody_knows(self):
        payment = {"id": "p-1", "type": "CASH_ON_DELIVERY", "finishedAt": None}
        order = self.sold(line_json("VAT-23"), payment=payment)
        order.picking_ids.unlink()
        order.allegro_fulfillment_status = "SENT"
        self.assertEqual(self.due(order), FIFTEENTH)

    @freeze_time(NOW)
    def test_a_person_who_asks_later(self):
        form = form_json(line_json("VAT-23"))
        form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
        order = self.import_forms(form)
        self.assertFalse(order.allegro_invoice_asked_on)
        with freeze_time("2026-10-20 23:30:00"):
            self.asked_again(order, form, invoice=person_invoice())
            # in Warsaw
            self.assertEqual(order.allegro_invoice_asked_on, date(2026, 10, 21))
        self.assertEqual(self.due(order), date(2026, 11, 5))
        self.assertIn("106i(6)", order.allegro_document_deadline_words)
        # a company is owed one anyhow
        with freeze_time("2026-10-22 08:00:00"):
            self.asked_again(order, form, invoice=company_invoice())
        self.assertEqual(self.due(order), FIFTEENTH)
        self.assertEqual(order.allegro_invoice_asked_on, date(2026, 10, 21))

    @freeze_time(NOW)
    def test_asked_for_with_the_purchase(self):
        order = self.sold(line_json("VAT-23"), invoice=person_invoice())
        self.assertEqual(order.allegro_invoice_asked_on, date(2026, 9, 10))
        self.assertEqual(self.due(order), FIFTEENTH)

    @freeze_time(NOW)
    def test_until_the_invoice_is_posted_and_the_credit_note_too(self):
        order = self.sold(line_json("VAT-23"))
        order._create_invoices()
        invoice = order.invoice_ids
        self.assertEqual(self.due(order), FIFTEENTH)
        invoice.action_post()
        self.assertFalse(self.due(order))
        self.assertFalse(order.allegro_document_deadline_words)
        note = invoice._reverse_moves()
        # December, in Warsaw; the database has a clock of its own
        self.env.cr.execute(
            "UPDATE account_move SET create_date = '2026-11-30 23:30' WHERE id = %s",
            [note.id],
        )
        note.invalidate_recordset(["create_date"])
        self.env.add_to_compute(order._fields["allegro_document_deadline"], order)
        self.assertEqual(self.due(order), date(2027, 1, 15))
        note.action_post()
        self.assertFalse(self.due(order))
        invoice.button_draft()
        self.assertEqual(self.due(order), FIFTEENTH)

    @freeze_time(NOW)
    def test_none_is_due(self):
        cancelled, returned, elsewhere, abroad = (
            self.sold(line_json("VAT-23")) for _number in range(4)
        )
        cancelled.allegro_fulfillment_status = "CANCELLED"
        returned.allegro_fulfillment_status = "RETURNED"
        elsewhere.allegro_back_fill = True
        for order in (cancelled, returned, elsewhere):
            self.assertFalse(self.due(order))
        self.assertTrue(self.due(abroad))
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        self.env.add_to_compute(abroad._fields["allegro_document_deadline"], abroad)
        self.assertFalse(self.due(abroad))

    # Reminders

    def remind(self, day):
        self.env.flush_all()
        with freeze_time(f"{day} 10:00:00"):
            self.run_action("invoice")
        return [
            self.account.activity_search([kind]).mapped("summary")
            for kind in (NEAR, LATE)
        ]

    def with_an_accountant(self):
        return new_test_user(
            self.env,
            "accountant",
            "allegro_sales_channel.group_allegro_user,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )

    def of(self, kind):
        return self.account.activity_search([kind])

    @freeze_time(NOW)
    def test_reminded_once_before_and_once_when_late(self):
        accountant = self.with_an_accountant()
        orders = self.sold(line_json("VAT-23")) | self.sold(line_json("VAT-23"))
        self.assertEqual(self.remind("2026-10-11"), [[], []])
        [near], late = self.remind("2026-10-12")
        self.assertIn("2", near)
        self.assertFalse(late)
        self.assertEqual(self.of(NEAR).user_id, accountant)
        # done by hand: not again
        self.of(NEAR).action_done()
        self.assertEqual(self.remind("2026-10-15"), [[], []])
        near, [late] = self.remind("2026-10-16")
        self.assertFalse(near)
        self.assertEqual(self.remind("2026-10-17"), [[], [late]])
        # goes by itself
        orders[0]._create_invoices().action_post()
        self.assertEqual(self.remind("2026-10-17"), [[], [late]])
        orders[1]._create_invoices().action_post()
        self.assertEqual(self.remind("2026-10-18"), [[], []])

    @freeze_time(NOW)
    def test_what_is_new_is_told_once_more(self):
        self.with_an_accountant()
        self.sold(line_json("VAT-23"))
        self.remind("2026-10-13")
        self.of(NEAR).action_done()
        self.sold(line_json("VAT-23"))
        [near], _late = self.remind("2026-10-13")
        self.assertIn("2", near)

    @freeze_time(NOW)
    def test_where_invoices_are_made_elsewhere_only_what_was_asked_for(self):
        self.with_an_accountant()
        self.company.allegro_auto_invoice = False
        self.sold(line_json("VAT-23"))
        self.assertEqual(self.remind("2026-10-13"), [[], []])
        self.sold(line_json("VAT-23"), invoice=person_invoice())
        [near], _late = self.remind("2026-10-13")
        self.assertIn("1", near)

    def test_without_an_accountant_the_managers(self):
        manager, user, elsewhere = (
            new_test_user(
                self.env,
                name,
                f"allegro_sales_channel.group_allegro_{name.split('_')[0]}",
                company_id=company.id,
                company_ids=company.ids,
            )
            for name, company in (
                ("manager", self.company),
                ("user", self.company),
                ("manager_elsewhere", self.env.ref("base.main_company")),
            )
        )
        people = self.account._invoicing_users()
        self.assertIn(manager, people)
        self.assertFalse(people & (user | elsewhere))
        accountant = self.with_an_accountant()
        self.assertEqual(self.account._invoicing_users(), accountant)

    @freeze_time(NOW)
    def test_the_cost_is_one_query(self):
        for _number in range(3):
            self.sold(line_json("VAT-23"))
        self.env.flush_all()
        with freeze_time("2026-10-16 10:00:00"):
            # what is read of the company and the rest is there
            self.account._documents_due()
            with self.assertQueryCount(1):
                counts = self.account._documents_due()
        self.assertEqual(counts, {("late", False): 3})

    # The list

    @freeze_time("2026-10-13 12:00:00")
    def test_the_list(self):
        self.sold(line_json("VAT-23"))
        late = self.sold(line_json("VAT-23"))
        later = self.sold(line_json("VAT-23"))
        late.allegro_payment_finished_at = "2026-08-10 10:00:00"
        later.allegro_payment_finished_at = "2026-11-10 10:00:00"
        user = self.with_an_accountant()
        action = self.env.ref("allegro_sales_channel.action_allegro_documents_due")
        listed = self.env["sale.order"].with_user(user).search(safe_eval(action.domain))
        self.assertLessEqual(late | later, listed)
        self.assertEqual(late.with_user(user).allegro_document_urgency, "late")
        self.assertFalse(later.allegro_document_urgency)
        self.assertEqual(
            safe_eval(action.domain),
            [
                ("allegro_document_deadline", "!=", False),
                "|",
                ("company_id.allegro_auto_invoice", "=", True),
                ("allegro_invoice_required", "=", True),
            ],
        )
