"""The simulator's journal of events."""

import pytest


@pytest.fixture
def api(simulator):
    return simulator.api()


def _events(api, **params):
    return api.get("/order/events", params=params).json()["events"]


def _types(api, **params):
    return [event["type"] for event in _events(api, **params)]


def test_paid_order_is_told_in_order(simulator, api):
    form = simulator.create_order()
    events = _events(api)
    assert [event["type"] for event in events] == [
        "BOUGHT",
        "FILLED_IN",
        "READY_FOR_PROCESSING",
    ]
    ids = [int(event["id"]) for event in events]
    assert ids == sorted(set(ids))
    last = events[-1]["order"]
    assert last["checkoutForm"] == {"id": form["id"], "revision": form["revision"]}
    assert last["buyer"]["login"] == form["buyer"]["login"]
    assert last["lineItems"][0]["id"] == form["lineItems"][0]["id"]


def test_cursor_is_exclusive_and_pages_join(simulator, api):
    for _ in range(4):
        simulator.create_order()
    whole = _events(api, limit=1000)
    assert len(whole) == 12
    pages, cursor = [], None
    while page := _events(api, limit=5, **({"from": cursor} if cursor else {})):
        pages += page
        cursor = page[-1]["id"]
    assert pages == whole


def test_stats_are_the_newest_event(simulator, api):
    assert api.get("/order/event-stats").json() == {"latestEvent": None}
    simulator.create_order()
    latest = api.get("/order/event-stats").json()["latestEvent"]
    assert latest["id"] == _events(api)[-1]["id"]
    assert _events(api, **{"from": latest["id"]}) == []


def test_types_can_be_chosen(simulator, api):
    simulator.create_order()
    assert _types(api, type=["BOUGHT", "FILLED_IN"]) == ["BOUGHT", "FILLED_IN"]
    assert api.get("/order/events", params={"type": "NONSENSE"}).status_code == 422


def test_each_seller_has_a_journal_of_his_own(simulator, api):
    simulator.create_order(seller="demontaz_kos")
    assert _events(api) == []
    assert len(_events(simulator.api(seller="demontaz_kos"))) == 3


def test_events_are_kept_for_sixty_days(simulator, api):
    simulator.create_order()
    simulator.advance(59 * 86400)
    api = simulator.api()
    assert len(_events(api)) == 3
    simulator.advance(86400 + 60)
    api = simulator.api()
    assert _events(api) == []
    simulator.create_order()
    assert len(_events(api, **{"from": "1"})) == 3


def test_order_can_be_kept_out_of_the_journal(simulator, api):
    simulator.create_order("sent", events=False)
    assert _events(api) == []
    simulator.create_order()
    assert len(_events(api)) == 3


def test_duplicated(simulator, api):
    simulator.fault("duplicated", event_type="READY_FOR_PROCESSING", times=1)
    simulator.create_order()
    twice = _events(api)[2:]
    assert [event["type"] for event in twice] == ["READY_FOR_PROCESSING"] * 2
    assert twice[0]["occurredAt"] == twice[1]["occurredAt"]
    assert twice[0]["id"] != twice[1]["id"]


def test_missing(simulator, api):
    simulator.fault("missing", event_type="READY_FOR_PROCESSING", times=1)
    simulator.create_order()
    simulator.create_order()
    assert _types(api).count("READY_FOR_PROCESSING") == 1


def test_disordered(simulator, api):
    simulator.fault("disordered", event_type="FILLED_IN", seconds=60, times=1)
    simulator.create_order()
    assert _types(api) == ["BOUGHT", "READY_FOR_PROCESSING", "FILLED_IN"]


def test_disordered_comes_by_itself_when_nothing_follows(simulator, api):
    simulator.fault("disordered", event_type="READY_FOR_PROCESSING", seconds=60)
    simulator.create_order()
    assert "READY_FOR_PROCESSING" not in _types(api)
    simulator.advance(61)
    assert _types(api)[-1] == "READY_FOR_PROCESSING"


def test_delayed_event_is_not_lost_behind_the_cursor(simulator, api):
    simulator.fault("delayed", event_type="READY_FOR_PROCESSING", seconds=300, times=1)
    simulator.create_order()
    simulator.create_order()
    cursor = _events(api)[-1]["id"]
    simulator.advance(301)
    late = _events(api, **{"from": cursor})
    assert [event["type"] for event in late] == ["READY_FOR_PROCESSING"]
    assert late[0]["occurredAt"] < _events(api)[-2]["occurredAt"]
