"""The way of an invoice or a credit note from posting to Allegro.

The steps, each run by the scheduled action for invoices and each waiting for the one
before: posted; sent to KSeF; accepted there, which gives it a number; its PDF, with the
number, put on Allegro. Without KSeF the two in the middle are left out: they are in the
addon ``allegro_sales_channel_pl_edi``. Where a document is follows from what each step
has written on it, so it is the same whoever took the step, a person or we.
"""

from odoo import api, fields, models


class AllegroMoveChain(models.AbstractModel):
    """The part of ``account.move`` that knows how far it has come."""

    _name = "allegro.move.chain"
    _description = "Way of Allegro's invoices from posting to Allegro"

    @api.depends("state", "allegro_order_id", "allegro_document_state")
    def _compute_allegro_chain(self):
        ends = {"accepted": "on_allegro", "error": "error"}
        for move in self:
            is_ours = move.allegro_order_id and move.state == "posted"
            document = move.allegro_document_state
            move.allegro_chain_state = is_ours and ends.get(document, "posted")
            move.allegro_chain_waits = is_ours and document in ("wanted", "sent")

    @api.depends("allegro_document_error", "allegro_document_held_words")
    def _compute_allegro_chain_reason(self):
        for move in self:
            held = move.allegro_document_held_words
            move.allegro_chain_reason = held or move.allegro_document_error

    def _allegro_awaited(self):
        """What this document waits for before its PDF may be made.

        :return: a code; None when nothing is in the way
        """
        self.ensure_one()
        return None

    def _allegro_begin_chain(self):
        """Posted: what is wanted of these documents is noted, in the same transaction.

        So none is forgotten, and a setting that is switched on does not reach back.
        """
        self.allegro_posted_at = fields.Datetime.now()
        wanted = self.filtered(
            lambda move: move.allegro_invoice_required
            and move.company_id.allegro_auto_invoice
        )
        if wanted:
            wanted._allegro_want_document()

    def _allegro_document_words(self):
        """One line that tells people where this document is."""
        self.ensure_one()
        name = self.name if self.state == "posted" else self.env._("Draft")
        words = ", ".join(self._allegro_chain_words())
        line = f"{name}: {words}" if words else name
        reason = self.allegro_chain_reason
        return f"{line} ({reason})" if reason else line

    def _allegro_chain_words(self):
        """How far it has come, and what comes next; without Allegro's part: nothing."""
        state = self.allegro_chain_state
        comes_next = self.allegro_chain_waits and not self._allegro_awaited()
        names = []
        if state and (state != "posted" or self.allegro_chain_waits):
            names.append("allegro_chain_state")
        if comes_next:
            # where there is no KSeF, that it is posted is seen by its number
            names = names if state != "posted" else []
            names.append("allegro_document_state")
        return [self._allegro_label(name) for name in names]

    def _allegro_label(self, name):
        """The value of a selection field in the reader's words."""
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    # People

    def action_allegro_retry_chain(self):
        """Try the step once more that holds these documents up."""
        self.check_access("write")
        # sudo: what failed is the system's; the right is checked above
        self.sudo()._allegro_retry_chain()
        self.env["allegro.account"]._wake("invoice")

    def _allegro_retry_chain(self):
        """What failed, or is to be tried later, is tried at once."""
        failed = self.filtered(
            lambda move: move.state == "posted"
            and move.allegro_document_state in ("error", "wanted")
        )
        if failed:
            failed._allegro_want_document()
