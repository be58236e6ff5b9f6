from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AllegroOfferComponent(models.Model):
    """What one piece of an offer takes from stock beside the offer's own product."""

    _name = "allegro.offer.component"
    _description = "Further product of an Allegro offer"
    _inherit = ["allegro.guarded"]
    _order = "offer_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    offer_id = fields.Many2one(
        "allegro.offer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="offer_id.company_id", store=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        domain=[("type", "!=", "combo")],
    )
    quantity = fields.Integer(
        "Pieces", required=True, default=1, help="In one piece of the offer."
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A set holds at least one piece of each product."
    )
    _product_once = models.UniqueIndex(
        "(offer_id, product_id)",
        "This product is in the set already: change its pieces.",
    )

    @api.constrains("product_id")
    def _check_product(self):
        for company, parts in self.grouped("company_id").items():
            for text in parts.product_id._allegro_obstacles(company).values():
                raise ValidationError(text)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.offer_id._overruled()
        return parts

    def write(self, vals):
        result = super().write(vals)
        self.offer_id._overruled()
        return result

    def unlink(self):
        offers = self.offer_id
        result = super().unlink()
        offers._overruled()
        return result
