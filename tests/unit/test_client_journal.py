"""Reading the journal page by page."""

import itertools

import pytest

from allegro import client as client_module
from allegro import errors


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(client_module, "EVENTS_PER_PAGE", 4)


def _told(simulator, path="/order/events"):
    return [e for e in simulator.requests() if e["path"] == path]


def _queries(simulator):
    return [dict(entry["query"]) for entry in _told(simulator)]


def _page(*ids):
    return {"events": [{"id": str(number), "type": "BOUGHT"} for number in ids]}


def _answer_always(simulator, body, times=None):
    simulator.fault("status", status=200, body=body, times=times)


# Where it stands now


def test_the_newest_event_is_where_to_start(simulator, client):
    simulator.create_order()
    newest = client.latest_event_id()
    assert list(client.iter_event_pages(newest)) == []
    simulator.create_order()
    ((first, *_rest),) = client.iter_event_pages(newest)
    assert int(first.id) > int(newest)


def test_where_nothing_happened_there_is_no_newest_event(simulator, client):
    assert client.latest_event_id() is None


@pytest.mark.parametrize("body", [{}, {"latestEvent": None}, {"latestEvent": {}}])
def test_allegro_may_say_so_in_several_ways(simulator, client, body):
    _answer_always(simulator, body)
    assert client.latest_event_id() is None


# Pages


def test_a_page_is_as_long_as_allegro_allows(simulator, client):
    assert client_module.EVENTS_PER_PAGE == 1000
    simulator.create_order()
    (page,) = client.iter_event_pages(None)
    assert len(page) == 3
    assert _queries(simulator) == [{"limit": "1000"}]


def test_an_empty_journal_has_no_pages(client):
    assert list(client.iter_event_pages(None)) == []


def test_pages_join_without_a_gap_or_a_repetition(simulator, client, small_pages):
    forms = [simulator.create_order()["id"] for _ in range(5)]
    pages = list(client.iter_event_pages(None))
    assert [len(page) for page in pages] == [4, 4, 4, 3]
    events = [event for page in pages for event in page]
    ids = [int(event.id) for event in events]
    assert ids == sorted(set(ids))
    assert {event.checkout_form_id for event in events} == set(forms)
    cursors = [query.get("from") for query in _queries(simulator)]
    assert cursors == [None, *(page[-1].id for page in pages[:3])]


def test_the_next_page_is_not_asked_for_before_this_one_is_dealt_with(
    simulator, client, small_pages
):
    for _ in range(3):
        simulator.create_order()
    pages = client.iter_event_pages(None)
    next(pages)
    assert len(_queries(simulator)) == 1
    next(pages)
    assert len(_queries(simulator)) == 2


def test_the_last_page_may_be_full(simulator, client, small_pages):
    for _ in range(4):
        simulator.create_order()
    assert [len(page) for page in client.iter_event_pages(None)] == [4, 4, 4]


def test_no_type_is_filtered_out(simulator, client):
    form = simulator.create_order()
    simulator.act(form, "change-address", street="ul. Nowa 5")
    (page,) = client.iter_event_pages(None)
    assert page[-1].type == "BUYER_MODIFIED"
    assert set(_queries(simulator)[0]) == {"limit"}


def test_a_repeated_event_is_passed_on(simulator, client):
    simulator.fault("duplicated", event_type="READY_FOR_PROCESSING", times=1)
    form = simulator.create_order()
    (page,) = client.iter_event_pages(None)
    ready = [event for event in page if event.type == "READY_FOR_PROCESSING"]
    assert [event.checkout_form_id for event in ready] == [form["id"]] * 2


# Pages that are no good


def test_one_unreadable_event_does_not_stop_the_journal(simulator, client, small_pages):
    body = _page(1, 2, 3, 4)
    body["events"][1] = {"id": None}
    _answer_always(simulator, body, times=1)
    first, *_rest = client.iter_event_pages(None)
    assert [event.id for event in first] == ["1", "3", "4"]
    # the page was full all the same, so there may be more
    assert [query.get("from") for query in _queries(simulator)] == [None, "4"]


def test_an_unreadable_last_event_is_met_again_by_the_next_page(
    simulator, client, small_pages
):
    body = _page(1, 2, 3, 4)
    body["events"][3] = "event"
    _answer_always(simulator, body, times=1)
    list(client.iter_event_pages(None))
    assert _queries(simulator)[1]["from"] == "3"


def test_a_journal_that_goes_round_is_left(simulator, client, small_pages):
    _answer_always(simulator, _page(1, 2, 3, 4))
    # as far as it would go for ever
    pages = list(itertools.islice(client.iter_event_pages(None), 10))
    assert len(pages) == 2
    assert len(_queries(simulator)) == 2


@pytest.mark.parametrize("body", [{}, {"events": None}, {"events": {}}, [], "text"])
def test_a_page_that_is_none_is_an_error(simulator, client, body):
    _answer_always(simulator, body if body != "text" else '"text"')
    with pytest.raises(errors.AllegroDataError):
        list(client.iter_event_pages(None))


def test_an_outage_leaves_the_pages_before_it(simulator, client, small_pages):
    for _ in range(3):
        simulator.create_order()
    pages = client.iter_event_pages(None)
    first = next(pages)
    simulator.fault("status", status=503, times=1)
    with pytest.raises(errors.AllegroUnavailableError):
        next(pages)
    # from where it stood, the rest comes without a gap
    rest = list(client.iter_event_pages(first[-1].id))
    assert sum(len(page) for page in rest) == 5
