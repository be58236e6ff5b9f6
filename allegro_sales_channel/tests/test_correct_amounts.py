"""However an invoice is corrected, the rest is what an invoice of it would say."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common import form_json, line_json
from .common_money import PolishAllegroCommon

CURRENCIES = ("PLN", "CZK", "EUR", "HUF")
PRICES = st.integers(1, 60000).map(lambda cents: cents / 100)


@st.composite
def invoices(draw):
    """Lines of (rate, gross price, pieces), the currency, and how it is rounded."""
    rates = st.sampled_from(("23", "8", "0", None))
    lines = st.tuples(rates, PRICES, st.integers(1, 4))
    return (
        draw(st.lists(lines, min_size=1, max_size=5)),
        draw(st.sampled_from(CURRENCIES)),
        draw(st.sampled_from(("round_per_line", "round_globally"))),
    )


#: Which line is corrected, by how many pieces, and which part of the rest in money.
STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.sampled_from((0, 0.07, 0.5))),
    max_size=5,
)


@tagged("post_install", "-at_install")
class TestCorrectAmounts(PolishAllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = {
            code: cls.import_forms(
                cls, form_json(line_json("VAT-23", currency=code), currency=code)
            )
            for code in CURRENCIES
        }

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(invoices(), STEPS)
    def test_any_way_down_to_nothing(self, invoice, steps):
        savepoint = self.env.cr.savepoint()
        lines, currency, method = invoice
        self.company.tax_calculation_rounding_method = method
        move = self.invoiced(lines, currency)
        for number, quantity, share in steps:
            left = move._allegro_left()
            line = list(left)[number % len(left)]
            quantity = min(quantity, left[line].quantity)
            rest = line._allegro_gross_without(left[line], quantity)
            amount = round(rest * share, 2)
            if quantity or amount:
                note = move._allegro_correct(
                    {line: quantity}, {line: amount}, kind="return"
                )
                # what its reader adds up
                taken = left[line].gross - rest + amount
                self.assertAlmostEqual(note.amount_total, taken)
                self.assert_as_invoiced_anew(move)
        quantities, amounts = move._allegro_rest()
        if quantities or amounts:
            move._allegro_correct(quantities, amounts, kind="return")
        self.assertEqual(self.left(move), (0,) * 6)
        savepoint.close(rollback=True)

    def invoiced(self, lines, currency):
        """A posted invoice of an order in that currency."""
        taxes = {None: self.env["account.tax"]}
        taxes |= {name: tax._allegro_gross() for name, tax in self.rates.items()}
        order = self.orders[currency]
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": order.partner_invoice_id.id,
                "currency_id": order.currency_id.id,
                "allegro_order_id": order.id,
                "invoice_date": self.company._allegro_today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Part at {rate}",
                            "price_unit": price,
                            "quantity": quantity,
                            "tax_ids": taxes[rate].ids,
                        }
                    )
                    for rate, price, quantity in lines
                ],
            }
        )
        move.action_post()
        return move

    def left(self, invoice):
        """Net, tax and gross in both currencies, as the ledger has them."""
        return self.sums(invoice + invoice.reversal_move_ids)

    def sums(self, moves):
        nets = moves.line_ids.filtered(lambda line: line.display_type == "product")
        taxes = moves.line_ids.filtered(lambda line: line.display_type == "tax")
        found = [
            -sum(lines.mapped(name))
            for name in ("amount_currency", "balance")
            for lines in (nets, taxes)
        ]
        found += [
            sum(moves.mapped("amount_total_in_currency_signed")),
            sum(moves.mapped("amount_total_signed")),
        ]
        return tuple(round(amount, 2) + 0.0 for amount in found)

    def assert_as_invoiced_anew(self, invoice):
        left = invoice._allegro_left()
        lines = []
        for line, worth in left.items():
            if worth.quantity:
                [values] = line.copy_data()
                for name in ("amount_currency", "debit", "credit"):
                    values.pop(name, None)
                values |= {
                    "quantity": worth.quantity,
                    "price_unit": worth.gross / worth.quantity,
                    "discount": 0,
                }
                lines.append(Command.create(values))
        anew = invoice.copy(
            {
                "line_ids": lines,
                "invoice_date": invoice.invoice_date,
                "taxable_supply_date": invoice.taxable_supply_date,
            }
        )
        anew.invoice_currency_rate = invoice.invoice_currency_rate
        self.assertEqual(self.left(invoice), self.sums(anew))
