"""A closed period stops a booking, never goods, a cancellation or an import (10.8).

Every kind of lock date that Odoo has, up to the end of the month in which Allegro's
deadlines lie, and up to today.
"""

import copy
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .cancel_common import CancelCommon
from .common import form_json, line_json
from .test_invoice import InvoiceCommon

LOCKS = (
    "fiscalyear_lock_date",
    "tax_lock_date",
    "sale_lock_date",
    "purchase_lock_date",
    "hard_lock_date",
)
#: These close every journal.
FOR_ALL = ("fiscalyear_lock_date", "hard_lock_date")
NOW = "2026-11-05 12:00:00"
TODAY = date(2026, 11, 5)
LAST_MONTH = date(2026, 10, 31)
BOUGHT_AT = "2026-10-28T08:00:00.000Z"
DISPATCH_TO = "2026-10-30T22:59:59.999Z"


def late_form(*lines, **values):
    """An order bought and to be sent before the end of last month."""
    form = form_json(
        *(
            line_json(sku, quantity=quantity, boughtAt=BOUGHT_AT)
            for sku, quantity in lines or [("VAT-23", 2)]
        ),
        **values,
    )
    form["delivery"]["time"]["dispatch"]["to"] = DISPATCH_TO
    form["payment"]["finishedAt"] = BOUGHT_AT
    form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
    return form


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestClosedPeriods(CancelCommon, InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        cls.account.write(
            {"warehouse_id": cls.warehouse.id, "payment_journal_id": cls.clearing.id}
        )
        cls.packer = new_test_user(cls.env, "packer", "stock.group_stock_user")
        # perpetual valuation that books goods when they leave, come back or are lost
        account = cls.company.account_stock_valuation_id
        expense = cls.env["account.account"].create(
            {
                "name": "Goods that left",
                "code": "731999",
                "account_type": "expense_direct_cost",
            }
        )
        cls.assertTrue(cls, account and cls.company.account_stock_journal_id)
        scrap_domain = [
            ("usage", "=", "inventory"),
            ("company_id", "in", (False, cls.company.id)),
        ]
        outside = cls.env["stock.location"].search(scrap_domain)
        outside |= cls.env.ref("stock.stock_location_customers")
        outside.valuation_account_id = expense
        for sku, method in (("VAT-23", "standard"), ("VAT-8", "average")):
            category = cls.env["product.category"].create(
                {
                    "name": method,
                    "property_cost_method": method,
                    "property_valuation": "real_time",
                }
            )
            cls.products[sku].write({"categ_id": category.id, "standard_price": 40})
        cls.parts = cls.products["VAT-23"] | cls.products["VAT-8"]

    def under_every_lock(self, story, *before):
        """As :meth:`under_locks`, of a story that is the same under all of them."""
        self.under_locks(lambda _lock, _until, *given: story(*given), *before)

    def under_locks(self, story, *before, until=(LAST_MONTH, TODAY)):
        """Live a story under each lock date; nothing may be booked up to it.

        :param story: function of the field, its date and what was before
        :param before: what happens before the period is closed
        """
        for lock in LOCKS:
            for closed_until in until:
                with self.subTest(lock, until=closed_until):
                    savepoint = self.env.cr.savepoint()
                    try:
                        given = [step() for step in before]
                        self.env.flush_all()
                        self.company[lock] = closed_until
                        last_id = self.last_entry().id or 0
                        story(lock, closed_until, *given)
                        self.env.flush_all()
                        self.check_entries(last_id, lock, closed_until)
                    finally:
                        savepoint.close(rollback=True)
                        self.env.invalidate_all()

    def last_entry(self):
        return self.env["account.move"].search([], order="id desc", limit=1)

    def check_entries(self, last_id, lock, closed_until):
        """What was booked of the goods is on the first open day."""
        self.entries = self.env["account.move"].search(
            [
                ("id", ">", last_id),
                ("journal_id", "=", self.company.account_stock_journal_id.id),
            ]
        )
        is_closed = lock in FOR_ALL and closed_until == TODAY
        day = TODAY + timedelta(days=1) if is_closed else TODAY
        for entry in self.entries:
            self.assertEqual((entry.state, entry.date), ("posted", day))

    def late_order(self, *lines):
        form = late_form(*(lines or [("VAT-23", 2), ("VAT-8", 1)]))
        order = self.import_forms(form)
        self.forms = getattr(self, "forms", {}) | {order.id: form}
        return order

    # Import

    def test_import_by_the_journal(self):
        def story():
            form_id = self.fake.put(late_form())
            self.run_action("sync")
            order = self.env["sale.order"]._allegro_known(self.account, [form_id])
            self.assertEqual(order[form_id].state, "sale")
            self.assertTrue(order[form_id].picking_ids)
            self.assertFalse(self.account.incoming_order_ids)

        self.under_every_lock(story)

    def test_import_on_request_and_back_fill(self):
        def story():
            form_id = self.fake.put(late_form(), event=None)
            wizard = self.env["allegro.import.wizard"].create({"text": form_id})
            request = self.env["allegro.request"].browse(
                wizard.action_confirm()["res_id"]
            )
            self.run_action("requests")
            self.assertEqual(request.line_ids.result, "new")
            self.account.connected_at = NOW
            order = self.import_forms(late_form())
            self.assertTrue(order.allegro_back_fill)
            self.assertEqual(order.state, "sale")

        self.under_every_lock(story)

    def test_import_into_each_kind_of_warehouse(self):
        def story():
            for steps, count in (("pick_ship", 2), ("pick_pack_ship", 3)):
                self.with_steps(steps)
                order = self.late_order()
                order.action_allegro_hand_over()
                self.assertEqual(order.picking_ids.mapped("state"), ["done"] * count)

        self.under_every_lock(story)

    def test_what_is_made_for_an_order(self):
        """The transfers to and from the workshop know the order by its reference."""
        if "mrp.bom" not in self.env:
            self.skipTest("manufacturing is optional")
        self.warehouse.manufacture_steps = "pbm_sam"
        made = self._make_product("MADE", self.rates["23"], quantity=0)
        routes = self.warehouse.manufacture_pull_id.route_id
        routes |= self.warehouse.mto_pull_id.route_id
        routes.active = True
        made.route_ids = routes
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": made.product_tmpl_id.id,
                "bom_line_ids": [Command.create({"product_id": self.parts[0].id})],
            }
        )

        def story():
            order = self.late_order(("MADE", 1))
            self.assertEqual(order.state, "sale")
            transfers = order.stock_reference_ids.move_ids.picking_id
            self.assertGreater(len(transfers), 1)
            self.assertEqual(min(transfers.mapped("scheduled_date")).month, 10)

        self.under_every_lock(story)

    # Fulfilment

    def test_the_three_steps(self):
        def story(order):
            order.action_allegro_start_processing()
            self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
            order.picking_ids.carrier_tracking_ref = "620000000000000000000001"
            self.assertEqual(order.allegro_parcel_ids.state, "to_send")
            order.action_allegro_hand_over()
            self.assertEqual(order.picking_ids.state, "done")
            self.assertEqual(order.allegro_fulfillment_target, "SENT")

        self.under_every_lock(story, self.late_order)

    def test_many_handed_over_at_once(self):
        def story(first, second):
            orders = first | second
            orders.with_context(allegro_bulk=True).action_allegro_hand_over()
            self.assertEqual(orders.picking_ids.mapped("state"), ["done", "done"])

        self.under_every_lock(story, self.late_order, self.late_order)

    def test_a_packer_validates_a_part_and_then_the_rest(self):
        def story(order):
            picking = order.picking_ids.with_user(self.packer)
            picking.move_ids[:1].quantity = 1
            picking.with_context(skip_backorder=True).button_validate()
            rest = order.picking_ids - picking
            self.assertEqual((picking.state, rest.state), ("done", "assigned"))
            rest.with_user(self.packer).button_validate()
            self.assertEqual(rest.state, "done")
            self.assertEqual(order.allegro_fulfillment_target, "SENT")

        self.under_every_lock(story, self.late_order)

    def test_the_goods_that_left_are_booked(self):
        self.under_every_lock(
            lambda order: order.action_allegro_hand_over(), self.late_order
        )
        self.assertTrue(self.entries)

    def test_just_after_midnight_it_is_the_next_day(self):
        order = self.late_order()
        self.company.fiscalyear_lock_date = LAST_MONTH
        with freeze_time("2026-10-31 23:30:00"):  # in Poland it is November
            order.action_allegro_hand_over()
            self.env.flush_all()
        self.assertEqual(order.picking_ids.state, "done")
        entries = order.picking_ids.move_ids.account_move_id
        self.assertEqual(entries.mapped("date"), [date(2026, 11, 1)])

    # Allegro's changes

    def test_an_earlier_deadline(self):
        def story():
            order = self.buy(("VAT-23", 1))
            delivery = copy.deepcopy(self.forms[order.id]["delivery"])
            delivery["time"]["dispatch"]["to"] = DISPATCH_TO
            self.follow(order, delivery=delivery)
            self.assertEqual(order.commitment_date.date(), date(2026, 10, 30))
            self.assertEqual(order.picking_ids.date_deadline, order.commitment_date)

        self.under_every_lock(story)

    def test_an_item_that_becomes_managed_later(self):
        def bought():
            return self.late_order(("VAT-23", 1), ("LATER", 1))

        def story(order):
            self.assertTrue(order.allegro_has_unmanaged)
            product = self._make_product("LATER", self.rates["23"])
            order.allegro_unmanaged_offer_ids.product_id = product
            self.follow(order)
            self.assertFalse(order.allegro_has_unmanaged)
            order.action_allegro_hand_over()
            self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

        self.under_every_lock(story, bought)

    # Cancelling

    def test_the_seller_cancels(self):
        def story(order):
            self.cancel(order)
            self.assertEqual(order.state, "cancel")
            self.assertEqual(order.allegro_fulfillment_target, "CANCELLED")
            self.assertEqual(sum(self.scrapped(order).values()), 3)

        self.under_every_lock(story, self.late_order)
        self.assertTrue(self.entries)

    def test_the_buyer_cancels_and_the_parts_are_audited(self):
        def story(order):
            self.buyer_cancels(order)
            self.assertEqual(order.state, "cancel")
            self.assertEqual(order.allegro_cancelled_by, "buyer")
            back, off = order.allegro_stock_audit_ids
            back.action_back_to_stock()
            off.action_write_off()
            (back | off).action_undo()
            (back | off).action_write_off()
            self.assertEqual(set((back | off).mapped("state")), {"written_off"})

        self.under_every_lock(story, self.late_order)
        self.assertTrue(self.entries)

    def test_the_buyer_cancels_after_the_delivery(self):
        def story(order):
            self.buyer_cancels(order)
            self.assertEqual(order.allegro_cancelled_by, "buyer")
            audits = order.allegro_stock_audit_ids
            self.assertEqual(audits.mapped("has_left"), [True, True])
            audits.action_back_to_stock()
            self.assertEqual(set(audits.resolved_move_id.mapped("state")), {"done"})
            audits.action_undo()
            audits.action_write_off()

        def delivered():
            order = self.late_order()
            order.action_allegro_hand_over()
            return order

        self.under_every_lock(story, delivered)
        self.assertTrue(self.entries)

    def test_the_buyer_cancels_what_is_invoiced(self):
        def story(order):
            self.buyer_cancels(order)
            self.assertEqual(order.allegro_cancelled_by, "buyer")
            note = order.allegro_move_ids.filtered(lambda m: m.state == "draft")
            self.assertEqual(note.move_type, "out_refund")

        def invoiced():
            order = self.late_order()
            order._allegro_confirmed("SENT")
            self.run_invoicing()
            self.assertEqual(order.invoice_ids.state, "posted")
            return order

        self.under_every_lock(story, invoiced)

    # Invoices

    def test_invoices_and_payments_of_a_closed_month_are_booked_now(self):
        def story(lock, _closed_until):
            order = self.late_order()
            order._allegro_confirmed("SENT")
            self.run_invoicing()
            invoice = order.invoice_ids
            self.assertFalse(order.allegro_invoice_error)
            # the tax is due since the payment; sales are closed by all locks but one
            paid_on = date(2026, 10, 28)
            self.assertEqual(invoice.taxable_supply_date, paid_on)
            booked_on = paid_on if lock == "purchase_lock_date" else TODAY
            self.assertEqual((invoice.state, invoice.date), ("posted", booked_on))
            self.assertEqual(invoice.payment_state, "paid")
            payment = invoice.matched_payment_ids
            # what Allegro says of it stays; a bank's entry minds two of the locks
            self.assertEqual(payment.date, paid_on)
            if lock in FOR_ALL:
                self.assertEqual(payment.move_id.date, TODAY)

        self.under_locks(story, until=[LAST_MONTH])

    def test_a_payment_on_a_closed_day_is_booked_on_the_next(self):
        def invoiced():
            order = self.import_forms(late_form() | {"payment": None})
            order._allegro_confirmed("SENT")
            self.run_invoicing()
            self.assertEqual(order.invoice_ids.payment_state, "not_paid")
            return order

        def story(lock, closed_until, order):
            order.write(
                {
                    "allegro_payment_amount": order.amount_total,
                    "allegro_payment_finished_at": "2026-10-28 08:00:00",
                }
            )
            self.run_invoicing()
            invoice = order.invoice_ids
            self.assertFalse(invoice.allegro_payment_error)
            self.assertEqual(invoice.payment_state, "paid")
            if lock in FOR_ALL:
                booked = invoice.matched_payment_ids.move_id.date
                self.assertGreater(booked, closed_until)

        self.under_locks(story, invoiced)

    def test_an_invoice_waits_for_an_open_day_and_says_so(self):
        def story(lock, _closed_until):
            order = self.late_order()
            order._allegro_confirmed("SENT")
            self.run_invoicing()
            if lock == "purchase_lock_date":
                self.assertEqual(order.invoice_ids.state, "posted")
                return
            self.assertFalse(order.invoice_ids)
            self.assertTrue(order.allegro_invoice_due)
            name = self.company._fields[lock].string
            self.assertIn(name, order.allegro_invoice_error)
            self.assertIn("Retry", order.allegro_invoice_error)
            order.action_allegro_retry_invoice()
            self.run_invoicing()
            self.assertIn(name, order.allegro_invoice_error)
            with freeze_time("2026-11-06 12:00:00"):
                order.action_allegro_retry_invoice()
                self.run_invoicing()
            self.assertFalse(order.allegro_invoice_error)
            invoice = order.invoice_ids
            self.assertEqual(
                (invoice.state, invoice.date), ("posted", date(2026, 11, 6))
            )

        self.under_locks(story, until=[TODAY])

    # What can't be taken over

    def test_an_order_that_is_not_followed_says_so(self):
        form = late_form()
        order = self.import_forms(form)
        self.fake.put(form | {"status": "CANCELLED"}, event="BUYER_CANCELLED")
        refuse = UserError("Something else is closed.")
        with patch.object(
            self.env.registry["sale.order"], "_action_cancel", side_effect=refuse
        ):
            self.run_action("sync")
        self.assertEqual(order.state, "sale")
        seller = new_test_user(
            self.env, "allegro_seller", "sales_team.group_sale_salesman_all_leads"
        )
        self.assertIn("closed", order.with_user(seller).allegro_follow_error)
        order.with_user(self.user).action_allegro_retry_follow()
        self.run_action("sync")
        self.assertFalse(order.allegro_follow_error)
        self.assertEqual(order.state, "cancel")

    # What stays Odoo's

    def test_nobody_dates_a_delivery_back_into_a_closed_period(self):
        order = self.late_order()
        order.action_allegro_hand_over()
        self.company.fiscalyear_lock_date = LAST_MONTH
        with self.assertRaises(ValidationError):
            order.picking_ids.date_done = "2026-10-30 12:00:00"

    def test_other_orders_are_left_to_odoo(self):
        self.company.fiscalyear_lock_date = LAST_MONTH
        order = self.env["sale.order"].create(
            {
                "partner_id": self.user.partner_id.id,
                "commitment_date": "2026-10-30 12:00:00",
                "order_line": [Command.create({"product_id": self.parts[0].id})],
            }
        )
        with self.assertRaises(ValidationError):
            order.action_confirm()
