"""When the orders of a seller come: nights, weekends, holidays, season, chance.

Shape of the day and of the week as Polish internet shops have them: little between two
and five, most before noon and in the evening, Saturdays weak.
"""

import math
from datetime import date, datetime, time, timedelta

_HOURS = (
    [0.35, 0.18, 0.1, 0.08, 0.08, 0.12, 0.3, 0.6, 0.95, 1.25, 1.4, 1.45]
    + [1.45, 1.4, 1.35, 1.3, 1.2, 1.2, 1.3, 1.5, 1.75, 1.75, 1.35, 0.8]
)  # fmt: skip
_WEEKDAYS = (1.2, 1.12, 1.08, 1.04, 0.98, 0.7, 0.88)
#: Those of the months in which this trade is looked at.
HOLIDAYS = frozenset(
    [
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 1, 1),
        date(2027, 1, 6),
    ]
)
_OF_HOLIDAY = 0.3
#: (from, factor): the weeks before Christmas, the days after it, January.
_SEASON = (
    (date(2026, 11, 23), 1.3),
    (date(2026, 12, 1), 1.2),
    (date(2026, 12, 8), 1.4),
    (date(2026, 12, 21), 0.9),
    (date(2026, 12, 27), 0.6),
    (date(2027, 1, 2), 0.85),
)
#: Days that ought to be alike differ by so much (standard deviation).
_SPREAD = 0.15


def order_times(chance, a_day, first, days):
    """
    :param chance: ``random.Random``
    :param a_day: orders on an average day
    :param first: date
    :param days: how many
    :return: sorted list of naive datetimes in the seller's time
    """
    times = []
    shape = _SPREAD**-2
    for number in range(days):
        begin = datetime.combine(first + timedelta(days=number), time())
        factor = chance.gammavariate(shape, 1 / shape)
        for hour in (begin + timedelta(hours=hour) for hour in range(24)):
            times += [
                hour + timedelta(hours=1) * chance.random()
                for _order in range(_poisson(chance, rate(a_day, hour) * factor))
            ]
    return sorted(times)


def rate(a_day, moment):
    """Orders an hour that are to be expected at a moment.

    :param a_day: on an average day
    :param moment: naive datetime in the seller's time
    """
    return a_day * _of_day(moment.date()) * _HOURS[moment.hour] / sum(_HOURS)


def _of_day(day):
    factor = _WEEKDAYS[day.weekday()]
    if day in HOLIDAYS:
        factor *= _OF_HOLIDAY
    for since, of_season in reversed(_SEASON):
        if day >= since:
            return factor * of_season
    return factor


def _poisson(chance, mean):
    """How many of something of which ``mean`` are expected (Knuth)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
