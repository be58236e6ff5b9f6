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
        goods = list(self._allegro_product_lines(line, offer))
        yield from goods
        if line.deposit:
            yield {
                "product_id": self.env.ref("allegro_sales_channel.product_deposit").id,
                "product_uom_qty": line.quantity,
                **_paid(line.deposit.amount),
            }
        company = offer.company_id
        product = self.env.ref("allegro_sales_channel.product_service")
        is_taxed_itself = offer.account_id.delivery_tax_rule == "product"
        for service in line.services:
            values = {
                "product_id": product.id,
                "name": service.name,
                "product_uom_qty": service.quantity,
                **_paid(service.price.amount),
            }
            if is_taxed_itself:
                yield values
            else:
                bought = self._allegro_goods_of_values(goods)
                yield from self._allegro_tax_as_goods(
                    values, service.price, bought, company
                )

    @api.model
    def _allegro_product_lines(self, line, offer):
        """Every product of the offer in its quantity; together they cost what was paid.

        A set's price is spread by the products' own prices, since each may be taxed
        differently.
        """
        own = {
            "allegro_line_item_id": line.id,
            "allegro_tax_rate": _rate_text(line.tax) if line.tax else False,
            "allegro_tax_exemption": line.tax.exemption if line.tax else False,
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

    # Lines: what is charged beside the goods

    @api.model
    def _allegro_tax_as_goods(self, line, cost, goods, company):
        """What is charged beside goods, as one line for each kind of tax of theirs.

        It is part of what is paid for them, so it bears their VAT, or none as they do:
        Polish VAT act, art. 29a(6); directive 2006/112/EC, art. 78. Where they are
        taxed differently it is spread in proportion to what they cost.

        :param line: dict of the values of the line
        :param cost: ``Money`` for one; it may be nought
        :param goods: list of pairs of a product and the ``Decimal`` paid for it
        :param company: whose taxes apply
        :return: list of dicts of values; as it was when there are no goods
        """
        worth = {}  # of the goods, by their taxes; the first product stands for them
        for product, paid in goods:
            taxes = product.taxes_id._filter_taxes_by_company(company)
            known, amount = worth.get(taxes, (product, Decimal(0)))
            worth[taxes] = (known, amount + paid)
        if not worth:
            return [line]
        parts = split.shares(
            cost.amount,
            [amount for _product, amount in worth.values()],
            self._allegro_smallest_amount(cost.amount, cost.currency),
        )
        charged = [
            {**line, **_paid(part), "allegro_tax_product_id": product.id}
            for (product, _amount), part in zip(worth.values(), parts, strict=True)
        ]
        return [values for values in charged if values["price_unit"]] or charged[:1]

    @api.model
    def _allegro_goods_of_values(self, lines):
        """The products of values of lines, each with the ``Decimal`` paid for it."""
        products = self.env["product.product"]
        return [
            (
                products.browse(values["product_id"]),
                Decimal(str(values["price_unit"])) * values["product_uom_qty"],
            )
            for values in lines
        ]

    def _allegro_goods(self):
        """The goods on this order, each with the ``Decimal`` paid for it."""
        return [
            (line.product_id, Decimal(str(line.price_total)))
            for line in self.order_line
            if line.allegro_line_item_id
        ]

    # Lines: the delivery

    @api.model
    def _allegro_delivery_lines(self, new):
        """The delivery line, or one for each kind of tax of the goods; none when free.

        Allegro does not say which VAT the delivery bears: the account does.
        """
        delivery = new.form.delivery
        if not delivery or not delivery.cost or not delivery.cost.amount:
            return []
        goods = [
            values
            for line, offer in new.managed_lines
            for values in self._allegro_product_lines(line, offer)
        ]
        return self._allegro_delivery_values(
            new.account, delivery, self._allegro_goods_of_values(goods)
        )

    @api.model
    def _allegro_delivery_values(self, account, delivery, goods):
        """What the delivery costs, taxed as the account says.

        :param delivery: the form's, with a cost
        :param goods: as :meth:`_allegro_tax_as_goods` takes them
        :return: list of dicts of values
        """
        line = self._allegro_delivery_line(account, delivery)
        if account.delivery_tax_rule == "product":
            return [line]
        return self._allegro_tax_as_goods(
            line, delivery.cost, goods, account.company_id
        )

    @api.model
    def _allegro_delivery_line(self, account, delivery):
        return {
            "product_id": account.delivery_product_id.id,
            "name": delivery.method_name or account.delivery_product_id.name,
            "product_uom_qty": 1,
            **_paid(delivery.cost.amount),
            "is_delivery": True,
        }

    def _allegro_bought_delivery(self):
        """The lines of the delivery that is charged on Allegro."""
        return self.order_line.filtered(
            lambda line: line.is_delivery and line.allegro_is_bought
        )

    def _allegro_delivery_is_settled(self, cost):
        """Did a person settle what the delivery costs, or is it invoiced?

        :param cost: what it cost on Allegro so far
        """
        lines = self._allegro_bought_delivery()
        charged = sum(lines.mapped("price_total"))
        is_changed = self.currency_id.compare_amounts(charged, cost)
        return is_changed or any(lines.mapped("qty_invoiced"))

    def _allegro_follow_delivery_cost(self, news):
        """Another delivery method may cost more or less.

        What a person settled with the buyer meanwhile, and what is invoiced, stays.
        """
        if self.state != "sale" or "allegro_delivery_cost" not in news.changes:
            return
        before = news.before["allegro_delivery_cost"]
        if self._allegro_delivery_is_settled(before):
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
            self._allegro_charge_delivery(news.form.delivery)

    def _allegro_charge_delivery(self, delivery):
        """Let the delivery cost what the form says, by the goods that are here now.

        How it is taxed was decided when it was charged first.
        """
        account, lines = self.allegro_account_id, self._allegro_bought_delivery()
        goods = self._allegro_goods()
        if not lines:
            charged = self._allegro_delivery_values(account, delivery, goods)
            self.order_line = [Command.create(values) for values in charged]
        elif lines.allegro_tax_product_id:
            self._allegro_spread_delivery(lines, delivery, goods)
        else:
            # taxed by its own product: one line
            lines[0].price_unit = float(delivery.cost.amount)

    def _allegro_spread_delivery(self, lines, delivery, goods):
        """Spread what the delivery costs now over its lines, by the goods' taxes.

        A line that is not needed any more costs nothing: Odoo takes the carrier from an
        order that loses one.
        """
        account = self.allegro_account_id
        company = account.company_id
        here = {
            line.allegro_tax_product_id.taxes_id._filter_taxes_by_company(company): line
            for line in lines
        }
        lines.price_unit = 0
        for values in self._allegro_tax_as_goods(
            self._allegro_delivery_line(account, delivery),
            delivery.cost,
            goods or [(line.allegro_tax_product_id, Decimal(1)) for line in lines],
            company,
        ):
            product = lines.product_id.browse(values["allegro_tax_product_id"])
            line = here.get(product.taxes_id._filter_taxes_by_company(company))
            if line:
                line.price_unit = values["price_unit"]
            else:
                self.order_line = [Command.create(values)]

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
        delivery = news.form.delivery
        is_settled = self._allegro_delivery_is_settled(self.allegro_delivery_cost)
        with self._allegro_unlocked():
            self.write(
                {
                    **self._allegro_unmanaged_values(new),
                    **self._allegro_unmanaged_amount_values(new),
                    "order_line": lines,
                }
            )
            if delivery and delivery.cost and delivery.cost.amount and not is_settled:
                self._allegro_charge_delivery(delivery)
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
    """Allegro's rate, or the word in its place, as shown."""
    return tax.word if tax.rate is None else f"{tax.rate.normalize():f}%"
