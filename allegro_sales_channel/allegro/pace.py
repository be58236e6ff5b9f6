"""An account's own pace: how many orders it usually gets, hour by hour of the week.

Have orders stopped coming, or is it just a quiet night? Buyers come independently of
each other, so orders come like a Poisson process whose rate goes up and down with the
hour and the weekday. When ``m`` of them are expected in a span of time, the probability
that none comes is ``exp(-m)``. The rate itself is known only roughly: of days that
ought to be alike some are better than others. When it is spread by a gamma distribution
of shape ``k`` around what is expected, the probability becomes::

    p(m) = (1 + m / k) ** -k

Each order begins a silence, which ends with the next one. So in 90 days there are as
many chances of a false alarm as there are orders, ``n``, and with an alarm whenever
``p(m) < a / n`` there are ``a`` false ones on average: the alarm is due as soon as ::

    m > k * ((n / a) ** (1 / k) - 1)

orders were expected since the last one. For 2 orders a day that is 6 orders, about
three days; for 1,500 a day it is 14 to 15, some ten minutes at noon and hours at night.

The rate of each hour of the week is learnt from the weeks before the last order, never
from the silence itself. A large seller's 168 hours speak for themselves; a small one's
hold an order or none each, so each hour is drawn towards what the hour of the day and
the weekday, each on its own, make likely, as though some orders had come so.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from .working_days import is_holiday

#: What is learnt from.
HISTORY = timedelta(weeks=8)
#: With less than this nobody knows a pace.
FEWEST_DAYS = 14
FEWEST_ORDERS = 10
#: Less than that is no silence whatever the pace: the import itself takes breaks.
SHORTEST = timedelta(minutes=15)

#: ``a``, the false alarms in so many days, on average, if all else were as described.
#: It is less, because doubt about the rate is always taken for a slower one.
_FALSE_ALARMS = 0.5
_FALSE_ALARM_DAYS = 90
#: ``k``: a rate is known to one part in the root of this, 14 %.
_SHAPE = 50
#: As many orders, which never came, speak for each hour's being like all others, ...
_FOR_HOUR = 1
#: ... for each weekday's being like all others, ...
_FOR_WEEKDAY = 3
#: ... for each hour of the week's being what hour and weekday make likely, ...
_FOR_CELL = 4
#: ... and for the last days' being like those before.
_FOR_RECENT = 60
#: Trade that gets slower, for a day or for weeks, is no outage.
_RECENT = (timedelta(days=1), timedelta(days=14))
#: A holiday is like a quiet Sunday, or quieter.
_OF_SUNDAY = 0.25
_SUNDAY = 6
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Silence:
    """No order since the last one.

    :ivar since: when that was bought
    :ivar expected: how many usually come in such a time
    :ivar limit: how many may be expected before the silence is more than chance
    :ivar length: ``timedelta``
    """

    since: datetime
    expected: float
    limit: float
    length: timedelta

    @property
    def is_unusual(self):
        return self.length >= SHORTEST and self.expected > self.limit


class Pace:
    """The rate of orders of each hour of the week.

    :param rates: orders an hour, by weekday (Monday is 0) and hour
    """

    def __init__(self, rates):
        self._rates = rates

    @classmethod
    def learn(cls, counts, until):
        """
        :param counts: dict of the number of orders by the hour in which they were
            bought, of :data:`HISTORY` before ``until``; naive, in the seller's time
        :param until: when the last order was bought, likewise
        :return: None when there is too little to learn from
        """
        days = _ordinary_days(counts, until)
        if len(days) < FEWEST_DAYS:
            return None
        cells = Counter()
        for hour, count in counts.items():
            if hour.date() in days:
                cells[hour.weekday(), hour.hour] += count
        if cells.total() < FEWEST_ORDERS:
            return None
        pace = cls(_smooth(cells, Counter(day.weekday() for day in days)))
        slower = min(pace._compared(counts, until, span) for span in _RECENT)
        return cls({cell: rate * slower for cell, rate in pace._rates.items()})

    def silence(self, last, now):
        """
        :param last: when the last order was bought, in the seller's time
        :return: :class:`Silence`
        """
        return Silence(last, self.expected(last, now), self.limit, now - last)

    @property
    def limit(self):
        """Orders that may be expected in vain before it is more than chance."""
        a_day = sum(self._rates.values()) / 7
        chances = max(a_day * _FALSE_ALARM_DAYS, 1)
        return _SHAPE * ((chances / _FALSE_ALARMS) ** (1 / _SHAPE) - 1)

    def expected(self, begin, end):
        """How many orders usually come in a span of time."""
        total, at = 0.0, begin
        while at < end:
            following = min(_hour_of(at) + _HOUR, end)
            total += self._rate(at) * ((following - at) / _HOUR)
            at = following
        return total

    def _rate(self, moment):
        rate = self._rates[moment.weekday(), moment.hour]
        if is_holiday(moment.date()):
            rate = min(rate, self._rates[_SUNDAY, moment.hour]) * _OF_SUNDAY
        return rate

    def _compared(self, counts, until, span):
        """The last days against what was to be expected of them, 1 at the most."""
        begin = _hour_of(until - span)
        came = sum(count for hour, count in counts.items() if begin <= hour <= until)
        expected = self.expected(begin, until)
        return min((came + _FOR_RECENT) / (expected + _FOR_RECENT), 1)


def _hour_of(moment):
    return moment.replace(minute=0, second=0, microsecond=0)


def _ordinary_days(counts, until):
    """Set of the whole days that tell what is usual."""
    today = until.date()
    first = min(counts, default=until).date()
    number = min((today - first).days, HISTORY.days + 1)
    days = (today - timedelta(days=back) for back in range(1, number))
    return {day for day in days if not is_holiday(day)}


def _smooth(cells, weekdays):
    """Orders an hour, by (weekday, hour).

    :param cells: orders that came, by the same
    :param weekdays: how many days of each weekday they came in
    """
    total = cells.total()
    a_day = total / weekdays.total()
    of_hour, of_weekday = Counter(), Counter()
    for (weekday, hour), count in cells.items():
        of_hour[hour] += count
        of_weekday[weekday] += count
    rates = {}
    for weekday in range(7):
        days = weekdays[weekday]
        factor = (of_weekday[weekday] + _FOR_WEEKDAY) / (days * a_day + _FOR_WEEKDAY)
        for hour in range(24):
            share = (of_hour[hour] + _FOR_HOUR) / (total + 24 * _FOR_HOUR)
            likely = a_day * factor * share
            came = cells[weekday, hour]
            rates[weekday, hour] = (came + _FOR_CELL) / (days + _FOR_CELL / likely)
    return rates
