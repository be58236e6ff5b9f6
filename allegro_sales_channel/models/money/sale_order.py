"""The money of an Allegro order: to the cent what Allegro says.

Allegro's amounts contain the tax, so an order of Allegro's does not follow the
company's own way of quoting prices: its price unit is gross.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_amount

from ...allegro import rules, split
from ...allegro.errors import AllegroDataError
from ..orders.recipe import NewOrder
from ..orders.sale_order_import import naive


class SaleOrder(models.Model):
    _inherit = "sale.order"

    company_price_include = fields.Selection(
        [("tax_included", "Tax Included"), ("tax_excluded", "Tax Excluded")],
        related=None,
        compute="_compute_company_price_include",
    )

    # What the buyer pays

    allegro_total_to_pay = fields.Monetary(
        "Total on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="What the buyer pays, as Allegro reckons it.",
    )
    allegro_total_difference = fields.Monetary(
        "Not on this order",
        compute="_compute_allegro_total_difference",
        help="Total on Allegro less the total of this order.",
    )
    allegro_difference_reason = fields.Text(
        "Why they differ", compute="_compute_allegro_difference_reason"
    )
    allegro_unmanaged_amount = fields.Monetary(
        "Items not in Odoo, amount", copy=False, readonly=True
    )
    allegro_unexplained_amount = fields.Monetary(
        "Allegro's total beyond its lines",
        copy=False,
        readonly=True,
        help="Allegro's total less everything that Allegro lists for the order.",
    )
    allegro_tax_differs = fields.Boolean(
        "Tax differs from Allegro's",
        compute="_compute_allegro_tax_differs",
        store=True,
        help="A line has another VAT rate than the offer on Allegro. Odoo's is used.",
    )

    # What he has paid

    allegro_paid_amount = fields.Monetary(
        "Paid", copy=False, readonly=True, tracking=True
    )
    allegro_payment_type = fields.Selection(
        [
            ("ONLINE", "Online"),
            ("CASH_ON_DELIVERY", "On delivery"),
            ("WIRE_TRANSFER", "Bank transfer"),
            ("SPLIT_PAYMENT", "Split payment"),
            ("EXTENDED_TERM", "Extended term"),
        ],
        string="Payment",
        copy=False,
        readonly=True,
    )
    allegro_payment_provider = fields.Char(
        "Payment operator", copy=False, readonly=True
    )
    allegro_payment_finished_at = fields.Datetime(
        "Payment completed",
        copy=False,
        readonly=True,
        help="With payment on delivery: when the buyer completed the order, not when"
        " the money came.",
    )
    allegro_surcharge_amount = fields.Monetary(
        "Paid later",
        copy=False,
        readonly=True,
        help="Later payments (surcharges) of the buyer. They are part of what is paid,"
        " not of what was bought.",
    )
    allegro_collected_amount = fields.Monetary(
        "Collected on delivery",
        copy=False,
        readonly=True,
        help="What Allegro has booked of the payments on delivery. Carriers that settle"
        " with you directly are not in it.",
    )
    allegro_payment_operator = fields.Char(
        "Operator", compute="_compute_allegro_payment_operator"
    )
    allegro_payment_id = fields.Char("Payment number", copy=False, readonly=True)
    allegro_payment_state = fields.Selection(
        [
            ("paid", "Paid"),
            ("part", "Paid in part"),
            ("not_paid", "Not paid"),
            ("term", "Paid later (extended term)"),
            ("on_delivery", "On delivery, not collected yet"),
            ("collected", "On delivery, collected"),
        ],
        string="Payment state",
        compute="_compute_allegro_payment_state",
        store=True,
    )

    # Computed

    @api.depends("company_id.account_price_include", "allegro_account_id")
    def _compute_company_price_include(self):
        for order in self:
            order.company_price_include = (
                "tax_included"
                if order.allegro_account_id
                else order.company_id.sudo().account_price_include
            )

    @api.depends("allegro_total_to_pay", "amount_total", "allegro_account_id")
    def _compute_allegro_total_difference(self):
        for order in self:
            difference = order.allegro_total_to_pay - order.amount_total
            order.allegro_total_difference = (
                order.allegro_account_id and order.currency_id.round(difference)
            )

    @api.depends("allegro_payment_provider")
    def _compute_allegro_payment_operator(self):
        names = {
            "PAYU": "PayU",
            "P24": "Przelewy24",
            "AF": "Allegro Finance",
            "OFFLINE": self.env._("Outside Allegro"),
            "EPT": self.env._("Extended payment term"),
        }
        for order in self:
            provider = order.allegro_payment_provider
            order.allegro_payment_operator = names.get(provider, provider)

    @api.depends(
        "allegro_payment_type",
        "allegro_paid_amount",
        "allegro_collected_amount",
        "allegro_total_to_pay",
    )
    def _compute_allegro_payment_state(self):
        for order in self:
            order.allegro_payment_state = (
                order.allegro_account_id and order._allegro_payment_state_now()
            )

    def _allegro_payment_state_now(self):
        self.ensure_one()
        on_delivery = self.allegro_payment_type == "CASH_ON_DELIVERY"
        paid = self.allegro_paid_amount
        if on_delivery:
            paid += self.allegro_collected_amount
        if self.currency_id.compare_amounts(paid, self.allegro_total_to_pay) >= 0:
            return "collected" if on_delivery else "paid"
        if on_delivery:
            return "on_delivery"
        if self.allegro_payment_type == "EXTENDED_TERM":
            return "term"
        return "part" if paid else "not_paid"

    @api.depends(
        "allegro_total_difference",
        "allegro_unmanaged_amount",
        "allegro_unexplained_amount",
    )
    def _compute_allegro_difference_reason(self):
        for order in self:
            causes = order._allegro_difference_causes()
            order.allegro_difference_reason = "\n".join(
                f"{format_amount(self.env, amount, order.currency_id)}: {cause}"
                for cause, amount in causes
                if not order.currency_id.is_zero(amount)
            )

    def _allegro_difference_causes(self):
        """Why Allegro's total is not the order's: causes whose sum is the difference.

        :return: list of (text, amount)
        """
        self.ensure_one()
        if self.currency_id.is_zero(self.allegro_total_difference):
            return []
        unmanaged = self.allegro_unmanaged_amount if self.allegro_has_unmanaged else 0
        unexplained = self.allegro_unexplained_amount
        changed = self.allegro_total_difference - unmanaged - unexplained
        return [
            (self.env._("items that are not in Odoo"), unmanaged),
            (
                self.env._("in Allegro's total, but in none of the lines it lists"),
                unexplained,
            ),
            (self.env._("lines that were changed in Odoo"), changed),
        ]

    @api.depends("order_line.allegro_tax_differs")
    def _compute_allegro_tax_differs(self):
        for order in self:
            order.allegro_tax_differs = any(
                order.order_line.mapped("allegro_tax_differs")
            )

    # Steps of the recipes

    @api.model
    def _allegro_money_form_values(self, form):
        payment = form.payment
        unexplained = form.total_to_pay.amount - rules.expected_total(form).amount
        values = {
            "allegro_total_to_pay": float(form.total_to_pay.amount),
            "allegro_unexplained_amount": float(unexplained),
            "allegro_surcharge_amount": float(rules.surcharge_amount(form).amount),
            "allegro_collected_amount": float(rules.collected_amount(form).amount),
            "allegro_paid_amount": float(rules.paid_amount(form).amount),
        }
        if payment:
            values |= {
                "allegro_payment_id": payment.id,
                "allegro_payment_type": self._allegro_word(
                    "allegro_payment_type", payment.type
                ),
                "allegro_payment_provider": payment.provider,
                "allegro_payment_finished_at": naive(payment.finished_at) or None,
            }
        return values

    @api.model
    def _allegro_unmanaged_amount_values(self, new):
        """What the items that are no product here cost."""
        unmanaged = sum(
            price.amount * quantity
            for line in new.unmanaged_lines
            for price, quantity in line.amounts
        )
        return {"allegro_unmanaged_amount": float(unmanaged)}

    @api.model
    def _allegro_pricelist_values(self, new):
        return {"pricelist_id": self._allegro_pricelist(new.account, new.form).id}

    @api.model
    def _allegro_pricelist(self, account, form):
        """The order's currency is its pricelist's: none for the company's own.

        Prices come from Allegro, so the list for another currency is an empty one.
        """
        pricelists = self.env["product.pricelist"].sudo()
        code = form.total_to_pay.currency
        if code == account.company_id.currency_id.name:
            return pricelists
        currency = self.env["res.currency"].sudo()._allegro_by_code(code)
        if not currency:
            raise AllegroDataError(
                "summary.totalToPay.currency",
                self.env._("Odoo does not know the currency %(code)s", code=code),
            )
        currency.active = True
        name = f"Allegro {code}"
        found = pricelists.search(
            [
                ("name", "=", name),
                ("currency_id", "=", currency.id),
                ("company_id", "=", account.company_id.id),
            ],
            limit=1,
        )
        return found or pricelists.create(
            {
                "name": name,
                "currency_id": currency.id,
                "company_id": account.company_id.id,
            }
        )

    # Lines: what was bought

    @api.model
    def _allegro_item_lines(self, new):
        return [
            values
            for line, offer in new.managed_lines
            for values in self._allegro_line_values(line, offer)
        ]

    @api.model
    def _allegro_line_values(self, line, offer):
        """The order lines of one bought line: its products, deposit and services."""
        yield from self._allegro_product_lines(line, offer)
        if line.deposit:
            yield {
                "product_id": self.env.ref("allegro_sales_channel.product_deposit").id,
                "product_uom_qty": line.quantity,
                **_price(line.deposit.amount),
            }
        service_product = self.env.ref("allegro_sales_channel.product_service")
        for service in line.services:
            yield {
                "product_id": service_product.id,
                "name": service.name,
                "product_uom_qty": service.quantity,
                **_price(service.price.amount),
            }

    @api.model
    def _allegro_product_lines(self, line, offer):
        """Every product of the offer in its quantity; together they cost what was paid.

        A set's price is spread by the products' own prices, since each may be taxed
        differently.
        """
        own = {
            "allegro_line_item_id": line.id,
            "allegro_tax_rate": _rate_text(line.tax) if line.tax else False,
        }
        contents = offer._contents()
        if len(contents) == 1 and contents[0][1] == 1:
            yield {
                "product_id": offer.product_id.id,
                "product_uom_qty": line.quantity,
                **_price(line.price.amount),
                **own,
            }
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
                    **_price(price),
                    **own,
                }

    @api.model
    def _allegro_smallest_amount(self, paid, code):
        """The amount in whose multiples a price can be given; all are ``Decimal``."""
        currency = self.env["res.currency"]._allegro_by_code(code)
        unit = Decimal(str(currency.rounding or 0.01))
        # Odoo rounds forints to whole ones, Allegro need not
        return unit if paid % unit == 0 else Decimal("0.01")

    # Lines: the delivery

    @api.model
    def _allegro_delivery_lines(self, new):
        """The delivery line, or one for each kind of tax of the goods; none when free.

        Allegro does not say which VAT the delivery bears: the account does.
        """
        delivery, account = new.form.delivery, new.account
        if not delivery or not delivery.cost or not delivery.cost.amount:
            return []
        line = {
            "product_id": account.delivery_product_id.id,
            "name": delivery.method_name or account.delivery_product_id.name,
            "product_uom_qty": 1,
            **_price(delivery.cost.amount),
            "is_delivery": True,
        }
        if account.delivery_tax_rule == "goods":
            return self._allegro_split_delivery(line, new)
        return [line]

    @api.model
    def _allegro_split_delivery(self, line, new):
        """A delivery line as one line for each kind of tax of the goods."""
        worth = {}  # of the goods, by their taxes; the first product stands for them
        for item, offer in new.managed_lines:
            product, company = offer.product_id, new.account.company_id
            taxes = product.taxes_id._filter_taxes_by_company(company)
            known, amount = worth.get(taxes, (product, Decimal(0)))
            worth[taxes] = (known, amount + item.price.amount * item.quantity)
        cost = new.form.delivery.cost
        parts = split.shares(
            cost.amount,
            [amount for _product, amount in worth.values()],
            self._allegro_smallest_amount(cost.amount, cost.currency),
        )
        return [
            {**line, **_price(part), "allegro_tax_product_id": product.id}
            for (product, _amount), part in zip(worth.values(), parts, strict=True)
            if part
        ]

    def _allegro_follow_delivery_cost(self, news):
        """Another delivery method may cost more or less, until it is invoiced."""
        cost = news.form.delivery and news.form.delivery.cost
        line = self.order_line.filtered("is_delivery")
        if self.state != "sale" or not news.changes:
            return
        if not cost or len(line) > 1 or line.qty_invoiced:
            return
        amount = float(cost.amount)
        if line and self.currency_id.compare_amounts(line.price_unit, amount):
            line.price_unit = amount
        elif not line and amount:
            account = self.allegro_account_id
            offers = self.env["allegro.offer"]._match_lines(account, news.form.lines)
            values = self._allegro_delivery_lines(
                NewOrder(account, news.form, offers, {})
            )
            self.order_line = [Command.create(value) for value in values]


def _price(amount):
    return {"price_unit": float(amount), "discount": 0.0}


def _rate_text(tax):
    """Allegro's rate as shown; an exempt offer has none, which is nought."""
    if tax.rate is None:
        return "0%" if tax.exemption else False
    return f"{tax.rate.normalize():f}%"
