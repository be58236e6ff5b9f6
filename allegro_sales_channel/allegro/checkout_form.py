"""An Allegro order ("checkout form") as frozen dataclasses.

Source: https://developer.allegro.pl/documentation, ``GET /order/checkout-forms/{id}``.
All amounts are gross. Only what the addon uses is read: a buyer's PESEL, for instance,
never enters. What decides money, stock, identity or the time of purchase must be right;
the rest is taken as it comes.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from .form_lines import LineItem
from .form_parties import Address, Buyer, Invoice
from .form_state import FormState
from .side_fields import Note, Notes, SideObject
from .values import JsonObject, Money

#: Each becomes a line in Odoo, at a hundredth of a second. Allegro names no limit for a
#: cart; ten times what anybody is likely to put in one is what this allows.
MOST_AMOUNTS = 600


@dataclass(frozen=True)
class Payment:
    """The payment, or a later surcharge (top-up) of the same shape."""

    id: str | None
    type: str | None
    provider: str | None
    finished_at: datetime | None
    paid: Money | None

    @classmethod
    def from_side(cls, side):
        """:param side: ``SideObject``, or None"""
        if side is None:
            return None
        return cls(
            id=side.text("id"),
            type=side.text("type"),
            provider=side.text("provider"),
            finished_at=side.time("finishedAt"),
            paid=side.money("paidAmount"),
        )


@dataclass(frozen=True)
class PickupPoint:
    id: str | None
    name: str | None
    description: str | None
    address: Address | None

    @classmethod
    def from_side(cls, side):
        """:param side: ``SideObject``, or None"""
        if side is None:
            return None
        return cls(
            id=side.text("id"),
            name=side.text("name"),
            description=side.text("description"),
            address=Address.from_side(side.object("address")),
        )


@dataclass(frozen=True)
class Delivery:
    """``dispatch_to``: the moment by which the seller should have sent it."""

    address: Address | None
    method_id: str | None
    method_name: str | None
    pickup_point: PickupPoint | None
    cost: Money | None
    smart: bool
    dispatch_to: datetime | None

    @classmethod
    def from_json(cls, data, notes):
        side = SideObject(data, notes)
        method = side.object("method", short_for="name")
        point = side.object("pickupPoint", short_for="id")
        time = side.object("time")
        dispatch = time and time.object("dispatch", short_for="to")
        return cls(
            address=Address.from_side(side.object("address")),
            method_id=method and method.text("id"),
            method_name=method and method.text("name"),
            pickup_point=PickupPoint.from_side(point),
            cost=data.optional_money("cost"),
            smart=side.flag("smart"),
            dispatch_to=dispatch and dispatch.time("to"),
        )


@dataclass(frozen=True)
class CheckoutForm:
    """One Allegro order.

    ``lines_sent``: ``NONE``, ``SOME`` or ``ALL`` of its lines have a tracking number.
    ``cod_collected``: what carriers collected on delivery and Allegro booked, one
    amount for each parcel; known only for methods that Allegro settles itself.
    ``notes``: what was left out because it could not be read.
    """

    state: FormState
    fulfillment_provider: str | None
    lines_sent: str | None
    buyer: Buyer
    payment: Payment | None
    surcharges: tuple[Payment, ...]
    delivery: Delivery | None
    invoice: Invoice | None
    lines: tuple[LineItem, ...]
    total_to_pay: Money
    marketplace: str | None
    message_to_seller: str | None
    note: str | None
    cod_collected: tuple[Money, ...]
    notes: tuple[Note, ...]

    @classmethod
    def from_json(cls, json):
        """Read and check one form.

        :param json: the form as ``json`` parsed it, fractions as ``Decimal``
        :raises AllegroDataError: naming the path of what is missing or malformed
        """
        data, notes = JsonObject(json), Notes()
        side = SideObject(data, notes)
        data.text("status")  # nothing is decided about a form without one
        fulfillment = side.object("fulfillment", short_for="status")
        provider = fulfillment and fulfillment.object("provider", short_for="id")
        shipped = fulfillment and fulfillment.object("shipmentSummary")
        buyer = data.object("buyer")
        delivery = data.optional_object("delivery")
        marketplace = side.object("marketplace", short_for="id")
        note = side.object("note", short_for="text")
        booked = (
            paid.money("paidAmount") for paid in side.objects("codBookedPayments")
        )
        form = cls(
            state=FormState.from_object(data, notes),
            fulfillment_provider=provider and provider.text("id"),
            lines_sent=shipped and shipped.text("lineItemsSent"),
            buyer=Buyer.from_json(buyer, SideObject(buyer, notes)),
            payment=Payment.from_side(side.object("payment")),
            surcharges=tuple(map(Payment.from_side, side.objects("surcharges"))),
            delivery=delivery and Delivery.from_json(delivery, notes),
            invoice=Invoice.from_side(side.object("invoice")),
            lines=_lines(data, notes),
            total_to_pay=data.object("summary").money("totalToPay"),
            marketplace=marketplace and marketplace.text("id"),
            message_to_seller=side.text("messageToSeller", longest=None),
            note=note and note.text("text", longest=None),
            cod_collected=tuple(filter(None, booked)),
            notes=(),
        )
        form._check_sense(data)
        return replace(form, notes=notes.as_tuple())

    def _check_sense(self, data):
        """One order has one currency, no line twice, and was bought some time."""
        seen = set()
        for index, line in enumerate(self.lines):
            path = f"lineItems[{index}]"
            if line.id in seen:
                raise data.broken(f"{path}.id", "is there twice", quoted=line.id)
            seen.add(line.id)
            for name, price, _quantity in line.named_amounts:
                self._check_currency(data, f"{path}.{name}", price)
        if self.delivery and self.delivery.cost:
            self._check_currency(data, "delivery.cost", self.delivery.cost)
        if not self._purchases:
            raise data.broken("lineItems[0].boughtAt", "is missing")

    def _check_currency(self, data, path, price):
        currency = self.total_to_pay.currency
        if price.currency != currency:
            problem = f"is not the order's {currency}"
            raise data.broken(f"{path}.currency", problem, quoted=price.currency)

    @property
    def id(self):
        return self.state.id

    @property
    def revision(self):
        return self.state.revision

    @property
    def status(self):
        return self.state.status

    @property
    def fulfillment_status(self):
        """Allegro's word, known or not; None when there is none: as it was before."""
        return self.state.fulfillment_status

    @property
    def seller_cancelled(self):
        return self.state.seller_cancelled

    @property
    def _purchases(self):
        return [line.bought_at for line in self.lines if line.bought_at]

    @property
    def bought_at(self):
        """The form has no date of its own: it is that of its first purchase."""
        return min(self._purchases)

    @property
    def last_bought_at(self):
        """The date by which Allegro sorts and filters its list of forms."""
        return max(self._purchases)


def _lines(data, notes):
    """The lines of a form, of which there must be some, and not too many."""
    items = data.objects("lineItems", most=MOST_AMOUNTS)
    if not items:
        raise data.broken("lineItems", "is missing or empty")
    lines, amounts = [], 0
    for item in items:
        lines.append(LineItem.from_json(item, notes))
        amounts += len(lines[-1].amounts)
        if amounts > MOST_AMOUNTS:
            problem = f"cost more than {MOST_AMOUNTS} amounts"
            raise data.broken("lineItems", problem)
    return tuple(lines)
