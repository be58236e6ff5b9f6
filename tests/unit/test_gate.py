"""The gate: every write of the client names its writer, and goes as far as it may."""

import ast
import inspect
import json

import pytest

from allegro import client as client_module
from allegro import errors, writers
from allegro.client import AllegroClient
from allegro.errors import WriteHeldError
from allegro.fulfilment import WantedParcel, Wish, fulfil
from allegro.gate import OFF, SHADOW
from tests.gates import NotingGate
from tests.simulator.driver import USER_AGENT

DPD = WantedParcel(1, "DPD", "0000007268757Q", about="the number")
PDF = b"%PDF-1.4 of Jan Kowalski"

#: Every method of the client that changes something, and who writes by it.
WRITES = {
    "set_fulfillment_status": (
        writers.STATUS,
        lambda client, form: client.set_fulfillment_status(form["id"], "PROCESSING"),
    ),
    "add_shipment": (
        writers.PARCEL,
        lambda client, form: client.add_shipment(form["id"], "DPD", "0000007268757Q"),
    ),
    "upload_invoice": (
        writers.INVOICE,
        lambda client, form: client.upload_invoice(form["id"], "1", "1.pdf", PDF),
    ),
    "upload_invoice_file": (
        writers.INVOICE,
        lambda client, form: client.upload_invoice_file(form["id"], "id-1", PDF),
    ),
    "add_billing_link": (
        writers.INVOICE,
        lambda client, form: client.add_billing_link(
            form["id"], "https://paragony.pl/1"
        ),
    ),
}


@pytest.fixture
def form(simulator):
    return simulator.create_order("company-invoice")


@pytest.fixture
def behind(simulator):
    """A client behind a gate: ``behind(NotingGate("off"))``."""
    token = simulator.issue_tokens()["access_token"]
    opened = []

    def behind(gate):
        client = AllegroClient(simulator.url, token, USER_AGENT, gate=gate)
        opened.append(client)
        return client

    yield behind
    for client in opened:
        client.__exit__()


def _written(simulator):
    return [entry for entry in simulator.requests() if entry["method"] != "GET"]


def test_no_write_of_the_client_is_missing_here():
    (tree,) = [
        node
        for node in ast.parse(inspect.getsource(client_module)).body
        if isinstance(node, ast.ClassDef) and node.name == "AllegroClient"
    ]
    sending = {
        method.name
        for method in tree.body
        if isinstance(method, ast.FunctionDef)
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and node.attr in ("send", "upload_invoice")
        if method.name != "send" and ast.unparse(node.value) == "self"
    }
    assert sending == WRITES.keys()


@pytest.mark.parametrize("name", sorted(WRITES))
@pytest.mark.parametrize("mode", [OFF, SHADOW])
def test_what_is_off_or_in_shadow_is_not_sent(simulator, behind, form, name, mode):
    writer, write = WRITES[name]
    # all the others are on: it is this writer that is held
    gate = NotingGate(**{writer: mode})
    with pytest.raises(WriteHeldError) as held:
        write(behind(gate), form)
    assert held.value.is_shadow == (mode == SHADOW)
    assert _written(simulator) == []
    assert gate.begun == []
    if mode == OFF:
        assert gate.results == []
    else:
        [(noted, result)] = gate.results
        assert (noted.writer, result.state) == (writer, "shadow")


@pytest.mark.parametrize("name", sorted(WRITES))
def test_what_is_on_is_noted_before_and_after(simulator, behind, form, name):
    writer, write = WRITES[name]
    # only this one is on
    gate = NotingGate(OFF, **{writer: "on"})
    try:
        write(behind(gate), form)
    except errors.AllegroError:
        pass  # the simulator knows no document "id-1"
    assert [entry["path"] for entry in _written(simulator)] == [
        write.path for write in gate.begun
    ]
    assert [write for write, _result in gate.results] == gate.begun
    assert {write.writer for write in gate.begun} == {writer}
    assert all(result.trace_id for _write, result in gate.results)


