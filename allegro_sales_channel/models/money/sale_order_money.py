"""What of an Allegro order's money is worth a second look, and why."""

from odoo import api, fields, models
from odoo.tools import format_amount

from ...allegro import rules


class SaleOrder(models.Model):
    _inherit = "sale.order"

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
    allegro_unmanaged_amount = fields.Monetary(
        "Items not in Odoo, amount", copy=False, readonly=True
    )
    allegro_unexplained_amount = fields.Monetary(
        "Allegro's total beyond its lines",
        copy=False,
        readonly=True,
        help="Allegro's total less everything that Allegro lists for the order.",
    )
    allegro_difference_reason = fields.Text(
        "Why they differ", compute="_compute_allegro_difference_reason"
    )
    allegro_tax_differs = fields.Boolean(
        "Tax differs from Allegro's",
        compute="_compute_allegro_tax_differs",
        store=True,
        help="A line has another VAT rate than the offer on Allegro. Odoo's is used.",
    )

    @api.model
    def _allegro_form_values(self, form):
        unexplained = form.total_to_pay.amount - rules.expected_total(form).amount
        return {
            **super()._allegro_form_values(form),
            "allegro_surcharge_amount": float(rules.surcharge_amount(form).amount),
            "allegro_collected_amount": float(rules.collected_amount(form).amount),
            "allegro_payment_id": (form.payment and form.payment.id) or False,
            "allegro_unexplained_amount": float(unexplained),
        }

    @api.model
    def _allegro_values(self, account, form, offers, partners):
        values = super()._allegro_values(account, form, offers, partners)
        amounts = [
            pair
            for line in form.lines
            if not offers[line.offer_id].product_id
            for pair in line.amounts
        ]
        unmanaged = sum(price.amount * quantity for price, quantity in amounts)
        values["allegro_unmanaged_amount"] = float(unmanaged)
        return values

    @api.model
    def _allegro_line_values(self, line, offer):
        for values in super()._allegro_line_values(line, offer):
            if values.get("allegro_line_item_id") and line.tax:
                values["allegro_tax_rate"] = _rate_text(line.tax)
            yield values

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

    @api.depends("allegro_tax_rate", "tax_ids")
    def _compute_allegro_tax_differs(self):
        for line in self:
            line.allegro_tax_differs = bool(
                line.allegro_tax_rate
                and line._allegro_rate() != float(line.allegro_tax_rate.rstrip("%"))
            )

    def _allegro_rate(self):
        """The VAT rate of the line in per cent."""
        self.ensure_one()
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        return sum(
            taxes.filtered(lambda t: t.amount_type == "percent").mapped("amount")
        )


def _rate_text(tax):
    """Allegro's rate as shown; an exempt offer has none, which is nought."""
    if tax.rate is None:
        return "0%" if tax.exemption else False
    return f"{tax.rate.normalize():f}%"
