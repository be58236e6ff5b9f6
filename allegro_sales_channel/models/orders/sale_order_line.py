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
    allegro_is_bought = fields.Boolean(
        "Bought on Allegro",
        copy=False,
        readonly=True,
        help="What was bought on Allegro, its delivery included, costs what was paid,"
        " whatever Odoo reckons anew. Lines that you add follow Odoo's own prices.",
    )
