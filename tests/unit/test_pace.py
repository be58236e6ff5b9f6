from collections import Counter
from datetime import datetime, timedelta

import pytest

from allegro.pace import FEWEST_DAYS, HISTORY, SHORTEST, Pace
from dev.watch_trial import SELLERS, trial

#: A Monday without a holiday near.
_NOW = datetime(2026, 9, 7, 12)


def _counts(a_day, days=HISTORY.days + 1):
    """So many orders each day, in turn in one of the hours of the day."""
    hours = range(8, 20)
    counts = Counter()
    for back in range(days):
        midnight = _NOW.replace(hour=0) - timedelta(days=back)
        for number in range(a_day):
            hour = midnight + timedelta(hours=hours[(back + number) % len(hours)])
            if hour <= _NOW:
                counts[hour] += 1
    return counts


def _silence(counts, **length):
    return Pace.learn(counts, _NOW).silence(_NOW, _NOW + timedelta(**length))


def test_as_many_orders_are_expected_as_usually_come():
    week = Pace.learn(_counts(24), _NOW).expected(_NOW, _NOW + timedelta(days=7))
    assert week == pytest.approx(7 * 24, rel=0.05)


def test_nights_and_weekends_count_for_what_they_bring():
    counts = _counts(24)
    for hour in list(counts):
        if hour.weekday() >= 5:
            del counts[hour]
    pace = Pace.learn(counts, _NOW)
    day, night = datetime(2026, 9, 8, 12), datetime(2026, 9, 8, 2)
    saturday, hour = datetime(2026, 9, 12, 12), timedelta(hours=1)
    busy = pace.expected(day, day + hour)
    for quiet in (night, saturday):
        assert busy > 10 * pace.expected(quiet, quiet + hour)


def test_a_holiday_is_quieter_than_a_sunday():
    pace = Pace.learn(_counts(24), _NOW)
    sunday, holiday = datetime(2026, 9, 13), datetime(2026, 11, 11)
    day = timedelta(days=1)
    quiet = pace.expected(holiday, holiday + day)
    assert 0 < quiet < pace.expected(sunday, sunday + day) / 2


@pytest.mark.parametrize(("a_day", "hours"), [(2, 120), (40, 12), (1500, 1)])
def test_the_more_orders_the_sooner(a_day, hours):
    counts = _counts(a_day)
    assert _silence(counts, hours=hours).is_unusual
    assert not _silence(counts, hours=hours / 6).is_unusual


def test_the_limit_grows_with_the_number_of_chances_only_slowly():
    limits = [Pace.learn(_counts(a_day), _NOW).limit for a_day in (2, 40, 1500)]
    assert limits == sorted(limits)
    assert 5 < limits[0] < 8
    assert 13 < limits[-1] < 17


def test_the_import_may_take_a_break():
    counts = _counts(100_000)
    almost = SHORTEST.total_seconds() - 1
    assert not _silence(counts, seconds=almost).is_unusual
    assert _silence(counts, seconds=almost + 1).is_unusual


def test_trade_that_gets_slower_is_expected_to_be_slow():
    counts = _counts(40)
    usual = _silence(counts, hours=4).expected
    for hour in counts:
        if hour > _NOW - timedelta(days=10):
            counts[hour] = counts[hour] // 3
    assert _silence(counts, hours=4).expected < usual * 0.75


@pytest.mark.parametrize(
    "counts",
    [{}, _counts(40, days=FEWEST_DAYS), Counter({_NOW - timedelta(days=50): 3})],
    ids=["nothing", "few days", "few orders"],
)
def test_a_pace_that_nobody_knows(counts):
    assert Pace.learn(counts, _NOW) is None


@pytest.mark.parametrize("seller", SELLERS)
def test_a_season_of_trade(seller):
    """A short form of ``python3 -m dev bench watch``."""
    result = trial(SELLERS[seller], seed=1, outages=6)
    assert [outage for outage in result.outages if outage.found_after is None] == []
    assert max(result.false_alarms) <= 1
