from odoo import fields, models


class AllegroReceiptAmount(models.Model):
    """What of a receipt is of one rate: the sums of a day come from these."""

    _name = "allegro.receipt.amount"
    _description = "Amount of an Allegro order's receipt"
    _inherit = ["allegro.guarded"]
    _order = "date desc, rate, id"
    _rec_name = "rate"

    receipt_id = fields.Many2one(
        "allegro.receipt",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    order_id = fields.Many2one(related="receipt_id.order_id", string="Order")
    company_id = fields.Many2one(
        related="receipt_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="receipt_id.currency_id", store=True)
    date = fields.Date(related="receipt_id.date", store=True, index=True)
    state = fields.Selection(related="receipt_id.state", store=True)
    rate = fields.Char(required=True, readonly=True)
    amount = fields.Monetary("With VAT", readonly=True)
    amount_tax = fields.Monetary("VAT", readonly=True)
