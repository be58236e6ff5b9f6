"""The order journal."""

import json
import logging

import pytest

from allegro.events import OrderEvent
from allegro.lists import read_each
from allegro.values import JsonObject


def _events(items):
    return read_each(JsonObject({"events": items}), "events", OrderEvent.from_json)


def _item(number, **changes):
    return {
        "id": str(number),
        "type": "READY_FOR_PROCESSING",
        "occurredAt": "2026-09-10T08:00:00.000Z",
        "order": {"checkoutForm": {"id": f"form-{number}", "revision": "aa"}},
    } | changes


def test_an_event_says_which_form_to_read_again():
    (event,) = _events([_item(1)])
    assert event == OrderEvent("1", "READY_FOR_PROCESSING", "form-1")


def test_order_and_repetitions_are_kept():
    events = _events([_item(3), _item(1), _item(3)])
    assert [event.id for event in events] == ["3", "1", "3"]


@pytest.mark.parametrize(
    "changes",
    [
        {"order": None},
        {"order": {}},
        {"order": {"checkoutForm": None}},
        {"order": {"checkoutForm": {"revision": "aa"}}},
    ],
)
def test_an_event_about_no_form_still_moves_the_cursor(changes):
    (event,) = _events([_item(1, **changes)])
    assert (event.id, event.checkout_form_id) == ("1", None)


@pytest.mark.parametrize("kind", ["INVENTED_TOMORROW", None])
def test_types_nobody_knows_are_events_too(kind):
    (event,) = _events([_item(1, type=kind)])
    assert (event.type, event.checkout_form_id) == (kind, "form-1")


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"type": "BOUGHT"}, "events[1].id"),
        (_item(2, id=5), "events[1].id"),
        (_item(2, order=[]), "events[1].order"),
        (_item(2, order={"checkoutForm": 5}), "events[1].order.checkoutForm"),
        ("event", "events[1]"),
        (None, "events[1]"),
    ],
)
def test_an_unreadable_event_is_skipped_and_told(caplog, broken, path):
    with caplog.at_level(logging.WARNING, "allegro.lists"):
        events = _events([_item(1), broken, _item(3)])
    assert [event.id for event in events] == ["1", "3"]
    (record,) = caplog.records
    assert record.getMessage().endswith(f"AllegroDataError at {path}")


def test_an_empty_page_has_no_events():
    assert _events([]) == []


def test_what_the_snapshot_says_does_not_matter():
    item = _item(1)
    item["order"] |= {"lineItems": [{"quantity": 0}], "buyer": None}
    assert _events([item])[0].checkout_form_id == "form-1"


def test_every_sample_of_the_journal_is_read(samples):
    seen = 0
    for path in sorted(samples.glob("order-events.*.json")):
        items = json.loads(path.read_text(encoding="utf-8"))["events"]
        events = _events(items)
        assert [event.id for event in events] == [item["id"] for item in items]
        forms = [event.checkout_form_id for event in events]
        # those of 2018 are about no form
        assert forms == [
            item["order"].get("checkoutForm", {}).get("id") for item in items
        ]
        seen += len(events)
    assert seen > 10
