from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _compute_value(self):
        """Share a product's value among all places that are valued.

        Odoo divides the value of all internal locations by what is on hand in
        warehouses, which is the same as long as every such location is in one. The
        audit's are not, so without them each piece would seem to cost more.
        """
        valued = self.env["stock.location"].search([("is_valued_internal", "=", True)])
        quants = self.with_context(location=valued.ids)
        return super(StockQuant, quants)._compute_value()
