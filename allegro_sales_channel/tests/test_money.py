"""Allegro's total, the order's and the invoice's are one, to the cent."""

import itertools
import uuid
from contextlib import closing
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ..allegro.checkout_form import CheckoutForm
from .common import company_invoice, form_json, line_json, money
from .common_money import PolishAllegroCommon

#: Orders that go through the computation alone, without becoming records.
EXAMPLES = 1000

CURRENCIES = ("PLN", "CZK", "EUR", "HUF")
#: Currency, destination, and whether a company with a verified number buys: domestic,
#: OSS, without VAT inside the EU, export.
SALES = [
    ("PLN", "PL", False),
    ("CZK", "PL", False),
    ("CZK", "CZ", False),
    ("CZK", "CZ", True),
    ("EUR", "SK", False),
    ("EUR", "SK", True),
    ("HUF", "HU", False),
    ("HUF", "HU", True),
    ("PLN", "DE", False),
    ("EUR", "UA", False),
]
VAT_OF = {"CZ": "CZ25123891", "SK": "SK2022749619", "HU": "HU21376414"}

prices = st.integers(1, 500_00).map(lambda cents: Decimal(cents) / 100)
dear_prices = st.integers(500_00, 99_999_99).map(lambda cents: Decimal(cents) / 100)


@st.composite
def lines(draw, currency):
    """A line of any rate, with a coupon, a deposit and services or without."""
    sku = draw(st.sampled_from(["VAT-23", "VAT-8", "VAT-5", "VAT-0", "VAT-zw"]))
    price = draw(st.one_of(prices, prices, dear_prices))
    values = {}
    if draw(st.booleans()):
        off = draw(st.integers(0, 99)) / Decimal(100)
        values["originalPrice"] = money(price + off, currency)
    if draw(st.integers(0, 4)) == 4:
        values["deposit"] = {"price": money("0.50", currency)}
    if draw(st.integers(0, 4)) == 4:
        values["selectedAdditionalServices"] = [
            {
                "definitionId": "CARRY_IN",
                "name": "Carry in",
                "price": money(draw(prices), currency),
                "quantity": draw(st.integers(1, 3)),
            }
        ]
    quantity = draw(st.one_of(st.integers(1, 9), st.integers(10, 500)))
    return line_json(sku, str(price), quantity, currency, **values)


@st.composite
def forms(draw, currency, country, verified):
    """An order of one of the sales above."""
    bought = draw(st.lists(lines(currency), min_size=1, max_size=4))
    cost = draw(st.one_of(st.just(Decimal(0)), prices))
    form = form_json(*bought, delivery_cost=str(cost), currency=currency)
    form["delivery"]["address"]["countryCode"] = country
    form["buyer"]["id"] = str(uuid.uuid4().int % 10**8)
    if verified:
        form["invoice"] = company_invoice(
            VAT_OF[country], "VAT_EU", country, features=["VAT_EU_VERIFIED"]
        )
    return form


