"""Items that were no product when the order came, and are one now."""

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Command

#: The goods have left, or never will: nothing is to be added any more.
_ENDED = ("SENT", "PICKED_UP", "CANCELLED", "RETURNED")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _allegro_update(self, account, forms):
        result = super()._allegro_update(account, forms)
        known = self._allegro_known(account, [form.id for form in forms])
        for form in forms:
            order = known[form.id]
            if order.allegro_has_unmanaged and order._allegro_is_open():
                order._allegro_complete(form)
        return result

    def _allegro_is_open(self):
        """Is the order still to be fulfilled?"""
        self.ensure_one()
        return self.state == "sale" and self.allegro_fulfillment_status not in _ENDED

    def _allegro_complete(self, form):
        """Put on the order what has become a product since."""
        offers = self.env["allegro.offer"]._match_lines(
            self.allegro_account_id, form.lines
        )
        here = set(self.order_line.mapped("allegro_line_item_id"))
        managed = [line for line in form.lines if offers[line.offer_id].product_id]
        added = [line for line in managed if line.id not in here]
        if not added:
            return
        self.write(
            {
                **self._allegro_unmanaged_values(
                    [line for line in form.lines if line not in managed]
                ),
                "order_line": [
                    Command.create(values)
                    for line in added
                    for values in self._allegro_line_values(line, offers[line.offer_id])
                ],
            }
        )
        self.message_post(
            body=Markup("%s<ul>%s</ul>")
            % (
                self.env._("These items are products now and were added:"),
                Markup("").join(
                    Markup("<li>%s × %s</li>") % (line.quantity, line.offer_name)
                    for line in added
                ),
            )
        )
