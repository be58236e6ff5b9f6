"""Telling Allegro's simulator, over HTTP: nothing twice, whatever goes wrong."""

import pytest

from allegro.client import AllegroClient
from allegro.errors import (
    AllegroAuthorisationError,
    AllegroConflictError,
    AllegroError,
    AllegroNotFoundError,
    AllegroRejectedError,
    AllegroTooManyRequestsError,
    AllegroUnavailableError,
)
from allegro.fulfilment import WantedParcel, Wish, fulfil
from tests.gates import NotingGate
from tests.simulator.driver import USER_AGENT

DPD = WantedParcel(1, "DPD", "0000007268757Q")
FULFILLMENT = "/fulfillment$"
SHIPMENTS = "/shipments$"


@pytest.fixture
def client(simulator):
    token = simulator.issue_tokens()["access_token"]
    with AllegroClient(simulator.url, token, USER_AGENT, gate=NotingGate()) as client:
        yield client


@pytest.fixture
def form(simulator):
    return simulator.create_order("courier")


def _wish(form, status=None, *parcels, **values):
    return Wish(7, form["id"], status, parcels, **values)


def _truth(simulator, form):
    return simulator.control("GET", f"/orders/{form['id']}")


def _changes(simulator, form):
    return _truth(simulator, form)["status_changes"]


def _status(simulator, form):
    return _truth(simulator, form)["form"]["fulfillment"]["status"]


def _numbers(simulator, form):
    return [parcel["waybill"] for parcel in _truth(simulator, form)["shipments"]]


def test_status_is_told_once(simulator, client, form):
    assert fulfil(client, _wish(form, "PROCESSING")).status == "PROCESSING"
    assert fulfil(client, _wish(form, "PROCESSING")).status == "PROCESSING"
    assert _changes(simulator, form) == 1


def test_what_was_done_in_the_panel_is_not_set_back(simulator, client, form):
    simulator.act(form, "panel-status", status="SENT")
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert outcome.status == "SENT"
    assert _changes(simulator, form) == 1


def test_number_is_added_once(simulator, client, form):
    for _time in range(2):
        outcome = fulfil(client, _wish(form, None, DPD))
        assert outcome.parcels[1].waybill == DPD.waybill
    assert _numbers(simulator, form) == [DPD.waybill]


@pytest.mark.parametrize("known", ["0000007268757q", "0000007268757Q"])
def test_known_number_counts_in_either_case(simulator, client, form, known):
    simulator.act(form, "panel-shipment", carrierId="DPD", waybill=known)
    for wanted in (DPD.waybill, DPD.waybill.lower()):
        wish = _wish(form, None, WantedParcel(3, "DPD", wanted))
        assert fulfil(client, wish).parcels[3].waybill == known
    assert _numbers(simulator, form) == [known]
    assert "POST" not in {entry["method"] for entry in simulator.requests()}


_DUPLICATE = {"errors": [{"code": "Conflict", "message": "already there"}]}


@pytest.mark.parametrize("known", ["0000007268757q", "0000007268757Q"])
def test_number_that_came_between_reading_and_adding(simulator, client, form, known):
    """Another tool, or our own lost answer: Allegro says 409, and has it."""
    simulator.act(form, "panel-shipment", carrierId="DPD", waybill=known)
    path = {"path_pattern": SHIPMENTS, "times": 1}
    nothing = {"shipments": []}
    simulator.fault("status", status=200, body=nothing, method="GET", **path)
    simulator.fault("status", status=409, body=_DUPLICATE, method="POST", **path)
    outcome = fulfil(client, _wish(form, "SENT", DPD))
    assert outcome.parcels[1].waybill == known
    assert [one.waybill for one in outcome.shipments] == [known]
    assert outcome.status == "SENT"
    assert _numbers(simulator, form) == [known]


