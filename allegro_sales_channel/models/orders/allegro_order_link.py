"""Where the order that a record is about is seen on Allegro."""

from odoo import api, fields, models


class AllegroOrderLink(models.AbstractModel):
    """For records that have an ``account_id`` and a ``checkout_form_id``."""

    _name = "allegro.order.link"
    _description = "Link to an order on Allegro"

    url = fields.Char("Order on Allegro", compute="_compute_url")

    @api.depends("account_id", "checkout_form_id")
    def _compute_url(self):
        for record in self:
            record.url = record.account_id._order_url(record.checkout_form_id)
