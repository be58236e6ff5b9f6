"""Wishes -> Allegro: the last step of the synchronisation."""

from odoo import api, models


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    @api.model
    def _cron_push(self):
        """Tell Allegro what is wanted and not confirmed yet."""
        self._run_for_each_account("_push")

    def _push(self):
        orders = self.env["sale.order"].search(
            [
                ("allegro_account_id", "=", self.id),
                ("allegro_fulfillment_target", "!=", False),
            ]
        )
        wishes = {order.id: order.allegro_fulfillment_target for order in orders}
        form_ids = {order.id: order.allegro_checkout_form_id for order in orders}
        self.env["ir.cron"]._commit_progress(remaining=len(wishes))
        with self._client() as client:
            for order_id, status in wishes.items():
                client.set_fulfillment_status(form_ids[order_id], status)
                self.env["sale.order"].browse(order_id)._allegro_confirmed(status)
                if not self.env["ir.cron"]._commit_progress(1):
                    return