def test_a_409_about_a_number_that_is_not_there_is_a_refusal(simulator, client, form):
    simulator.fault(
        "status", status=409, body=_DUPLICATE, path_pattern=SHIPMENTS, method="POST"
    )
    outcome = fulfil(client, _wish(form, "SENT", DPD))
    assert isinstance(outcome.parcels[1], AllegroConflictError)
    assert outcome.status == "SENT"
    sent = [entry for entry in simulator.requests() if entry["method"] == "POST"]
    assert len(sent) == 1


def test_panels_number_is_read_back_and_not_added(simulator, client, form):
    simulator.act(form, "panel-shipment", carrierId="ALLEGRO", waybill="AD-1")
    wish = _wish(form, None, WantedParcel(2, "OTHER", "ad-1", "x"))
    outcome = fulfil(client, wish)
    assert outcome.parcels[2].carrier_id == "ALLEGRO"
    assert _numbers(simulator, form) == ["AD-1"]


def test_reading_numbers_only(simulator, client, form):
    simulator.act(form, "panel-shipment", carrierId="DPD", waybill=DPD.waybill)
    outcome = fulfil(client, _wish(form, read_shipments=True))
    assert [shipment.waybill for shipment in outcome.shipments] == [DPD.waybill]


@pytest.mark.parametrize("kind", ["lost_answer", "drop", "garbage", "html"])
def test_lost_answer_about_a_status(simulator, client, form, kind):
    takes_effect = {"takes_effect": True} if kind == "html" else {}
    simulator.fault(kind, path_pattern=FULFILLMENT, times=1, **takes_effect)
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert isinstance(outcome.trouble, AllegroUnavailableError)
    assert outcome.status is None
    assert fulfil(client, _wish(form, "PROCESSING")).status == "PROCESSING"
    assert _changes(simulator, form) == 1


@pytest.mark.parametrize("kind", ["lost_answer", "drop", "garbage"])
def test_lost_answer_about_a_number(simulator, client, form, kind):
    simulator.fault(kind, path_pattern=SHIPMENTS, method="POST", times=1)
    outcome = fulfil(client, _wish(form, None, DPD))
    assert outcome.trouble and not outcome.parcels
    assert fulfil(client, _wish(form, None, DPD)).parcels[1].waybill == DPD.waybill
    assert _numbers(simulator, form) == [DPD.waybill]


def test_server_error_that_took_effect(simulator, client, form):
    simulator.fault(
        "status", status=503, path_pattern=SHIPMENTS, method="POST", takes_effect=True
    )
    for _time in range(2):
        outcome = fulfil(client, _wish(form, "SENT", DPD))
    assert outcome.parcels[1].waybill == DPD.waybill
    assert _numbers(simulator, form) == [DPD.waybill]
    assert _status(simulator, form) == "SENT"


def test_changed_by_the_buyer_between_reading_and_telling(simulator, client, form):
    simulator.fault("status", status=409, path_pattern=FULFILLMENT, times=1)
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert outcome.status == "PROCESSING"
    assert _changes(simulator, form) == 1


def test_changed_again_and_again_waits(simulator, client, form):
    simulator.fault("status", status=409, path_pattern=FULFILLMENT)
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert isinstance(outcome.trouble, AllegroConflictError)
    sent = [entry for entry in simulator.requests() if entry["method"] == "PUT"]
    assert len(sent) == 2


def test_revision_that_was_read_is_sent(simulator, client, form):
    fulfil(client, _wish(form, "PROCESSING"))
    sent = [entry for entry in simulator.requests() if entry["method"] == "PUT"]
    assert sent[0]["query"] == [["checkoutForm.revision", form["revision"]]]


def test_buyer_was_faster(simulator, client, form):
    simulator.act(form, "cancel")
    outcome = fulfil(client, _wish(form, "PROCESSING", DPD))
    assert outcome.buyer_cancelled
    assert outcome.status is None
    assert _changes(simulator, form) == 0
    assert _numbers(simulator, form) == []


def test_buyer_was_faster_than_the_status(simulator, client, form):
    """Told of it by the conflict: then no number is added either."""
    simulator.fault("status", status=409, path_pattern=FULFILLMENT, times=1)
    real = client.set_fulfillment_status

    def cancelled_meanwhile(*args):
        simulator.act(form, "cancel")
        return real(*args)

    client.set_fulfillment_status = cancelled_meanwhile
    outcome = fulfil(client, _wish(form, "PROCESSING", DPD))
    assert outcome.buyer_cancelled
    assert _numbers(simulator, form) == []


