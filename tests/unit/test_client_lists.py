"""Listing the forms of a period: pages, the end of the list at 10,000, bad forms."""

import logging
from datetime import datetime, timedelta, timezone

import pytest

from allegro import client as client_module
from allegro import errors
from allegro.fetched import Fetched

_LONG_AGO = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def small_window(monkeypatch):
    """Allegro's limits made small: pages of 5, a list that ends at 15."""
    monkeypatch.setattr(client_module, "FORMS_PER_PAGE", 5)
    monkeypatch.setattr(client_module, "FORMS_WINDOW", 15)


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(client_module, "FORMS_PER_PAGE", 5)


def _history(simulator, count, days=30):
    simulator.post("/history", count=count, days=days, template="courier")
    return [order["id"] for order in simulator.control("GET", "/orders")["orders"]]


def _at(simulator, moment, count=1):
    forms = simulator.post(
        "/orders", template="courier", count=count, bought_at=moment.isoformat()
    )["orders"]
    return [form["id"] for form in forms]


def _queries(simulator):
    return [
        dict(entry["query"])
        for entry in simulator.requests()
        if entry["path"] == "/order/checkout-forms"
    ]


def _ids(fetched):
    return [one.checkout_form_id for one in fetched]


def _since(days):
    return datetime.now(timezone.utc) - timedelta(days=days)


# Pages


def test_a_period_without_orders_is_empty(client):
    assert list(client.iter_checkout_forms(_LONG_AGO)) == []


def test_every_form_comes_once_newest_first(simulator, client, small_pages):
    ids = _history(simulator, 12)
    fetched = list(client.iter_checkout_forms(_since(31)))
    assert sorted(_ids(fetched)) == sorted(ids)
    moments = [one.form.bought_at for one in fetched]
    assert moments == sorted(moments, reverse=True)
    assert [query["offset"] for query in _queries(simulator)] == ["0", "5", "10"]


def test_a_list_is_read_as_it_is_used(simulator, client, small_pages):
    _history(simulator, 12)
    forms = client.iter_checkout_forms(_since(31))
    next(forms)
    assert len(_queries(simulator)) == 1


def test_a_full_last_page_is_the_last_when_allegro_counts_so(
    simulator, client, small_pages
):
    _history(simulator, 10)
    assert len(list(client.iter_checkout_forms(_since(31)))) == 10
    assert len(_queries(simulator)) <= 3


def test_the_period_is_sent_in_utc_and_kept(simulator, client):
    start = datetime(2026, 7, 2, 10, tzinfo=timezone(timedelta(hours=2)))
    end = datetime(2026, 7, 2, 11, 0, 0, 250_000, tzinfo=timezone.utc)
    inside = _at(simulator, start) + _at(simulator, end)
    _at(simulator, start - timedelta(milliseconds=1))
    _at(simulator, end + timedelta(milliseconds=1))
    assert sorted(_ids(client.iter_checkout_forms(start, end))) == sorted(inside)
    query = _queries(simulator)[0]
    assert query["lineItems.boughtAt.gte"] == "2026-07-02T08:00:00.000Z"
    assert query["lineItems.boughtAt.lte"] == "2026-07-02T11:00:00.250Z"


def test_the_last_millisecond_is_inside(simulator, client):
    moment = datetime(2026, 7, 2, 11, 0, 0, 250_001, tzinfo=timezone.utc)
    client_says = list(client.iter_checkout_forms(_LONG_AGO, moment))
    assert client_says == []
    assert _queries(simulator)[0]["lineItems.boughtAt.lte"].endswith("00.251Z")


@pytest.mark.parametrize("short", [[], ["first"]])
def test_a_short_page_with_more_behind_it_is_not_the_last(
    simulator, client, small_pages, short
):
    ids = _history(simulator, 12)
    page = [{"id": name} for name in short]
    simulator.fault(
        "status",
        status=200,
        body={"checkoutForms": page, "totalCount": 12},
        times=1,
    )
    fetched = _ids(client.iter_checkout_forms(_since(31)))
    # in place of the newest five
    assert fetched[: len(short)] == short
    assert set(fetched[len(short) :]) < set(ids)
    assert len(fetched) == len(short) + 7


def test_an_empty_page_without_a_count_is_the_last(simulator, client):
    simulator.fault("status", status=200, body={"checkoutForms": []})
    assert list(client.iter_checkout_forms(_LONG_AGO)) == []
    assert len(_queries(simulator)) == 1


def test_empty_pages_come_to_an_end_whatever_allegro_counts(
    simulator, client, small_window
):
    body = {"checkoutForms": [], "totalCount": 1_000_000}
    simulator.fault("status", status=200, body=body)
    assert list(client.iter_checkout_forms(_LONG_AGO)) == []
    assert len(_queries(simulator)) == 3


# The end of the list


