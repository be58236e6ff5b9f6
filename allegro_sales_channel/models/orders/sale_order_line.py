from odoo import fields, models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "allegro.guarded"]

    allegro_line_item_id = fields.Char(
        "Allegro line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Allegro's number of this line. It stays the same when the buyer merges"
        " purchases into a new order.",
    )
