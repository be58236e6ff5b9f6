"""Art. 106i of the Polish VAT act, as a table."""

from datetime import date

import pytest

from allegro.document_deadline import correction_due, invoice_due


def _day(text):
    """Written as people do; of 2026 where no year is said."""
    day, month, year = [*map(int, text.split(".")), 2026][:3]
    return date(year, month, day)


def _days(text):
    return [_day(day) for day in text.split()]


@pytest.mark.parametrize(
    ("paid", "left", "day", "reason"),
    [
        ("", "", None, None),
        ("", "2.11", "15.12", "left"),
        ("", "30.11", "15.12", "left"),
        ("", "1.12", "15.1.2027", "left"),
        # paid before, in whole or in part
        ("31.10", "2.11", "15.11", "paid"),
        ("31.10", "", "15.11", "paid"),
        ("5.11 2.12", "9.11", "15.12", "left"),
        # two parcels: the first one's month
        ("", "2.12 30.11", "15.12", "left"),
    ],
)
def test_without_being_asked(paid, left, day, reason):
    due = invoice_due(_days(paid), _days(left))
    if day is None:
        assert due is None
    else:
        assert (due.day, due.reason) == (_day(day), reason)


@pytest.mark.parametrize(
    ("asked", "day", "reason"),
    [
        # before, and to the end of the month
        ("20.9", "15.11", "left"),
        ("10.10", "15.11", "left"),
        ("31.10", "15.11", "left"),
        # after it: 15 days
        ("1.11", "16.11", "asked"),
        ("20.12", "4.1.2027", "asked"),
        ("31.1.2027", "15.2.2027", "asked"),
        # three months after the month it is too late
        ("1.2.2027", None, None),
        ("1.10.2027", None, None),
    ],
)
def test_a_private_person_asks(asked, day, reason):
    due = invoice_due([], _days("10.10"), _day(asked))
    if day is None:
        assert due is None
    else:
        assert (due.day, due.reason) == (_day(day), reason)


def test_asked_when_one_part_is_of_this_month_and_one_of_an_earlier_one():
    due = invoice_due(_days("31.10"), _days("30.11"), _day("3.11"))
    assert due == (_day("18.11"), "asked", _day("3.11"))
    # too late for the first, not for the second
    due = invoice_due(_days("31.7"), _days("30.11"), _day("1.12"))
    assert due == (_day("16.12"), "asked", _day("1.12"))


def test_the_whole_year():
    for month in range(1, 13):
        after = date(2026 + month // 12, month % 12 + 1, 15)
        for day in (1, 28):
            assert invoice_due([date(2026, month, day)], []).day == after


def test_a_correction():
    assert correction_due(_day("31.12")).day == _day("15.1.2027")
