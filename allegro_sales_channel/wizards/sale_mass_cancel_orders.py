from odoo import models


class SaleMassCancelOrders(models.TransientModel):
    _inherit = "sale.mass.cancel.orders"

    def action_mass_cancel(self):
        # it does not go through the button of a single order
        self.sale_order_ids._allegro_check_cancel_in_odoo()
        return super().action_mass_cancel()
