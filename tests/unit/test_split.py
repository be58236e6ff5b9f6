"""A set's price is spread over its products to the last grosz."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro.split import shares, unit_prices

GROSZ = Decimal("0.01")
amounts = st.decimals(0, 100_000, places=2)


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_shares_add_up_and_none_is_below_zero(total, weights):
    parts = shares(total, weights, GROSZ)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert all(part >= 0 and part % GROSZ == 0 for part in parts)


@given(amounts, st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_shares_are_off_by_less_than_a_grosz(total, weights):
    for part, weight in zip(shares(total, weights, GROSZ), weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < GROSZ


@given(amounts, st.integers(1, 10_000))
def test_unit_prices_cost_exactly_the_total(total, pieces):
    prices = unit_prices(total, pieces, GROSZ)
    assert sum(quantity * price for quantity, price in prices) == total
    assert sum(quantity for quantity, _price in prices) == pieces
    assert 1 <= len(prices) <= 2
    assert all(quantity > 0 and price % GROSZ == 0 for quantity, price in prices)


@pytest.mark.parametrize(
    ("total", "pieces", "expected"),
    [
        ("80.00", 4, [(4, "20.00")]),
        ("100.00", 3, [(2, "33.33"), (1, "33.34")]),
        ("0.02", 3, [(1, "0.00"), (2, "0.01")]),
        ("0.00", 5, [(5, "0.00")]),
    ],
)
def test_examples(total, pieces, expected):
    prices = [(quantity, Decimal(price)) for quantity, price in expected]
    assert unit_prices(Decimal(total), pieces, GROSZ) == prices


def test_whole_forints():
    unit = Decimal(1)
    assert unit_prices(Decimal(1000), 3, unit) == [(2, 333), (1, 334)]
    assert shares(Decimal(1000), [1, 1, 1], unit) == [334, 333, 333]
