"""Which orders are news, and which were bought before anybody looked."""

from odoo import api, fields, models


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    connected_at = fields.Datetime(
        "Connected since",
        copy=False,
        readonly=True,
        help="Orders bought before this moment come in without an e-mail and without an"
        " automatic invoice: they were dealt with elsewhere.",
    )

    def write(self, vals):
        # a lost consent that is renewed is no new beginning: its orders are news
        new = self.filtered(lambda account: account.state == "draft")
        result = super().write(vals)
        if vals.get("state") == "connected" and new:
            super(AllegroAccount, new).write({"connected_at": fields.Datetime.now()})
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    allegro_back_fill = fields.Boolean(
        "Bought before the connection",
        copy=False,
        readonly=True,
        help="The order was bought before its Allegro account was connected, or loaded"
        " on request: no e-mail was sent for it and no invoice is made by itself.",
    )

    @api.model
    def _allegro_values(self, account, form, offers, partners):
        values = super()._allegro_values(account, form, offers, partners)
        since = account.connected_at
        bought_at = form.bought_at.replace(tzinfo=None)
        # whoever loads old orders on request says so in the context
        requested = self.env.context.get("allegro_back_fill", False)
        values["allegro_back_fill"] = bool(
            requested or (since and bought_at < since.replace(microsecond=0))
        )
        return values
