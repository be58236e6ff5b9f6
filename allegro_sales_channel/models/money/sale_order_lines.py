"""The lines of an Allegro order: products, deposits, services, delivery."""

from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Command
from odoo.tools import format_amount

from ...allegro import split, statuses
from ..orders.recipe import NewOrder


class AllegroOrderLines(models.AbstractModel):
    """The part of ``sale.order`` that makes its lines of what was bought."""

    _name = "allegro.order.lines"
    _description = "Lines of Allegro orders"

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
                **_paid(line.deposit.amount),
            }
        service_product = self.env.ref("allegro_sales_channel.product_service")
        for service in line.services:
            yield {
                "product_id": service_product.id,
                "name": service.name,
                "product_uom_qty": service.quantity,
                **_paid(service.price.amount),
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
                **_paid(line.price.amount),
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
                    **_paid(price),
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
            **_paid(delivery.cost.amount),
            "is_delivery": True,
        }
        if account.delivery_tax_rule == "goods" and new.managed_lines:
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
            {**line, **_paid(part), "allegro_tax_product_id": product.id}
            for (product, _amount), part in zip(worth.values(), parts, strict=True)
            if part
        ]

    def _allegro_follow_delivery_cost(self, news):
        """Another delivery method may cost more or less.

        What a person settled with the buyer meanwhile, and what is invoiced, stays.
        """
        if self.state != "sale" or "allegro_delivery_cost" not in news.changes:
            return
        lines = self.order_line.filtered(
            lambda line: line.is_delivery and line.allegro_is_bought
        )
        before = news.before["allegro_delivery_cost"]
        charged = sum(lines.mapped("price_total"))
        is_changed = self.currency_id.compare_amounts(charged, before)
        if is_changed or any(lines.mapped("qty_invoiced")):
            self._allegro_too_late(
                self.env._("The delivery costs something else on Allegro"),
                self.env._(
                    "It was %(before)s on Allegro. The delivery on this order was"
                    " changed in Odoo, or is invoiced, so it stays as it is: settle the"
                    " difference with the buyer, or change it here.",
                    before=format_amount(self.env, before, self.currency_id),
                ),
                ["allegro_delivery_cost"],
            )
            return
        with self._allegro_unlocked():
            if lines:
                self._allegro_spread_delivery(lines, news.form.delivery.cost)
            else:
                self._allegro_charge_delivery(news.form)

    def _allegro_spread_delivery(self, lines, cost):
        """Let these delivery lines cost so much, each in its proportion.

        :param cost: ``Money``
        """
        parts = split.shares(
            cost.amount,
            [Decimal(str(line.price_unit)) for line in lines],
            self._allegro_smallest_amount(cost.amount, cost.currency),
        )
        for line, part in zip(lines, parts, strict=True):
            line.price_unit = float(part)

    def _allegro_charge_delivery(self, form):
        """A delivery that was free costs something now."""
        account = self.allegro_account_id
        offers = self.env["allegro.offer"]._match_lines(account, form.lines)
        new = NewOrder(account, form, offers, {})
        self.order_line = [
            Command.create(values) for values in self._allegro_delivery_lines(new)
        ]

    # Items that were no product when the order came, and are one now

    def _allegro_is_open(self):
        """Is the order still to be fulfilled?"""
        self.ensure_one()
        return (
            self.state == "sale"
            and self.allegro_fulfillment_status not in statuses.ENDED
        )

    def _allegro_add_managed_items(self, news):
        """Put on the order what has become a product since."""
        if not self.allegro_has_unmanaged or not self._allegro_is_open():
            return
        account = self.allegro_account_id
        # what is here, or was taken off by a person, is not waited for
        missing = set(self.allegro_unmanaged_offer_ids.mapped("offer_id"))
        here = set(self.order_line.mapped("allegro_line_item_id"))
        waiting = tuple(
            line
            for line in news.form.lines
            if line.offer_id in missing and line.id not in here
        )
        offers = self.env["allegro.offer"]._match_lines(account, waiting)
        new = NewOrder(account, replace(news.form, lines=waiting), offers, {})
        added = [line for line, _offer in new.managed_lines]
        if not added:
            return
        lines = [
            Command.create(values)
            for line in added
            for values in self._allegro_line_values(line, offers[line.offer_id])
        ]
        with self._allegro_unlocked():
            self.write(
                {
                    **self._allegro_unmanaged_values(new),
                    **self._allegro_unmanaged_amount_values(new),
                    "order_line": lines,
                }
            )
        self.message_post(
            body=Markup("%s<ul>%s</ul>")
            % (
                self.env._("These items are products now and were added:"),
                Markup("").join(
                    Markup("<li>%s × %s</li>") % (line.quantity, line.offer_name)
                    for line in added
                ),
            )
        )


def _paid(amount):
    """The values of a line that costs what was paid for it on Allegro."""
    return {
        "price_unit": float(amount),
        "discount": 0.0,
        "allegro_is_bought": True,
    }


def _rate_text(tax):
    """Allegro's rate as shown; an exempt offer has none, which is nought."""
    if tax.rate is None:
        return tax.word or ("0%" if tax.exemption else False)
    return f"{tax.rate.normalize():f}%"
