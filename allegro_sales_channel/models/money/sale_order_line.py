from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    allegro_line_item_id = fields.Char(
        "Allegro line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Allegro's number of this line. It stays the same when the buyer merges"
        " purchases into a new order.",
    )

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

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        # Allegro's warehouse ships these, so nothing may leave the seller's
        mine = self.filtered(
            lambda line: not line.order_id.allegro_fulfilled_by_allegro
        )
        return super(SaleOrderLine, mine)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
