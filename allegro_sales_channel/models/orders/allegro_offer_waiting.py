"""An offer gets its product: orders that lack its item are completed."""

from odoo import models


class AllegroOffer(models.Model):
    _inherit = "allegro.offer"

    def _import_waiting(self):
        inbox = self.env["allegro.incoming.order"]
        for account, offers in self.grouped("account_id").items():
            incomplete = offers._incomplete_orders()
            if incomplete:
                inbox._add(account, incomplete.mapped("allegro_checkout_form_id"))
                account._wake("sync")
        return super()._import_waiting()

    def _incomplete_orders(self):
        """The orders here on which these offers are named as missing."""
        orders = self.env["sale.order"].search(
            [
                ("allegro_account_id", "in", self.account_id.ids),
                ("allegro_has_unmanaged", "=", True),
                ("state", "=", "sale"),
            ]
        )
        named = [f"({offer.offer_id})" for offer in self]
        return orders.filtered(
            lambda order: any(
                name in (order.allegro_unmanaged_items or "") for name in named
            )
        )
