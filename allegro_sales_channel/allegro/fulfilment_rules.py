"""What can be done with an order now, and how a tracking number tells its carrier.

The seller's statuses may follow each other in any order at Allegro; this is the order
in which people work.
"""

import re
from datetime import timedelta

from .rules import CANCELLED
from .shipments import LONGEST_WAYBILL

NEW = "NEW"
PROCESSING = "PROCESSING"
READY_FOR_SHIPMENT = "READY_FOR_SHIPMENT"
READY_FOR_PICKUP = "READY_FOR_PICKUP"
SENT = "SENT"
PICKED_UP = "PICKED_UP"
SUSPENDED = "SUSPENDED"
RETURNED = "RETURNED"

# The seller's three steps
START = "start"
TRACKING = "tracking"
HAND_OVER = "hand_over"
#: What comes before the next step when Allegro refused a tracking number.
CORRECT = "correct"

_IN_WORK = (PROCESSING, READY_FOR_SHIPMENT, READY_FOR_PICKUP)
#: Which steps can be taken from each status. ``NEW`` may be handed over at once:
#: a warehouse that ships first and clicks later is no mistake.
_STEPS = {
    NEW: {START, TRACKING, HAND_OVER},
    SUSPENDED: {START},
    **dict.fromkeys(_IN_WORK, {TRACKING, HAND_OVER}),
    # A number is often known only later, and Allegro may be ahead of the warehouse:
    # then handing over is about the deliveries in Odoo alone.
    SENT: {TRACKING, HAND_OVER},
    PICKED_UP: {HAND_OVER},
    CANCELLED: set(),
    RETURNED: set(),
}
#: How far an order is. What is farther is never set back by a wish.
_PROGRESS = {
    NEW: 0,
    SUSPENDED: 0,
    PROCESSING: 1,
    READY_FOR_SHIPMENT: 2,
    READY_FOR_PICKUP: 2,
    SENT: 3,
    PICKED_UP: 4,
    RETURNED: 5,
    CANCELLED: 5,
}

#: On these marketplaces a buyer may cancel whatever the seller has done (issue 13597).
_QUICK_CANCELLATION = {"allegro-cz", "allegro-sk", "allegro-hu", "allegro-business-cz"}
QUICK_CANCELLATION_TIME = timedelta(minutes=5)


def possible_steps(status):
    """The steps that can be taken from a status; none from one that is not known."""
    return _STEPS.get(status, set())


def next_step(status, has_parcel, is_delivered):
    """The one step that comes next, None when nothing is left to do.

    :param has_parcel: a tracking number was entered already
    :param is_delivered: nothing is left to be delivered
    """
    if status in (NEW, SUSPENDED):
        return START
    if status in _IN_WORK:
        return HAND_OVER if has_parcel else TRACKING
    if status in (SENT, PICKED_UP) and not is_delivered:
        return HAND_OVER
    return None


def is_reached(wanted, status):
    """Is there nothing left to tell, because Allegro is there already, or farther?

    Cancelling is wanted whatever was before; only Allegro's RETURNED is final.
    """
    if wanted == status:
        return True
    if wanted == CANCELLED:
        return status == RETURNED
    return _PROGRESS.get(status, 0) > _PROGRESS[wanted]


def cancellable_until(marketplace, bought_at):
    """Until when the buyer may cancel whatever the seller does; None when never.

    :param bought_at: the moment of purchase, aware or naive: so is the answer
    """
    if marketplace not in _QUICK_CANCELLATION:
        return None
    return bought_at + QUICK_CANCELLATION_TIME


# Tracking numbers

_BETWEEN_NUMBERS = re.compile(r"[,;\r\n]+")
_NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]")

TOO_LONG = "too_long"
CHARACTERS = "characters"


def split_waybills(text):
    """The tracking numbers of a text: one a line, or with commas between them.

    Blanks within a number are how people group its digits, and not part of it.
    """
    parts = (re.sub(r"\s+", "", part) for part in _BETWEEN_NUMBERS.split(text or ""))
    return [part for part in parts if part]


def waybill_problem(waybill):
    """:data:`TOO_LONG`, :data:`CHARACTERS`, or None when it may be a number."""
    if len(waybill) > LONGEST_WAYBILL:
        return TOO_LONG
    return CHARACTERS if _NOT_PRINTABLE.search(waybill) else None


#: Numbers that belong to one carrier only. The plain 10 to 15 digits of GLS, DHL,
#: FedEx or ORLEN tell nothing, so they are not here.
_FORMS = (
    ("INPOST", re.compile(r"[5-6]\d{23}")),
    ("DPD", re.compile(r"\d{13}[A-Z]")),
    ("UPS", re.compile(r"1Z[0-9A-Z]{16}")),
    ("DHL", re.compile(r"JJD\d{12,22}|JD\d{18}")),
    ("POCZTA_POLSKA", re.compile(r"[A-Z]{2}\d{9}PL|00\d5900773\d{10}")),
    ("PACKETA", re.compile(r"Z\d{10}")),
    ("YUN_EXPRESS", re.compile(r"YT\d{16}")),
)


def carrier_of_waybill(waybill):
    """The code of the one carrier whose numbers look so, None when none or several."""
    number = waybill.upper()
    return next((code for code, form in _FORMS if form.fullmatch(number)), None)


#: Words in the name of a delivery method, the more telling ones first: "One Box, DPD".
_NAMES = (
    ("INPOST", ("inpost", "paczkomat")),
    ("DPD", ("dpd",)),
    ("ORLEN", ("orlen",)),
    ("DHL", ("dhl",)),
    ("UPS", ("ups",)),
    ("GLS", ("gls",)),
    ("FEDEX", ("fedex",)),
    ("PACKETA", ("packeta", "zásilkovna", "zasilkovna")),
    ("POCZTA_POLSKA", ("poczta polska", "pocztex")),
)


def carrier_of_method(name):
    """The code of the carrier that a delivery method names, None when it names none."""
    words = (name or "").lower()
    for code, names in _NAMES:
        if any(re.search(rf"\b{re.escape(word)}", words) for word in names):
            return code
    return None
