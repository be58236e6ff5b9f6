"""One bad item of a list hides none of the others, wherever it stands."""

import logging
from datetime import datetime, timezone

import pytest

from allegro import errors
from allegro.lists import read_each
from allegro.values import LONGEST_LIST, JsonObject

_DATA = JsonObject({"key": [{"id": "1"}, {"id": 5}, None, {"id": "2"}]})


def _id(item):
    return item.text("id")


def test_what_can_be_read_is_read_in_its_order():
    assert read_each(_DATA, "key", _id) == ["1", "2"]


def test_the_log_tells_the_place_and_no_value(caplog):
    data = JsonObject({"key": [{"id": ["Kowalski"]}, {"id": "1"}, "Kowalski"]}, "here")
    with caplog.at_level(logging.WARNING, "allegro.lists"):
        read_each(data, "key", _id)
    messages = [record.getMessage() for record in caplog.records]
    assert "AllegroDataError at here.key[0].id" in messages[0]
    assert "AllegroDataError at here.key[2]" in messages[1]
    assert "Kowalski" not in caplog.text


def test_nothing_but_bad_items_are_an_error_about_the_first():
    data = JsonObject({"key": [None, {}]})
    with pytest.raises(errors.AllegroDataError) as caught:
        read_each(data, "key", _id)
    assert caught.value.path == "key[0]"
    assert read_each(data, "key", _id, may_be_none=True) == []


def test_an_empty_list_is_empty_and_a_missing_one_an_error():
    assert read_each(JsonObject({"key": []}), "key", _id) == []
    with pytest.raises(errors.AllegroDataError):
        read_each(JsonObject({}), "key", _id)


def test_more_than_anybody_goes_through_is_an_error():
    data = JsonObject({"key": [{"id": "1"}] * (LONGEST_LIST + 1)})
    with pytest.raises(errors.AllegroDataError, match=f"more than {LONGEST_LIST}"):
        read_each(data, "key", _id)
    assert len(read_each(data, "key", _id, LONGEST_LIST + 1)) == LONGEST_LIST + 1


# Each list of the client: the bad one first, in the middle, and last


def _places(good, bad):
    one, two = good
    return [[bad, one, two], [one, bad, two], [one, two, bad]]


def _forms(client):
    fetched = client.iter_checkout_forms(datetime(2026, 1, 1, tzinfo=timezone.utc))
    return [one.checkout_form_id for one in fetched]


_LISTS = {
    "events": (
        [{"id": "1"}, {"id": "2"}],
        lambda c: [event.id for page in c.iter_event_pages(None) for event in page],
    ),
    "checkoutForms": ([{"id": "1"}, {"id": "2"}], _forms),
    "offers": (
        [{"id": "1"}, {"id": "2"}],
        lambda client: [offer.id for offer in client.offers()[0]],
    ),
    "shipments": (
        [{"waybill": "1"}, {"waybill": "2"}],
        lambda client: [parcel.waybill for parcel in client.shipments("form-1")],
    ),
    "invoices": (
        [{"id": "1"}, {"id": "2"}],
        lambda client: [one.id for one in client.billing_documents("form-1")],
    ),
    "carriers": (
        [{"id": "1"}, {"id": "2"}],
        lambda client: [carrier.id for carrier in client.carriers()],
    ),
    "deliveryMethods": (
        [{"id": "1"}, {"id": "2"}],
        lambda client: [method.id for method in client.delivery_methods()],
    ),
}


@pytest.mark.parametrize("name", _LISTS)
@pytest.mark.parametrize("bad", [None, "x", 5, [], {}, {"id": {}, "waybill": 5}])
def test_no_list_loses_what_stands_behind_a_bad_item(simulator, client, name, bad):
    good, read = _LISTS[name]
    for items in _places(good, bad):
        simulator.fault("status", status=200, body={name: items, "totalCount": 3})
        assert read(client) == ["1", "2"], items
        simulator.control("DELETE", "/faults")


@pytest.mark.parametrize("name", _LISTS)
def test_no_list_is_longer_than_anybody_goes_through(simulator, client, name):
    good, read = _LISTS[name]
    simulator.fault("status", status=200, body={name: good[:1] * 10_001})
    with pytest.raises(errors.AllegroDataError) as caught:
        read(client)
    assert caught.value.path == name


# Side fields of what is listed


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("events", {"id": "1", "type": 1.5}),
        ("offers", {"id": "1", "name": 1.5, "external": 5, "publication": "ACTIVE"}),
        ("offers", {"id": "1", "external": {"id": []}, "publication": {"status": 1.5}}),
        ("shipments", {"waybill": "1", "carrierId": 1.5, "lineItems": "x", "id": []}),
        ("shipments", {"waybill": "1", "createdAt": "now", "lineItems": [5, {}]}),
        ("invoices", {"id": "1", "file": {"uploadedAt": "now"}, "verification": 5}),
        ("invoices", {"id": "1", "file": 5, "invoiceNumber": ["x"]}),
        ("carriers", {"id": "1", "name": ["DPD"]}),
        ("deliveryMethods", {"id": "1", "marketplaces": "x", "paymentPolicy": 1.5}),
    ],
)
def test_a_strange_side_field_loses_no_item(simulator, client, name, item):
    _good, read = _LISTS[name]
    simulator.fault("status", status=200, body={name: [item], "totalCount": 1})
    assert read(client) == ["1"]


def test_a_parcel_without_its_carrier_is_anothers(simulator, client):
    body = {"shipments": [{"waybill": "1", "lineItems": [{"id": "a"}, 5, {"id": []}]}]}
    simulator.fault("status", status=200, body=body)
    (shipment,) = client.shipments("form-1")
    assert (shipment.carrier_id, shipment.line_ids) == ("OTHER", ("a",))
