"""Until when a document has to be issued, by art. 106i of the Polish VAT act.

The 15th of the month after the one in which the goods left (1) or money came before
them (2). A private person gets one on request: whoever asks after that month gets it
within 15 days (6), and nobody has to be given one who asks more than three months after
it (art. 106b(3)). For corrections the act names no day.
"""

from datetime import date, timedelta
from typing import NamedTuple

from .tax_point import LEFT, PAID, fifteenth_of_next_month

ASKED = "asked"
CORRECTED = "corrected"
#: By art. 106b(3), counted from the end of the month.
_MONTHS_TO_ASK = 3
_TIME_AFTER_ASKING = timedelta(days=15)


class Due(NamedTuple):
    """``day``: the last one that is in time; ``since``: the day of what asks for it."""

    day: date
    reason: str
    since: date


def invoice_due(paid, left, asked=None):
    """Of several parts the one that is due first. All days are local dates.

    :param paid: the days on which money came before the goods left; none for goods
        sold without VAT to a company in the Union, where it counts for nothing
    :param left: the day of each parcel that left
    :param asked: the day on which a private person asked for the invoice; None where it
        is due without being asked for
    :return: :class:`Due`, or None where none is
    """
    parts = [(day, PAID) for day in paid] + [(day, LEFT) for day in left]
    dues = (_part_due(day, reason, asked) for day, reason in parts)
    return min(filter(None, dues), default=None)


def _part_due(day, reason, asked):
    months = asked and (asked.year - day.year) * 12 + asked.month - day.month
    if not months or months < 0:
        return Due(fifteenth_of_next_month(day), reason, day)
    if months <= _MONTHS_TO_ASK:
        return Due(asked + _TIME_AFTER_ASKING, ASKED, asked)
    return None


def correction_due(drafted):
    """Ours, so that none is forgotten: as for an invoice, from the day of the draft.

    The tax is lower only from when it is issued, art. 29a(13).
    """
    return Due(fifteenth_of_next_month(drafted), CORRECTED, drafted)
