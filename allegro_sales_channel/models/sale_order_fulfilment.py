"""What is wanted of Allegro for an order, and how Allegro comes to know of it."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _allegro_want(self, status):
        """Want this fulfilment status on Allegro; a scheduled action tells it soon.

        :param status: Allegro's word, such as ``PROCESSING``
        """
        self.write({"allegro_fulfillment_target": status, "allegro_sync_error": False})
        self.env["allegro.account"]._wake("push")

    def _allegro_confirmed(self, status):
        """Allegro has confirmed a status."""
        for order in self:
            done = order.allegro_fulfillment_target == status
            order.write(
                {
                    "allegro_fulfillment_status": status,
                    "allegro_fulfillment_target": False
                    if done
                    else order.allegro_fulfillment_target,
                }
            )
