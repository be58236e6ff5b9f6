from odoo import fields, models


class StockScrap(models.Model):
    _name = "stock.scrap"
    _inherit = ["stock.scrap", "allegro.guarded"]

    allegro_order_id = fields.Many2one(
        "sale.order",
        string="Allegro order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The cancelled Allegro order whose part was written off.",
    )
