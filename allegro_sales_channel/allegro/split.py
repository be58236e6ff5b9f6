"""A price for a whole, spread over its pieces so that nothing is lost or added."""

from decimal import ROUND_FLOOR, Decimal


def shares(total, weights, unit):
    """Spread an amount over parts, each a multiple of the smallest unit.

    What can't be divided goes, coin by coin, to the parts that lose most by the
    rounding down; of a total that is no multiple of the unit, the rest to the next one.

    :param total: ``Decimal``, zero or more
    :param weights: how much of it belongs to each part; all zero means alike
    :param unit: the currency's smallest amount, for instance ``Decimal("0.01")``
    :return: list of ``Decimal`` that add up to ``total`` exactly
    """
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(Decimal(weight) for weight in weights)
    exact = [total * Decimal(weight) / whole for weight in weights]
    parts = [_floor(amount, unit) for amount in exact]
    left = total - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: parts[i] - exact[i]):
        coin = min(unit, left)
        parts[index] += coin
        left -= coin
    return parts


def unit_prices(total, pieces, unit):
    """Prices for one piece by which so many pieces cost exactly the total.

    :param pieces: whole number above zero
    :return: list of (quantity, price); two of them when it can't be divided evenly, and
        one more for a total that is no multiple of the unit
    """
    price = _floor(total / pieces, unit)
    dearer, rest = divmod(total - price * pieces, unit)
    odd = 1 if rest else 0
    prices = [
        (pieces - int(dearer) - odd, price),
        (int(dearer), price + unit),
        (odd, price + rest),
    ]
    return [(quantity, price) for quantity, price in prices if quantity]


def _floor(amount, unit):
    return (amount / unit).to_integral_value(ROUND_FLOOR) * unit
