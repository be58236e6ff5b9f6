"""Tell Allegro what is wanted for one order: ask first, then send what is missing.

No call is ever repeated blindly. Whether an answer was lost, a worker died, or the
seller did it in Allegro's panel: what Allegro has already is seen by asking and not
sent again. Allegro allows 100 status changes for an order, ever, and adds a tracking
number as often as it is sent.
"""

from dataclasses import dataclass, field

from . import fulfilment_rules, rules
from .checkout_form import CheckoutForm
from .errors import (
    AllegroConflictError,
    AllegroDataError,
    AllegroError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)
from .shipments import OTHER, Shipment

#: Allegro's final word: the same call later would end the same way.
REFUSALS = (
    AllegroConflictError,
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)


@dataclass(frozen=True)
class WantedParcel:
    """``key`` names it to the caller; ``carrier_name`` is for ``OTHER`` only."""

    key: int
    carrier_id: str
    waybill: str
    carrier_name: str | None = None
    line_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What Allegro shall be told for one order.

    :param status: None when only parcels are wanted
    :param read_shipments: also tell which numbers Allegro has
    """

    key: int
    checkout_form_id: str
    status: str | None = None
    parcels: tuple[WantedParcel, ...] = ()
    read_shipments: bool = False


@dataclass
class Outcome:
    """What came of a wish.

    ``form`` is the order as read before anything was sent, None when it could not be
    read. ``status`` is what Allegro has confirmed, None when nothing. ``refusal`` is
    Allegro's final no, ``trouble`` what may be gone next time. ``parcels`` maps the
    wanted parcels' keys to a ``Shipment`` or to the error of the refusal; a parcel that
    is not in it waits for next time. ``shipments`` is what Allegro had, None when it
    was not asked.
    """

    wish: Wish
    form: CheckoutForm | None = None
    status: str | None = None
    buyer_cancelled: bool = False
    refusal: AllegroError | None = None
    trouble: AllegroError | None = None
    parcels: dict[int, Shipment | AllegroError] = field(default_factory=dict)
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
    except REFUSALS as error:
        outcome.refusal = error
    except AllegroError as error:
        outcome.trouble = error
    return outcome


def _fulfil(client, wish, outcome):
    _read(client, outcome)
    if outcome.form.status == rules.CANCELLED:
        outcome.buyer_cancelled = True
        return
    goes_last = wish.status == fulfilment_rules.SENT
    if not goes_last:
        _set_status(client, outcome)
    if wish.parcels or wish.read_shipments:
        _add_parcels(client, outcome)
    if goes_last:
        if wish.parcels:
            # some sellers let Allegro set SENT by itself when a number is added
            _read(client, outcome)
        _set_status(client, outcome)


def _read(client, outcome):
    fetched = client.checkout_form(outcome.wish.checkout_form_id)
    if fetched.error:
        raise fetched.error
    outcome.form = fetched.form


def _set_status(client, outcome):
    wanted = outcome.wish.status
    for is_last_try in (False, True):
        now = outcome.form.fulfillment_status or fulfilment_rules.NEW
        if not wanted or fulfilment_rules.is_reached(wanted, now):
            outcome.status = now
            return
        try:
            client.set_fulfillment_status(
                outcome.wish.checkout_form_id, wanted, outcome.form.revision
            )
        except AllegroConflictError as error:
            if is_last_try:
                outcome.trouble = error
                return
            # the buyer changed something since it was read: look, and decide again
            _read(client, outcome)
            if outcome.form.status == rules.CANCELLED:
                outcome.buyer_cancelled = True
                return
        else:
            outcome.status = wanted
            return


def _add_parcels(client, outcome):
    form_id = outcome.wish.checkout_form_id
    outcome.shipments = client.shipments(form_id)
    known = {shipment.waybill.upper(): shipment for shipment in outcome.shipments}
    for parcel in outcome.wish.parcels:
        there = known.get(parcel.waybill.upper())
        if there:
            outcome.parcels[parcel.key] = there
            continue
        try:
            outcome.parcels[parcel.key] = client.add_shipment(
                form_id,
                parcel.carrier_id,
                parcel.waybill,
                parcel.carrier_name if parcel.carrier_id == OTHER else None,
                parcel.line_ids,
            )
        except AllegroDataError:
            # it was added, though the answer is unreadable: asking again will tell
            continue
        except REFUSALS as error:
            outcome.parcels[parcel.key] = error
