"""The journal of order events (digest section 4)."""

import bisect
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import wire_time

TYPES = (
    "BOUGHT",
    "FILLED_IN",
    "READY_FOR_PROCESSING",
    "BUYER_CANCELLED",
    "FULFILLMENT_STATUS_CHANGED",
    "BUYER_MODIFIED",
    "AUTO_CANCELLED",
)
RETENTION = timedelta(days=60)


@dataclass
class _Pages:
    """One seller's events; ``numbers`` are their ids, for searching."""

    numbers: list[int] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)


@dataclass
class _Waiting:
    due: datetime
    seller: str
    event: dict
    after_next: bool


class Journal:
    """An event gets its id when it is published, which a fault may put off."""

    def __init__(self, clock, faults, seller_id):
        """
        :param seller_id: gives the id of a login
        """
        self._clock = clock
        self._faults = faults
        self._seller_id = seller_id
        self._pages = {}
        self._waiting = []
        self._last_number = 0
        self._muted = False

    @contextlib.contextmanager
    def muted(self):
        """For as long as this lasts nothing is told."""
        self._muted = True
        try:
            yield
        finally:
            self._muted = False

    def emit(self, order, event_type, occurred_at=None):
        if self._muted:
            return
        event = {
            "id": None,
            "type": event_type,
            "occurredAt": wire_time(occurred_at or self._clock.now()),
            "order": {
                "seller": {"id": self._seller_id(order.seller)},
                "checkoutForm": {"id": order.id, "revision": order.revision},
                **order.announced,
            },
        }
        fault = self._faults.take_event(event_type, order.seller)
        if fault is None or fault.kind == "duplicated":
            self._publish(order.seller, event)
        if fault is None or fault.kind == "missing":
            return
        if fault.kind == "duplicated":
            self._publish(order.seller, dict(event))
        else:
            self._hold(order.seller, event, fault)

    def _hold(self, seller, event, fault):
        swapped = fault.kind == "disordered"
        due = self._clock.now() + timedelta(seconds=fault.seconds)
        self._waiting.append(_Waiting(due, seller, event, after_next=swapped))

    def _publish(self, seller, event):
        self._append(seller, event)
        swapped = [w for w in self._waiting if w.after_next and w.seller == seller]
        self._waiting = [w for w in self._waiting if w not in swapped]
        for waiting in swapped:
            self._append(seller, waiting.event)

    def _append(self, seller, event):
        microseconds = int(self._clock.now().timestamp() * 1_000_000)
        self._last_number = max(self._last_number + 1, microseconds)
        event["id"] = str(self._last_number)
        pages = self._pages.setdefault(seller, _Pages())
        pages.numbers.append(self._last_number)
        pages.events.append(event)

    def _publish_due(self):
        now = self._clock.now()
        due = [waiting for waiting in self._waiting if waiting.due <= now]
        self._waiting = [waiting for waiting in self._waiting if waiting.due > now]
        for waiting in due:
            self._append(waiting.seller, waiting.event)

    def _first_kept(self, pages):
        oldest = self._clock.now() - RETENTION
        return bisect.bisect_left(pages.numbers, int(oldest.timestamp() * 1_000_000))

    def after(self, seller, number, types, limit):
        """Events with a greater id than ``number``, oldest first.

        :param number: 0 for the oldest kept
        :param types: names to keep; empty for all
        """
        self._publish_due()
        pages = self._pages.get(seller, _Pages())
        start = max(bisect.bisect_right(pages.numbers, number), self._first_kept(pages))
        if not types:
            return pages.events[start : start + limit]
        found = []
        for event in pages.events[start:]:
            if event["type"] in types:
                found.append(event)
                if len(found) == limit:
                    break
        return found

    def latest(self, seller):
        self._publish_due()
        pages = self._pages.get(seller)
        return pages.events[-1] if pages else None

    def count(self, seller):
        pages = self._pages.get(seller)
        return len(pages.events) if pages else 0
