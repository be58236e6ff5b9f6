"""Purchases that the buyer merges: Allegro replaces several orders by a new one.

The old ids answer 404 from then on and the new order carries the very same line ids,
which Allegro never uses twice: they are the evidence.
"""

from markupsafe import Markup

from odoo import api, fields, models

from ...allegro import rules


class AllegroOrderMerge(models.AbstractModel):
    """The part of ``sale.order`` that lets merged purchases give way."""

    _name = "allegro.order.merge"
    _description = "Merged Allegro orders"

    def _allegro_make_way(self, batch):
        batch.replaced = self._allegro_replaced_by(batch.account, batch.forms)
        for orders in batch.replaced.values():
            orders._allegro_give_way()

    def _allegro_link_successors(self, batch):
        for order in batch.orders:
            batch.replaced[order.allegro_checkout_form_id]._allegro_link_successor(
                order
            )

    @api.model
    def _allegro_replaced_by(self, account, forms):
        """The orders here that bear a form's lines, though under another id.

        :return: dict of orders by the id of the form that replaces them
        """
        form_ids = {line.id: form.id for form in forms for line in form.lines}
        lines = self.env["sale.order.line"].search(
            [
                ("order_id.allegro_account_id", "=", account.id),
                ("allegro_line_item_id", "in", list(form_ids)),
            ]
        )
        replaced = dict.fromkeys(form_ids.values(), self.browse())
        for line in lines:
            form_id = form_ids[line.allegro_line_item_id]
            if line.order_id.allegro_checkout_form_id != form_id:
                replaced[form_id] |= line.order_id
        return replaced

    def _allegro_may_be_gone(self):
        """Is it in order, and for good, that Allegro has this order no longer?"""
        self.ensure_one()
        kept_since = fields.Datetime.now() - rules.KEPT_BY_ALLEGRO
        return bool(self.allegro_merged_into_id) or self.date_order < kept_since

    def _allegro_lost(self):
        """Allegro answers that it has no such order (404).

        That alone is no evidence of anything: a merge is seen by its successor, and an
        order that is there again is as it was.

        :return: may it come back? So ask again; else it is gone for good
        """
        self.ensure_one()
        if self._allegro_may_be_gone():
            self.allegro_missing_since = False
            return False
        if not self.allegro_missing_since:
            self.allegro_missing_since = fields.Datetime.now()
        return True

    def _allegro_not_found_text(self):
        return self.env._(
            "Allegro does not find this order, and is asked again by itself. When the"
            " buyer merged it with another purchase, the new order takes its place as"
            " soon as it is paid."
        )

    def _allegro_give_way(self):
        """Cancel, without a write-off or an audit: the goods go to the new order.

        What has left or is invoiced can't be undone, so a person has to look at it.
        """
        for order in self:
            order.write(
                {
                    "allegro_fulfillment_target": False,
                    "allegro_sync_error": False,
                    "allegro_missing_since": False,
                }
            )
            gone = order.picking_ids.filtered(lambda picking: picking.state == "done")
            invoiced = order.invoice_ids.filtered(lambda move: move.state == "posted")
            if gone or invoiced:
                order._allegro_ask_person(
                    self.env._("The buyer merged this order with another one"),
                    Markup("<p>%s</p>")
                    % self.env._(
                        "Allegro replaced it by a new order, but %(documents)s can't be"
                        " undone. Check that nothing is sent or invoiced twice.",
                        documents=", ".join(
                            gone.mapped("name")
                            + [move.display_name for move in invoiced]
                        ),
                    ),
                )
            if not gone and order.state != "cancel":
                order._action_cancel()

    def _allegro_link_successor(self, successor):
        """Tell each of these orders, and the one that replaced them, of one another."""
        if not self:
            return
        self.write({"allegro_merged_into_id": successor.id})
        # those that were looked for in vain are now explained
        self.env["allegro.incoming.order"]._add(
            successor.allegro_account_id, self.mapped("allegro_checkout_form_id")
        )
        for order in self:
            order.message_post(
                body=Markup("<p>%s</p>")
                % self.env._(
                    "The buyer merged this purchase on Allegro. %(order)s replaced it.",
                    order=successor._get_html_link(),
                )
            )
        successor.message_post(
            body=Markup("<p>%s</p>")
            % self.env._(
                "The buyer merged purchases on Allegro. This one replaced %(orders)s.",
                orders=Markup(", ").join(order._get_html_link() for order in self),
            )
        )
