"""Lines that cost what was paid on Allegro, and their taxes."""

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    allegro_tax_rate = fields.Char(
        "VAT on Allegro",
        copy=False,
        readonly=True,
        help="The VAT rate of the offer on Allegro. It is only compared: the product's"
        " own tax applies.",
    )
    allegro_tax_differs = fields.Boolean(
        "Tax differs from Allegro's",
        compute="_compute_allegro_tax_differs",
        store=True,
    )
    allegro_tax_product_id = fields.Many2one(
        "product.product",
        string="Taxed as",
        copy=False,
        readonly=True,
        help="The taxes of this product apply: delivery is taxed as the goods are.",
    )
    company_price_include = fields.Selection(related="order_id.company_price_include")

    def _compute_tax_ids(self):
        """Allegro's prices contain the tax: whatever taxes apply, they are included.

        Exactly the taxes that Odoo finds for the product and the destination, as copies
        that are contained in the price. So an order comes to what Allegro says, to the
        cent, and nothing changes for any other sale.
        """
        result = super()._compute_tax_ids()
        gross = {}  # most lines of a batch have the same few taxes
        for line in self:
            if not line.order_id.allegro_account_id:
                continue
            taxes = line._allegro_net_taxes()
            if taxes not in gross:
                gross[taxes] = taxes._allegro_gross()
            line.tax_ids = gross[taxes]
        return result

    def _reset_price_unit(self):
        """What was paid is not reckoned anew: not for another quantity or product."""
        if self.allegro_is_bought:
            return None
        return super()._reset_price_unit()

    def _compute_discount(self):
        bought = self.filtered("allegro_is_bought")
        return super(SaleOrderLine, self - bought)._compute_discount()

    def _compute_name(self):
        """Deliveries and services are called as on Allegro; goods as their product."""
        named = self.filtered(
            lambda line: (
                line.allegro_is_bought and not line.allegro_line_item_id and line.name
            )
        )
        return super(SaleOrderLine, self - named)._compute_name()

    def _allegro_net_taxes(self):
        """The taxes as Odoo would have them on any other order."""
        self.ensure_one()
        company = self.company_id
        position = self.order_id.fiscal_position_id
        if self.allegro_tax_product_id:
            taxes = self.allegro_tax_product_id.taxes_id
            return position.map_tax(taxes._filter_taxes_by_company(company))
        if self._allegro_needs_default_tax():
            return position.map_tax(company.account_sale_tax_id)
        # on a line that is not saved yet Odoo shows its own copies of the taxes
        return self.tax_ids._origin

    def _allegro_needs_default_tax(self):
        """Delivery and services are taxed, also when nobody set a tax on their product.

        The addon's own products are shared by all companies and come without taxes.
        """
        self.ensure_one()
        service = self.env.ref("allegro_sales_channel.product_service")
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        return not taxes and (self.is_delivery or self.product_id == service)

    @api.depends("allegro_tax_rate", "tax_ids")
    def _compute_allegro_tax_differs(self):
        for line in self:
            told = (line.allegro_tax_rate or "").removesuffix("%")
            # a word in place of a rate is shown; there is nothing to compare it with
            is_rate = told.replace(".", "", 1).isdecimal()
            line.allegro_tax_differs = is_rate and line._allegro_rate() != float(told)

    def _allegro_rate(self):
        """The VAT rate of the line in per cent."""
        self.ensure_one()
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        return sum(
            taxes.filtered(lambda t: t.amount_type == "percent").mapped("amount")
        )
