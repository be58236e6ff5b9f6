from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    sales_channel_id = fields.Many2one(
        "sales.channel",
        string="Sales channel",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The channel of the sales order that this invoice is made from. A credit"
        " note has the channel of its invoice.",
    )
    sales_channel_color = fields.Integer(
        related="sales_channel_id.color", export_string_translation=False
    )
