from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _allegro_forget_history(self, batch):
        """What is a sales order now is history no longer."""
        self.env["allegro.historic.order"].search(
            [
                ("account_id", "=", batch.account.id),
                (
                    "checkout_form_id",
                    "in",
                    batch.orders.mapped("allegro_checkout_form_id"),
                ),
            ]
        ).unlink()

    def _allegro_change_text(self, form):
        """The names of what is not as Allegro has it, for people."""
        names = [
            self._fields[name]._description_string(self.env)
            for name in self._allegro_changes(form)
        ]
        return ", ".join(dict.fromkeys(names))
