"""Art. 19a and 20 of the Polish VAT act, as a table."""

from datetime import date
from decimal import Decimal

import pytest

from allegro.tax_point import FOR_A_PERSON, Payment, tax_point

TOTAL = Decimal("123.00")


def _day(text):
    """Of 2026, written as people do."""
    day, month = text.split(".")
    return date(2026, int(month), int(day))


def _paid(day, amount="123.00", kind="ONLINE"):
    return Payment(day and _day(day), Decimal(amount), kind)


def _point(payments, left, *, all_left=True, **values):
    return tax_point(
        TOTAL,
        payments,
        [_day(day) for day in left.split()],
        all_left=all_left and bool(left),
        **values,
    )


@pytest.mark.parametrize(
    ("payments", "left", "day", "reason"),
    [
        ([_paid("31.10")], "2.11", "31.10", "paid"),
        # of one day
        ([_paid("2.11")], "2.11", "2.11", "left"),
        ([_paid("5.11")], "2.11", "2.11", "left"),
        ([], "2.11", "2.11", "left"),
        # paid, and still here
        ([_paid("31.10")], "", "31.10", "paid"),
        # no day on which money came
        ([_paid("31.10", kind="CASH_ON_DELIVERY")], "2.11", "2.11", "left"),
        ([_paid("31.10", kind="EXTENDED_TERM")], "2.11", "2.11", "left"),
        ([_paid(None, kind="CASH_ON_DELIVERY")], "2.11", "2.11", "left"),
        ([_paid("31.10", "0.00")], "2.11", "2.11", "left"),
        ([_paid(None, "0.00")], "2.11", "2.11", "left"),
        # any other kind, also one that is not known
        ([_paid("31.10", kind="WIRE_TRANSFER")], "2.11", "31.10", "paid"),
        ([_paid("31.10", kind="SPLIT_PAYMENT")], "2.11", "31.10", "paid"),
        ([_paid("31.10", kind=None)], "2.11", "31.10", "paid"),
        # several in one month: the last
        ([_paid("5.11", "100.00"), _paid("7.11", "23.00")], "9.11", "7.11", "paid"),
        ([_paid("5.11", "100.00")], "9.11", "9.11", "left"),
        ([_paid("5.11", "100.00"), _paid("2.12", "23.00")], "9.11", "9.11", "left"),
        ([], "5.11 9.11", "9.11", "left"),
        # all paid before the first parcel left: when the second does is no matter
        ([_paid("30.10")], "31.10 2.11", "30.10", "paid"),
    ],
)
def test_the_day(payments, left, day, reason):
    point = _point(payments, left)
    assert (point.day, point.reason) == (_day(day), reason)


@pytest.mark.parametrize(
    ("payments", "left", "all_left", "reason"),
    [
        # neither paid nor gone
        ([], "", True, "not_yet"),
        ([_paid("31.10", kind="CASH_ON_DELIVERY")], "", True, "not_yet"),
        # a surcharge of another month; the rest, that is paid after the goods left
        (
            [_paid("31.10", "100.00"), _paid("1.11", "23.00")],
            "2.11",
            True,
            "several_months",
        ),
        ([_paid("31.10", "100.00")], "2.11", True, "several_months"),
        # a second parcel of another month, paid later or in between
        ([], "31.10 2.11", True, "several_months"),
        ([_paid("1.11")], "31.10 2.11", True, "several_months"),
        # one is still here
        ([], "31.10", False, "partly"),
        ([_paid("31.10", "100.00")], "", False, "partly"),
        # the day of the same month in another year is another month
        ([Payment(date(2025, 11, 1), Decimal(100))], "2.11", True, "several_months"),
        ([_paid(None)], "2.11", True, "payment_day_unknown"),
    ],
)
def test_no_day(payments, left, all_left, reason):
    point = _point(payments, left, all_left=all_left)
    assert (point.day, point.reason) == (None, reason)
    assert (reason in FOR_A_PERSON) == (reason != "not_yet")


@pytest.mark.parametrize(
    ("left", "all_left", "day", "reason"),
    [
        ("", False, None, "not_yet"),
        ("2.11", True, "2.11", "left"),
        ("31.10", False, None, "partly"),
        ("31.10 2.11", True, None, "several_months"),
    ],
)
def test_what_costs_nothing_is_as_if_nothing_was_paid(left, all_left, day, reason):
    """A coupon can pay for all of it."""
    left = [_day(text) for text in left.split()]
    for payments in ([], [_paid("30.10", "0.00")]):
        point = tax_point(Decimal(0), payments, left, all_left=all_left)
        assert (point.day, point.reason) == (day and _day(day), reason)


def test_its_parts_are_named():
    point = _point([_paid("31.10", "100.00")], "2.11")
    assert point.parts == ((_day("31.10"), "paid"), (_day("2.11"), "left"))


def test_all_paid_while_a_parcel_is_here():
    point = _point([_paid("30.10")], "31.10", all_left=False)
    assert (point.day, point.reason) == (_day("30.10"), "paid")


@pytest.mark.parametrize(
    ("left", "invoiced", "day", "reason"),
    [
        ("30.10", "30.10", "30.10", "invoiced"),
        ("30.10", "5.11", "5.11", "invoiced"),
        ("30.10", "14.11", "14.11", "invoiced"),
        ("30.10", "20.11", "15.11", "fifteenth"),
        ("1.10", "1.12", "15.11", "fifteenth"),
        # before they leave
        ("", "30.10", "30.10", "invoiced"),
        ("30.10 2.11", "3.11", "3.11", "invoiced"),
        ("30.10 2.11", "20.12", None, "several_months"),
        ("30.10", None, None, "invoiced"),
    ],
)
def test_to_a_company_in_the_union(left, invoiced, day, reason):
    """What is paid before counts for nothing."""
    point = _point(
        [_paid("1.9")], left, to_union=True, invoiced=invoiced and _day(invoiced)
    )
    assert (point.day, point.reason) == (day and _day(day), reason)


def test_the_fifteenth_of_the_next_year():
    left = [date(2026, 12, 31)]
    point = tax_point(
        TOTAL, [], left, all_left=True, to_union=True, invoiced=date(2027, 2, 1)
    )
    assert point.day == date(2027, 1, 15)
