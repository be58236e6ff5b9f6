"""How a form looks at each stage, from the purchase to the payment.

``order.intended`` holds what the buyer will fill in: message, payment, delivery and
invoice.
"""

import copy
import zlib
from datetime import timedelta

from .clock import wire_time
from .money import price, total_to_pay

_NO_INVOICE = {"required": False, "address": None, "dueDate": None, "features": None}


def show_bought(order, at):
    """Nothing filled in: no delivery, no payment (digest section 5)."""
    order.form |= {
        "status": "BOUGHT",
        "messageToSeller": None,
        "payment": None,
        "delivery": None,
        "invoice": dict(_NO_INVOICE),
    }
    _add_up(order.form)
    touch(order, at)


def show_filled_in(order, at):
    """Payment pending; the address does not show before the form is ready."""
    intended = copy.deepcopy(order.intended)
    intended["delivery"] |= {"address": None, "pickupPoint": None}
    intended["payment"] |= {"finishedAt": None, "paidAmount": None}
    order.form |= intended | {"status": "FILLED_IN"}
    _add_up(order.form)
    touch(order, at)


def show_ready(order, at, paid_less_by=0):
    """Paid, or to be paid on delivery or later: it is "finished" either way."""
    order.form |= copy.deepcopy(order.intended) | {"status": "READY_FOR_PROCESSING"}
    total = _add_up(order.form)
    payment = order.form["payment"]
    payment["finishedAt"] = wire_time(at)
    if payment["type"] not in ("CASH_ON_DELIVERY", "EXTENDED_TERM"):
        payment["paidAmount"] = price(total - paid_less_by, currency(order))
    touch(order, at)


def show_filled_in_for_a_minute(world, order):
    """The payment is announced before the form shows it (issue 2700)."""
    ready = copy.deepcopy(order.form)
    show_filled_in(order, world.clock.now())
    order.show_stale(until=world.clock.now() + timedelta(minutes=1))
    order.form = ready


def touch(order, at=None):
    """A new revision, and a new ``updatedAt`` when the time is given.

    Orders of the same history share their revision, as real ones do (digest section 5);
    not every change moves ``updatedAt`` (issues 8419, 9873, 11068).
    """
    order.buyer_changes += 1
    history = f"{order.form['status']}/{order.buyer_changes}"
    order.form["revision"] = f"{zlib.crc32(history.encode()):08x}"
    if at:
        order.form["updatedAt"] = wire_time(at)


def currency(order):
    return order.form["summary"]["totalToPay"]["currency"]


def _add_up(form):
    total = total_to_pay(form)
    used = form["lineItems"][0]["price"]["currency"]
    form["summary"] = {"totalToPay": price(total, used)}
    return total
