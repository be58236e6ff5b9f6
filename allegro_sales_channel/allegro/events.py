"""The order journal, ``GET /order/events``.

Delivery is at least once and unordered, and the snapshot inside an event may be stale:
an event only says "read this form again".
"""

from dataclasses import dataclass

from .side_fields import side_of

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
            type=side_of(data).text("type"),
            checkout_form_id=form and form.optional_text("id"),
        )
