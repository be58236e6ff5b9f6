"""``PUT /order/checkout-forms/{id}/fulfillment`` (digest section 6)."""

from datetime import timedelta

from .answers import empty
from .errors import bad_payload, outdated_revision, status_not_set
from .fulfillment import MOST_CHANGES, RETURNED, STATUSES, change_status


def set_status(call, form_id):
    order = call.order(form_id)
    body = call.json_object()
    status = body.get("status")
    if not isinstance(status, str):
        raise bad_payload(call.path)
    if status not in STATUSES or status == RETURNED:
        raise status_not_set(call.path, f"Status {status} is not allowed to be set")
    revision = call.request.args.get("checkoutForm.revision")
    if revision is not None and revision != order.revision:
        raise outdated_revision(form_id, call.path)
    if order.status_changes >= MOST_CHANGES:
        raise status_not_set(
            call.path, f"Failed to set status {status} on order {form_id}"
        )
    lag = call.world.faults.take_read_lag(order.seller)
    if lag:
        order.show_stale(until=call.now + timedelta(seconds=lag))
    change_status(call.world, order, status)
    return empty(204)
