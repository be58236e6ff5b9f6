"""What an invoice tells its buyer of the payment, as Allegro knows it.

Odoo prints what is booked, and asks for the rest. What the buyer has paid on Allegro
waits there until it is paid out, often without being booked here: nobody may ask him
for it again. Only what he reads is changed: the ledger stays as it is.
"""

import math

from odoo import api, models
from odoo.tools import format_amount, format_date


class AllegroMovePaid(models.AbstractModel):
    """The part of ``account.move`` that tells how Allegro's invoices are paid."""

    _name = "allegro.move.paid"
    _description = "Payment of Allegro's invoices"

    def _allegro_billed_order(self):
        """The order that this invoice bills: none for credit notes, they are not paid.

        sudo: whoever may see the invoice may see how it is paid.
        """
        self.ensure_one()
        order = self.sudo().allegro_order_id
        return order if self.move_type == "out_invoice" else order.browse()

    def _allegro_payments(self):
        """What the buyer has paid of this invoice through Allegro.

        Where an order has several invoices, the earlier ones are paid first.

        :return: list of (the company's date, False where it is not known; amount)
        """
        order = self._allegro_billed_order()
        currency = self.currency_id
        if not order or order.currency_id != currency:
            return []
        spent = self._allegro_billed_before()
        room = self.amount_total
        payments = []
        for moment, amount in order._allegro_received():
            elsewhere = min(spent, amount)
            spent -= elsewhere
            here = min(amount - elsewhere, room)
            room -= here
            if not currency.is_zero(here):
                date = moment and order.company_id._allegro_local_date(moment)
                payments.append((date, currency.round(here)))
        return payments

    def _allegro_billed_before(self):
        """What earlier invoices of the order come to, less what was credited."""
        own_id = self._origin.id or math.inf
        posted = self._allegro_billed_order().allegro_move_ids.filtered(
            lambda move: move.state == "posted"
        )
        earlier = posted.filtered(
            lambda move: move.move_type == "out_invoice" and move.id < own_id
        )
        earlier |= posted.filtered(lambda move: move.reversed_entry_id in earlier)
        return max(0, sum(earlier.mapped("amount_total_in_currency_signed")))

    def _allegro_is_paid(self):
        """Has the buyer paid all of this invoice through Allegro?"""
        received = self._allegro_received_amount()
        rest = self.amount_total - received
        return bool(received) and self.currency_id.is_zero(rest)

    def _allegro_received_amount(self):
        return sum(amount for _date, amount in self._allegro_payments())

    def _allegro_is_settled(self):
        """Is nothing left that is due here: all paid, or for the carrier to collect?"""
        order = self._allegro_billed_order()
        on_delivery = order.allegro_payment_type == "CASH_ON_DELIVERY"
        return on_delivery or self._allegro_is_paid()

    def _allegro_leaves_payment_to_us(self):
        """May the buyer be told where to pay?

        With an extended term he pays Allegro's operator, when it is due.
        """
        order = self._allegro_billed_order()
        is_operators = order.allegro_payment_type == "EXTENDED_TERM"
        return not is_operators and not self._allegro_is_settled()

    def _allegro_may_ask_for_all(self):
        """May he be asked for all that is not booked: by a QR code, by *Pay Now*?"""
        return self._allegro_leaves_payment_to_us() and not self._allegro_payments()

    # In words

    @api.depends(
        "allegro_order_id.allegro_payment_type",
        "allegro_order_id.allegro_payment_state",
        "allegro_order_id.allegro_payment_provider",
        "allegro_order_id.allegro_payment_finished_at",
        "allegro_order_id.allegro_paid_amount",
        "amount_total",
        "currency_id",
        "move_type",
    )
    @api.depends_context("lang")
    def _compute_allegro_payment_words(self):
        for move in self:
            move.allegro_payment_words = move._allegro_payment_words_now()

    def _allegro_payment_words_now(self):
        order = self._allegro_billed_order()
        payments = self._allegro_payments()
        kind = order.allegro_payment_type
        if kind == "CASH_ON_DELIVERY":
            if order.allegro_payment_state == "collected":
                return self.env._("Cash on delivery, paid")
            return self.env._("Cash on delivery")
        if kind == "WIRE_TRANSFER":
            if self._allegro_is_paid():
                return self.env._("Bank transfer, paid")
            return self.env._("Bank transfer")
        if payments:
            return self._allegro_paid_words(payments)
        if kind == "EXTENDED_TERM":
            return self.env._("Extended payment term on Allegro")
        return False

    def _allegro_paid_words(self, payments):
        order = self._allegro_billed_order()
        # in the language of the document
        operator = order.with_context(lang=self.env.lang).allegro_payment_operator
        place = f"Allegro ({operator})" if operator else "Allegro"
        date, _amount = payments[-1]
        paid = format_amount(
            self.env, self._allegro_received_amount(), self.currency_id
        )
        if order.allegro_payment_provider == "OFFLINE":
            return self.env._("Paid outside Allegro: %(amount)s", amount=paid)
        if not self._allegro_is_paid():
            return self.env._(
                "Paid in part via %(place)s: %(amount)s", place=place, amount=paid
            )
        if not date:
            return self.env._("Paid via %(place)s", place=place)
        return self.env._(
            "Paid via %(place)s on %(date)s",
            place=place,
            date=format_date(self.env, date),
        )

    # What the buyer reads

    def _allegro_payments_to_print(self):
        """What he paid through Allegro; nothing where Odoo prints it as booked."""
        return [] if self._allegro_is_booked() else self._allegro_payments()

    def _allegro_prints_booked(self):
        """May Odoo print what is booked?

        Not what only sets an invoice and its credit note off against each other: on
        the note it reads as paid, and on the invoice as the rest of a debt.
        """
        mine = self._allegro_payments() or self.move_type == "out_refund"
        # sudo: whose it is decides what is printed, whoever prints it
        is_odoos = not self.sudo().allegro_order_id or not mine
        return is_odoos or self._allegro_is_booked()

    def _allegro_is_booked(self):
        """Is a payment booked, other than by setting documents off?"""
        # sudo: as Odoo does for its own list
        move = self.sudo()
        widget = move.invoice_payments_widget or {"content": []}
        return any(
            not booked["is_exchange"]
            and not move.browse(booked["move_id"]).is_invoice(include_receipts=True)
            for booked in widget["content"]
        )

    @api.depends("allegro_payment_words")
    def _compute_display_qr_code(self):
        result = super()._compute_display_qr_code()
        for move in self.filtered("display_qr_code"):
            move.display_qr_code = move._allegro_may_ask_for_all()
        return result

    @api.depends("allegro_payment_words")
    def _compute_display_link_qr_code(self):
        result = super()._compute_display_link_qr_code()
        for move in self.filtered("display_link_qr_code"):
            move.display_link_qr_code = move._allegro_may_ask_for_all()
        return result

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and self._allegro_may_ask_for_all()

    def _get_invoice_portal_extra_values(self, custom_amount=None):
        values = super()._get_invoice_portal_extra_values(custom_amount=custom_amount)
        if self._allegro_is_settled():
            # no term that ends: what he reads is the invoice, and how it is paid
            values |= {"payment_state": False, "installment_state": None}
        if self._allegro_payments_to_print():
            received = self._allegro_received_amount()
            values |= {
                "payment_state": "paid" if self._allegro_is_paid() else "partial",
                "amount_paid": received,
                "amount_due": self.amount_total - received,
            }
        return values

    # When it is due

    def _compute_invoice_payment_term_id(self):
        result = super()._compute_invoice_payment_term_id()
        for move in self:
            # sudo: whoever may change the invoice
            if move.sudo().allegro_order_id._allegro_has_own_term():
                move.invoice_payment_term_id = False
        return result
