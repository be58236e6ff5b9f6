"""What a buyer can do after buying, and when (digest section 7)."""

import copy
from datetime import timedelta
from decimal import Decimal

from . import lifecycle, parcels
from .clock import wire_time
from .delivery_methods import METHODS, pickup_point
from .marketplaces import MARKETPLACES
from .money import price, total_to_pay
from .orders import Order

_DAYS_TO_CANCEL = timedelta(days=3)
_MINUTES_TO_CANCEL_ABROAD = timedelta(minutes=5)
#: The seller is at work: the buyer's window is closed (issues 3085, 13597).
_CLOSING_STATUSES = (
    "PROCESSING",
    "READY_FOR_SHIPMENT",
    "READY_FOR_PICKUP",
    "SENT",
    "PICKED_UP",
)


class RefusedError(Exception):
    """Allegro would not let the buyer do this now."""


def fill_in(world, order):
    """Also again: a payment was given up and started anew (issue 2307)."""
    _only_before_payment(order)
    lifecycle.show_filled_in(order, world.clock.now())
    world.journal.emit(order, "FILLED_IN")


def pay(world, order):
    """Pays, or chooses to pay on delivery; of an extended term: transfers the money."""
    now = world.clock.now()
    if _owes_extended_term(order):
        order.form["payment"]["paidAmount"] = order.form["summary"]["totalToPay"]
        lifecycle.touch(order, now)
    else:
        _only_before_payment(order)
        if order.form["status"] == "BOUGHT":
            fill_in(world, order)
        lifecycle.show_ready(order, now)
    world.journal.emit(order, "READY_FOR_PROCESSING")


def cancel(world, order, force=False):
    if not force:
        _only_while_window_open(world, order)
    _cancel(order)
    world.journal.emit(order, "BUYER_CANCELLED")


def auto_cancel(world, order, force=False):
    """Allegro's own act, 7 days after a purchase that was not paid (issue 4646)."""
    if not force:
        _only_before_payment(order)
    _cancel(order)
    world.journal.emit(order, "AUTO_CANCELLED")


def change_address(world, order, changes, force=False):
    """
    :param changes: new values of the address's keys
    """
    if not force:
        _only_while_window_open(world, order)
    address = order.form["delivery"]["address"]
    if address is None:
        raise RefusedError("the order has no address yet")
    address |= changes | {"modifiedAt": wire_time(world.clock.now())}
    _modified(world, order)


def change_point(world, order, changes, force=False):
    """
    :param changes: new values of the pickup point's keys
    """
    if not force:
        _only_while_window_open(world, order)
    point = order.form["delivery"]["pickupPoint"]
    if point is None:
        raise RefusedError("the order is not for a pickup point")
    point |= changes
    _modified(world, order)


def change_method(world, order, method, cost=None, force=False):
    """A dearer method leaves the order underpaid, until a surcharge.

    :param method: key of the simulator's delivery methods
    :param cost: in the order's currency; None: it stays what it was
    """
    if not force:
        _only_while_window_open(world, order)
    chosen, delivery = METHODS[method], order.form["delivery"]
    delivery["method"] = {"id": chosen.id, "name": chosen.name}
    if not chosen.pickup:
        delivery["pickupPoint"] = None
    elif delivery["address"]:
        delivery["pickupPoint"] = pickup_point(chosen, delivery["address"])
    if cost is not None:
        currency = lifecycle.currency(order)
        delivery["cost"] = price(Decimal(str(cost)), currency)
        order.form["summary"] = {
            "totalToPay": price(total_to_pay(order.form), currency)
        }
    _modified(world, order)


def write_message(world, order, text, force=False):
    """The message belongs to the form to fill in, so it comes before the payment."""
    if order.form["status"] in ("BOUGHT", "FILLED_IN"):
        order.intended["messageToSeller"] = text
        fill_in(world, order)
    elif force:
        order.form["messageToSeller"] = text
        _modified(world, order)
    else:
        raise RefusedError("the buyer writes to the seller before paying")


