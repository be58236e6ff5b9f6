"""Allegro says that an order is cancelled: its parts are looked at by a person."""

from markupsafe import Markup

from odoo import models

from ...allegro import rules, statuses


class AllegroOrderCancelled(models.AbstractModel):
    """The part of ``sale.order`` that follows a cancellation on Allegro."""

    _name = "allegro.order.cancelled"
    _description = "Orders cancelled on Allegro"

    def _allegro_ask_about_cancelled(self, batch):
        """The seller was faster than the import: asked all the same, as later on."""
        for order in batch.orders:
            if order.allegro_fulfillment_status == statuses.CANCELLED:
                order._allegro_ask_write_off()

    def _allegro_follow_cancellation(self, news):
        who = rules.cancelled_by(news.state)
        if who == "seller":
            # the status came back from Allegro's own panel, or is the echo of ours
            if "allegro_fulfillment_status" in news.changes and self.state != "cancel":
                self._allegro_ask_write_off()
        elif who:
            self._allegro_cancelled_on_allegro(who)

    def _allegro_cancelled_on_allegro(self, who):
        """The buyer cancelled this order, or Allegro did because it was never paid.

        What was reserved for it or picked goes to the audit, unless it was never paid:
        then nobody has touched it yet, and it is free again. Safe to call again.

        :param who: ``buyer`` or ``allegro``
        """
        self.ensure_one()
        self._allegro_lock()
        # there is nothing left to tell Allegro about a cancelled order
        self.allegro_fulfillment_target = False
        if self.allegro_cancelled_by:
            return
        order = self.sudo().with_company(self.company_id)
        parts = order._allegro_parts()[0] if who == "buyer" else []
        left = order._allegro_left_parts()
        order._allegro_drop_draft_invoices()
        if order.state != "cancel":
            order._action_cancel()
        credit_notes = order._allegro_credit_invoices()
        audit = order.env["allegro.stock.audit"]
        moved = audit._take_in(order, parts, who)
        noted = audit._note_left(order, left, who)
        order.allegro_cancelled_by = who
        order.activity_unlink(["allegro_sales_channel.mail_activity_type_cancelled"])
        order._allegro_tell_cancelled(who, moved, noted, credit_notes)

    def _allegro_tell_cancelled(self, who, moved, noted, credit_notes):
        """Write into the chatter what happened, and ask for what a person must do."""
        said = {
            "buyer": self.env._("The buyer cancelled this order on Allegro."),
            "allegro": self.env._("Allegro cancelled this order: it was never paid."),
        }
        sentences = [said[who]]
        if moved:
            sentences.append(
                self.env._(
                    "The parts wait in the Parts stock audit (%(transfer)s).",
                    transfer=moved.picking_id.sudo().name,
                )
            )
        if noted:
            sentences.append(
                self.env._(
                    "Parts had been handed over already; they are to be checked when"
                    " they come back."
                )
            )
        self.message_post(body=" ".join(sentences))
        if noted:
            self._allegro_ask(
                self.env._("Cancelled after the goods had left"),
                self.env._(
                    "Ask the carrier or the buyer to return the goods of %(order)s."
                    " When they are back, decide about them in the Parts stock audit.",
                    order=self.name,
                ),
            )
        self._allegro_ask_credit_notes(credit_notes)

    def _allegro_ask_write_off(self):
        """The seller cancelled in Allegro's panel: nothing is written off unasked."""
        self._allegro_ask(
            self.env._("Cancelled on Allegro: write off the parts?"),
            self.env._(
                "%(order)s was set to Cancelled in Allegro's panel. Press Cancel order"
                " to write off its parts and cancel it here too. Nothing has been"
                " changed in Odoo by itself.",
                order=self.name,
            ),
        )

    def _allegro_ask(self, summary, note):
        """Ask the people responsible for something, by an activity.

        One open question with the same words is enough.
        """
        self.ensure_one()
        kind = "allegro_sales_channel.mail_activity_type_cancelled"
        asked = self.activity_search([kind])
        if summary in asked.mapped("summary"):
            return
        for user in self._allegro_responsible_users():
            self.activity_schedule(
                kind,
                user_id=user.id,
                summary=summary,
                note=Markup("<p>%s</p>") % note,
            )
