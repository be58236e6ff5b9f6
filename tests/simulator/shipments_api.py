"""Parcels of an order, carriers and tracking (digest section 8)."""

from datetime import timedelta

from . import parcels
from .answers import answer
from .clock import parse_time, wire_time
from .errors import (
    ApiError,
    bad_payload,
    form_not_found,
    invalid_parameter,
    waybill_used_too_often,
)

_LONGEST_WAYBILL = 64
_LONGEST_CARRIER_NAME = 30
_MOST_TRACKED = 20
#: How a parcel travels here, from the moment its number was added.
_JOURNEY = (
    (timedelta(0), "PENDING"),
    (timedelta(hours=2), "IN_TRANSIT"),
    (timedelta(hours=20), "RELEASED_FOR_DELIVERY"),
    (timedelta(hours=24), "DELIVERED"),
)


def list_shipments(call, form_id):
    return answer({"shipments": _own_order(call, form_id).shipments})


def add_shipment(call, form_id):
    order = _own_order(call, form_id)
    body = call.json_object()
    carrier_id = _text(body, "carrierId")
    waybill = _text(body, "waybill")
    carrier_name = body.get("carrierName")
    if carrier_id not in parcels.carriers(call.world, call.seller):
        raise ApiError(
            400,
            "CarrierIdValidationException",
            "Unrecognized value in the field: carrierId",
            path="carrierId",
        )
    if len(waybill) > _LONGEST_WAYBILL:
        raise _invalid("waybill", f"must be at most {_LONGEST_WAYBILL} characters")
    if carrier_id == parcels.OTHER:
        _check_carrier_name(carrier_name)
    if not parcels.is_valid_waybill(carrier_id, waybill):
        raise ApiError(
            400,
            "CarrierWaybillValidationException",
            "Provided waybill is not valid for this carrier",
        )
    line_ids = _line_ids(call, order, body)
    _check_limits(call.world, order, carrier_id, waybill)
    parcel = parcels.add_parcel(
        call.world, order, carrier_id, waybill, carrier_name, line_ids
    )
    return answer(parcel, 201)


def list_carriers(call):
    listed = [
        {"id": carrier_id, "name": name} if name else {"id": carrier_id}
        for carrier_id, name in parcels.carriers(call.world, call.seller).items()
    ]
    return answer({"carriers": listed})


def track(call, carrier_id):
    waybills = call.request.args.getlist("waybill")
    if carrier_id not in parcels.carriers(call.world, call.seller):
        raise invalid_parameter(call.path, f"Unknown carrier {carrier_id}", 400)
    if not 0 < len(waybills) <= _MOST_TRACKED:
        raise invalid_parameter(
            call.path, f"From 1 to {_MOST_TRACKED} waybills are needed", 400
        )
    return answer(
        {
            "carrierId": carrier_id,
            "waybills": [
                {
                    "waybill": waybill,
                    "trackingDetails": _tracking(call, carrier_id, waybill),
                }
                for waybill in waybills
            ],
        }
    )


def _tracking(call, carrier_id, waybill):
    """None for a number that is not known, and for OTHER, which is never tracked."""
    added = [
        parse_time(parcel["createdAt"])
        for order in parcels.orders_with(call.world, carrier_id, waybill)
        for parcel in order.shipments
        if parcel["waybill"] == waybill
    ]
    if not added or carrier_id == parcels.OTHER:
        return None
    start = min(added)
    statuses = [
        {"occurredAt": wire_time(start + after), "code": code, "description": None}
        for after, code in _JOURNEY
        if start + after <= call.now
    ]
    return {
        "statuses": statuses,
        "createdAt": wire_time(start),
        "updatedAt": statuses[-1]["occurredAt"],
    }


def _text(body, name):
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _invalid(name, "must not be empty")
    return value


def _check_carrier_name(name):
    if not isinstance(name, str) or not name.strip():
        raise _invalid("carrierName", "is required when carrierId is OTHER")
    if len(name) > _LONGEST_CARRIER_NAME:
        raise _invalid(
            "carrierName", f"must be at most {_LONGEST_CARRIER_NAME} characters"
        )


def _own_order(call, form_id):
    """Another account's is not found here, says the contract."""
    order = call.world.orders.get(form_id)
    if order is None or order.seller != call.seller:
        raise form_not_found(form_id, call.path)
    return order


def _line_ids(call, order, body):
    wanted = body.get("lineItems") or []
    if not isinstance(wanted, list):
        raise bad_payload(call.path)
    ids = [item.get("id") if isinstance(item, dict) else None for item in wanted]
    if any(line_id not in order.line_ids for line_id in ids):
        raise ApiError(
            422,
            "VALIDATION_ERROR",
            "Line item does not belong to the order",
            path="lineItems",
        )
    return ids


def _check_limits(world, order, carrier_id, waybill):
    if len(order.shipments) >= parcels.MOST_PARCELS:
        raise ApiError(
            400,
            "WaybillsAssignedToOrderLimitReached",
            "Maximum waybills assigned to order limit reached",
        )
    others = [
        found
        for found in parcels.orders_with(world, carrier_id, waybill)
        if found is not order
    ]
    if len(others) >= parcels.MOST_ORDERS_OF_A_WAYBILL:
        raise waybill_used_too_often()


def _invalid(field, problem):
    return ApiError(400, "VALIDATION_ERROR", f"{field} {problem}", path=field)
