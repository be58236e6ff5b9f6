"""Which VAT the delivery bears: its product's own, or that of the goods."""

from decimal import Decimal

from odoo import Command, api, fields, models


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    delivery_tax_rule = fields.Selection(
        [
            ("product", "The delivery product's own tax"),
            ("goods", "As the goods, split when they are mixed"),
        ],
        string="Tax of the delivery",
        required=True,
        default="product",
        tracking=True,
        help="Allegro does not say which VAT the delivery bears. Delivery that is part"
        " of the sale of goods has their rate: with goods of several rates its cost is"
        " split in proportion to their value.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _allegro_values(self, account, form, offers, partners):
        values = super()._allegro_values(account, form, offers, partners)
        if account.delivery_tax_rule == "goods":
            values["order_line"] = [
                Command.create(part)
                for _command, _id, line in values["order_line"]
                for part in self._allegro_split(line, account, form, offers)
            ]
        return values

    @api.model
    def _allegro_split(self, line, account, form, offers):
        """A delivery line as one line for each kind of tax of the goods."""
        if not line.get("is_delivery"):
            return [line]
        worth = {}  # of the goods, by their taxes; the first product stands for them
        for item in form.lines:
            product = offers[item.offer_id].product_id
            if product:
                company = account.company_id
                taxes = product.taxes_id._filter_taxes_by_company(company)
                known, amount = worth.get(taxes, (product, Decimal(0)))
                worth[taxes] = (known, amount + item.price.amount * item.quantity)
        rounding = Decimal(str(_currency(self.env, form).rounding))
        parts = _in_proportion(
            form.delivery.cost.amount,
            [amount for _product, amount in worth.values()],
            rounding,
        )
        return [
            {
                **line,
                "price_unit": float(part),
                "allegro_tax_product_id": product.id,
            }
            for (product, _amount), part in zip(worth.values(), parts, strict=True)
            if part
        ]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    allegro_tax_product_id = fields.Many2one(
        "product.product",
        string="Taxed as",
        copy=False,
        readonly=True,
        help="The taxes of this product apply: delivery is taxed as the goods are.",
    )


def _currency(env, form):
    code = form.total_to_pay.currency
    currencies = env["res.currency"].with_context(active_test=False)
    return currencies.search([("name", "=", code)], limit=1)


def _in_proportion(amount, weights, unit):
    """Parts of an amount whose sum is the amount, exactly.

    :param amount: Decimal
    :param weights: Decimals, not negative; all nought counts as all equal
    :param unit: the smallest coin
    :return: list of Decimals, multiples of the unit where the amount is one
    """
    total = sum(weights)
    if not total:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    exact = [amount * weight / total for weight in weights]
    parts = [part // unit * unit for part in exact]
    # the coins that are left go to whoever lost most by rounding down
    by_loss = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    left = amount - sum(parts)
    for index in by_loss:
        coin = min(unit, left)
        parts[index] += coin
        left -= coin
    return parts
