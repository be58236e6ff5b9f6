"""What may be kept of a message to or from Allegro: no people, no secrets.

Only values of keys that are known to hold none stay: what Allegro, or another addon,
adds tomorrow is hidden until somebody has looked at it.
"""

import re
from decimal import Decimal

from .values import storable

HIDDEN = "***"
#: Keys whose texts are neither people nor secrets.
_KEPT = frozenset(
    """
    amount available carrierId carrierName category code commandId createdAt currency
    deliveryMethodId duration endingAt format id invoiceNumber marketplaceId operation
    operatorId pageSize paymentId quantity reason refundId shipmentId startingAt status
    taskId type unit updatedAt waybill weight
    """.split()
)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
#: Numbers written as phones are: a waybill is neither grouped nor has a plus.
_PHONE = re.compile(r"\+\d[\d ()-]{7,}\d|\b\d{3}[ -]\d{3}[ -]\d{3}\b")
_TOKEN = re.compile(r"eyJ[\w.-]{10,}|(?i:bearer) +\S+", re.ASCII)
#: Shorter ones would be found within other words.
_SHORTEST_HIDDEN = 3
_LONGEST_TEXT = 200
_DEEPEST = 8
_MOST_ITEMS = 50


def masked(value):
    """A copy that may be kept.

    :param value: what becomes, or was, JSON
    :return: the copy, and a tuple of the texts that were hidden
    """
    hidden = []
    return _masked(value, None, hidden, 0), tuple(hidden)


def _masked(value, key, hidden, depth):
    if depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, dict):
        return {
            without_people(str(name)): _masked(item, name, hidden, depth + 1)
            for name, item in list(value.items())[:_MOST_ITEMS]
        }
    if isinstance(value, (list, tuple)):
        return [_masked(item, key, hidden, depth + 1) for item in value[:_MOST_ITEMS]]
    if value is None or isinstance(value, bool):
        return value
    text = str(value)
    if key not in _KEPT:
        hidden.append(text)
        return HIDDEN
    if isinstance(value, (int, float, Decimal)):
        return value if isinstance(value, int) else text
    return without_people(text)[:_LONGEST_TEXT]


def without_people(text, hidden=()):
    """A text without what looks like a person or a token.

    :param hidden: texts that must not show either
    """
    text = storable(text)
    for part in sorted(hidden, key=len, reverse=True):
        if len(part) >= _SHORTEST_HIDDEN:
            text = text.replace(part, HIDDEN)
    for pattern in (_TOKEN, _EMAIL, _PHONE):
        text = pattern.sub(HIDDEN, text)
    return text
