"""*Correct* on an order, and what becomes of its invoices when it is returned."""

from markupsafe import Markup

from odoo import models

from ...allegro import statuses


class AllegroOrderCorrect(models.AbstractModel):
    """The part of ``sale.order`` that corrects its invoices."""

    _name = "allegro.order.correct"
    _description = "Corrections of Allegro orders' invoices"

    def action_allegro_correct(self):
        """Open *Correct* for an invoice of this order.

        :raises UserError: when there is nothing to correct
        """
        self.ensure_one()
        self.check_access("read")
        return self.invoice_ids.action_allegro_correct()

    def _allegro_correct_returned(self, news):
        """Allegro says that the goods came back: a credit note is drafted, once.

        A person looks at it before it is posted: Allegro does not say how much of it
        came back, and a part may have been credited already.
        """
        status = news.changes.get("allegro_fulfillment_status")
        if status != statuses.RETURNED:
            return
        order = self.sudo().with_company(self.company_id)
        credit_notes = order._allegro_credit_rest(
            f"returned:{self.id}", lambda env: env._("Goods returned")
        )
        for credit_note in credit_notes:
            order._allegro_ask_about_returned(credit_note)

    def _allegro_ask_about_returned(self, credit_note):
        invoice = credit_note.reversed_entry_id
        self._allegro_ask_person(
            self.env._("Returned: check the credit note for %s", invoice.name),
            Markup("<p>%s %s</p>")
            % (
                self.env._(
                    "Allegro says that the order was returned. A credit note over all"
                    " that was left of %(invoice)s has been drafted: make it what"
                    " really came back, and post it, or delete it.",
                    invoice=invoice.name,
                ),
                credit_note._get_html_link(self.env._("Open the credit note")),
            ),
        )
