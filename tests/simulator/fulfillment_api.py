"""``PUT /order/checkout-forms/{id}/fulfillment`` (digest section 6)."""

from datetime import timedelta

from .answers import empty
from .errors import SAME, ApiError, bad_payload
from .fulfillment import MOST_CHANGES, RETURNED, STATUSES, change_status


def set_status(call, form_id):
    order = call.order(form_id)
    body = call.json_object()
    status = body.get("status")
    if not isinstance(status, str):
        raise bad_payload(call.path)
    if status not in STATUSES or status == RETURNED:
        raise _unprocessable(call, f"Status {status} is not allowed to be set")
    revision = call.request.args.get("checkoutForm.revision")
    if revision is not None and revision != order.revision:
        raise ApiError(
            409,
            "SellerOrdersStoreConflictException",
            f"Provided revision {revision} of order {form_id} is outdated",
            path=call.path,
            user_message=SAME,
        )
    if order.status_changes >= MOST_CHANGES:
        raise _unprocessable(call, f"Failed to set status {status} on order {form_id}")
    lag = call.world.faults.take_read_lag()
    if lag:
        order.show_stale(until=call.now + timedelta(seconds=lag))
    change_status(call.world, order, status)
    return empty(204)


def _unprocessable(call, message):
    return ApiError(
        422,
        "SellerOrdersStoreUnprocessableEntityException",
        message,
        path=call.path,
        user_message=None,
    )
