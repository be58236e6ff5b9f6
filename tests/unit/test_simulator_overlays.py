"""Overlays: what is answered for an order, changed on the way out."""

import pytest
import requests

from tests.simulator import path_edits
from tests.simulator.merge_patch import ABSENT


@pytest.fixture
def api(simulator):
    return simulator.api()


@pytest.fixture
def form(simulator):
    return simulator.create_order("same-offer-twice")


@pytest.fixture
def read(api, form):
    """Reads the form, alone and out of the list."""

    def both():
        alone = api.get(f"/order/checkout-forms/{form['id']}").json()
        (listed,) = api.get("/order/checkout-forms").json()["checkoutForms"]
        return alone, listed

    return both


@pytest.mark.parametrize(
    "edits",
    [
        {"fulfillment": None},
        {"fulfillment.status": "SOME_NEW_WORD"},
        {"status": "ON_THE_MOON"},
        {"payment.type": "MOON_MONEY", "payment.provider": 7},
        {"delivery": None},
        {"delivery.address": None},
        {"delivery.address": {}},
        {"delivery.address": {"firstName": "Jan", "lastName": "Kłos"}},
        {"lineItems[0].tax.rate": "EXEMPT"},
        {"lineItems[*].boughtAt": ["wrong", "type"]},
        {"lineItems": {"not": "a list"}},
        {"lineItems[1].quantity": "2"},
        {"buyer.futureKey": {"is": "added"}},
    ],
)
def test_what_lies_over_a_form_shows_alone_and_in_the_list(
    simulator, form, read, edits
):
    expected = form
    for path, value in edits.items():
        expected = path_edits.put(expected, path, value)
    assert expected != form
    overlay = simulator.overlay(form, edits)
    assert read() == (expected, expected)
    assert simulator.control("GET", f"/orders/{form['id']}")["form"] == form
    simulator.lift(overlay)
    assert read() == (form, form)


def test_an_overlay_lies_over_one_form_only(simulator, api, form):
    other = simulator.create_order()
    simulator.overlay(form, {"delivery": None})
    assert api.get(f"/order/checkout-forms/{other['id']}").json() == other
    listed = api.get("/order/checkout-forms").json()["checkoutForms"]
    assert {f["id"]: f["delivery"] is None for f in listed} == {
        form["id"]: True,
        other["id"]: False,
    }


def test_a_whole_form_may_be_anything(simulator, api, form):
    simulator.overlay(form, {"": None})
    assert api.get(f"/order/checkout-forms/{form['id']}").json() is None
    assert api.get("/order/checkout-forms").json()["checkoutForms"] == [None]


def test_keys_are_taken_away(simulator, api, form):
    simulator.overlay(form, {"payment": ABSENT, "lineItems[0]": ABSENT})
    shown = api.get(f"/order/checkout-forms/{form['id']}").json()
    assert "payment" not in shown
    assert shown["lineItems"] == form["lineItems"][1:]


def test_true_is_not_one(simulator, form, read):
    quantity = form["lineItems"][0]["quantity"]
    assert quantity == 1
    simulator.overlay(form, {"lineItems[0].quantity": True})
    assert read()[0]["lineItems"][0]["quantity"] is True


def test_events_show_it_as_far_as_they_repeat_the_form(simulator, api, form):
    simulator.create_order()
    before = api.get("/order/events").json()["events"]
    edits = {"buyer.login": None, "lineItems[0].quantity": "two", "fulfillment": None}
    simulator.overlay(form, edits)
    for old, new in zip(before, api.get("/order/events").json()["events"], strict=True):
        if old["order"]["checkoutForm"]["id"] != form["id"]:
            assert new == old
            continue
        assert new["order"]["buyer"] == old["order"]["buyer"] | {"login": None}
        assert new["order"]["lineItems"][0]["quantity"] == "two"
        assert new["order"].keys() == old["order"].keys()


def test_only_reads_that_show_it_are_counted(simulator, api, form):
    other = simulator.create_order()
    simulator.overlay(form, {"fulfillment": None}, times=2)
    for _ in range(3):
        api.get("/order/events")
        api.get(f"/order/checkout-forms/{other['id']}")
        api.get(f"/order/checkout-forms/{form['id']}/shipments")
    path = f"/order/checkout-forms/{form['id']}"
    seen = [api.get(path).json()["fulfillment"] for _ in range(3)]
    assert seen == [None, None, form["fulfillment"]]


def test_only_where_the_path_says(simulator, form, read):
    simulator.overlay(form, {"delivery": None}, path_pattern="/checkout-forms$")
    alone, listed = read()
    assert alone == form
    assert listed == form | {"delivery": None}


def test_several_lie_over_each_other(simulator, form, read):
    simulator.overlay(form, {"fulfillment.status": "NEWER"}, times=1)
    simulator.overlay(form, {"fulfillment.provider": None})
    first, second = (read()[0]["fulfillment"] for _ in range(2))
    assert (first["status"], first["provider"]) == ("NEWER", None)
    assert (second["status"], second["provider"]) == ("NEW", None)


def test_what_a_client_does_goes_on_below(simulator, api, form, read):
    overlay = simulator.overlay(form, {"fulfillment.status": "SOME_NEW_WORD"})
    path = f"/order/checkout-forms/{form['id']}/fulfillment"
    assert api.put(path, json={"status": "SENT"}).status_code == 204
    assert read()[0]["fulfillment"]["status"] == "SOME_NEW_WORD"
    simulator.lift(overlay)
    assert read()[0]["fulfillment"]["status"] == "SENT"


def test_any_answer_can_be_changed(simulator, api, form):
    simulator.fault(
        "overlay",
        path_pattern="^/order/carriers$",
        edits={"carriers[0].name": 7, "carriers[1]": None},
    )
    carriers = api.get("/order/carriers").json()["carriers"]
    assert (carriers[0]["name"], carriers[1]) == (7, None)
    simulator.fault(
        "overlay",
        path_pattern="^/order/events$",
        edits={"events[*].type": "SOMETHING_NEW", "events[0].order": None},
    )
    events = api.get("/order/events").json()["events"]
    assert {event["type"] for event in events} == {"SOMETHING_NEW"}
    assert events[0]["order"] is None


def test_refusals_stay_as_they_are(simulator, api):
    simulator.fault("overlay", edits={"added": 1})
    assert "added" in api.get("/me").json()
    assert "added" not in api.get("/order/nothing").json()


def test_a_path_that_leads_nowhere_changes_nothing(simulator, form, read):
    simulator.overlay(
        form,
        {
            "delivery.address.street.name": 1,
            "nothing.here": 1,
            "lineItems[9].quantity": 1,
            "lineItems.quantity": 1,
            "id[0]": 1,
        },
        times=1,
    )
    assert read() == (form, form)
    assert simulator.control("GET", "/faults")["faults"][0]["struck"] == 0


@pytest.mark.parametrize(
    ("details", "status"),
    [
        ({"edits": {"a..b": 1}}, 400),
        ({"edits": {"a[b]": 1}}, 400),
        ({"edits": {"a[": 1}}, 400),
        ({"edits": {}}, 400),
        ({}, 400),
        ({"edits": {"a": 1}, "order": "unknown"}, 404),
        ({"edits": {"a": 1}, "kind": "drop"}, 400),
    ],
)
def test_overlays_that_make_no_sense(simulator, details, status):
    fault = {"kind": "overlay"} | details
    answer = requests.post(f"{simulator.url}/_control/faults", json=fault)
    assert answer.status_code == status
    assert answer.json()["error"]
