"""Every kind of answer of the simulator is one that Allegro could have given."""

import re

import pytest

from tests.contract.spec import ContractError
from tests.simulator.answers import MEDIA_TYPE
from tests.simulator.kinds import KINDS
from tests.simulator.routes import ROUTES, AuthorizationPage

#: Broken on purpose, or ahead of the contract.
_OFF_CONTRACT = {
    "malformed-price",  # an amount is any text to the contract
    "malformed-no-lines",
    "malformed-null-buyer",
    "malformed-quantity",
    "malformed-date",
    "malformed-mixed-currency",
    "unknown-values",
}
_GOOD_WAYBILL = {"carrierId": "DPD", "waybill": "1234567890123U"}


class _Judge:
    """Sends requests and has each answer judged."""

    def __init__(self, contract, session):
        self._contract = contract
        self._session = session

    def __call__(self, method, path, expected, **kwargs):
        response = self._session.request(method, path, **kwargs)
        assert response.status_code == expected, response.text
        assert re.fullmatch("[0-9a-f]{16}", response.headers["trace-id"])
        body = None
        if response.content:
            assert response.headers["Content-Type"] == f"{MEDIA_TYPE};charset=UTF-8"
            body = response.json()
        path = path.split("?")[0]
        self._contract.check_answer(method, path, response.status_code, body)
        return body


@pytest.fixture
def judge(contract, simulator):
    return _Judge(contract, simulator.api())


def test_every_resource_is_allegros_and_needs_its_scope(contract):
    for rule in ROUTES.iter_rules():
        if isinstance(rule.endpoint, AuthorizationPage):
            continue
        path = re.sub(r"<.+?>", "x", rule.rule)
        method = (rule.methods - {"HEAD"}).pop()
        scopes = contract.operation(method, path).scopes
        scope = rule.endpoint.scope
        if scope is not None and scopes:
            assert scopes == [[f"allegro:api:{scope}"]], path
        else:
            assert scopes in ([], [[], []]) or scope, path


@pytest.mark.parametrize("kind", sorted(set(KINDS) - _OFF_CONTRACT))
def test_forms(simulator, judge, kind):
    form = simulator.create_order(kind)
    judge("GET", f"/order/checkout-forms/{form['id']}", 200)
    judge("GET", f"/order/checkout-forms/{form['id']}/shipments", 200)
    judge("GET", f"/order/checkout-forms/{form['id']}/invoices", 200)
    assert judge("GET", "/order/checkout-forms", 200)["count"] == 1
    assert judge("GET", "/order/events", 200)["events"]
    judge("GET", "/order/event-stats", 200)


@pytest.mark.parametrize(
    "kind",
    ["malformed-no-lines", "malformed-null-buyer", "malformed-quantity"],
)
def test_malformed_forms_are_noticed(simulator, judge, kind):
    form = simulator.create_order(kind)
    with pytest.raises(ContractError):
        judge("GET", f"/order/checkout-forms/{form['id']}", 200)


def test_every_act_leaves_a_form_of_the_contract(simulator, judge):
    acts = {
        "bought": ["fill-in", "pay"],
        "filled-in": ["auto-cancel"],
        "extended-term": ["pay"],
        "courier": ["surcharge", "panel-note", "change-address", "cancel"],
        "pickup-inpost": ["change-point", "panel-shipment", "panel-status"],
        "cod-courier": ["book-cod", "book-cod"],
    }
    details = {
        "surcharge": {"amount": "5.00"},
        "panel-note": {"text": "Uwaga"},
        "change-address": {"street": "Nowa 1"},
        "change-point": {"id": "WAW01A"},
        "panel-shipment": _GOOD_WAYBILL,
        "panel-status": {"status": "RETURNED"},
    }
    for kind, names in acts.items():
        form = simulator.create_order(kind)
        for name in names:
            simulator.act(form, name, **details.get(name, {}))
            judge("GET", f"/order/checkout-forms/{form['id']}", 200)
    judge("GET", "/order/events?limit=1000", 200)


def test_merged_form(simulator, judge):
    ids = [simulator.create_order("bought")["id"] for _ in range(2)]
    merged = simulator.post("/merge", ids=ids)
    judge("GET", f"/order/checkout-forms/{merged['id']}", 200)
    judge("GET", f"/order/checkout-forms/{ids[0]}", 404)


def test_account(judge):
    judge("GET", "/me", 200)
    judge("GET", "/marketplaces", 200)
    judge("GET", "/payments/payment-operations", 200)
    judge("GET", "/order/event-stats", 200)
    judge("GET", "/order/events", 200)
    judge("GET", "/order/checkout-forms", 200)


