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


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        # by the rounding down the first loses 0.003, the second 0.006
        ("0.10", [5, 1], ["0.08", "0.02"]),
        ("0.10", [1, 5], ["0.02", "0.08"]),
        ("1.00", [1, 1, 1], ["0.34", "0.33", "0.33"]),
        ("0.05", [3, 3, 2], ["0.02", "0.02", "0.01"]),
        ("10.00", [0, 0], ["5.00", "5.00"]),
        # the last half of a grosz is not lost either
        ("10.005", [1, 1], ["5.005", "5.00"]),
        ("0.004", [1, 9], ["0", "0.004"]),
        ("0.019", [1, 2], ["0.009", "0.01"]),
    ],
)
def test_what_is_left_goes_to_who_lost_most(total, weights, expected):
    parts = shares(Decimal(total), weights, GROSZ)
    assert parts == [Decimal(part) for part in expected]


_any_amounts = st.decimals(0, 100_000, places=4)


@given(_any_amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_no_part_of_any_amount_is_lost(total, weights):
    parts = shares(total, weights, GROSZ)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = total * weight / whole if whole else total / len(weights)
        assert abs(part - exact) < GROSZ
    # at most one of them has what is less than a grosz
    assert sum(1 for part in parts if part % GROSZ) <= 1


@given(_any_amounts, st.lists(st.integers(1, 1000), min_size=2, max_size=6))
def test_who_lost_less_has_no_coin_before_who_lost_more(total, weights):
    exact = [total * weight / sum(weights) for weight in weights]
    lost = [amount - amount // GROSZ * GROSZ for amount in exact]
    given = [
        part - amount // GROSZ * GROSZ
        for part, amount in zip(shares(total, weights, GROSZ), exact, strict=True)
    ]
    ranked = sorted(zip(lost, given, strict=True), key=lambda pair: -pair[0])
    coins = [coin for _loss, coin in ranked]
    losses = [loss for loss, _coin in ranked]
    for index in range(1, len(coins)):
        if losses[index - 1] > losses[index]:
            assert coins[index - 1] >= coins[index]


@given(_any_amounts, st.integers(1, 10_000))
def test_no_part_of_any_amount_is_lost_by_the_piece(total, pieces):
    prices = unit_prices(total, pieces, GROSZ)
    assert sum(quantity * price for quantity, price in prices) == total
    assert sum(quantity for quantity, _price in prices) == pieces
    assert 1 <= len(prices) <= 3
    assert sum(q for q, price in prices if price % GROSZ) <= 1


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
        ("10.005", 2, [(1, "5.00"), (1, "5.005")]),
        ("0.005", 1, [(1, "0.005")]),
    ],
)
def test_examples(total, pieces, expected):
    prices = [(quantity, Decimal(price)) for quantity, price in expected]
    assert unit_prices(Decimal(total), pieces, GROSZ) == prices


def test_whole_forints():
    unit = Decimal(1)
    assert unit_prices(Decimal(1000), 3, unit) == [(2, 333), (1, 334)]
    assert shares(Decimal(1000), [1, 1, 1], unit) == [334, 333, 333]
