"""The money of an Allegro order: to the cent what Allegro says.

Allegro's amounts contain the tax, so an order of Allegro's does not follow the
company's own way of quoting prices: its price unit is gross.
"""

from odoo import api, fields, models
from odoo.tools import format_amount

from ...allegro import rules
from ...allegro.errors import AllegroDataError
from ..door.moments import naive
from . import sale_order_lines  # noqa: F401 - what it inherits

#: What Allegro's operators of payments are called on its pages, in every language.
OPERATORS = {"PAYU": "PayU", "P24": "Przelewy24", "AF": "Allegro Finance"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "allegro.order.lines"]

    company_price_include = fields.Selection(
        [("tax_included", "Tax Included"), ("tax_excluded", "Tax Excluded")],
        related=None,
        compute="_compute_company_price_include",
        # also where a buyer looks at his order, who sees nothing of Allegro's side
        compute_sudo=True,
    )

    # What the buyer pays

    allegro_total_to_pay = fields.Monetary(
        "Total on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="What the buyer pays, as Allegro reckons it.",
    )
    allegro_delivery_cost = fields.Monetary(
        "Delivery on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="What the delivery costs the buyer, as Allegro last said. The delivery"
        " line may cost something else, when that was settled with the buyer.",
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

    allegro_vat_eu_verified = fields.Boolean(
        "EU VAT number verified by Allegro",
        copy=False,
        readonly=True,
        help="Allegro found the company's EU VAT number valid, so that goods sent to"
        " another EU country may be sold without VAT.",
    )
    allegro_fiscal_position_kept = fields.Boolean(
        "Fiscal position set by hand",
        copy=False,
        readonly=True,
        help="Somebody chose another fiscal position than Odoo finds for this order. It"
        " stays, whatever the buyer changes on Allegro.",
    )

    # What he has paid

    allegro_payment_amount = fields.Monetary(
        "Paid at the purchase", copy=False, readonly=True
    )
    allegro_paid_amount = fields.Monetary(
        "Paid", compute="_compute_allegro_paid_amount", store=True, tracking=True
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
    allegro_surcharge_finished_at = fields.Datetime(
        "Paid later, completed",
        copy=False,
        readonly=True,
        help="When the last of the later payments was completed.",
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

    def _allegro_received(self):
        """What the buyer has paid through Allegro.

        :return: list of (moment in UTC, or False; amount), the oldest first
        """
        self.ensure_one()
        return [
            (self.allegro_payment_finished_at, self.allegro_payment_amount),
            (self.allegro_surcharge_finished_at, self.allegro_surcharge_amount),
        ]

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
            **OPERATORS,
            "OFFLINE": self.env._("Outside Allegro"),
            "EPT": self.env._("Extended payment term"),
        }
        for order in self:
            provider = order.allegro_payment_provider
            order.allegro_payment_operator = names.get(provider, provider)

    @api.depends("allegro_payment_amount", "allegro_surcharge_amount")
    def _compute_allegro_paid_amount(self):
        for order in self:
            order.allegro_paid_amount = (
                order.allegro_payment_amount + order.allegro_surcharge_amount
            )

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

    # How the sale is taxed

    @api.depends("partner_invoice_id", "allegro_vat_eu_verified")
    def _compute_fiscal_position_id(self):
        """What a person chose stays; others follow the rule for Allegro's orders."""
        kept = self.filtered("allegro_fiscal_position_kept")
        result = super(SaleOrder, self - kept)._compute_fiscal_position_id()
        for order in (self - kept).filtered("allegro_account_id"):
            # what Odoo has found for its own pair is not looked for again
            odoos = (order.partner_id, order.partner_shipping_id)
            if order._allegro_taxed_as() != odoos:
                order.fiscal_position_id = order._allegro_fiscal_position()
        return result

    def _allegro_fiscal_position(self):
        """The fiscal position of an order of Allegro's, as long as nobody chose one."""
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return positions._get_fiscal_position(*self._allegro_taxed_as())

    def _allegro_taxed_as(self):
        """Whose fiscal position it is: a customer, and where the goods go.

        Companies of other EU countries are known by their own VAT number: Odoo looks at
        the customer, who on Allegro is a person without one. Only a number that Allegro
        has verified counts, and only when the goods go abroad. Any other company in the
        Union is taxed as at home: the special scheme for distance sales (OSS) is for
        buyers who are not taxable, Polish VAT act, art. 2(22a).

        :return: pair of ``res.partner``
        """
        self.ensure_one()
        company = self.company_id
        customer, place = self.partner_id, self.partner_shipping_id
        buyer = self.partner_invoice_id.commercial_partner_id
        if place.country_id != company.country_id:
            if self.allegro_vat_eu_verified:
                customer = place = buyer
            elif buyer.is_company and self._allegro_goes_to_union():
                customer = place = company.partner_id
        return customer, place

    def _allegro_goes_to_union(self):
        union = self.env.ref("base.europe").country_ids
        return self.partner_shipping_id.country_id in union

    def _allegro_may_be_without_vat(self):
        """May it rightly bear no VAT, though a consumer there pays it to the seller?"""
        country = self.partner_shipping_id.country_id
        if not country or country == self.company_id.country_id:
            return False
        return self.allegro_vat_eu_verified or not self._allegro_goes_to_union()

    def write(self, vals):
        result = super().write(vals)
        if "fiscal_position_id" in vals:
            # sudo: the field is the system's
            for order in self.sudo().filtered("allegro_account_id"):
                order.allegro_fiscal_position_kept = (
                    order.fiscal_position_id != order._allegro_fiscal_position()
                )
        return result

    # Odoo's own: what was paid is not reckoned anew

    def _get_update_prices_lines(self):
        lines = super()._get_update_prices_lines()
        return lines.filtered(lambda line: not line.allegro_is_bought)

    def _remove_delivery_line(self):
        """Another carrier takes the parcel; what the buyer pays was settled."""
        own = self.filtered(lambda order: not order.allegro_account_id)
        return super(SaleOrder, own)._remove_delivery_line()

    def _create_delivery_line(self, carrier, price_unit):
        if self.allegro_account_id:
            return self.env["sale.order.line"]
        return super()._create_delivery_line(carrier, price_unit)

    @api.onchange("order_line", "partner_id", "partner_shipping_id")
    def onchange_order_line(self):
        result = super().onchange_order_line()
        if self.allegro_account_id:
            self.recompute_delivery_price = False
        return result

    # Steps of the recipes

    @api.model
    def _allegro_money_form_values(self, form):
        payment = form.payment
        cost = form.delivery and form.delivery.cost
        unexplained = form.total_to_pay.amount - rules.expected_total(form).amount
        values = {
            "allegro_total_to_pay": float(form.total_to_pay.amount),
            "allegro_delivery_cost": float(cost.amount) if cost else None,
            "allegro_unexplained_amount": float(unexplained),
        }
        if form.surcharges:
            values["allegro_surcharge_amount"] = float(
                rules.surcharge_amount(form).amount
            )
            finished_at = rules.surcharged_at(form)
            values["allegro_surcharge_finished_at"] = naive(finished_at) or None
        if form.cod_collected:
            values["allegro_collected_amount"] = float(
                rules.collected_amount(form).amount
            )
        if payment and payment.paid:
            values["allegro_payment_amount"] = float(rules.payment_amount(form).amount)
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