def test_offers_and_delivery_methods(judge):
    offers = judge("GET", "/sale/offers?limit=1000", 200)["offers"]
    for offer in offers:
        judge("GET", f"/sale/product-offers/{offer['id']}", 200)
    judge("GET", "/sale/offers?external.id=ALT-0124525", 200)
    judge("GET", "/sale/delivery-methods", 200)
    judge("GET", "/sale/offers?limit=1001", 400)


def test_parcels(simulator, judge):
    form = simulator.create_order("same-offer-twice")
    path = f"/order/checkout-forms/{form['id']}/shipments"
    judge("POST", path, 201, json=_GOOD_WAYBILL)
    other = {"carrierId": "OTHER", "waybill": "X-1", "carrierName": "Kurier Lokalny"}
    line = {"lineItems": [{"id": form["lineItems"][0]["id"]}]}
    judge("POST", path, 201, json=other | line)
    assert len(judge("GET", path, 200)["shipments"]) == 2
    judge("GET", "/order/carriers", 200)
    judge("GET", "/order/carriers/DPD/tracking?waybill=1234567890123U&waybill=1", 200)
    judge("GET", "/order/carriers/NONE/tracking?waybill=1", 400)
    judge("POST", path, 400, json=_GOOD_WAYBILL | {"carrierId": "ALLEGRO"})
    judge("POST", path, 400, json=_GOOD_WAYBILL | {"waybill": "wrong"})
    judge("POST", path, 422, json=_GOOD_WAYBILL | {"lineItems": [{"id": "other"}]})


def test_fulfillment(simulator, judge):
    form = simulator.create_order()
    path = f"/order/checkout-forms/{form['id']}/fulfillment"
    judge("PUT", path, 204, json={"status": "PROCESSING"})
    judge("PUT", path, 422, json={"status": "RETURNED"})
    judge("PUT", f"{path}?checkoutForm.revision=0", 409, json={"status": "SENT"})


def test_invoices(contract, simulator, judge):
    form = simulator.create_order("company-invoice")
    path = f"/order/checkout-forms/{form['id']}/invoices"
    pdf = {"headers": {"Content-Type": "application/pdf"}, "data": b"%PDF-1.7"}
    metadata = {"file": {"name": "FV_1.pdf"}, "invoiceNumber": "FV/1"}
    invoice = judge("POST", path, 201, json=metadata)
    judge("GET", path, 200)
    judge("PUT", f"{path}/{invoice['id']}/file", 200, **pdf)
    judge("GET", path, 200)
    judge("POST", path, 422, json={"file": {"name": "FV_2.pdf"}})
    simulator.advance(5)
    judge("GET", path, 200)
    files = f"/order/{form['id']}/billing-documents/files"
    judge("POST", files, 201, files={"file": ("FV_3.pdf", b"%PDF-1.7")})
    contract.check_request(simulator.requests()[-1])
    links = f"/order/{form['id']}/billing-documents/links"
    judge("POST", links, 201, json={"url": "https://paragony.pl/1"})
    judge("POST", links, 409, json={"url": "https://paragony.pl/1"})
    judge("POST", links, 422, json={"url": "ftp://paragony.pl/1"})
    judge("GET", path, 200)


def test_refusals(contract, simulator, judge):
    form = simulator.create_order()
    path = f"/order/checkout-forms/{form['id']}"
    judge("GET", path, 406, headers={"Accept": "application/json"})
    judge("GET", path, 401, headers={"Authorization": "Bearer nonsense"})
    judge("GET", path, 403, headers={"User-Agent": "python-requests/2"})
    judge("GET", "/order/checkout-forms/not-a-uuid", 422)
    judge("GET", "/order/checkout-forms?limit=101", 422)
    judge("GET", "/order/checkout-forms?offset=9999&limit=2", 422)
    judge("GET", "/order/events?limit=0", 422)
    json_type = {"Content-Type": "application/json"}
    body = {"status": "SENT"}
    judge("PUT", f"{path}/fulfillment", 415, headers=json_type, json=body)
    other = _Judge(contract, simulator.api(seller="demontaz_kos"))
    other("GET", path, 403)
    unscoped = _Judge(contract, simulator.api(scopes=["allegro:api:profile:read"]))
    unscoped("GET", path, 403)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_outages(simulator, judge, status):
    simulator.fault("status", status=status, times=1)
    judge("GET", "/order/events", status)


def test_rate_limit(simulator, judge):
    simulator.post("/rate-limit", per_minute=1)
    judge("GET", "/me", 200)
    judge("GET", "/me", 429)