# Whatever else the form holds

_UNREADABLE = {"summary": "__absent__", "buyer": {"id": None}}


def test_a_form_that_can_not_be_read_is_told_all_the_same(simulator, client):
    form = simulator.create_order("courier", overrides=_UNREADABLE)
    assert client.checkout_form(form["id"]).error
    outcome = fulfil(client, _wish(form, "SENT", DPD))
    assert (outcome.status, outcome.refusal) == ("SENT", None)
    assert outcome.state.revision == form["revision"]
    assert _numbers(simulator, form) == [DPD.waybill]


def test_a_form_that_can_not_be_read_may_be_cancelled(simulator, client):
    form = simulator.create_order("courier", overrides=_UNREADABLE)
    assert fulfil(client, _wish(form, "CANCELLED")).status == "CANCELLED"
    assert _status(simulator, form) == "CANCELLED"
    simulator.act(form, "cancel")
    assert fulfil(client, _wish(form, "PROCESSING")).buyer_cancelled


@pytest.mark.parametrize("said", [{"status": "TELEPORTED"}, {"status": None}, None, 5])
def test_the_last_known_status_counts_when_allegros_is_not_known(
    simulator, client, said
):
    form = simulator.create_order("courier", overrides={"fulfillment": said})
    outcome = fulfil(client, _wish(form, "PROCESSING", known_status="SENT"))
    assert outcome.status == "SENT"
    assert _changes(simulator, form) == 0


@pytest.mark.parametrize("known", ["NEW", None])
def test_what_is_wanted_is_told_when_nothing_farther_is_known(simulator, client, known):
    unknown = {"fulfillment": {"status": "TELEPORTED"}}
    form = simulator.create_order("courier", overrides=unknown)
    outcome = fulfil(client, _wish(form, "PROCESSING", known_status=known))
    assert outcome.status == "PROCESSING"
    assert _changes(simulator, form) == 1


def test_a_status_that_allegro_names_goes_before_the_known_one(client, form):
    outcome = fulfil(client, _wish(form, "PROCESSING", known_status="SENT"))
    assert outcome.status == "PROCESSING"


def test_where_no_status_is_known_none_is_confirmed(simulator, client):
    form = simulator.create_order("courier", overrides={"fulfillment": None})
    assert fulfil(client, _wish(form, read_shipments=True)).status is None


def test_an_unreadable_number_stops_nothing(simulator, client, form):
    body = {"shipments": [{"waybill": 5.5}]}
    simulator.fault(
        "status", status=200, body=body, path_pattern=SHIPMENTS, method="GET"
    )
    assert fulfil(client, _wish(form, "SENT", DPD)).status == "SENT"


def test_hundred_changes(simulator, client, form):
    for number in range(100):
        simulator.act(form, "panel-status", status=("NEW", "PROCESSING")[number % 2])
    outcome = fulfil(client, _wish(form, "SENT", DPD))
    assert isinstance(outcome.refusal, AllegroRejectedError)
    assert outcome.refusal.status == 422
    assert outcome.parcels[1].waybill == DPD.waybill


def test_refused_number_does_not_stop_the_rest(simulator, client, form):
    bad = WantedParcel(2, "INPOST", "1")
    outcome = fulfil(client, _wish(form, "SENT", bad, DPD))
    assert outcome.parcels[2].code == "CarrierWaybillValidationException"
    assert outcome.parcels[1].waybill == DPD.waybill
    assert outcome.status == "SENT"


def test_carrier_that_is_gone(client, form):
    outcome = fulfil(client, _wish(form, None, WantedParcel(1, "WEDO", "1")))
    assert outcome.parcels[1].code == "CarrierIdValidationException"


