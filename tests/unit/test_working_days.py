from datetime import date, timedelta

import pytest

from allegro.working_days import easter, is_working_day, last_working_day_before


@pytest.mark.parametrize(
    "day",
    [
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2038-04-25",
    ],
)
def test_easter(day):
    assert easter(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize("year", range(2000, 2100))
def test_easter_is_a_sunday_of_spring(year):
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_the_holidays_of_a_year():
    """Those of 2026 that are no weekend's."""
    first = date(2026, 1, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    free = [day for day in days if day.weekday() < 5 and not is_working_day(day)]
    assert [day.isoformat()[5:] for day in free] == [
        "01-01",
        "01-06",
        "04-06",
        "05-01",
        "06-04",
        "11-11",
        "12-24",
        "12-25",
    ]


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-11-25", "2026-11-24"),
        # weekends
        ("2026-11-23", "2026-11-20"),
        ("2026-11-22", "2026-11-20"),
        ("2026-11-21", "2026-11-20"),
        # a holiday, and the day after it
        ("2026-11-11", "2026-11-10"),
        ("2026-11-12", "2026-11-10"),
        # Easter, Corpus Christi
        ("2026-04-07", "2026-04-03"),
        ("2026-06-05", "2026-06-03"),
        # 1 May is a Friday, 3 May a Sunday
        ("2026-05-04", "2026-04-30"),
        # Christmas Eve is free since 2025
        ("2024-12-27", "2024-12-24"),
        ("2025-12-29", "2025-12-23"),
        # across the year
        ("2026-01-02", "2025-12-31"),
        ("2026-01-07", "2026-01-05"),
    ],
)
def test_the_last_working_day(day, before):
    found = last_working_day_before(date.fromisoformat(day))
    assert found.isoformat() == before
