"""The orders that exist, and how a client sees them."""

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import wire_time

#: Allegro keeps orders for 12 months (issue 13031).
HISTORY = timedelta(days=365)


@dataclass
class Order:
    """
    :param form: as it goes over the wire; tests may have damaged it
    :param intended: the parts of the form that the buyer has not filled in yet
    :param announced: buyer, lines and marketplace as the journal tells them
    :param line_ids: kept apart from the form, which may be damaged
    """

    id: str
    seller: str
    bought_at: datetime
    form: dict
    announced: dict
    line_ids: list[str]
    intended: dict = field(default_factory=dict)
    shipments: list[dict] = field(default_factory=list)
    invoices: list = field(default_factory=list)
    links: list[dict] = field(default_factory=list)
    status_changes: int = 0
    buyer_changes: int = 0
    _stale: tuple | None = None

    def __post_init__(self):
        self.wire_bought_at = wire_time(self.bought_at)

    @property
    def fulfillment_status(self):
        return self.form["fulfillment"]["status"]

    @property
    def revision(self):
        return self.form["revision"]

    def show_stale(self, until):
        """Go on showing the form as it is now, whatever becomes of it, for a while."""
        self._stale = (until, copy.deepcopy(self.form))

    def visible_form(self, now):
        if self._stale and now < self._stale[0]:
            return self._stale[1]
        self._stale = None
        return self.form


class Orders:
    def __init__(self, clock):
        self._clock = clock
        self._by_id = {}
        self._newest_first = {}

    def add(self, order):
        self._by_id[order.id] = order
        self._newest_first.pop(order.seller, None)
        return order

    def remove(self, order):
        del self._by_id[order.id]
        self._newest_first.pop(order.seller, None)

    def get(self, form_id):
        """
        :return: None for an order unknown, merged away, or older than 12 months
        """
        order = self._by_id.get(form_id)
        return order if order and self._is_kept(order) else None

    def of_seller(self, login):
        """Newest purchase first."""
        if login not in self._newest_first:
            self._newest_first[login] = sorted(
                (order for order in self._by_id.values() if order.seller == login),
                key=lambda order: (order.wire_bought_at, order.id),
                reverse=True,
            )
        return [order for order in self._newest_first[login] if self._is_kept(order)]

    def show_signature(self, offer):
        """Put the offer's external id on all lines that were sold of it."""
        external = offer.external_id and {"id": offer.external_id}
        for order in self._by_id.values():
            for line in order.form.get("lineItems") or ():
                if line["offer"]["id"] == offer.offer_id:
                    line["offer"]["external"] = external

    def all(self):
        return list(self._by_id.values())

    def _is_kept(self, order):
        return order.bought_at > self._clock.now() - HISTORY
