"""Tell Allegro what is wanted for one order: ask first, then send what is missing.

No call is ever repeated blindly. Whether an answer was lost, a worker died, or the
seller did it in Allegro's panel: what Allegro has already is seen by asking and not
sent again. Allegro allows 100 status changes for an order, ever, and adds a tracking
number as often as it is sent.
"""

from dataclasses import dataclass, field

from . import statuses
from .errors import (
    REFUSALS,
    AllegroConflictError,
    AllegroDataError,
    AllegroError,
    AllegroNotFoundError,
    WriteHeldError,
)
from .form_state import FormState
from .shipments import OTHER, Shipment
from .writers import STATUS


@dataclass(frozen=True)
class WantedParcel:
    """``key`` names it to the caller; ``carrier_name`` is for ``OTHER`` only.

    ``about``: as for ``AllegroClient.about``.
    """

    key: int
    carrier_id: str
    waybill: str
    carrier_name: str | None = None
    line_ids: tuple[str, ...] = ()
    about: object = None


@dataclass(frozen=True)
class Wish:
    """What Allegro shall be told for one order.

    :param status: None when only parcels are wanted
    :param known_status: the last status of the order that was understood: it counts
        when Allegro names none, or an unknown one
    :param read_shipments: also tell which numbers Allegro has
    :param about: the status, as for ``AllegroClient.about``
    """

    key: int
    checkout_form_id: str
    status: str | None = None
    parcels: tuple[WantedParcel, ...] = ()
    read_shipments: bool = False
    known_status: str | None = None
    about: object = None


@dataclass
class Outcome:
    """What came of a wish.

    ``state`` is where the order stood before anything was sent, None when it could not
    be read. ``status`` is what Allegro has confirmed, None when nothing. ``refusal`` is
    Allegro's final no, ``trouble`` what may be gone next time: that the order is not
    there, too, for it was. ``parcels`` maps the
    wanted parcels' keys to a ``Shipment`` or to the error of the refusal; a parcel that
    is not in it waits for next time. ``shadowed`` has the parcels' keys, and ``status``
    for the status, that would have been sent. ``shipments`` is what Allegro had, None
    when it was not asked.
    """

    wish: Wish
    state: FormState | None = None
    status: str | None = None
    buyer_cancelled: bool = False
    refusal: AllegroError | None = None
    trouble: AllegroError | None = None
    parcels: dict[int, Shipment | AllegroError] = field(default_factory=dict)
    shadowed: set = field(default_factory=set)
    shipments: list[Shipment] | None = None


def fulfil(client, wish):
    """Bring one order to where it is wanted, as far as Allegro lets us.

    :param client: :class:`AllegroClient`
    :param wish: :class:`Wish`
    :return: :class:`Outcome`; no ``AllegroError`` is raised
    """
    outcome = Outcome(wish)
    try:
        _fulfil(client, wish, outcome)
    except AllegroNotFoundError as error:
        outcome.trouble = error
    except REFUSALS as error:
        outcome.refusal = error
    except AllegroError as error:
        outcome.trouble = error
    return outcome


def _fulfil(client, wish, outcome):
    _read(client, outcome)
    if outcome.buyer_cancelled:
        return
    goes_last = wish.status == statuses.SENT
    if not goes_last:
        _set_status(client, outcome)
    if outcome.buyer_cancelled:
        return
    if wish.parcels or wish.read_shipments:
        _add_parcels(client, outcome)
    if goes_last:
        if wish.parcels:
            # some sellers let Allegro set SENT by itself when a number is added
            _read(client, outcome)
        _set_status(client, outcome)


def _read(client, outcome):
    """Look where the order stands; the rest of its form need not be readable."""
    fetched = client.checkout_form(outcome.wish.checkout_form_id)
    if not fetched.state:
        raise fetched.error
    outcome.state = fetched.state
    outcome.buyer_cancelled = fetched.state.status == statuses.CANCELLED


def _set_status(client, outcome):
    wanted = outcome.wish.status
    for is_last_try in (False, True):
        now = _status_now(outcome)
        if outcome.buyer_cancelled:
            return
        if not wanted or statuses.is_reached(wanted, now):
            outcome.status = now
            return
        try:
            client.about(outcome.wish.about).set_fulfillment_status(
                outcome.wish.checkout_form_id, wanted, outcome.state.revision
            )
        except WriteHeldError as held:
            if held.is_shadow:
                outcome.shadowed.add(STATUS)
            return
        except AllegroConflictError as error:
            if is_last_try:
                outcome.trouble = error
                return
            # the buyer changed something since it was read: look, and decide again
            _read(client, outcome)
        else:
            outcome.status = wanted
            return


def _status_now(outcome):
    told = outcome.state.fulfillment_status
    return told if told in statuses.MEANINGS else outcome.wish.known_status


def _add_parcels(client, outcome):
    known = _read_shipments(client, outcome)
    for parcel in outcome.wish.parcels:
        there = known.get(parcel.waybill.upper())
        if there:
            outcome.parcels[parcel.key] = there
        else:
            _add_parcel(client, outcome, parcel)


def _add_parcel(client, outcome, parcel):
    try:
        outcome.parcels[parcel.key] = client.about(parcel.about).add_shipment(
            outcome.wish.checkout_form_id,
            parcel.carrier_id,
            parcel.waybill,
            parcel.carrier_name if parcel.carrier_id == OTHER else None,
            parcel.line_ids,
        )
    except WriteHeldError as held:
        if held.is_shadow:
            outcome.shadowed.add(parcel.key)
    except AllegroDataError:
        # it was added, though the answer is unreadable: asking again will tell
        return
    except AllegroNotFoundError:
        raise  # the order is not there, which says nothing about the number
    except AllegroConflictError as error:
        # somebody was faster with this very number, or it is on too many orders
        known = _read_shipments(client, outcome)
        outcome.parcels[parcel.key] = known.get(parcel.waybill.upper(), error)
    except REFUSALS as error:
        outcome.parcels[parcel.key] = error


def _read_shipments(client, outcome):
    """The numbers that the order has at Allegro: dict of ``Shipment`` by waybill."""
    outcome.shipments = client.shipments(outcome.wish.checkout_form_id)
    return {shipment.waybill.upper(): shipment for shipment in outcome.shipments}
