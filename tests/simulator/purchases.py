"""Purchases: from a kind of order to an order with its events in the journal."""

import contextlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from . import lifecycle
from .draft import Draft
from .kinds import KINDS, kinds_for
from .marketplaces import MARKETPLACES
from .merge_patch import deep_merge
from .orders import Order

UNMANAGED = ("none", "some", "all")
_TIME_TO_PAY = timedelta(seconds=17)


@dataclass
class Wish:
    """What the control interface asks for.

    :param kind: name of a kind of order, None for a random one
    :param lines: {offer_id, quantity, price} in place of the kind's own lines
    :param line_count: so many lines in their place, the seller's offers in turn
    :param unmanaged: whether none, some or all lines are unknown to Odoo
    :param overrides: merged into the finished form
    :param announce: False for an order that the journal does not tell
    """

    seller: str
    kind: str | None = None
    bought_at: datetime | None = None
    marketplace: str | None = None
    lines: list[dict] | None = None
    line_count: int | None = None
    unmanaged: str = "none"
    overrides: dict = field(default_factory=dict)
    announce: bool = True

    def __post_init__(self):
        if self.kind is not None and self.kind not in KINDS:
            raise ValueError(f"no template is named {self.kind}")
        if self.marketplace is not None and self.marketplace not in MARKETPLACES:
            raise ValueError(f"no marketplace is named {self.marketplace}")
        if self.unmanaged not in UNMANAGED:
            raise ValueError(f"unmanaged must be one of {', '.join(UNMANAGED)}")


def purchase(world, wish):
    """Somebody buys; returns the :class:`Order`."""
    kind = KINDS[wish.kind] if wish.kind else _random_kind(world, wish)
    draft = _draft(world, wish, kind)
    form = draft.form(world.new_id())
    order = Order(
        id=form["id"],
        seller=wish.seller,
        bought_at=draft.bought_at,
        form=form,
        announced=_announced(form),
        line_ids=[line["id"] for line in form["lineItems"]],
        intended={
            key: form[key]
            for key in ("messageToSeller", "payment", "delivery", "invoice")
        },
    )
    _take_from_stock(draft)
    with contextlib.ExitStack() as stack:
        if not wish.announce:
            stack.enter_context(world.journal.muted())
        _live_through(world, draft, order)
    world.orders.add(order)
    order.form = deep_merge(order.form, wish.overrides)
    for damage in draft.damages:
        damage(order.form)
    return order


def _random_kind(world, wish):
    kinds = kinds_for(wish.marketplace)
    weights = [kind.weight for kind in kinds]
    return world.random.choices(kinds, weights)[0]


def _draft(world, wish, kind):
    offers = world.catalogue.offers(wish.seller)
    known = [offer for offer in offers if offer.known]
    unknown = [offer for offer in offers if not offer.known]
    if wish.unmanaged != "none" and not unknown:
        raise ValueError(f"seller {wish.seller} has no unmanaged offers")
    draft = Draft(
        world,
        wish.seller,
        wish.bought_at or world.clock.now(),
        wish.marketplace or kind.marketplace,
        unknown if wish.unmanaged == "all" else known,
    )
    kind.build(draft)
    if wish.lines is not None:
        draft.lines.clear()
        for line in wish.lines:
            _add_wished_line(draft, line)
    if wish.line_count is not None:
        draft.lines.clear()
        single = [offer for offer in draft.offers if not offer.is_set]
        for offer in itertools.islice(itertools.cycle(single), wish.line_count):
            draft.add_line(offer=offer)
    if wish.unmanaged == "some":
        draft.add_line(offer=world.random.choice(unknown))
    return draft


def _add_wished_line(draft, wished):
    offer = draft.world.catalogue.get(str(wished["offer_id"]))
    if offer is None:
        raise ValueError(f"no offer has the id {wished['offer_id']}")
    line = draft.add_line(int(wished.get("quantity", 1)), offer)
    if "price" in wished:
        line.price = Decimal(str(wished["price"]))


def _announced(form):
    """Buyer, lines and marketplace as the journal tells them, without the rest."""
    buyer = form["buyer"]
    keys = ("id", "quantity", "originalPrice", "price", "boughtAt")
    return {
        "buyer": {
            key: buyer[key] for key in ("id", "email", "login", "guest", "preferences")
        },
        "lineItems": [
            {key: line[key] for key in keys}
            | {"offer": _announced_offer(line["offer"])}
            for line in form["lineItems"]
        ],
        "marketplace": form["marketplace"],
    }


def _announced_offer(offer):
    told = {"id": offer["id"], "name": offer["name"]}
    if offer.get("external"):
        told["external"] = offer["external"]
    return told


def _take_from_stock(draft):
    """Allegro lowers the offer's stock at purchase (digest section 11)."""
    for line in draft.lines:
        line.offer.stock = max(0, line.offer.stock - line.quantity)


def _live_through(world, draft, order):
    journal, bought_at = world.journal, draft.bought_at
    lifecycle.show_bought(order, bought_at)
    journal.emit(order, "BOUGHT", bought_at)
    paid_at = max(bought_at, min(bought_at + _TIME_TO_PAY, world.clock.now()))
    if draft.stage in ("filled-in", "ready"):
        lifecycle.show_filled_in(order, paid_at)
        journal.emit(order, "FILLED_IN", paid_at)
    if draft.stage == "ready":
        lifecycle.show_ready(order, paid_at, draft.paid_less_by)
        journal.emit(order, "READY_FOR_PROCESSING", paid_at)
    for act in draft.acts:
        act(world, order)
