"""What the addon's client sends is what Allegro's contract allows."""

import inspect
import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from allegro import writers
from allegro.client import MEDIA_TYPE, AllegroClient
from allegro.oauth import CodeVerifier, OAuth
from tests.gates import NotingGate
from tests.scopes import SCOPES
from tests.simulator.driver import USER_AGENT

REDIRECT = "http://localhost:8069/allegro/callback"
_LONG_AGO = datetime.now(timezone.utc) - timedelta(days=30)

#: Each method of the client, as one would use it with an order.
CALLS = {
    "seller": lambda client, form: client.seller(),
    "about": lambda client, form: client.about("it").seller(),
    "get": lambda client, form: client.get(
        "/order/checkout-forms", {"limit": 1}, {"Accept-Language": "pl-PL"}
    ),
    "send": lambda client, form: client.send(
        writers.STATUS,
        "PUT",
        f"/order/checkout-forms/{form['id']}/fulfillment",
        {"status": "SENT"},
        headers={"Accept-Language": "en-US"},
    ),
    "latest_event_id": lambda client, form: client.latest_event_id(),
    "iter_event_pages": lambda client, form: [
        *client.iter_event_pages(None),
        *client.iter_event_pages("1"),
    ],
    "checkout_form": lambda client, form: client.checkout_form(form["id"]),
    "checkout_forms": lambda client, form: client.checkout_forms([form["id"]]),
    "iter_checkout_forms": lambda client, form: [
        *client.iter_checkout_forms(_LONG_AGO),
        *client.iter_checkout_forms(_LONG_AGO, datetime.now(timezone.utc)),
    ],
    "set_fulfillment_status": lambda client, form: [
        client.set_fulfillment_status(form["id"], "PROCESSING"),
        client.set_fulfillment_status(form["id"], "SENT", form["revision"]),
    ],
    "shipments": lambda client, form: client.shipments(form["id"]),
    "add_shipment": lambda client, form: [
        client.add_shipment(form["id"], "DPD", "0000007268757Q"),
        client.add_shipment(
            form["id"], "OTHER", "A-1", "Local", [form["lineItems"][0]["id"]]
        ),
    ],
    "clock_off": lambda client, form: client.clock_off(),
    "carriers": lambda client, form: client.carriers(),
    "delivery_methods": lambda client, form: client.delivery_methods(),
    "count_checkout_forms": lambda client, form: client.count_checkout_forms(_LONG_AGO),
    "offers": lambda client, form: client.offers(),
    "billing_documents": lambda client, form: client.billing_documents(form["id"]),
    "billing_links": lambda client, form: client.billing_links(form["id"]),
    "add_billing_link": lambda client, form: client.add_billing_link(
        form["id"], "https://paragony.pl/1"
    ),
    "upload_invoice": lambda client, form: client.upload_invoice(
        form["id"], "FV/1", "FV_1.pdf", b"%PDF-1.4"
    ),
    "upload_invoice_file": lambda client, form: client.upload_invoice_file(
        form["id"], _announced_document(client, form), b"%PDF-1.4"
    ),
    "offer_parts": lambda client, form: client.offer_parts(
        [form["lineItems"][0]["offer"]["id"]]
    ),
}


def _announced_document(client, form):
    """The first of the two older steps alone: a document without its file."""
    answer = requests.post(
        f"{client._api_url}/order/checkout-forms/{form['id']}/invoices",
        json={"file": {"name": "FV_1.pdf"}, "invoiceNumber": "FV/1"},
        headers={
            "Authorization": f"Bearer {client._access_token}",
            "Accept": MEDIA_TYPE,
            "Content-Type": MEDIA_TYPE,
            "User-Agent": USER_AGENT,
        },
    )
    return answer.json()["id"]


def _public_methods():
    return {
        name
        for name, _ in inspect.getmembers(AllegroClient, inspect.isfunction)
        if not name.startswith("_")
    }


def test_every_method_of_the_client_is_called_here():
    assert set(CALLS) == _public_methods()


@pytest.fixture
def client(simulator):
    token = simulator.issue_tokens()["access_token"]
    with AllegroClient(
        simulator.url, token, USER_AGENT, "pl-PL", gate=NotingGate()
    ) as client:
        yield client


@pytest.mark.parametrize("name", sorted(CALLS))
def test_requests_are_of_the_contract(contract, simulator, client, name):
    form = simulator.create_order("company-invoice")
    CALLS[name](client, form)
    sent = simulator.requests()
    assert sent, "the method asked nothing"
    for entry in sent:
        contract.check_request(entry)
        assert entry["status"] < 300, entry


# Authorization, which the published contract leaves to the tutorial


@pytest.fixture
def oauth(simulator):
    return OAuth(
        f"{simulator.url}/auth/oauth",
        "simulator-client-id",
        "simulator-client-secret",
        USER_AGENT,
    )


def test_authorization_code_and_refresh(oauth):
    verifier = CodeVerifier.new()
    page = oauth.authorize_url(REDIRECT, "state", verifier.challenge, SCOPES)
    decision = {"decision": "allow", "seller": "czesci_pewne"}
    redirected = requests.post(page, data=decision, allow_redirects=False)
    code = parse_qs(urlsplit(redirected.headers["Location"]).query)["code"][0]
    tokens = oauth.exchange_code(code, REDIRECT, verifier.verifier)
    assert "allegro:api:orders:read" in tokens.scopes
    assert oauth.refresh(tokens.refresh_token).scopes == tokens.scopes


def test_device_flow(simulator, oauth):
    device = oauth.start_device(SCOPES)
    decision = {"decision": "allow", "seller": "czesci_pewne"}
    requests.post(device.verification_url, data=decision)
    assert oauth.poll_device(device.device_code).access_token
    assert "secret" not in json.dumps(simulator.requests())
