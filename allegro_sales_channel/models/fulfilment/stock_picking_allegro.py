"""What the people who pack an Allegro order have to know."""

from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    allegro_message = fields.Text(related="sale_id.allegro_message")
    allegro_seller_note = fields.Text(related="sale_id.allegro_seller_note")
