from odoo import fields, models


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
        "product.product", required=True, check_company=True, ondelete="restrict"
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
