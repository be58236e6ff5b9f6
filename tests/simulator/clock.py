"""The simulator's time: the real one, moved forward on request."""

from datetime import datetime, timedelta, timezone


class Clock:
    """
    :param source: what gives the real time; tests may put a standing clock here
    """

    def __init__(self, source=lambda: datetime.now(timezone.utc)):
        self._source = source
        self._ahead = timedelta(0)

    def now(self):
        return self._source() + self._ahead

    def advance(self, seconds):
        if seconds < 0:
            raise ValueError("time only goes forward")
        self._ahead += timedelta(seconds=seconds)

    def reset(self):
        self._ahead = timedelta(0)


def wire_time(moment):
    """As Allegro writes it: UTC, milliseconds, ``Z``; sorts as text."""
    utc = moment.astimezone(timezone.utc)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire_second(moment):
    """Whole seconds, as in a parcel's ``createdAt``."""
    utc = moment.astimezone(timezone.utc)
    return utc.isoformat(timespec="seconds").replace("+00:00", "Z")


def parse_time(text):
    """
    :raises ValueError: when it is not ISO 8601
    """
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