def test_number_on_too_many_orders(simulator, client):
    for _time in range(5):
        fulfil(client, _wish(simulator.create_order("courier"), None, DPD))
    sixth = simulator.create_order("courier")
    outcome = fulfil(client, _wish(sixth, "SENT", DPD))
    assert isinstance(outcome.parcels[1], AllegroConflictError)
    assert outcome.status == "SENT"


def test_too_many_requests(simulator, client, form):
    simulator.fault("status", status=429, retry_after=7, path_pattern=FULFILLMENT)
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert isinstance(outcome.trouble, AllegroTooManyRequestsError)
    assert outcome.trouble.retry_after == 7


def test_dead_token(simulator, client, form):
    simulator.post("/tokens", action="expire-access")
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert isinstance(outcome.trouble, AllegroAuthorisationError)
    assert not outcome.refusal


_GONE = {"errors": [{"code": "CheckoutFormNotFoundException", "message": "gone"}]}


def test_order_that_is_gone_may_come_back(client):
    outcome = fulfil(client, Wish(1, "00000000-0000-0000-0000-000000000000", "SENT"))
    assert isinstance(outcome.trouble, AllegroNotFoundError)
    assert not outcome.refusal


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", FULFILLMENT), ("GET", SHIPMENTS), ("POST", SHIPMENTS)],
)
def test_order_that_vanishes_between_two_calls(simulator, client, form, method, path):
    simulator.fault("status", status=404, body=_GONE, path_pattern=path, method=method)
    outcome = fulfil(client, _wish(form, "PROCESSING", DPD))
    assert isinstance(outcome.trouble, AllegroNotFoundError)
    assert not outcome.refusal and not outcome.parcels
    simulator.control("DELETE", "/faults")
    outcome = fulfil(client, _wish(form, "PROCESSING", DPD))
    assert outcome.status == "PROCESSING"
    assert _numbers(simulator, form) == [DPD.waybill]


_CAPTCHA = {"url": "https://geo.captcha-delivery.com/captcha/?initialCid=AHrlqAAA"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
@pytest.mark.parametrize("body", [_CAPTCHA, "<html>", ""])
def test_gatekeeper_is_not_allegro(simulator, client, form, status, body):
    simulator.fault("status", status=status, body=body, path_pattern=FULFILLMENT)
    outcome = fulfil(client, _wish(form, "PROCESSING"))
    assert isinstance(outcome.trouble, AllegroUnavailableError)
    assert not outcome.refusal
    simulator.control("DELETE", "/faults")
    simulator.fault(
        "status", status=status, body=body, path_pattern=SHIPMENTS, method="POST"
    )
    outcome = fulfil(client, _wish(form, "PROCESSING", DPD))
    assert isinstance(outcome.trouble, AllegroUnavailableError)
    assert not outcome.refusal and not outcome.parcels


def test_bad_id_never_travels(simulator, client):
    outcome = fulfil(client, Wish(1, "../me", "SENT"))
    assert isinstance(outcome.refusal, AllegroError)
    assert simulator.requests() == []


def test_allegro_sets_sent_itself(simulator, client, form):
    simulator.post("/sellers", login="czesci_pewne", sent_when_waybill_added=True)
    outcome = fulfil(client, _wish(form, "SENT", DPD))
    assert outcome.status == "SENT"
    assert _changes(simulator, form) == 1


def test_only_some_lines_and_other_carrier(simulator, client, form):
    line = form["lineItems"][0]["id"]
    parcel = WantedParcel(1, "OTHER", "A-1", "Kurier Lokalny", (line,))
    shipment = fulfil(client, _wish(form, None, parcel)).parcels[1]
    assert shipment.line_ids == (line,)
    assert shipment.carrier_name == "Kurier Lokalny"


def test_carriers_and_methods(client):
    carriers = {carrier.id: carrier.name for carrier in client.carriers()}
    assert carriers["DPD"] == "DPD"
    assert carriers["OTHER"] is None
    methods = {method.name: method for method in client.delivery_methods()}
    assert methods["Allegro Kurier DPD pobranie"].cash_on_delivery
    assert methods["Allegro Kurier DPD"].marketplaces == ("allegro-pl",)
