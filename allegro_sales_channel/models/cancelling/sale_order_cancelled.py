"""Allegro says that an order is cancelled: its parts are looked at by a person."""

from markupsafe import Markup

from odoo import api, fields, models

from ...allegro import rules


class SaleOrder(models.Model):
    _inherit = "sale.order"

    allegro_stock_audit_ids = fields.One2many(
        "allegro.stock.audit",
        "order_id",
        string="Parts stock audit",
        groups="allegro_sales_channel.group_allegro_user,stock.group_stock_user",
    )
    allegro_stock_audit_count = fields.Integer(
        "Parts in the audit", compute="_compute_allegro_stock_audit_count"
    )
    allegro_to_check_count = fields.Integer(
        "Parts to check", compute="_compute_allegro_stock_audit_count"
    )

    @api.depends("allegro_stock_audit_ids.state")
    def _compute_allegro_stock_audit_count(self):
        for order in self:
            audits = order.sudo().allegro_stock_audit_ids
            order.allegro_stock_audit_count = len(audits)
            order.allegro_to_check_count = len(
                audits.filtered(lambda audit: audit.state == "to_check")
            )

    def action_allegro_open_stock_audit(self):
        """Show the parts of this order in the Parts stock audit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_stock_audit"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _allegro_import(self, account, forms):
        orders = super()._allegro_import(account, forms)
        # the seller was faster than the import: asked all the same, as later on
        for order in orders:
            if order.allegro_fulfillment_status == "CANCELLED":
                order._allegro_ask_write_off()
        return orders

    def _allegro_follow(self, form, changes):
        result = super()._allegro_follow(form, changes)
        who = rules.cancelled_by(form)
        if who == "seller":
            # the status came back from Allegro's own panel, or is the echo of ours
            if "allegro_fulfillment_status" in changes and self.state != "cancel":
                self._allegro_ask_write_off()
        elif who:
            self._allegro_cancelled_on_allegro(who)
        return result

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

    def _allegro_responsible_users(self):
        """The salesperson, else the team's leader, else whoever may cancel orders."""
        responsible = self.user_id or self.team_id.user_id
        if responsible:
            return responsible
        group = self.env.ref("allegro_sales_channel.group_allegro_cancel").sudo()
        root = self.env.ref("base.user_root")
        return (group.all_user_ids - root).filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
