"""Parcels of an order: the rules, whoever adds one (digest section 8)."""

import base64
import re

from .clock import wire_second
from .fulfillment import change_status

#: ALLEGRO and WEDO are gone since 2026 (issues 13267, 13154).
CARRIERS = {
    "INPOST": "InPost",
    "DPD": "DPD",
    "DHL": "DHL",
    "UPS": "UPS",
    "GLS": "GLS",
    "FEDEX": "FedEx",
    "POCZTA_POLSKA": "Poczta Polska",
    "ORLEN": "ORLEN Paczka",
    "PACZKA_W_RUCHU": "Paczka w Ruchu",
    "PACKETA": "Packeta",
    "YUN_EXPRESS": "Yun Express",
    "OTHER": None,
}
#: In the sandbox some have other names, some are not there, and some only there.
SANDBOX_CARRIERS = {
    "INPOST": "InPost TEST",
    "DPD": "DPD Polska (sandbox)",
    "POCZTA_POLSKA": "Pocztex",
    "WEDO": "WE|DO",
    "SANDBOX_COURIER": "Sandbox Courier",
    "OTHER": None,
}
OTHER = "OTHER"
MOST_PARCELS = 10
MOST_ORDERS_OF_A_WAYBILL = 5

#: Formats that Allegro is not known to publish: the carriers' own usual ones.
_WAYBILLS = {
    "INPOST": r"\d{24}|\d{16}",
    "DPD": r"\d{13}[A-Z0-9]",
    "DHL": r"\d{10,11}|JJD\d{12,22}|\d{20}|\d{11}PL",
    "UPS": r"1Z[A-Z0-9]{16}",
    "GLS": r"\d{11,12}",
    "FEDEX": r"\d{12}|\d{15}",
    "POCZTA_POLSKA": r"\d{20}|[A-Z]{2}\d{9}[A-Z]{2}",
    "ORLEN": r"\d{10,14}",
    "PACZKA_W_RUCHU": r"\d{10,14}",
    "PACKETA": r"Z?\d{10,13}",
    "YUN_EXPRESS": r"YT\d{16}",
}


def carriers(world, login):
    """Names by id, as the account's environment has them.

    :param login: None for a token of the application itself
    """
    is_sandbox = login is not None and world.sellers[login].sandbox
    return SANDBOX_CARRIERS if is_sandbox else CARRIERS


def is_valid_waybill(carrier_id, waybill):
    pattern = _WAYBILLS.get(carrier_id)
    return pattern is None or re.fullmatch(pattern, waybill) is not None


def add_parcel(world, order, carrier_id, waybill, carrier_name=None, line_ids=()):
    """Every call adds one, also when the number is already there (issue 12366).

    :param line_ids: empty for the whole order
    """
    number = base64.b64encode(f"{carrier_id}:{waybill}".encode()).decode()
    parcel = {
        "id": number,
        "waybill": waybill,
        "carrierId": carrier_id,
        "carrierName": carrier_name if carrier_id == OTHER else None,
        "lineItems": [{"id": line_id} for line_id in line_ids or order.line_ids],
        "createdAt": wire_second(world.clock.now()),
    }
    order.shipments.append(parcel)
    show_lines_sent(order)
    seller = world.sellers[order.seller]
    if seller.sent_when_waybill_added and order.fulfillment_status != "SENT":
        change_status(world, order, "SENT")
    return parcel


def show_lines_sent(order):
    order.form["fulfillment"] = order.form["fulfillment"] | {
        "shipmentSummary": {"lineItemsSent": _lines_sent(order)}
    }


def orders_with(world, carrier_id, waybill):
    return [
        order
        for order in world.orders.all()
        if any(
            (parcel["carrierId"], parcel["waybill"]) == (carrier_id, waybill)
            for parcel in order.shipments
        )
    ]


def _lines_sent(order):
    sent = {line["id"] for parcel in order.shipments for line in parcel["lineItems"]}
    if not sent:
        return "NONE"
    return "ALL" if sent >= set(order.line_ids) else "SOME"
