from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    sales_channel_id = fields.Many2one(
        "sales.channel", string="Sales channel", readonly=True
    )

    def _select_additional_fields(self):
        res = super()._select_additional_fields()
        res["sales_channel_id"] = "s.sales_channel_id"
        return res

    def _group_by_sale(self):
        return f"{super()._group_by_sale()}, s.sales_channel_id"
