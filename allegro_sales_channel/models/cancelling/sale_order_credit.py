"""What becomes of the invoices of an Allegro order that is cancelled."""

from markupsafe import Markup

from odoo import models


class AllegroOrderCredit(models.AbstractModel):
    """The part of ``sale.order`` that takes invoices back."""

    _name = "allegro.order.credit"
    _description = "Credit notes of cancelled Allegro orders"

    def _allegro_drop_draft_invoices(self):
        """Delete draft invoices, before Odoo would cancel and keep them."""
        self.ensure_one()
        drafts = self._allegro_customer_invoices("draft")
        for draft in drafts:
            self._allegro_drop_draft(draft)

    def _allegro_credit_invoices(self):
        """Draft a credit note over what is left of each posted invoice.

        After the order is cancelled, which would cancel the drafts too. Safe to call
        again: what is credited is not left.

        :return: the new credit notes
        """
        return self._allegro_credit_rest(
            f"cancelled:{self.id}", lambda env: env._("Allegro order cancelled")
        )

    def _allegro_credit_rest(self, key, reason):
        """Draft a credit note over what is left of this order on each posted invoice.

        :param key: of what causes it
        :param reason: function of ``env`` that says why, in the document's language
        :return: the new credit notes
        """
        self.ensure_one()
        credit_notes = self.env["account.move"]
        for invoice in self._allegro_customer_invoices("posted"):
            document = invoice._allegro_in_its_language()
            credit_notes += document._allegro_correct_rest(
                invoice.invoice_line_ids - self._allegro_lines_of_others(invoice),
                kind="return",
                reason=reason(document.env),
                key=key,
            )
        return credit_notes

    def _allegro_customer_invoices(self, state):
        return self.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == state
        )

    def _allegro_drop_draft(self, invoice):
        """Delete this order's part of a draft; one that was posted keeps its number."""
        others = self._allegro_lines_of_others(invoice)
        if others:
            (invoice.invoice_line_ids - others).unlink()
        elif invoice.posted_before:
            invoice.button_cancel()
        else:
            self.message_post(
                body=self.env._(
                    "A draft invoice over %(amount)s was deleted.",
                    amount=invoice.currency_id.format(invoice.amount_total),
                )
            )
            invoice.unlink()

    def _allegro_lines_of_others(self, invoice):
        return invoice.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids and line.sale_line_ids.order_id != self
        )

    def _allegro_ask_credit_notes(self, credit_notes):
        """Ask somebody to check and post them."""
        for credit_note in credit_notes:
            self._allegro_ask(
                self.env._(
                    "Check the credit note for %(invoice)s",
                    invoice=credit_note.reversed_entry_id.name,
                ),
                Markup("%s %s")
                % (
                    self.env._(
                        "The invoice %(invoice)s was posted before the order was"
                        " cancelled. A credit note has been drafted: check and post it."
                        " The money is paid back on Allegro.",
                        invoice=credit_note.reversed_entry_id.name,
                    ),
                    credit_note._get_html_link(self.env._("Open the credit note")),
                ),
            )
