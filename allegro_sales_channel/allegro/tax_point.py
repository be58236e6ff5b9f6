"""When the tax on a sale becomes due, by the Polish VAT act: its tax point.

Goods sold in the country, under OSS and for export follow art. 19a: the day they leave
(1), and what is paid before, the day of the payment (8). Goods sold without VAT to a
company in the Union follow art. 20(1): the day of the invoice, at the latest the 15th
of the month after they left; a payment counts for nothing.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

# What makes it the day that it is
PAID = "paid"
LEFT = "left"
INVOICED = "invoiced"
FIFTEENTH = "fifteenth"
# Why there is no day
NOT_YET = "not_yet"
PARTLY = "partly"
PAYMENT_DAY_UNKNOWN = "payment_day_unknown"
SEVERAL_MONTHS = "several_months"

#: One invoice has one tax point: here a person has to decide.
FOR_A_PERSON = (PARTLY, PAYMENT_DAY_UNKNOWN, SEVERAL_MONTHS)
#: Kinds of payment of which Allegro names a day on which no money came.
PAID_AFTERWARDS = ("CASH_ON_DELIVERY", "EXTENDED_TERM")


class Payment(NamedTuple):
    """``kind``: Allegro's word, None for one that is not known."""

    day: date | None
    amount: Decimal
    kind: str | None = None


class TaxPoint(NamedTuple):
    """``day`` is None where there is none; ``parts``: (day, reason) of each part."""

    day: date | None
    reason: str
    parts: tuple[tuple[date, str], ...] = ()


def tax_point(total, payments, left, *, all_left, to_union=False, invoiced=None):
    """The tax point of one sale; all days are the company's local dates.

    Of several in one month it is the last, by which the tax on all is due; in several
    months one invoice can't tell it.

    :param total: what all of it costs
    :param payments: :class:`Payment` of each that was received
    :param left: the day of each parcel that left
    :param all_left: nothing is still here
    :param to_union: goods sold without VAT to a company in another country of the Union
    :param invoiced: the day of the invoice, None as long as there is none
    :return: :class:`TaxPoint`
    """
    if to_union:
        return _to_union(left, all_left, invoiced)
    early = [
        payment
        for payment in payments
        if payment.amount > 0
        and payment.kind not in PAID_AFTERWARDS
        and not (payment.day and all_left and payment.day >= max(left))
    ]
    if any(payment.day is None for payment in early):
        return TaxPoint(None, PAYMENT_DAY_UNKNOWN)
    parts = [(payment.day, PAID) for payment in early]
    parts += [
        (day, LEFT)
        for day in left
        if not _cover(total, [payment for payment in early if payment.day < day])
    ]
    if not all_left and not _cover(total, early):
        return TaxPoint(None, PARTLY if parts else NOT_YET, _sorted(parts))
    return _in_one_month(parts)


def _cover(total, payments):
    """Is it all paid? What costs nothing never is: its day is when it leaves."""
    return bool(payments) and sum(payment.amount for payment in payments) >= total


def _to_union(left, all_left, invoiced):
    if invoiced is None:
        return TaxPoint(None, INVOICED)
    parts = []
    for day in left:
        latest = fifteenth_of_next_month(day)
        parts.append(min((invoiced, INVOICED), (latest, FIFTEENTH)))
    if not all_left:
        parts.append((invoiced, INVOICED))
    return _in_one_month(parts)


def _in_one_month(parts):
    parts = _sorted(parts)
    if len({(day.year, day.month) for day, _reason in parts}) > 1:
        return TaxPoint(None, SEVERAL_MONTHS, parts)
    return TaxPoint(*parts[-1], parts)


def _sorted(parts):
    return tuple(sorted(set(parts)))


def fifteenth_of_next_month(day):
    return (day.replace(day=1) + timedelta(days=32)).replace(day=15)
