"""The client's methods for one seller, against the simulator."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from allegro import errors
from allegro.client import AllegroClient
from allegro.fetched import Fetched
from allegro.http import CONNECTIONS
from tests.simulator.driver import USER_AGENT

from .wire import Wire

_UNKNOWN = "00000000-0000-0000-0000-000000000000"


def _client(simulator, language="en-US", **tokens):
    token = simulator.issue_tokens(**tokens)["access_token"]
    return AllegroClient(simulator.url, token, USER_AGENT, language)


def _sent(simulator):
    return [entry["path"] for entry in simulator.requests()]


def _ids(fetched):
    return [one.checkout_form_id for one in fetched]


# The token


@pytest.mark.parametrize("token", [None, "", " ", "a b", "a\nX: y", "zażółć", 5, False])
def test_what_can_be_no_token_is_not_sent(simulator, token):
    with pytest.raises(errors.AllegroAuthorisationError, match="damaged"):
        AllegroClient(simulator.url, token, USER_AGENT)


def test_a_token_that_is_over_is_to_be_renewed(simulator, client):
    simulator.post("/tokens", action="expire-access")
    with pytest.raises(errors.AllegroAuthorisationError) as caught:
        client.seller()
    assert caught.value.status == 401
    assert not isinstance(caught.value, errors.AllegroConsentLostError)


def test_the_token_does_not_show_in_allegros_words(simulator):
    words = {"error": "invalid_token", "error_description": "No: my.token"}
    simulator.fault("status", status=401, body=words)
    with (
        AllegroClient(simulator.url, "my.token", USER_AGENT) as client,
        pytest.raises(errors.AllegroAuthorisationError) as caught,
    ):
        client.seller()
    assert caught.value.message == "No: ***"


# Headers and addresses


def test_each_request_says_who_asks_and_in_what_language(simulator):
    with _client(simulator, language="pl-PL") as client:
        client.seller()
    headers = simulator.requests()[-1]["headers"]
    assert headers["Accept"] == "application/vnd.allegro.public.v1+json"
    assert headers["Accept-Language"] == "pl-PL"
    assert headers["User-Agent"] == USER_AGENT


def test_a_slash_behind_the_address_does_no_harm(simulator):
    token = simulator.issue_tokens()["access_token"]
    with AllegroClient(f"{simulator.url}/", token, USER_AGENT) as client:
        assert client.seller().login == "czesci_pewne"


# Seller and offers


def test_the_seller_is_the_one_who_consented(simulator):
    for login in ("czesci_pewne", "demontaz_kos"):
        with _client(simulator, seller=login) as client:
            assert client.seller().login == login


def test_offers_come_page_by_page(simulator, client):
    catalogue = simulator.control("GET", "/catalogue")["offers"]
    expected = {
        offer["offer_id"] for offer in catalogue if offer["seller"] == "czesci_pewne"
    }
    found, offset = set(), 0
    while offset is not None:
        page, total, offset = client.offers(offset, 7)
        assert len(page) <= 7
        assert total == len(expected)
        assert not {offer.id for offer in page} & found
        found |= {offer.id for offer in page}
    assert found == expected
    assert client.offers(offset=len(expected)) == ([], len(expected), None)


def test_a_malformed_offer_does_not_hide_the_others(simulator, client):
    body = {"offers": [{"name": "x"}, {"id": "1"}], "totalCount": 2}
    simulator.fault("status", status=200, body=body, times=1)
    offers, total, following = client.offers()
    assert [offer.id for offer in offers] == ["1"]
    assert (total, following) == (2, None)


def test_offers_none_of_which_can_be_read_are_an_error(simulator, client):
    body = {"offers": [{"name": "x"}, {"id": 5}]}
    simulator.fault("status", status=200, body=body, times=1)
    with pytest.raises(errors.AllegroDataError) as caught:
        client.offers()
    assert caught.value.path == "offers[0].id"


def test_what_an_offer_is_made_of(simulator, client):
    catalogue = simulator.control("GET", "/catalogue")["offers"]
    mine = [offer for offer in catalogue if offer["seller"] == "czesci_pewne"]
    gone = "17999999999"
    parts = client.offer_parts([*(offer["offer_id"] for offer in mine), gone, "a/b"])
    assert parts[-2:] == [(), ()]
    assert any(len(offer["products"]) > 1 for offer in mine), "no set to look at"
    for offer, found in zip(mine, parts[:-2], strict=True):
        expected = [((part["ean"],), part["quantity"]) for part in offer["products"]]
        assert [(part.eans, part.quantity) for part in found] == expected


def test_the_number_of_a_periods_forms(simulator, client):
    for _number in range(3):
        simulator.create_order("courier")
    now = datetime.now(timezone.utc)
    assert client.count_checkout_forms(now - timedelta(days=1)) == 3
    assert client.count_checkout_forms(now + timedelta(days=1)) == 0


# One form


def test_a_form_is_fetched(simulator, client):
    form = simulator.create_order("company-invoice")
    fetched = client.checkout_form(form["id"])
    assert fetched.checkout_form_id == fetched.form.id == form["id"]
    assert fetched.error is None
    assert fetched.form.buyer.login == form["buyer"]["login"]


def test_a_form_that_is_gone_is_told_not_raised(simulator, client):
    fetched = client.checkout_form(_UNKNOWN)
    assert fetched.checkout_form_id == _UNKNOWN
    assert fetched.form is None
    assert type(fetched.error) is errors.AllegroNotFoundError


def test_merged_purchases_are_gone_and_their_sum_is_there(simulator, client):
    old = [simulator.create_order("bought")["id"] for _ in range(2)]
    merged = simulator.post("/merge", ids=old)
    gone, also_gone, new = client.checkout_forms([*old, merged["id"]])
    assert type(gone.error) is type(also_gone.error) is errors.AllegroNotFoundError
    assert new.form.id == merged["id"]


def test_another_sellers_form_is_told_not_raised(simulator, client):
    form = simulator.create_order(seller="demontaz_kos")
    fetched = client.checkout_form(form["id"])
    assert type(fetched.error) is errors.AllegroForbiddenError


def test_a_missing_scope_is_about_every_form_and_raised(simulator):
    form = simulator.create_order()
    with (
        _client(simulator, scopes=["allegro:api:profile:read"]) as client,
        pytest.raises(errors.AllegroForbiddenError, match="AccessDenied"),
    ):
        client.checkout_form(form["id"])


def test_a_gatekeepers_403_is_an_outage(simulator, client):
    captcha = {"url": "https://geo.captcha-delivery.com/captcha/?initialCid=AHrlqAAA"}
    simulator.fault("status", status=403, body=captcha)
    with pytest.raises(errors.AllegroUnavailableError):
        client.checkout_form(_UNKNOWN)
    with pytest.raises(errors.AllegroUnavailableError):
        client.set_fulfillment_status(_UNKNOWN, "SENT")


def test_a_form_that_can_not_be_read_is_told_not_raised(simulator, client):
    price = {"lineItems": {"0": {"price": {"amount": "abc"}}}}
    form = simulator.create_order(overrides=price)
    fetched = client.checkout_form(form["id"])
    assert fetched.checkout_form_id == form["id"]
    assert fetched.form is None
    assert fetched.error.path == "lineItems[0].price.amount"
    assert fetched.state.id == form["id"]
    assert fetched.state.status == "READY_FOR_PROCESSING"


@pytest.mark.parametrize("status", [400, 405, 422])
def test_a_form_that_allegro_refuses_is_told_not_raised(simulator, client, status):
    simulator.fault("status", status=status, times=1)
    fetched = client.checkout_form(_UNKNOWN)
    assert type(fetched.error) is errors.AllegroRejectedError


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 401}, errors.AllegroAuthorisationError),
        ({"kind": "status", "status": 429}, errors.AllegroTooManyRequestsError),
        ({"kind": "status", "status": 500}, errors.AllegroUnavailableError),
        ({"kind": "html", "status": 404}, errors.AllegroUnavailableError),
        ({"kind": "garbage"}, errors.AllegroUnavailableError),
        ({"kind": "drop"}, errors.AllegroUnavailableError),
    ],
)
def test_an_outage_is_never_one_forms_fault(simulator, client, fault, kind):
    form = simulator.create_order()
    fault = dict(fault)
    simulator.fault(fault.pop("kind"), **fault)
    with pytest.raises(kind):
        client.checkout_form(form["id"])
    with pytest.raises(kind):
        client.checkout_forms([form["id"]] * 3)


@pytest.mark.parametrize(
    "form_id", ["", "../me", "a/b", "a?b=c", "a#b", "a b", "ą", "x" * 129, "%2e%2e"]
)
def test_what_can_be_no_id_is_not_put_into_an_address(simulator, client, form_id):
    fetched = client.checkout_form(form_id)
    assert fetched.checkout_form_id == form_id
    assert type(fetched.error) is errors.AllegroDataError
    assert fetched.error.path == "form_id"
    assert _sent(simulator) == []


# Several forms


def test_forms_come_in_the_order_in_which_they_were_named(simulator, client):
    ids = [simulator.create_order()["id"] for _ in range(2 * CONNECTIONS)]
    wanted = [ids[5], _UNKNOWN, *ids, ids[5]]
    # the first answer comes last
    simulator.fault("latency", seconds=0.15, path_pattern=ids[5], times=1)
    fetched = client.checkout_forms(wanted)
    assert _ids(fetched) == wanted
    assert [one.form and one.form.id for one in fetched] == [
        ids[5],
        None,
        *ids,
        ids[5],
    ]
    # and was not waited for by the others
    assert not _sent(simulator)[0].endswith(ids[5])


def test_no_forms_are_no_requests(simulator, client):
    assert client.checkout_forms([]) == []
    assert _sent(simulator) == []


def test_one_bad_form_does_not_hide_the_others(simulator, client):
    good = [simulator.create_order()["id"] for _ in range(3)]
    bad = simulator.create_order(overrides={"buyer": {"id": None}})["id"]
    fetched = client.checkout_forms([good[0], bad, *good[1:]])
    assert [bool(one.form) for one in fetched] == [True, False, True, True]
    assert fetched[1].error.path == "buyer.id"


def test_a_broken_connection_among_several_is_repeated(simulator, client):
    ids = [simulator.create_order()["id"] for _ in range(CONNECTIONS)]
    simulator.fault("drop", times=2)
    assert all(
        isinstance(one, Fetched) and one.form for one in client.checkout_forms(ids)
    )


@pytest.mark.parametrize("ahead", [0, 600, -600])
def test_the_clock_against_allegros(ahead):
    there = datetime.now(timezone.utc) - timedelta(seconds=ahead)
    head = f"HTTP/1.1 200 OK\r\nDate: {format_datetime(there, usegmt=True)}\r\n\r\n{{}}"
    with Wire(head.encode()) as wire:
        with AllegroClient(wire.url, "token", USER_AGENT) as client:
            assert client.clock_off() == pytest.approx(ahead, abs=2)


def test_a_server_that_does_not_say_the_time():
    with Wire(b"HTTP/1.1 200 OK\r\n\r\n{}") as wire:
        with AllegroClient(wire.url, "token", USER_AGENT) as client:
            assert client.clock_off() is None