def test_it_is_noted_before_it_travels(simulator, behind, form):
    seen = []
    gate = NotingGate()
    gate.before = lambda write: seen.append(_written(simulator))
    behind(gate).set_fulfillment_status(form["id"], "PROCESSING")
    assert seen == [[]]
    assert len(_written(simulator)) == 1


def test_a_client_without_a_gate_only_reads(simulator, behind, form):
    client = behind(None)
    assert client.seller().login
    for _writer, write in WRITES.values():
        with pytest.raises(WriteHeldError):
            write(client, form)
    assert _written(simulator) == []


@pytest.mark.parametrize(
    ("kind", "details", "state"),
    [
        ("status", {"status": 422}, "refused"),
        ("status", {"status": 429}, "refused"),
        ("status", {"status": 401}, "refused"),
        ("status", {"status": 503}, "unknown"),
        ("lost_answer", {}, "unknown"),
        ("garbage", {}, "unknown"),
    ],
)
def test_what_came_of_it(simulator, behind, form, kind, details, state):
    simulator.fault(kind, **details, path_pattern="/shipments$", method="POST", times=1)
    gate = NotingGate()
    with pytest.raises(errors.AllegroError):
        behind(gate).add_shipment(form["id"], "DPD", "0000007268757Q")
    [(_write, result)] = gate.results
    assert result.state == state


def test_what_is_kept_of_a_write(behind, form):
    gate = NotingGate()
    client = behind(gate)
    revision = form["revision"]
    client.about("one order").set_fulfillment_status(form["id"], "PROCESSING", revision)
    client.upload_invoice(form["id"], "FV/1", "FV_1.pdf", PDF)
    [(status, result), (invoice, _result)] = gate.results[:2]
    assert (status.method, status.about) == ("PUT", "one order")
    assert status.path.endswith(f"/fulfillment?checkoutForm.revision={revision}")
    assert status.content == {"status": "PROCESSING"}
    assert invoice.about is None
    assert invoice.content == {
        "invoiceNumber": "FV/1",
        "file": {"name": "FV_1.pdf", "bytes": len(PDF)},
    }
    assert "Kowalski" not in json.dumps(invoice.content)


# An order's wishes


def _truth(simulator, form):
    truth = simulator.control("GET", f"/orders/{form['id']}")
    return truth["status_changes"], [p["waybill"] for p in truth["shipments"]]


@pytest.mark.parametrize(
    ("modes", "shadowed", "truth", "confirmed"),
    [
        ({}, set(), (1, [DPD.waybill]), "SENT"),
        ({"status": SHADOW}, {"status"}, (0, [DPD.waybill]), None),
        ({"parcel": SHADOW}, {1}, (1, []), "SENT"),
        ({"status": SHADOW, "parcel": SHADOW}, {"status", 1}, (0, []), None),
        ({"status": OFF, "parcel": SHADOW}, {1}, (0, []), None),
    ],
)
def test_a_wish_goes_as_far_as_it_may(
    simulator, behind, form, modes, shadowed, truth, confirmed
):
    gate = NotingGate(**modes)
    wish = Wish(7, form["id"], "SENT", (DPD,), about="the order")
    outcome = fulfil(behind(gate), wish)
    assert outcome.shadowed == shadowed
    assert (outcome.trouble, outcome.refusal) == (None, None)
    assert outcome.status == confirmed
    assert _truth(simulator, form) == truth
    subjects = {write.writer: write.about for write, _result in gate.results}
    known = {"status": "the order", "parcel": "the number"}
    assert subjects == {
        writer: about for writer, about in known.items() if modes.get(writer) != OFF
    }


def test_what_allegro_has_already_leaves_no_shadow(simulator, behind, form):
    simulator.act(form, "panel-status", status="SENT")
    simulator.act(form, "panel-shipment", carrierId="DPD", waybill=DPD.waybill)
    gate = NotingGate(SHADOW)
    outcome = fulfil(behind(gate), Wish(7, form["id"], "SENT", (DPD,)))
    assert gate.results == []
    assert outcome.status == "SENT"
    assert outcome.parcels[1].waybill == DPD.waybill
