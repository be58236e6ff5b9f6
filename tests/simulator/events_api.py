"""``GET /order/events`` and ``GET /order/event-stats`` (digest section 4)."""

from .answers import answer
from .errors import invalid_parameter
from .journal import TYPES


def list_events(call):
    limit = call.number("limit", 100, 1, 1000)
    types = call.request.args.getlist("type")
    if any(name not in TYPES for name in types):
        raise invalid_parameter(call.path, "Unknown event type")
    after = call.request.args.get("from") or "0"
    if not after.isdecimal():
        raise invalid_parameter(call.path, "Parameter from is not the id of an event")
    events = call.world.journal.after(call.seller, int(after), types, limit)
    return answer({"events": events})


def event_stats(call):
    latest = call.world.journal.latest(call.seller)
    return answer(
        {
            "latestEvent": latest
            and {"id": latest["id"], "occurredAt": latest["occurredAt"]}
        }
    )
