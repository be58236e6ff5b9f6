from odoo import fields, models


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    delivery_product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "service")],
        default=lambda self: self.env.ref(
            "allegro_sales_channel.product_delivery", raise_if_not_found=False
        ),
        help="The product of the delivery line.",
    )
    delivery_tax_rule = fields.Selection(
        [
            ("goods", "As the goods, split when they are mixed"),
            ("product", "The delivery product's own tax"),
        ],
        string="Tax of the delivery",
        required=True,
        default="goods",
        tracking=True,
        help="Allegro does not say which VAT the delivery bears. Delivery that is part"
        " of the sale of goods has their rate: with goods of several rates its cost is"
        " split in proportion to their value. Additional services likewise. A product"
        " that has no tax of its own bears the company's default sales tax.",
    )
