"""How long to wait before what failed is tried again: soon at first, then rarely."""

from datetime import timedelta

_SHORTEST = timedelta(minutes=1)
#: So that what is over is seen within the day at the latest.
_LONGEST = timedelta(hours=12)


def growing(failures, longest=_LONGEST):
    """1, 2, 4, 8... minutes.

    :param failures: how often it failed before this time
    :return: ``timedelta``
    """
    return min(_SHORTEST * 2 ** min(failures, 20), longest)


def as_long_again(since, now):
    """As long as it has lasted already, which makes the pauses grow alike.

    :param since: when it began, naive or aware as ``now`` is
    :return: ``timedelta``
    """
    return min(max(now - since, _SHORTEST), _LONGEST)
