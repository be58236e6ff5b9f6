from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # Not stored: searching and grouping go through the indexed sale_id, so there is
    # no second copy to fill at installation, to write on each delivery or to go stale.
    sales_channel_id = fields.Many2one(related="sale_id.sales_channel_id")
    sales_channel_color = fields.Integer(
        related="sales_channel_id.color", export_string_translation=False
    )
