"""Delivery and services bear the VAT of the goods (Polish VAT act, art. 29a(6))."""

import uuid
from collections import defaultdict
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ..allegro.checkout_form import CheckoutForm
from .common import form_json, line_json, money
from .common_money import PolishAllegroCommon
from .test_own_lines import OwnLinesCommon

amounts = st.integers(1, 300_00).map(lambda cents: Decimal(cents) / 100)
bought_lines = st.tuples(
    st.sampled_from(["23", "8", "5", "0", "zw"]), amounts, st.integers(1, 9)
)


def service(price, quantity=1):
    return {
        "definitionId": "CARRY_IN",
        "name": "Carry in",
        "price": money(price),
        "quantity": quantity,
    }


@tagged("post_install", "-at_install")
class TestTaxedAsGoods(PolishAllegroCommon):
    def _bought(self, *lines, **values):
        [order] = self.import_forms(form_json(*lines, **values))
        self.assertFalse(order.allegro_total_difference)
        return order

    def _delivery(self, order):
        return order.order_line.filtered("is_delivery")

    def _services(self, order):
        product = self.env.ref("allegro_sales_channel.product_service")
        return order.order_line.filtered(lambda line: line.product_id == product)

    def _net_taxes(self, lines):
        """The seller's own taxes of which the lines bear copies."""
        return lines.tax_ids.allegro_net_tax_id

    # Delivery

    def test_delivery_bears_the_rate_of_the_goods(self):
        for name, tax in self.rates.items():
            with self.subTest(name):
                line = line_json(f"VAT-{name}", "30.00")
                delivery = self._delivery(self._bought(line, delivery_cost="9.99"))
                self.assertEqual(delivery.price_unit, 9.99)
                self.assertEqual(self._net_taxes(delivery), tax)

    def test_goods_without_any_tax_are_delivered_without_one(self):
        self._make_product("NO-TAX", self.env["account.tax"])
        order = self._bought(line_json("NO-TAX", "30.00"), delivery_cost="9.99")
        self.assertFalse(self._delivery(order).tax_ids)
        self.assertEqual(order.amount_tax, 0)

    def test_delivery_is_split_as_the_goods_are(self):
        order = self._bought(
            line_json("VAT-23", "30.00"),
            line_json("VAT-8", "10.00", 2),
            delivery_cost="9.99",
        )
        parts = self._delivery(order)
        self.assertEqual(parts.mapped("tax_ids.amount"), [23, 8])
        self.assertEqual(parts.mapped("price_unit"), [5.99, 4.0])
        self.assertEqual(order.amount_total, 59.99)

    def test_delivery_of_a_set_is_split_by_what_is_in_it(self):
        self.products["VAT-23"].list_price = 300
        self.products["VAT-zw"].list_price = 100
        self.env["allegro.offer"].create(
            {
                "account_id": self.account.id,
                "offer_id": "offer-SET",
                "name": "Set",
                "product_id": self.products["VAT-23"].id,
                "component_ids": [
                    Command.create({"product_id": self.products["VAT-zw"].id})
                ],
            }
        )
        line = line_json(
            "SET", "40.00", 2, selectedAdditionalServices=[service("8.00", 2)]
        )
        order = self._bought(line, delivery_cost="10.00")
        for parts, prices in (
            (self._delivery(order), [7.5, 2.5]),
            (self._services(order), [6, 2]),
        ):
            self.assertEqual(parts.mapped("price_unit"), prices)
            self.assertEqual(
                self._net_taxes(parts), self.rates["23"] + self.rates["zw"]
            )

    def test_a_seller_may_tax_delivery_by_its_own_product(self):
        self.account.delivery_product_id = self._make_product(
            "DELIVERY", self.rates["8"], 0, type="service", is_storable=False
        )
        line = line_json("VAT-23", "30.00")
        goods = self._delivery(self._bought(line, delivery_cost="9.99"))
        self.assertEqual(goods.tax_ids.amount, 23)
        self.account.delivery_tax_rule = "product"
        own = self._delivery(self._bought(line, delivery_cost="9.99"))
        self.assertEqual(own.tax_ids.amount, 8)

    def test_abroad_delivery_is_taxed_as_the_goods_are_there(self):
        form = form_json(
            line_json("VAT-23", "121.00", currency="CZK"),
            delivery_cost="12.10",
            currency="CZK",
        )
        form["delivery"]["address"]["countryCode"] = "CZ"
        [order] = self.import_forms(form)
        self.assertEqual(self._delivery(order).tax_ids.mapped("amount"), [21])
        self.assertEqual(order.amount_untaxed, 110)

    # Services

    def test_services_bear_the_rate_of_their_own_goods(self):
        bought = [
            line_json(f"VAT-{name}", selectedAdditionalServices=[service("5.00", 3)])
            for name in ("8", "zw")
        ]
        services = self._services(self._bought(*bought))
        self.assertEqual(services.mapped("product_uom_qty"), [3, 3])
        self.assertEqual(self._net_taxes(services), self.rates["8"] + self.rates["zw"])

    def test_a_service_that_costs_nothing_is_still_to_be_done(self):
        line = line_json("VAT-23", selectedAdditionalServices=[service("0.00")])
        self.assertEqual(self._services(self._bought(line)).name, "Carry in")

    def test_a_seller_may_tax_services_by_their_own_product(self):
        product = self.env.ref("allegro_sales_channel.product_service")
        line = line_json("VAT-8", selectedAdditionalServices=[service("5.00")])
        for rule, own, wanted in (
            ("product", "5", 5),
            ("product", None, 23),  # the company's default
            ("goods", "5", 8),
            ("goods", None, 8),
        ):
            with self.subTest(rule=rule, own=own):
                self.account.delivery_tax_rule = rule
                product.taxes_id = self.rates[own] if own else False
                self.assertEqual(
                    self._services(self._bought(line)).tax_ids.amount, wanted
                )

    def test_a_deposit_stays_outside_vat(self):
        line = line_json("VAT-23", deposit={"price": money("0.50")})
        order = self._bought(line, delivery_cost="9.99")
        deposit = self.env.ref("allegro_sales_channel.product_deposit")
        line = order.order_line.filtered(lambda line: line.product_id == deposit)
        self.assertFalse(line.tax_ids)
        self.assertEqual(self._delivery(order).tax_ids.amount, 23)

    # Every basket

    def test_every_basket_is_split_to_the_cent_and_in_proportion(self):
        """Also where the shares of the rates are no whole cents."""

        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            st.lists(bought_lines, min_size=1, max_size=5),
            amounts,
            st.tuples(amounts, st.integers(1, 4)),
        )
        def is_split(bought, cost, extra):
            lines = [
                line_json(f"VAT-{rate}", str(price), quantity)
                for rate, price, quantity in bought
            ]
            lines[0]["selectedAdditionalServices"] = [service(*extra)]
            form = form_json(*lines, delivery_cost=str(cost))
            form["buyer"]["id"] = str(uuid.uuid4().int % 10**8)
            order = self._not_reserved(form)
            total = Decimal(form["summary"]["totalToPay"]["amount"])
            self.assertEqual(Decimal(f"{order.amount_total:.2f}"), total)

            worth = defaultdict(Decimal)
            for rate, price, quantity in bought:
                worth[self.rates[rate]] += price * quantity
            whole = sum(worth.values())
            charged = {
                self._net_taxes(line): Decimal(f"{line.price_total:.2f}")
                for line in self._delivery(order)
            }
            self.assertEqual(sum(charged.values()), cost)
            self.assertLessEqual(charged.keys(), worth.keys())
            for tax, amount in worth.items():
                share = cost * amount / whole
                self.assertLess(abs(charged.get(tax, 0) - share), Decimal("0.01"))
            services = self._services(order)
            self.assertEqual(self._net_taxes(services), self.rates[bought[0][0]])

        is_split()

    def _not_reserved(self, form):
        orders = self.env["sale.order"]
        batch = orders._allegro_batch(self.account, [CheckoutForm.from_json(form)])
        orders._allegro_match_offers(batch)
        orders._allegro_create_orders(batch)
        return batch.orders


