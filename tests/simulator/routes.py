"""Which of Allegro's resources are served, by whom, and with which scope."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from . import (
    account_api,
    delivery_methods,
    events_api,
    fulfillment_api,
    invoices_api,
    oauth,
    offers_api,
    orders_api,
    shipments_api,
)


@dataclass(frozen=True)
class Resource:
    """
    :param scope: without its prefix; None when any token will do
    """

    handler: Callable
    scope: str | None


@dataclass(frozen=True)
class AuthorizationPage:
    """Of the authorization server: no token, none of the API's header rules."""

    handler: Callable


_FORM = "/order/checkout-forms/<form_id>"
_API = (
    ("GET", "/me", account_api.me, "profile:read"),
    ("GET", "/marketplaces", account_api.list_marketplaces, None),
    ("GET", "/order/events", events_api.list_events, "orders:read"),
    ("GET", "/order/event-stats", events_api.event_stats, "orders:read"),
    ("GET", "/order/checkout-forms", orders_api.list_forms, "orders:read"),
    ("GET", _FORM, orders_api.get_form, "orders:read"),
    ("PUT", f"{_FORM}/fulfillment", fulfillment_api.set_status, "orders:write"),
    ("GET", f"{_FORM}/shipments", shipments_api.list_shipments, "orders:read"),
    ("POST", f"{_FORM}/shipments", shipments_api.add_shipment, "orders:write"),
    ("GET", "/order/carriers", shipments_api.list_carriers, None),
    ("GET", "/order/carriers/<carrier_id>/tracking", shipments_api.track, None),
    ("GET", f"{_FORM}/invoices", invoices_api.list_invoices, "orders:read"),
    ("POST", f"{_FORM}/invoices", invoices_api.add_metadata, "orders:write"),
    (
        "PUT",
        f"{_FORM}/invoices/<invoice_id>/file",
        invoices_api.upload_file,
        "orders:write",
    ),
    (
        "POST",
        "/order/<form_id>/billing-documents/files",
        invoices_api.upload_in_one,
        "orders:write",
    ),
    (
        "POST",
        "/order/<form_id>/billing-documents/links",
        invoices_api.add_link,
        "orders:write",
    ),
    ("GET", "/sale/offers", offers_api.list_offers, "sale:offers:read"),
    (
        "GET",
        "/sale/product-offers/<offer_id>",
        offers_api.get_offer,
        "sale:offers:read",
    ),
    ("GET", "/sale/delivery-methods", delivery_methods.list_delivery_methods, None),
    (
        "GET",
        "/payments/payment-operations",
        account_api.list_payment_operations,
        "payments:read",
    ),
)
_AUTHORIZATION = (
    (("GET", "POST"), "/auth/oauth/authorize", oauth.authorize),
    (("POST",), "/auth/oauth/token", oauth.token),
    (("POST",), "/auth/oauth/device", oauth.start_device),
    (("GET", "POST"), "/skojarz-aplikacje", oauth.link_device),
)

ROUTES = Map(
    [
        *(
            Rule(path, methods=[method], endpoint=Resource(handler, scope))
            for method, path, handler, scope in _API
        ),
        *(
            Rule(path, methods=methods, endpoint=AuthorizationPage(handler))
            for methods, path, handler in _AUTHORIZATION
        ),
    ],
    redirect_defaults=False,
    strict_slashes=True,
)


def find_resource(request):
    """
    :return: the resource and its arguments; None and none where there is none
    """
    try:
        return ROUTES.bind("allegro").match(request.path, request.method)
    except HTTPException:
        return None, {}
