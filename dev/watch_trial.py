"""The watch against sellers' trade with outages put in: what it finds, and when.

The usual gap is the longest pause that the seller's orders make in an ordinary week
(the median of the weeks before). Where trade is slower than it ever is in such a week,
on holidays and after Christmas, it is the time in which as many orders are to be
expected as in that longest pause. Each outage lasts more than twice as long.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from allegro import pace
from tests.simulator.trade import order_times, rate

#: Orders a day.
SELLERS = {"small": 2, "middle": 40, "large": 1500}
OUTAGES = 20
DAYS = 90
#: How often the scheduled action looks.
STEP = timedelta(minutes=15)
_FIRST = date(2026, 9, 7)
_DAY = timedelta(days=1)
#: With Advent, Christmas and Three Kings in it.
_BEGIN = datetime.combine(_FIRST, time()) + pace.HISTORY
#: Outages are given at most this part of the time.
_SHARE = 0.4
#: In usual gaps.
_SHORTEST, _LONGEST = 2.05, 4


@dataclass
class Outage:
    """Nothing comes from ``begin`` to ``end``.

    :ivar is_late: the orders come when it is over, else there are none
    :ivar found_after: ``timedelta``, None when it was not found before its end
    """

    begin: datetime
    end: datetime
    is_late: bool
    found_after: timedelta | None = None


@dataclass
class Result:
    """
    :ivar gap: the usual one of an ordinary week
    :ivar outages: list of :class:`Outage`
    :ivar false_alarms: how many in each stretch of :data:`DAYS` days
    """

    gap: timedelta
    outages: list[Outage] = field(default_factory=list)
    false_alarms: list[int] = field(default_factory=list)


def trial(a_day, seed, outages=OUTAGES):
    """Let a seller trade without an outage, then with some, until there were enough.

    :param a_day: orders
    :param seed: of chance
    :param outages: how many to put in; no more of them at once than leave the seller
        most of the time to trade
    :return: :class:`Result`
    """
    chance = random.Random(seed)
    times = order_times(chance, a_day, _FIRST, pace.HISTORY.days + DAYS)
    before = [moment for moment in times if moment < _BEGIN]
    result = Result(_usual(before, lambda begin, end: end - begin))
    in_orders = _usual(before, lambda begin, end: _expected(a_day, begin, end))
    result.false_alarms.append(_watch(times, []))
    while len(result.outages) < outages:
        put_in = _some_outages(
            chance, a_day, result.gap, in_orders, outages - len(result.outages)
        )
        result.false_alarms.append(_watch(times, put_in))
        result.outages += put_in
        times = order_times(chance, a_day, _FIRST, pace.HISTORY.days + DAYS)
    return result


def _usual(times, size):
    """The longest pause in an ordinary week, the median of the weeks.

    :param times: sorted list of when orders were bought
    :param size: function of a pause's begin and end
    """
    longest = {}
    for before, after in zip(times, times[1:], strict=False):
        longest.setdefault(before.isocalendar()[:2], []).append(size(before, after))
    return sorted(map(max, longest.values()))[len(longest) // 2]


def _expected(a_day, begin, end):
    """How many orders are to be expected in a span of time."""
    total, at = 0.0, begin
    while at < end:
        hour = at.replace(minute=0, second=0, microsecond=0)
        following = min(hour + timedelta(hours=1), end)
        total += rate(a_day, at) * ((following - at) / timedelta(hours=1))
        at = following
    return total


def _some_outages(chance, a_day, gap, in_orders, most):
    """A few outages at moments of chance, one after the other.

    :param gap: the usual one, ``timedelta``
    :param in_orders: how many are to be expected in it
    :param most: how many outages
    """
    outages, given = [], timedelta()
    while len(outages) < most and given < DAYS * _DAY * _SHARE:
        begin = _BEGIN + DAYS * _DAY * chance.random()
        times = chance.uniform(_SHORTEST, _LONGEST)
        end = begin + gap * times
        while _expected(a_day, begin, end) < in_orders * times:
            end += STEP
        free = all(end + gap < o.begin or o.end + gap < begin for o in outages)
        if free and end < _BEGIN + DAYS * _DAY:
            outages.append(Outage(begin, end, is_late=chance.random() < 0.5))
            given += end - begin
    return outages


def _arrivals(times, outages):
    """Sorted list of (when an order is here, when it was bought)."""
    arrivals = []
    for moment in times:
        hit = next((o for o in outages if o.begin <= moment < o.end), None)
        if not hit:
            arrivals.append((moment, moment))
        elif hit.is_late:
            arrivals.append((hit.end, moment))
    return sorted(arrivals)


def _watch(times, outages):
    """Look every :data:`STEP`; notes in the outages when they were found.

    :return: number of false alarms
    """
    arrivals = iter([*_arrivals(times, outages), (datetime.max, None)])
    here_at, bought_at = next(arrivals)
    watch, is_on, false_alarms = _Watch(), False, 0
    now, end = _BEGIN, _BEGIN + DAYS * _DAY
    while now < end:
        while here_at <= now:
            watch.order(bought_at)
            here_at, bought_at = next(arrivals)
        was_on, is_on = is_on, watch.is_alarming(now)
        current = next((o for o in outages if o.begin <= now < o.end), None)
        if is_on and current and current.found_after is None:
            current.found_after = now - current.begin
        elif is_on and not was_on:
            # one that is raised after an outage, for what did not come in it, is true
            false_alarms += not any(watch.last < o.end <= now for o in outages)
        now += STEP
    return false_alarms


class _Watch:
    """What the watch knows of a seller."""

    def __init__(self):
        self.last = None
        self._counts = Counter()
        self._pace = None

    def order(self, bought_at):
        """An order has come in."""
        self._counts[bought_at.replace(minute=0, second=0, microsecond=0)] += 1
        self.last = max(self.last or bought_at, bought_at)
        self._pace = None

    def is_alarming(self, now):
        if now - self.last < pace.SHORTEST:
            return False
        if not self._pace:
            oldest = self.last - pace.HISTORY - _DAY
            for hour in [hour for hour in self._counts if hour < oldest]:
                del self._counts[hour]
            self._pace = pace.Pace.learn(self._counts, self.last)
        return self._pace.silence(self.last, now).is_unusual
