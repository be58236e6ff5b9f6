"""Offers of several pieces, and sets of several products, on the sale order."""

from decimal import Decimal

from odoo import api, models

from ...allegro import split


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _allegro_product_values(self, line, offer):
        """Every product of the offer in its quantity; together they cost what was paid.

        A set's price is spread by the products' own prices, since each may be taxed
        differently.
        """
        contents = offer._contents()
        if len(contents) == 1 and contents[0][1] == 1:
            yield from super()._allegro_product_values(line, offer)
            return
        paid = line.price.amount * line.quantity
        unit = self._allegro_smallest_amount(paid, line.price.currency)
        weights = [
            Decimal(str(product.lst_price)) * pieces for product, pieces in contents
        ]
        totals = split.shares(paid, weights, unit)
        for (product, pieces), total in zip(contents, totals, strict=True):
            count = pieces * line.quantity
            for quantity, price in split.unit_prices(total, count, unit):
                yield {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "price_unit": float(price),
                    "discount": 0.0,
                    "allegro_line_item_id": line.id,
                }

    @api.model
    def _allegro_smallest_amount(self, paid, code):
        """The amount in whose multiples a price can be given; all are ``Decimal``."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", code)], limit=1)
        unit = Decimal(str(currency.rounding or 0.01))
        # Odoo rounds forints to whole ones, Allegro need not
        return unit if paid % unit == 0 else Decimal("0.01")
