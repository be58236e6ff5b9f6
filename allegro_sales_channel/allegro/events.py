"""The order journal, ``GET /order/events``.

Delivery is at least once and unordered, and the snapshot inside an event may be stale:
an event only says "read this form again".
"""

import logging
from dataclasses import dataclass

from .errors import AllegroDataError
from .values import JsonObject

_logger = logging.getLogger(__name__)

READY_FOR_PROCESSING = "READY_FOR_PROCESSING"


@dataclass(frozen=True)
class OrderEvent:
    """``checkout_form_id`` is None for an event that is about no form."""

    id: str
    type: str | None
    checkout_form_id: str | None

    @classmethod
    def from_json(cls, data):
        order = data.optional_object("order")
        form = order and order.optional_object("checkoutForm")
        return cls(
            id=data.text("id"),
            type=data.optional_text("type"),
            checkout_form_id=form and form.optional_text("id"),
        )


def events_from_items(items):
    """The events of one page, oldest first, without those that can't be read.

    The journal must not stand still before one of them for ever; the order it
    announced is found by listing the orders.

    :param items: the page's list, as ``json`` parsed it
    :raises AllegroDataError: when none of them can be read
    """
    events, first_problem = [], None
    for index, item in enumerate(items):
        try:
            event = OrderEvent.from_json(JsonObject(item, f"events[{index}]"))
        except AllegroDataError as problem:
            _logger.warning("An event of Allegro's journal is skipped: %s", problem)
            first_problem = first_problem or problem
        else:
            events.append(event)
    if first_problem and not events:
        raise first_problem
    return events
