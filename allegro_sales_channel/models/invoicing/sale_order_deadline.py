"""Until when the documents of an Allegro order have to be issued, in Poland."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...allegro import document_deadline, statuses, tax_point
from ...allegro import document_router as router

#: So long before it people are reminded.
REMINDED_BEFORE = timedelta(days=3)


class AllegroOrderDeadline(models.AbstractModel):
    """The part of ``sale.order`` that tells which documents are due, and when."""

    _name = "allegro.order.deadline"
    _description = "Deadlines of Allegro orders' documents"

    @api.depends(
        "allegro_account_id",
        "state",
        "allegro_status",
        "allegro_fulfillment_status",
        "allegro_fulfillment_target",
        "allegro_back_fill",
        "allegro_payment_type",
        "allegro_payment_amount",
        "allegro_payment_finished_at",
        "allegro_surcharge_amount",
        "allegro_surcharge_finished_at",
        "picking_ids.state",
        "picking_ids.date_done",
        "partner_shipping_id.country_id",
        "partner_invoice_id.is_company",
        "partner_invoice_id.vat",
        "amount_tax",
        "allegro_invoice_required",
        "allegro_invoice_asked_on",
        "allegro_document",
        "allegro_move_ids.move_type",
        "allegro_move_ids.state",
        "allegro_move_ids.allegro_is_issued",
    )
    def _compute_allegro_document_deadline(self):
        for order in self:
            due = order._allegro_document_due()
            order.allegro_document_deadline = due and due.day

    def _allegro_document_due(self):
        """Which of its documents is due first, whoever makes it.

        :return: :class:`Due`, or None where nothing is due
        """
        self.ensure_one()
        if self.company_id.account_fiscal_country_id.code != "PL":
            return None
        dues = self._allegro_correction_deadlines()
        if self._allegro_owes_invoice():
            dues.append(self._allegro_invoice_deadline())
        return min(filter(None, dues), default=None)

    def _allegro_owes_invoice(self):
        """Is it to have an invoice, and has none yet?

        What was bought before the account was connected may have one elsewhere.
        """
        return (
            bool(self.allegro_account_id)
            and self.state == "sale"
            and self.allegro_document in (*router.INVOICES, router.PERSON)
            and not self.allegro_back_fill
            and not self._allegro_is_cancelled()
            and self.allegro_fulfillment_status != statuses.RETURNED
            and not self.allegro_move_ids.filtered(
                lambda move: move.move_type == "out_invoice" and move.allegro_is_issued
            )
        )

    def _allegro_invoice_deadline(self):
        # a day that is not known is not before that of the purchase
        bought = self._allegro_day_bought()
        paid = [] if self._allegro_is_to_union() else self._allegro_days_paid(bought)
        left = self._allegro_parcels_gone().mapped("date_done")
        days = list(map(self.company_id._allegro_local_date, filter(None, left)))
        if not days and self.allegro_fulfillment_status in statuses.HANDED_OVER:
            days = [bought]
        is_asked = self.allegro_invoice_party_kind == "person"
        return document_deadline.invoice_due(
            paid, days, is_asked and self.allegro_invoice_asked_on or None
        )

    def _allegro_days_paid(self, bought):
        """On which money came: not those of what is paid after the goods have left.

        :param bought: the day for a payment whose own one is not known
        """
        first, later = self._allegro_received()
        payments = [(*first, self.allegro_payment_type), (*later, None)]
        return [
            self.company_id._allegro_local_date(moment) if moment else bought
            for moment, amount, kind in payments
            if amount > 0 and kind not in tax_point.PAID_AFTERWARDS
        ]

    def _allegro_correction_deadlines(self):
        drafts = self.allegro_move_ids.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "draft"
        )
        return [
            document_deadline.correction_due(
                self.company_id._allegro_local_date(move.create_date)
            )
            for move in drafts
        ]

    def _allegro_note_asked(self, *, when_bought=False):
        """Remember since when the buyer wants an invoice: now, or at the purchase."""
        for order in self:
            if order.allegro_invoice_required and not order.allegro_invoice_asked_on:
                order.allegro_invoice_asked_on = (
                    order._allegro_day_bought()
                    if when_bought
                    else order.company_id._allegro_today()
                )

    def _allegro_day_bought(self):
        return self.company_id._allegro_local_date(self.date_order)

    # What is soon due, and what is late

    @api.model
    def _allegro_documents_due_domain(self):
        """The orders whose documents are made here and not issued yet.

        By themselves, or because the buyer asked: else they are made elsewhere, or by
        whoever wants one.
        """
        return Domain("allegro_document_deadline", "!=", False) & (
            Domain("company_id.allegro_auto_invoice", "=", True)
            | Domain("allegro_invoice_required", "=", True)
        )

    @api.depends("allegro_document_deadline")
    def _compute_allegro_document_urgency(self):
        for order in self:
            order.allegro_document_urgency = order.company_id._allegro_urgency(
                order.allegro_document_deadline
            )

    @api.depends("allegro_document_deadline")
    @api.depends_context("lang")
    def _compute_allegro_document_deadline_words(self):
        for order in self:
            due = order._allegro_document_due()
            words = due and order._allegro_due_words(due)
            order.allegro_document_deadline_words = words

    def _allegro_due_words(self, due):
        since = format_date(self.env, due.since)
        words = {
            tax_point.PAID: self.env._("paid on %s (art. 106i(2))", since),
            tax_point.LEFT: self.env._("left on %s (art. 106i(1))", since),
            document_deadline.ASKED: self.env._(
                "the buyer asked for it on %s (art. 106i(6))", since
            ),
            document_deadline.CORRECTED: self.env._(
                "a credit note waits since %s to be posted", since
            ),
        }
        return words[due.reason]