def test_the_limits_are_allegros(simulator):
    size, end = client_module.FORMS_PER_PAGE, client_module.FORMS_WINDOW
    api = simulator.api()
    path = "/order/checkout-forms"
    last = api.get(path, params={"limit": size, "offset": end - size})
    behind = api.get(path, params={"limit": size, "offset": end - size + 1})
    larger = api.get(path, params={"limit": size + 1})
    assert last.status_code == 200
    assert behind.status_code == 422
    assert larger.status_code >= 400


def test_behind_the_end_of_the_list_the_period_is_moved(
    simulator, client, small_window
):
    ids = _history(simulator, 40)
    fetched = list(client.iter_checkout_forms(_since(31)))
    assert set(_ids(fetched)) == set(ids)
    queries = _queries(simulator)
    assert max(int(query["offset"]) for query in queries) == 10
    ends = [query.get("lineItems.boughtAt.lte") for query in queries]
    windows = sorted({end for end in ends if end}, reverse=True)
    assert ends[:3] == [None] * 3
    assert len(windows) >= 2
    # the last purchase seen is asked for again, and nothing else
    assert len(fetched) == len(ids) + len(windows)


def test_forms_of_one_moment_over_the_end_of_the_list_are_not_lost(
    simulator, client, small_window
):
    moment = datetime(2026, 7, 2, 11, tzinfo=timezone.utc)
    ids = _at(simulator, moment + timedelta(hours=1), 12)
    ids += _at(simulator, moment, 8)
    ids += _at(simulator, moment - timedelta(hours=1), 4)
    assert set(_ids(client.iter_checkout_forms(_LONG_AGO))) == set(ids)


def test_a_list_of_one_moment_longer_than_the_list_is_told(
    simulator, client, small_window, caplog
):
    moment = datetime(2026, 7, 2, 11, tzinfo=timezone.utc)
    _at(simulator, moment, 20)
    _at(simulator, moment - timedelta(hours=1))
    with caplog.at_level(logging.WARNING, "allegro.client"):
        fetched = list(client.iter_checkout_forms(_LONG_AGO))
    assert len(set(_ids(fetched))) == 15
    assert "older ones are left out" in caplog.text


def test_exactly_a_whole_list_comes_to_an_end(simulator, client, small_window):
    ids = _history(simulator, 15)
    assert set(_ids(client.iter_checkout_forms(_since(31)))) == set(ids)


# Bad forms


def test_one_bad_form_does_not_hide_the_others(simulator, client):
    good = [simulator.create_order()["id"] for _ in range(2)]
    bad = simulator.create_order(overrides={"summary": "__absent__"})["id"]
    good.append(simulator.create_order()["id"])
    fetched = list(client.iter_checkout_forms(_since(1)))
    assert sorted(_ids(fetched)) == sorted([*good, bad])
    (spoilt,) = [one for one in fetched if not one.form]
    assert spoilt.checkout_form_id == bad
    assert type(spoilt.error) is errors.AllegroDataError
    assert spoilt.error.path == "summary"


@pytest.mark.parametrize("item", [None, "form", 5, [], {}, {"id": 5}, {"id": ""}])
def test_a_form_without_even_an_id_is_left_out(simulator, client, item):
    listed = Fetched.from_json(item)
    assert (listed.checkout_form_id, listed.form) == ("", None)
    body = {"checkoutForms": [item, {"id": "known"}], "totalCount": 2}
    simulator.fault("status", status=200, body=body)
    assert _ids(client.iter_checkout_forms(_LONG_AGO)) == ["known"]


def test_bad_forms_count_for_a_full_page(simulator, client, small_pages):
    body = {"checkoutForms": [{"id": str(number)} for number in range(5)]}
    simulator.fault("status", status=200, body=body, times=1)
    assert len(list(client.iter_checkout_forms(_LONG_AGO))) == 5
    assert [query["offset"] for query in _queries(simulator)] == ["0", "5"]


def test_a_bad_form_at_the_end_of_the_list_does_not_lose_the_rest(
    simulator, client, small_window
):
    moment = datetime(2026, 7, 2, 11, tzinfo=timezone.utc)
    ids = []
    for hour in range(20):
        bad = {"summary": "__absent__"} if hour == 5 else {}
        bought_at = (moment + timedelta(hours=hour)).isoformat()
        ids.append(simulator.create_order(bought_at=bought_at, overrides=bad)["id"])
    # newest first: the one of hour 5 stands at place 15
    assert set(_ids(client.iter_checkout_forms(_LONG_AGO))) == set(ids)


@pytest.mark.parametrize("body", [{}, {"checkoutForms": None}, {"checkoutForms": {}}])
def test_a_page_that_is_none_is_an_error(simulator, client, body):
    simulator.fault("status", status=200, body=body)
    with pytest.raises(errors.AllegroDataError) as caught:
        list(client.iter_checkout_forms(_LONG_AGO))
    assert caught.value.path == "checkoutForms"


def test_an_outage_in_the_middle_is_raised(simulator, client, small_pages):
    _history(simulator, 12)
    forms = client.iter_checkout_forms(_since(31))
    for _ in range(5):
        next(forms)
    simulator.fault("status", status=503, times=1)
    with pytest.raises(errors.AllegroUnavailableError):
        next(forms)