@tagged("post_install", "-at_install")
class TestMoney(PolishAllegroCommon):
    def orders_of(self, *forms):
        """Orders as the import makes them, without reserving stock for them."""
        parsed = [CheckoutForm.from_json(form) for form in forms]
        orders = self.env["sale.order"]
        batch = orders._allegro_batch(self.account, parsed)
        orders._allegro_match_offers(batch)
        orders._allegro_create_orders(batch)
        return batch.orders

    def assert_exact(self, forms):
        orders = self.orders_of(*forms)
        for order, form in zip(orders, forms, strict=True):
            total = Decimal(form["summary"]["totalToPay"]["amount"])
            self.assertEqual(Decimal(f"{order.amount_total:.2f}"), total)
            self.assertFalse(order.allegro_total_difference)
            self.assertFalse(order.allegro_difference_reason)
        orders.state = "sale"
        orders._create_invoices()
        for order in orders:
            self.assertEqual(len(order.invoice_ids), 1)
            invoice = order.invoice_ids
            self.assertEqual(f"{invoice.amount_total:.2f}", f"{order.amount_total:.2f}")
            self.assertEqual(f"{invoice.amount_tax:.2f}", f"{order.amount_tax:.2f}")
        return orders

    def test_every_order_is_exact(self):
        """The whole way, with every setting of the company and of the account."""
        positions = set()
        choices = itertools.product(
            ["round_per_line", "round_globally"],
            ["tax_excluded", "tax_included"],
            ["product", "goods"],
        )
        for rounding, price_include, delivery in choices:
            # Odoo lets no company change its prices once it has invoiced
            with closing(self.env.cr.savepoint()):
                self.company.tax_calculation_rounding_method = rounding
                self.company.account_price_include = price_include
                self.account.delivery_tax_rule = delivery
                positions |= self._check_some_orders()
            self.env.invalidate_all()
        self.assertIn("Domestic", positions)
        self.assertIn("Community", positions)
        self.assertIn("Import/Export", positions)
        self.assertEqual(len([name for name in positions if "OSS" in name]), 4)

    def _check_some_orders(self):
        names = set()

        @_settings(max_examples=2)
        @given(st.tuples(*(forms(*sale) for sale in SALES)))
        def every_order_is_exact(batch):
            orders = self.assert_exact(batch)
            names.update(orders.fiscal_position_id.mapped("name"))

        every_order_is_exact()
        return names

    def test_taxes_inside_the_price_never_move_the_total(self):
        """What orders and invoices are computed by, over thousands of orders."""
        taxes = [tax._allegro_gross() for tax in self._all_sorts_of_taxes()]
        currencies = [self.env.ref(f"base.{code}") for code in CURRENCIES]

        @_settings(max_examples=EXAMPLES)
        @given(
            st.lists(
                st.tuples(
                    st.sampled_from(taxes),
                    st.one_of(prices, dear_prices),
                    st.integers(1, 1000),
                ),
                min_size=1,
                max_size=6,
            ),
            st.sampled_from(currencies),
        )
        def total_is_that_of_the_prices(bought, currency):
            wanted = sum(price * quantity for _tax, price, quantity in bought)
            for rounding in ("round_per_line", "round_globally"):
                self.company.tax_calculation_rounding_method = rounding
                total = self._total(bought, currency)
                self.assertEqual(Decimal(f"{total:.2f}"), wanted, rounding)

        total_is_that_of_the_prices()

    def _total(self, bought, currency):
        engine = self.env["account.tax"]
        lines = [
            engine._prepare_base_line_for_taxes_computation(
                None,
                tax_ids=tax,
                price_unit=float(price),
                quantity=quantity,
                currency_id=currency,
                rate=0.2341,
            )
            for tax, price, quantity in bought
        ]
        engine._add_tax_details_in_base_lines(lines, self.company)
        engine._round_base_lines_tax_details(lines, self.company)
        totals = engine._get_tax_totals_summary(lines, currency, self.company)
        return totals["total_amount_currency"]

    def _all_sorts_of_taxes(self):
        """The Polish ones, and what sellers elsewhere may have."""
        fee = self._make_tax("Recycling fee", 0.37, amount_type="fixed")
        division = self._make_tax("Division", 10, amount_type="division")
        group = self._make_tax("Group", 0, amount_type="group")
        group.children_tax_ids = self._make_tax("A", 7.7) + self._make_tax("B", 1.3)
        return [*self.rates.values(), fee, division, group, self.rates["23"] + fee]

    def test_the_same_product_sold_elsewhere_is_taxed_as_before(self):
        product, tax = self.products["VAT-23"], self.rates["23"]
        before = tax.read()[0]
        [order] = self.import_forms(form_json(line_json("VAT-23", "123.00")))
        self.assertEqual(order.amount_untaxed, 100)
        self.assertNotEqual(order.order_line.tax_ids, tax)
        after = tax.read()[0]
        changed = {name for name in before if before[name] != after[name]}
        self.assertLessEqual(changed, {"is_used", "display_name"})
        self.assertEqual(product.taxes_id._filter_taxes_by_company(self.company), tax)
        other = self.env["sale.order"].create(
            {
                "partner_id": order.partner_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 100})
                ],
            }
        )
        self.assertEqual(other.order_line.tax_ids, tax)
        self.assertEqual(other.amount_total, 123)
        self.assertEqual(product.lst_price, 999)

    def test_the_vat_return_knows_the_sale(self):
        """The copy bears the tags of the Polish VAT return, on sale and refund."""
        copy = self.rates["8"]._allegro_gross()
        lines = zip(
            self.rates["8"].repartition_line_ids, copy.repartition_line_ids, strict=True
        )
        for mine, its in lines:
            self.assertEqual(mine.tag_ids, its.tag_ids)
            self.assertEqual(mine.account_id, its.account_id)

    def test_a_changed_tax_gets_a_new_copy(self):
        tax = self._make_tax("Luxury", 30)
        old = tax._allegro_gross()
        self.assertEqual(tax._allegro_gross(), old)
        tax.amount = 31
        new = tax._allegro_gross()
        self.assertEqual((old.amount, old.active), (30, False))
        self.assertEqual((new.amount, new.active), (31, True))

    def test_the_oss_mapping_made_later_is_not_confused_by_copies(self):
        [order] = self.import_forms(form_json(line_json("VAT-23", "123.00")))
        self.company._map_eu_taxes()
        form = form_json(line_json("VAT-23", "121.00", currency="CZK"), currency="CZK")
        form["delivery"]["address"]["countryCode"] = "CZ"
        form["buyer"]["id"] = "2"
        [abroad] = self.import_forms(form)
        self.assertEqual(abroad.order_line.tax_ids.amount, 21)
        self.assertEqual(abroad.amount_untaxed, 100)
        self.assertEqual(order.order_line.tax_ids.amount, 23)

    def test_taxes_computed_anew_stay_inside_the_price(self):
        [order] = self.import_forms(form_json(line_json("VAT-23", "123.00")))
        order._recompute_taxes()
        self.assertEqual(order.amount_total, 123)
        invoice = order._create_invoices()
        invoice.action_update_fpos_values()
        self.assertEqual(invoice.amount_total, 123)

    # What is flagged

    def test_another_rate_on_allegro_is_flagged_and_not_applied(self):
        tax = {"rate": "8.00", "subject": "GOODS", "exemption": None}
        lines = [line_json("VAT-23", "123.00", tax=tax), line_json("VAT-8", tax=tax)]
        [order] = self.import_forms(form_json(*lines))
        self.assertEqual(order.order_line.mapped("allegro_tax_differs"), [True, False])
        self.assertEqual(order.order_line.mapped("allegro_tax_rate"), ["8%", "8%"])
        self.assertEqual(order.order_line[0].tax_ids.amount, 23)
        found = self.env["sale.order"].search([("allegro_tax_differs", "=", True)])
        self.assertEqual(found, order)

    def test_a_difference_has_named_causes_that_add_up(self):
        lines = [line_json("VAT-23", "100.00"), line_json("NOBODY-KNOWS", "20.00")]
        form = form_json(*lines)
        form["summary"]["totalToPay"] = money("123.00")
        [order] = self.import_forms(form)
        self.assertEqual(order.allegro_total_difference, 23)
        order.order_line[0].price_unit = 99
        causes = dict(order._allegro_difference_causes())
        self.assertEqual(list(causes.values()), [20, 3, 1])
        self.assertEqual(sum(causes.values()), order.allegro_total_difference)
        self.assertIn("20.00", order.allegro_difference_reason)
        self.assertTrue(order.allegro_invoice_blocked)

    # Payment

    def test_the_operator_has_a_name(self):
        [order] = self.import_forms(form_json(line_json("VAT-23")))
        self.assertEqual(order.allegro_payment_operator, "Allegro Finance")
        order.allegro_payment_provider = "TOMORROW"
        self.assertEqual(order.allegro_payment_operator, "TOMORROW")

    def test_the_state_of_the_payment(self):
        cases = [
            ({"type": "ONLINE", "paidAmount": money("123.00")}, {}, "paid"),
            ({"type": "ONLINE", "paidAmount": money("100.00")}, {}, "part"),
            ({"type": "ONLINE", "paidAmount": None}, {}, "not_paid"),
            ({"type": "CASH_ON_DELIVERY", "paidAmount": None}, {}, "on_delivery"),
            (
                {"type": "CASH_ON_DELIVERY", "paidAmount": None},
                {"codBookedPayments": [{"paidAmount": money("123.00")}]},
                "collected",
            ),
            ({"type": "EXTENDED_TERM", "paidAmount": None}, {}, "term"),
            (
                {"type": "ONLINE", "paidAmount": money("100.00")},
                {"surcharges": [{"type": "ONLINE", "paidAmount": money("23.00")}]},
                "paid",
            ),
        ]
        for payment, values, state in cases:
            with self.subTest(state):
                form = form_json(line_json("VAT-23"), payment=payment, **values)
                [order] = self.import_forms(form)
                self.assertEqual(order.allegro_payment_state, state)
                self.assertFalse(order.allegro_payment_operator)
                self.assertEqual(order.amount_total, 123)


def _settings(**values):
    return settings(
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        **values,
    )
