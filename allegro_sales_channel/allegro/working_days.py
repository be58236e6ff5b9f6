"""Poland's working days: those on which its national bank publishes exchange rates."""

from datetime import date, timedelta

#: Holidays of every year, (month, day).
_FIXED = frozenset(
    [(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)]
)
_CHRISTMAS_EVE, _CHRISTMAS_EVE_SINCE = (12, 24), 2025
#: Easter and its Monday, Pentecost, Corpus Christi, in days from Easter.
_FROM_EASTER = (0, 1, 49, 60)
_SATURDAY = 5


def is_working_day(day):
    """Source: the act of 18 January 1951 on days free from work, as amended."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def is_holiday(day):
    """Is it a day free from work by the same act, whatever the day of the week?"""
    of_year = (day.month, day.day)
    if of_year in _FIXED:
        return True
    if of_year == _CHRISTMAS_EVE and day.year >= _CHRISTMAS_EVE_SINCE:
        return True
    return (day - easter(day.year)).days in _FROM_EASTER


def last_working_day_before(day):
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def easter(year):
    """Easter Sunday of a year, by the anonymous Gregorian algorithm (Butcher, 1876)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarters, left = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * quarters - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
