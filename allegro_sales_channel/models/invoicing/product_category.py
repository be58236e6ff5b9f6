from odoo import fields, models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "allegro.guarded"]

    allegro_receipt_required = fields.Boolean(
        "Receipt from the first sale",
        help="Goods of this category, and of those below it, sold to private persons on"
        " Allegro get a receipt of the cash register, whatever the settings say. In"
        " Poland, parts of vehicles, engines and electronics are among the goods that"
        " no exemption from the cash register is for.",
    )

    def _allegro_needs_receipt(self):
        """Do any of these categories, or of those above them, need one?"""
        path = {
            int(number)
            for category in self
            for number in (category.parent_path or "").split("/")
            if number
        }
        # sudo: the setting of a category counts for whoever sells what is in it
        above = self.sudo().browse(path)
        return any(above.mapped("allegro_receipt_required"))

    def write(self, vals):
        result = super().write(vals)
        if {"allegro_receipt_required", "parent_id"} & vals.keys():
            self.env["sale.order"]._allegro_decide_anew(
                [("order_line.product_id.categ_id", "child_of", self.ids)]
            )
        return result
