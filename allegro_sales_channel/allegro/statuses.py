"""The statuses of an order, and what each of them means: the one table of it.

An order has two. The form's own is what buyer and Allegro make of it; the seller's is
that of its fulfilment. The seller's may follow each other in any order at Allegro; here
they are in the order in which people work. A word that is not in the table is one that
Allegro has invented since: nothing can be done from it, and nothing breaks on it.
"""

from dataclasses import dataclass

# The form's own

READY = "READY_FOR_PROCESSING"
CANCELLED = "CANCELLED"  # also one of the seller's
#: Every one that is known here.
OF_FORMS = ("BOUGHT", "FILLED_IN", READY, CANCELLED)

# The seller's

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


@dataclass(frozen=True)
class Meaning:
    """
    :ivar progress: how far an order is; what is farther is never set back by a wish
    :ivar steps: which steps can be taken from here
    :ivar has_left: the goods have left the house
    :ivar has_ended: the seller has nothing more to do
    """

    progress: int
    steps: frozenset[str] = frozenset()
    has_left: bool = False
    has_ended: bool = False


_IN_WORK_STEPS = frozenset({TRACKING, HAND_OVER})

MEANINGS = {
    # handed over at once: a warehouse that ships first and clicks later is no mistake
    NEW: Meaning(0, frozenset({START, TRACKING, HAND_OVER})),
    SUSPENDED: Meaning(0, frozenset({START})),
    PROCESSING: Meaning(1, _IN_WORK_STEPS),
    READY_FOR_SHIPMENT: Meaning(2, _IN_WORK_STEPS),
    READY_FOR_PICKUP: Meaning(2, _IN_WORK_STEPS),
    # a number is often known only later, and Allegro may be ahead of the warehouse:
    # then handing over is about the deliveries in Odoo alone
    SENT: Meaning(3, _IN_WORK_STEPS, has_left=True, has_ended=True),
    PICKED_UP: Meaning(4, frozenset({HAND_OVER}), has_left=True, has_ended=True),
    RETURNED: Meaning(5, has_left=True, has_ended=True),
    CANCELLED: Meaning(5, has_ended=True),
}


def _where(condition):
    return tuple(status for status, meaning in MEANINGS.items() if condition(meaning))


#: The seller works on the order.
IN_WORK = (PROCESSING, READY_FOR_SHIPMENT, READY_FOR_PICKUP)
#: With the buyer, or on the way to him: the order can be invoiced as delivered.
HANDED_OVER = (SENT, PICKED_UP)
LEFT_THE_HOUSE = _where(lambda meaning: meaning.has_left)
ENDED = _where(lambda meaning: meaning.has_ended)
#: From which statuses on an invoice is due, by the seller's choice.
INVOICE_AFTER = {
    "processing": (*IN_WORK, *HANDED_OVER),
    "handed_over": HANDED_OVER,
}


def possible_steps(status):
    """The steps that can be taken from a status; none from one that is not known."""
    meaning = MEANINGS.get(status)
    return meaning.steps if meaning else frozenset()


def next_step(status, has_parcel, is_delivered):
    """The one step that comes next, None when nothing is left to do.

    :param has_parcel: a tracking number was entered already
    :param is_delivered: nothing is left to be delivered
    """
    if status in (NEW, SUSPENDED):
        return START
    if status in IN_WORK:
        return HAND_OVER if has_parcel else TRACKING
    if status in HANDED_OVER and not is_delivered:
        return HAND_OVER
    return None


def is_reached(wanted, status):
    """Is there nothing left to tell, because Allegro is there already, or farther?

    Cancelling is wanted whatever was before; only Allegro's RETURNED is final. Than a
    word that is not known nothing is farther, and it is not farther than anything.
    """
    if wanted == status:
        return True
    if wanted == CANCELLED:
        return status == RETURNED
    if wanted not in MEANINGS or status not in MEANINGS:
        return False
    return MEANINGS[status].progress > MEANINGS[wanted].progress


def is_fulfilled(wanted, status):
    """Has come what was wanted? What is cancelled is not, though nothing is to tell."""
    if status == CANCELLED:
        return wanted == CANCELLED
    return is_reached(wanted, status)
