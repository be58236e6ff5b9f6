from odoo import api, fields, models
from odoo.exceptions import UserError


class AllegroOfferResolver(models.TransientModel):
    """Which product is this offer? Every suggestion with its reason, best first."""

    _name = "allegro.offer.resolver"
    _description = "Product of an Allegro offer"
    _inherit = ["allegro.dialog"]
    _check_company_auto = True

    offer_id = fields.Many2one("allegro.offer", required=True, readonly=True)
    company_id = fields.Many2one(related="offer_id.company_id", related_sudo=False)
    offer_name = fields.Char(related="offer_id.name", related_sudo=False)
    external_id = fields.Char(related="offer_id.external_id", related_sudo=False)
    ean = fields.Char(related="offer_id.ean", related_sudo=False)
    url = fields.Char(related="offer_id.url", related_sudo=False)
    waiting_order_count = fields.Integer(
        related="offer_id.waiting_order_count", related_sudo=False
    )
    problem = fields.Char(related="offer_id.problem", related_sudo=False)
    line_ids = fields.One2many(
        "allegro.offer.resolver.line", "resolver_id", readonly=True
    )
    product_id = fields.Many2one(
        "product.product", "Another product", check_company=True
    )
    pieces = fields.Integer(
        "Pieces per offer",
        default=1,
        required=True,
        help="How many of the product one piece of the offer is.",
    )

    @api.model
    def _for_offer(self, offer):
        """A resolver with what may be meant."""
        # sudo: what is proposed is the system's; the offer's pieces are the user's to
        # read, or he comes no further
        resolver = self.sudo().create(
            {
                "offer_id": offer.id,
                "pieces": offer.pieces,
                "line_ids": [
                    fields.Command.create({"product_id": product.id, "reason": reason})
                    for product, reason in offer._suggestions()
                ],
            }
        )
        return resolver.sudo(self.env.su)

    def action_confirm(self):
        self.ensure_one()
        if not self.product_id:
            raise UserError(self.env._("Choose a product first."))
        self.offer_id.write({"product_id": self.product_id.id, "pieces": self.pieces})
        return self.offer_id._mapped_notification(self.offer_id)

    def action_ignore(self):
        self.ensure_one()
        self.offer_id.action_ignore()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _use(self, product):
        self.offer_id._use_suggested(product, pieces=self.pieces)
        return self.offer_id._mapped_notification(self.offer_id)


class AllegroOfferResolverLine(models.TransientModel):
    _name = "allegro.offer.resolver.line"
    _description = "Suggested product of an Allegro offer"
    _inherit = ["allegro.dialog"]
    _order = "id"

    resolver_id = fields.Many2one(
        "allegro.offer.resolver", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    reason = fields.Char("Because", readonly=True)
    default_code = fields.Char(related="product_id.default_code", related_sudo=False)
    barcode = fields.Char(related="product_id.barcode", related_sudo=False)
    qty_available = fields.Float(related="product_id.qty_available", related_sudo=False)

    def action_use(self):
        """It is this one."""
        self.ensure_one()
        return self.resolver_id._use(self.product_id)
