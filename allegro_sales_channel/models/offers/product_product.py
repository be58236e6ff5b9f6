"""Which products can be what an offer sends."""

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _allegro_obstacles(self, company):
        """Why these products can't be what an offer sends, whoever says they are.

        :param company: the offer's company
        :return: dict of texts by product, without those that can be
        """
        obstacles = {}
        empty_kits = self._allegro_empty_kits(company)
        for product in self:
            name = product.display_name
            if not (product.active and product.product_tmpl_id.active):
                text = self.env._("%(product)s is archived.", product=name)
            elif product.type == "combo":
                text = self.env._(
                    "%(product)s is a combo: for it alone nothing is sent. Choose what"
                    " it is made of.",
                    product=name,
                )
            elif product.company_id and product.company_id not in company.parent_ids:
                text = self.env._(
                    "%(product)s belongs to another company.", product=name
                )
            elif product in empty_kits:
                text = self.env._(
                    "%(product)s is a kit without goods in it: nothing is sent for it.",
                    product=name,
                )
            else:
                continue
            obstacles[product] = text
        return obstacles

    def _allegro_doubt(self):
        """Why only a person can say that this product is what an offer sends.

        :return: in words; False when it is plainly goods for sale
        """
        self.ensure_one()
        name = self.display_name
        if self.type == "service":
            return self.env._(
                "%(product)s is a service: nothing is sent for it.", product=name
            )
        if not self.sale_ok:
            return self.env._("%(product)s is not for sale.", product=name)
        return False

    def _allegro_empty_kits(self, company):
        """Those of these products that are kits and hold no goods."""
        if "mrp.bom" not in self.env:
            return self.browse()
        recipes = self.env["mrp.bom"].sudo()
        kits = recipes._bom_find(self, company_id=company.id, bom_type="phantom")
        return self.filtered(
            lambda product: (
                kits[product]
                and not any(
                    part.product_id.type == "consu"
                    for part, _quantities in kits[product].explode(product, 1)[1]
                )
            )
        )
