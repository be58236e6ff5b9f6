"""Lines that cost what was paid on Allegro, and their taxes."""

from odoo import api, fields, models
from odoo.tools import float_compare

#: Allegro's words for a sale that bears no VAT, in the place of a rate.
#: Source: its resource /sale/tax-settings, issue 10047 of
#: https://github.com/allegro/allegro-api
_NO_VAT = {"EXEMPT", "OUT_OF_SCOPE_OF_VAT"}
#: Its word for the margin scheme. Source: ``TaxExemption`` of /sale/tax-settings.
_MARGIN_SCHEME = "MARGIN_SCHEME"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    allegro_tax_rate = fields.Char(
        "VAT on Allegro",
        copy=False,
        readonly=True,
        help="The VAT rate of the offer on Allegro. It is only compared: the product's"
        " own tax applies.",
    )
    allegro_tax_exemption = fields.Char(
        "Exclusion from VAT on Allegro",
        copy=False,
        readonly=True,
        help="Why the offer on Allegro does not bear the ordinary VAT, in Allegro's own"
        " word, such as MARGIN_SCHEME.",
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
        help="The taxes of this product apply: delivery and additional services are"
        " taxed as the goods are.",
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

    @api.depends(
        "allegro_tax_rate",
        "allegro_tax_exemption",
        "tax_ids.allegro_margin_scheme",
        "tax_ids.allegro_net_tax_id.allegro_margin_scheme",
        "order_id.allegro_vat_eu_verified",
        "order_id.partner_shipping_id.country_id",
    )
    def _compute_allegro_tax_differs(self):
        for line in self:
            told, rate = line._allegro_told_rates(), line._allegro_rate()
            line.allegro_tax_differs = told and (
                line._allegro_margin_differs()
                or all(float_compare(rate, one, precision_digits=4) for one in told)
            )

    def _allegro_margin_differs(self):
        """The margin scheme is said by both or by none, beside the same rate of 0 %."""
        self.ensure_one()
        is_told = self.allegro_tax_exemption == _MARGIN_SCHEME
        return is_told != self.tax_ids._allegro_is_margin()

    def _allegro_told_rates(self):
        """The VAT rates, in per cent, that agree with what Allegro says of this line.

        Allegro tells the rate that the seller chose for the country where the goods go.
        That is what a consumer pays there; an exclusion (such as the margin scheme) or
        a sale that bears no VAT there may both be right beside it.

        :return: list of float; empty when Allegro says nothing that can be compared
        """
        self.ensure_one()
        word = self.allegro_tax_rate or ""
        number = word.removesuffix("%")
        told = []
        if number.replace(".", "", 1).isdecimal():
            told.append(float(number))
        if word in _NO_VAT or self.allegro_tax_exemption:
            told.append(0.0)
        elif told and self.order_id._allegro_may_be_without_vat():
            told.append(0.0)
        return told

    def _allegro_rate(self):
        """The VAT rate of the line in per cent; nought where the buyer accounts for it.

        A reverse charge is a tax of which one part takes away what the other adds.
        """
        self.ensure_one()
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        return sum(
            tax.amount * sum(self._allegro_tax_factors(tax))
            for tax in taxes
            if tax.amount_type == "percent"
        )

    @api.model
    def _allegro_tax_factors(self, tax):
        parts = tax.sudo().invoice_repartition_line_ids
        return parts.filtered(lambda p: p.repartition_type == "tax").mapped("factor")
