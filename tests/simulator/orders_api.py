"""``GET /order/checkout-forms`` and one of them (digest section 5)."""

import uuid

from .answers import answer
from .errors import invalid_parameter
from .marketplaces import MARKETPLACES

WINDOW = 10_000
_TEXT_FILTERS = (
    "status",
    "fulfillment.status",
    "fulfillment.provider.id",
    "fulfillment.shipmentSummary.lineItemsSent",
    "payment.id",
    "delivery.method.id",
    "buyer.login",
    "marketplace.id",
)
_SORTS = ("lineItems.boughtAt", "-lineItems.boughtAt", "updatedAt", "-updatedAt")


def list_forms(call):
    limit = call.number("limit", 100, 1, 100)
    offset = call.number("offset", 0, 0, WINDOW)
    if offset + limit > WINDOW:
        raise invalid_parameter(
            call.path,
            f"Offset and limit parameters exceed maximal result size of {WINDOW} items",
        )
    orders = call.world.orders.of_seller(call.seller)
    pairs = [(order, order.visible_form(call.now)) for order in orders]
    for is_wanted in _filters(call):
        pairs = [pair for pair in pairs if is_wanted(*pair)]
    pairs = _sorted(call, pairs)
    page = [form for _, form in pairs[offset : offset + limit]]
    return answer({"checkoutForms": page, "count": len(page), "totalCount": len(pairs)})


def get_form(call, form_id):
    try:
        uuid.UUID(form_id)
    except ValueError as error:
        raise invalid_parameter(call.path, f"Malformed order id {form_id}") from error
    return answer(call.order(form_id).visible_form(call.now))


def _filters(call):
    """Functions of an order and its visible form."""
    arguments = call.request.args
    marketplace = arguments.get("marketplace.id")
    if marketplace and marketplace not in MARKETPLACES:
        raise invalid_parameter(call.path, f"Unknown marketplace {marketplace}", 400)
    for name in _TEXT_FILTERS:
        if name in arguments:
            yield _equals(name, arguments[name])
    if "surcharges.id" in arguments:
        yield lambda _, form: any(
            surcharge["id"] == arguments["surcharges.id"]
            for surcharge in form.get("surcharges") or ()
        )
    yield from _between(
        call, "lineItems.boughtAt", lambda order, _: order.wire_bought_at
    )
    yield from _between(call, "updatedAt", lambda _, form: form["updatedAt"])


def _equals(path, wanted):
    return lambda _, form: _dig(form, path.split(".")) == wanted


def _between(call, name, value_of):
    lowest, highest = call.time(f"{name}.gte"), call.time(f"{name}.lte")
    if lowest:
        yield lambda *pair: value_of(*pair) >= lowest
    if highest:
        yield lambda *pair: value_of(*pair) <= highest


def _sorted(call, pairs):
    """The orders come newest purchase first, which is the default too."""
    sort = call.request.args.get("sort", "-lineItems.boughtAt")
    if sort not in _SORTS:
        raise invalid_parameter(call.path, f"Unknown sort {sort}", 400)
    if sort == "-lineItems.boughtAt":
        return pairs
    if sort == "lineItems.boughtAt":
        return pairs[::-1]
    return sorted(
        pairs, key=lambda pair: pair[1]["updatedAt"], reverse=sort.startswith("-")
    )


def _dig(value, keys):
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
