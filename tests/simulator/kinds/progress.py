"""Kinds of orders by how far they have come, and how they ended."""

from .. import buyer, panel
from .registry import kind

_DPD = "1234567890123U"


@kind("bought", "bought, form not filled in", weight=1)
def bought(draft):
    _ordinary(draft)
    draft.stage = "bought"


@kind("filled-in", "form filled in, payment pending", weight=1)
def filled_in(draft):
    _ordinary(draft)
    draft.stage = "filled-in"


@kind("processing", "the seller has begun (status set in Allegro's panel)")
def processing(draft):
    _ordinary(draft)
    draft.acts = [_status("PROCESSING")]


@kind("sent", "sent with one parcel")
def sent(draft):
    _ordinary(draft)
    draft.acts = [_parcel_with_all, _status("SENT")]


@kind("picked-up", "collected by the buyer")
def picked_up(draft):
    sent(draft)
    draft.acts.append(_status("PICKED_UP"))


@kind("sent-partially", "in progress, one of two lines has a parcel")
def sent_partially(draft):
    draft.add_line()
    draft.add_line(2)
    draft.deliver("dpd")
    draft.acts = [_status("PROCESSING"), _parcel_with_first_line]


@kind("suspended", "set aside by the seller")
def suspended(draft):
    _ordinary(draft)
    draft.acts = [_status("SUSPENDED")]


@kind("seller-cancelled", "the seller's status is CANCELLED, the order is not")
def seller_cancelled(draft):
    _ordinary(draft)
    draft.acts = [_status("CANCELLED")]


@kind("returned", "sent, returned and refunded: set by Allegro")
def returned(draft):
    sent(draft)
    draft.acts.append(_status("RETURNED"))


@kind("buyer-cancelled", "cancelled by the buyer after payment", weight=1)
def buyer_cancelled(draft):
    _ordinary(draft)
    draft.acts = [lambda world, order: buyer.cancel(world, order, force=True)]


@kind("cancelled-after-sent", "sent, then cancelled by the buyer all the same")
def cancelled_after_sent(draft):
    sent(draft)
    draft.acts.append(lambda world, order: buyer.cancel(world, order, force=True))


@kind("auto-cancelled", "never paid, cancelled by Allegro")
def auto_cancelled(draft):
    _ordinary(draft)
    draft.stage = "filled-in"
    draft.acts = [lambda world, order: buyer.auto_cancel(world, order)]


@kind("address-modified", "the buyer changed the address after paying", weight=1)
def address_modified(draft):
    draft.add_line()
    draft.deliver("dpd")
    change = {"street": "ul. Nowa 8"}
    draft.acts = [lambda w, order: buyer.change_address(w, order, change, force=True)]


@kind("with-note", "the seller has written a note of his own", weight=1)
def with_note(draft):
    _ordinary(draft)
    text = "Klient prosił o kontakt przed wysyłką"
    draft.acts = [lambda world, order: panel.write_note(world, order, text)]


def _ordinary(draft):
    draft.add_lines()
    draft.deliver("inpost")


def _status(status):
    return lambda world, order: panel.set_status(world, order, status)


def _parcel_with_all(world, order):
    panel.add_parcel(world, order, "DPD", _DPD)


def _parcel_with_first_line(world, order):
    panel.add_parcel(world, order, "DPD", _DPD, line_ids=order.line_ids[:1])
