from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    sales_channel_id = fields.Many2one(
        "sales.channel", string="Sales channel", readonly=True
    )

    _depends = {"account.move": ["sales_channel_id"]}

    @api.model
    def _select(self) -> SQL:
        return SQL("%s, move.sales_channel_id", super()._select())
