"""An offer gets its product: the orders that wait for it come in or are completed."""

from odoo import models


class AllegroOffer(models.Model):
    _inherit = "allegro.offer"

    def _complete_orders(self):
        """Let the orders that lack an item of these offers be read again."""
        inbox = self.env["allegro.incoming.order"]
        for account, offers in self.grouped("account_id").items():
            incomplete = self.env["sale.order"].search(
                [
                    ("allegro_account_id", "=", account.id),
                    ("allegro_unmanaged_offer_ids", "in", offers.ids),
                    ("state", "=", "sale"),
                ]
            )
            if incomplete:
                inbox._add(account, incomplete.mapped("allegro_checkout_form_id"))
                account._wake("sync")

    def _look_for_waiting_orders(self):
        """Let the orders that were not imported be read from Allegro again.

        Nothing of them was kept, so their account compares what Allegro lists.
        """
        waiting = self.filtered("waiting_since")
        for account, offers in waiting.grouped("account_id").items():
            account._look_back(min(offers.mapped("waiting_since")))
