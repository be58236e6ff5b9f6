"""A price for a whole, spread over its pieces so that nothing is lost or added."""

from decimal import ROUND_FLOOR, Decimal


def shares(total, weights, unit):
    """Spread an amount over parts, each a multiple of the smallest unit.

    What can't be divided goes to the parts that lose most by the rounding down.

    :param total: ``Decimal``, zero or more, a multiple of ``unit``
    :param weights: how much of it belongs to each part; all zero means alike
    :param unit: the currency's smallest amount, for instance ``Decimal("0.01")``
    :return: list of ``Decimal`` that add up to ``total`` exactly
    """
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(Decimal(weight) for weight in weights)
    exact = [total * Decimal(weight) / whole for weight in weights]
    parts = [_floor(amount, unit) for amount in exact]
    left = int((total - sum(parts)) / unit)
    losers = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in losers[:left]:
        parts[index] += unit
    return parts


def unit_prices(total, pieces, unit):
    """Prices for one piece by which so many pieces cost exactly the total.

    :param pieces: whole number above zero
    :return: list of (quantity, price); two of them when it can't be divided evenly
    """
    price = _floor(total / pieces, unit)
    dearer = int((total - price * pieces) / unit)
    prices = [(pieces - dearer, price), (dearer, price + unit)]
    return [(quantity, price) for quantity, price in prices if quantity]


def _floor(amount, unit):
    return (amount / unit).to_integral_value(ROUND_FLOOR) * unit
