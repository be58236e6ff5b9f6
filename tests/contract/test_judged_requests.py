"""The judge of requests: what Allegro would refuse does not pass."""

import pytest

from tests.contract.spec import MEDIA_TYPE, ContractError

FORM = "/order/checkout-forms/29738e61-7f6a-11e8-ac45-09db60ede9d6"


def _entry(method="GET", path="/order/checkout-forms", query=(), body=None, **headers):
    return {
        "method": method,
        "path": path,
        "query": [list(pair) for pair in query],
        "headers": {"Accept": MEDIA_TYPE}
        | ({"Content-Type": MEDIA_TYPE} if body is not None else {})
        | {name.replace("_", "-"): value for name, value in headers.items()},
        "body": body,
    }


PARCEL = {"carrierId": "DPD", "waybill": "1"}


@pytest.mark.parametrize(
    "entry",
    [
        _entry(),
        _entry(query=[("limit", "100"), ("sort", "-updatedAt")]),
        _entry(query=[("lineItems.boughtAt.gte", "2026-10-01T08:00:00.000Z")]),
        _entry(path="/order/events", query=[("type", "BOUGHT"), ("type", "FILLED_IN")]),
        _entry(path=FORM, Accept_Language="pl-PL"),
        _entry(
            "PUT",
            f"{FORM}/fulfillment",
            body={"status": "SENT"},
            Accept_Language="en-US",
        ),
        _entry("POST", f"{FORM}/shipments", body=PARCEL | {"lineItems": [{"id": "x"}]}),
        _entry(path="/order/carriers/DPD/tracking", query=[("waybill", "1")]),
    ],
)
def test_allowed(contract, entry):
    contract.check_request(entry)


@pytest.mark.parametrize(
    "entry",
    [
        _entry(path="/order/nothing"),
        _entry("DELETE"),
        _entry(query=[("page", "2")]),
        _entry(query=[("limit", "101")]),
        _entry(query=[("limit", "all")]),
        _entry(query=[("limit", "1"), ("limit", "2")]),
        _entry(query=[("sort", "price")]),
        _entry(query=[("updatedAt.gte", "2026-10-01")]),
        _entry(path="/order/checkout-forms/17"),
        _entry(path="/order/carriers/DPD/tracking"),
        _entry(path=FORM, Accept="application/json"),
        _entry(path=FORM, Accept_Language="de-DE"),
        _entry(path=FORM, body={}),
        _entry("PUT", f"{FORM}/fulfillment", body={"status": "GONE"}),
        _entry("PUT", f"{FORM}/fulfillment", body={"state": "SENT"}),
        _entry(
            "PUT", f"{FORM}/fulfillment", body={"status": "SENT"}, Content_Type="x/y"
        ),
        _entry("POST", f"{FORM}/shipments", body={"waybill": "1"}),
        _entry("POST", f"{FORM}/shipments", body=PARCEL | {"carrierName": None}),
        _entry("POST", f"{FORM}/shipments", body=PARCEL | {"waybill": "1" * 65}),
    ],
)
def test_refused(contract, entry):
    with pytest.raises(ContractError):
        contract.check_request(entry)
