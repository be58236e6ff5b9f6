from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("order_id.allegro_account_id")
    def _compute_qty_to_invoice(self):
        """What was bought on Allegro is invoiced as bought.

        The buyer has paid it, or pays it to the carrier, as a whole; a product that is
        otherwise invoiced as delivered would leave a part of it out.
        """
        result = super()._compute_qty_to_invoice()
        for line in self:
            if line.order_id.allegro_account_id and line.state == "sale":
                if not line.display_type and line.product_type != "combo":
                    line.qty_to_invoice = line.product_uom_qty - line.qty_invoiced
        return result