@tagged("post_install", "-at_install")
class TestDeliveryChanges(OwnLinesCommon):
    def _costs(self, form, cost):
        total = Decimal(form["summary"]["totalToPay"]["amount"])
        total += Decimal(cost) - Decimal(form["delivery"]["cost"]["amount"])
        form["delivery"]["cost"]["amount"] = cost
        form["summary"]["totalToPay"]["amount"] = str(total)
        order = self._bring(form)
        self.assertFalse(order.allegro_total_difference)
        return self._shares(order)

    def _shares(self, order):
        delivery = order.order_line.filtered("is_delivery")
        return {line.tax_ids.amount: line.price_unit for line in delivery}

    def _with_two_rates(self):
        form = form_json(
            line_json("SKU-1", price="75.00"),
            line_json("SKU-8", price="25.00"),
            delivery_cost="10.00",
        )
        return form, self._bring(form)

    def test_dearer_method_keeps_the_proportion(self):
        form, order = self._with_two_rates()
        lines = order.order_line.filtered("is_delivery")
        self.assertEqual(lines.mapped("price_unit"), [7.5, 2.5])
        self._costs(form, "20.01")
        self.assertEqual(sorted(lines.mapped("price_unit")), [5, 15.01])
        self.assertEqual(order.amount_total, 120.01)

    def test_the_proportion_is_found_again_after_a_free_delivery(self):
        form, order = self._with_two_rates()
        self.assertEqual(self._shares(order), {23: 7.5, 8: 2.5})
        self.assertEqual(self._costs(form, "0.00"), {23: 0, 8: 0})
        self.assertEqual(self._costs(form, "20.00"), {23: 15, 8: 5})

    def test_free_at_first(self):
        form = form_json(
            line_json("SKU-1", price="75.00"), line_json("SKU-8", price="25.00")
        )
        self._bring(form)
        self.assertEqual(self._costs(form, "20.00"), {23: 15, 8: 5})

    def test_its_own_product_s_tax_stays(self):
        self.account.delivery_tax_rule = "product"
        form = form_json(line_json("SKU-8", price="25.00"), delivery_cost="10.00")
        self._bring(form)
        self.account.delivery_tax_rule = "goods"
        self.assertEqual(self._costs(form, "20.00"), {23: 20})

    def _with_later_product(self):
        form = form_json(
            line_json("SKU-1", price="75.00"),
            line_json("LATER", price="25.00"),
            delivery_cost="10.00",
        )
        return form, self._bring(form)

    def test_an_item_that_became_a_product_takes_its_share(self):
        form, order = self._with_later_product()
        self.assertEqual(self._shares(order), {23: 10})
        self._make_product("LATER", self.tax_8)
        self._bring(form)
        self.assertEqual(self._shares(order), {23: 7.5, 8: 2.5})
        self.assertFalse(order.allegro_total_difference)

    def test_a_delivery_settled_with_the_buyer_is_not_split_again(self):
        form, order = self._with_later_product()
        order.order_line.filtered("is_delivery").price_unit = 4
        self._make_product("LATER", self.tax_8)
        self._bring(form)
        self.assertEqual(self._shares(order), {23: 4})
