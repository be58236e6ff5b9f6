from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        # Allegro's warehouse ships these, so nothing may leave the seller's
        mine = self.filtered(
            lambda line: not line.order_id.allegro_fulfilled_by_allegro
        )
        return super(SaleOrderLine, mine)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