def pay_surcharge(world, order, amount):
    """A top-up: ready for processing once more, the total as before (issue 1163)."""
    if order.form["status"] != "READY_FOR_PROCESSING":
        raise RefusedError("only a paid order can be topped up")
    now = world.clock.now()
    order.form["surcharges"] = [
        *order.form["surcharges"],
        {
            "id": world.new_id(),
            "type": "ONLINE",
            "provider": "AF",
            "finishedAt": wire_time(now),
            "paidAmount": price(Decimal(str(amount)), lifecycle.currency(order)),
            "reconciliation": None,
            "features": [],
        },
    ]
    lifecycle.touch(order, now)
    world.journal.emit(order, "READY_FOR_PROCESSING")


def book_cod(world, order):
    """The courier has handed the cash over to Allegro (issue 13930)."""
    if order.form["payment"]["type"] != "CASH_ON_DELIVERY":
        raise RefusedError("the order is not paid on delivery")
    order.form["codBookedPayments"] = [
        *order.form.get("codBookedPayments", []),
        {
            "paymentId": world.new_id(),
            "shipmentId": world.new_id(),
            "paidAmount": order.form["summary"]["totalToPay"],
            "paidAt": wire_time(world.clock.now()),
        },
    ]


def merge(world, orders, force=False):
    """Several purchases become one order: a new id, the old ones answer 404.

    Possible until the payment (issues 2829, 3284, 1562); buyer, delivery, invoice and
    the seller's status are those of the first, parcels come along.
    """
    if not force:
        for order in orders:
            _only_before_payment(order)
    first = orders[0]
    merged_form = copy.deepcopy(first.form) | {
        "id": world.new_id(),
        "lineItems": [line for order in orders for line in order.form["lineItems"]],
    }
    merged = Order(
        id=merged_form["id"],
        seller=first.seller,
        bought_at=max(order.bought_at for order in orders),
        form=merged_form,
        announced=first.announced
        | {"lineItems": [i for o in orders for i in o.announced["lineItems"]]},
        line_ids=[line_id for order in orders for line_id in order.line_ids],
        shipments=[parcel for order in orders for parcel in order.shipments],
        intended=copy.deepcopy(first.intended),
    )
    for order in orders:
        world.orders.remove(order)
    world.orders.add(merged)
    if merged.shipments:
        parcels.show_lines_sent(merged)
    lifecycle.show_bought(merged, world.clock.now())
    world.journal.emit(merged, "BOUGHT")
    return merged


def _cancel(order):
    if order.form["status"] == "CANCELLED":
        raise RefusedError("the order is cancelled already")
    order.form["status"] = "CANCELLED"
    lifecycle.touch(order)


def _modified(world, order):
    lifecycle.touch(order)
    world.journal.emit(order, "BUYER_MODIFIED")


def _owes_extended_term(order):
    payment = order.form["payment"]
    return (
        order.form["status"] == "READY_FOR_PROCESSING"
        and payment["type"] == "EXTENDED_TERM"
        and payment["paidAmount"] is None
    )


def _only_before_payment(order):
    status = order.form["status"]
    if status not in ("BOUGHT", "FILLED_IN"):
        raise RefusedError(f"the order is {status} already")


def _only_while_window_open(world, order):
    since = world.clock.now() - order.bought_at
    marketplace = MARKETPLACES[order.announced["marketplace"]["id"]]
    if marketplace.five_minutes_to_cancel and since <= _MINUTES_TO_CANCEL_ABROAD:
        return
    if since > _DAYS_TO_CANCEL:
        raise RefusedError("more than 3 days have passed since the purchase")
    if order.fulfillment_status in _CLOSING_STATUSES:
        raise RefusedError(f"the seller's status is {order.fulfillment_status}")
    if order.shipments:
        raise RefusedError("the order has a tracking number")
