"""The simulator's orders: amounts, the list, what is refused."""

import json
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.clock import Clock
from tests.simulator.kinds import KINDS
from tests.simulator.marketplaces import MARKETPLACES
from tests.simulator.purchases import Wish, purchase
from tests.simulator.world import World

SELLERS = ("czesci_pewne", "demontaz_kos")
#: Their amounts are not to be added up.
BROKEN = {"malformed-price", "malformed-no-lines", "malformed-mixed-currency"}
BROKEN |= {"malformed-quantity"}


@pytest.fixture
def api(simulator):
    return simulator.api()


def _forms(api, **params):
    response = api.get("/order/checkout-forms", params=params)
    assert response.status_code == 200, response.text
    return response.json()["checkoutForms"]


def _ids(forms):
    return [form["id"] for form in forms]


# Amounts


def _amount(json_price):
    return Decimal(json_price["amount"])


def _sum_by_hand(form):
    total = Decimal(0)
    for line in form["lineItems"]:
        total += _amount(line["price"]) * line["quantity"]
        if line["deposit"]:
            total += _amount(line["deposit"]["price"]) * line["quantity"]
        for service in line["selectedAdditionalServices"]:
            total += _amount(service["price"]) * service["quantity"]
    if form["delivery"]:
        total += _amount(form["delivery"]["cost"])
    return total


def _currencies(value):
    if isinstance(value, dict):
        if "currency" in value:
            yield value["currency"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _currencies(item)


@settings(deadline=None, max_examples=150, database=None)
@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from(sorted(set(KINDS) - BROKEN)),
    marketplace=st.sampled_from([None, *MARKETPLACES]),
    seller=st.sampled_from(SELLERS),
)
def test_total_is_the_sum_of_its_parts(seed, kind, marketplace, seller):
    world = World(Clock(), seed)
    order = purchase(world, Wish(seller, kind, marketplace=marketplace))
    form = order.form
    assert _amount(form["summary"]["totalToPay"]) == _sum_by_hand(form)
    assert len(set(_currencies(form))) == 1
    payment = form["payment"]
    if form["status"] == "READY_FOR_PROCESSING" and payment["type"] == "ONLINE":
        paid = _amount(payment["paidAmount"])
        paid += sum(_amount(extra["paidAmount"]) for extra in form["surcharges"])
        owed = Decimal(10) if kind == "underpaid" else 0
        owed = (
            MARKETPLACES[form["marketplace"]["id"]].price(Decimal(owed)) if owed else 0
        )
        assert paid == _amount(form["summary"]["totalToPay"]) - owed


def test_same_seed_same_world():
    def purchases():
        clock = Clock(lambda: datetime(2026, 10, 1, tzinfo=timezone.utc))
        world = World(clock, 7)
        return [purchase(world, Wish(SELLERS[0])).form for _ in range(30)]

    assert json.dumps(purchases()) == json.dumps(purchases())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_can_be_read_as_json(simulator, api, kind):
    form = simulator.create_order(kind)
    assert api.get(f"/order/checkout-forms/{form['id']}").status_code == 200


def test_wished_lines_stand_in_place_of_the_kinds_own(simulator):
    lines = [{"offer_id": "17000000103", "quantity": 3, "price": "10.10"}]
    form = simulator.create_order("pickup-inpost", lines=lines)
    assert form["summary"]["totalToPay"]["amount"] == "40.29"
    assert [line["offer"]["id"] for line in form["lineItems"]] == ["17000000103"]


@pytest.mark.parametrize(
    ("unmanaged", "known"),
    [("none", {True}), ("some", {True, False}), ("all", {False})],
)
def test_unmanaged_lines(simulator, unmanaged, known):
    offers = {
        offer["offer_id"]: offer["known"]
        for offer in simulator.control("GET", "/catalogue")["offers"]
    }
    for _ in range(10):
        form = simulator.create_order(unmanaged=unmanaged)
        found = {offers[line["offer"]["id"]] for line in form["lineItems"]}
        assert found == known


def test_overrides(simulator):
    form = simulator.create_order(
        overrides={
            "buyer": {"login": "ktos"},
            "lineItems": {"0": {"price": {"amount": "abc"}}},
            "note": "__absent__",
            "surcharges": None,
        }
    )
    assert form["buyer"]["login"] == "ktos"
    assert form["buyer"]["guest"] is False
    assert form["lineItems"][0]["price"] == {"amount": "abc", "currency": "PLN"}
    assert "note" not in form
    assert form["surcharges"] is None


def test_purchase_lowers_the_stock(simulator):
    def stock():
        offers = simulator.control("GET", "/catalogue")["offers"]
        return {offer["offer_id"]: offer["stock"] for offer in offers}

    before = stock()
    simulator.create_order(lines=[{"offer_id": "17000000131", "quantity": 2}])
    assert stock()["17000000131"] == before["17000000131"] - 2


# The list


def test_newest_purchase_comes_first(simulator, api):
    simulator_now = simulator.control("GET", "/state")["now"]
    start = datetime.fromisoformat(simulator_now.replace("Z", "+00:00"))
    made = [
        simulator.create_order(bought_at=(start - timedelta(days=day)).isoformat())[
            "id"
        ]
        for day in (2, 3, 1)
    ]
    newest_first = [made[2], made[0], made[1]]
    assert _ids(_forms(api)) == newest_first
    assert _ids(_forms(api, sort="lineItems.boughtAt")) == newest_first[::-1]
    assert _ids(_forms(api, sort="-updatedAt")) == newest_first
    assert _ids(_forms(api, sort="updatedAt")) == newest_first[::-1]


def test_pages_join(simulator, api):
    simulator.post("/orders", template="courier", count=7)
    whole = _ids(_forms(api))
    pages = [_ids(_forms(api, limit=3, offset=offset)) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sum(pages, []) == whole
    answer = api.get("/order/checkout-forms", params={"limit": 3}).json()
    assert (answer["count"], answer["totalCount"]) == (3, 7)


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"limit": 0}, 422),
        ({"limit": 101}, 422),
        ({"offset": -1}, 422),
        ({"offset": 9_901, "limit": 100}, 422),
        ({"offset": 9_900, "limit": 100}, 200),
        ({"limit": "many"}, 422),
        ({"sort": "price"}, 400),
        ({"updatedAt.gte": "yesterday"}, 400),
        ({"marketplace.id": "allegro-de"}, 400),
    ],
)
def test_bounds_of_the_list(api, params, status):
    assert api.get("/order/checkout-forms", params=params).status_code == status


def test_words_of_the_window_refusal(api):
    answer = api.get("/order/checkout-forms?offset=10000&limit=100").json()
    assert answer["errors"][0] == {
        "code": "VALIDATION_ERROR",
        "message": "Offset and limit parameters exceed maximal result size"
        " of 10000 items",
        "details": None,
        "path": "/order/checkout-forms",
        "userMessage": None,
        "metadata": {},
    }


def test_filters(simulator, api):
    made = {
        kind: simulator.create_order(kind)
        for kind in ("bought", "sent", "sent-partially", "one-fulfillment", "sk-pickup")
    }
    made["surcharge"] = simulator.create_order("surcharge")
    cod = made["cod"] = simulator.create_order("cod-courier")
    wanted = {
        ("status", "BOUGHT"): {"bought"},
        ("fulfillment.status", "SENT"): {"sent"},
        ("fulfillment.provider.id", "ALLEGRO"): {"one-fulfillment"},
        ("fulfillment.shipmentSummary.lineItemsSent", "SOME"): {"sent-partially"},
        ("marketplace.id", "allegro-sk"): {"sk-pickup"},
        ("payment.id", cod["payment"]["id"]): {"cod"},
        ("delivery.method.id", cod["delivery"]["method"]["id"]): {"cod"},
        ("surcharges.id", made["surcharge"]["surcharges"][0]["id"]): {"surcharge"},
    }
    for (name, value), kinds in wanted.items():
        found = set(_ids(_forms(api, **{name: value})))
        assert found == {made[kind]["id"] for kind in kinds}, name
    by_login = _forms(api, **{"buyer.login": cod["buyer"]["login"]})
    assert cod["id"] in _ids(by_login)


def test_times_of_the_list_are_inclusive(simulator, api):
    form = simulator.create_order()
    bought_at = form["lineItems"][0]["boughtAt"]
    assert _forms(api, **{"lineItems.boughtAt.gte": bought_at})
    assert _forms(api, **{"lineItems.boughtAt.lte": bought_at})
    later = datetime.fromisoformat(bought_at.replace("Z", "+00:00"))
    later += timedelta(milliseconds=1)
    assert not _forms(api, **{"lineItems.boughtAt.gte": later.isoformat()})


def test_malformed_forms_do_not_break_the_list(simulator, api):
    for kind in KINDS:
        simulator.create_order(kind)
    filters = {
        "fulfillment.status": "NEW",
        "buyer.login": "x",
        "delivery.method.id": "x",
        "surcharges.id": "x",
        "payment.id": "x",
    }
    for name, value in filters.items():
        _forms(api, **{name: value})
    assert len(_forms(api)) == len(KINDS)


# One order


def test_list_and_detail_are_the_same(simulator, api):
    form = simulator.create_order()
    assert api.get(f"/order/checkout-forms/{form['id']}").json() == form
    assert _forms(api) == [form]


def test_history_ends_after_twelve_months(simulator, api):
    form = simulator.create_order()
    simulator.advance(364 * 86400)
    api = simulator.api()
    assert api.get(f"/order/checkout-forms/{form['id']}").status_code == 200
    simulator.advance(2 * 86400)
    api = simulator.api()
    answer = api.get(f"/order/checkout-forms/{form['id']}")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "CheckoutFormNotFoundException"
    assert _forms(api) == []


def test_order_of_another_account(simulator, api):
    form = simulator.create_order(seller="demontaz_kos")
    answer = api.get(f"/order/checkout-forms/{form['id']}")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "SellerOrdersStoreForbiddenException"


def test_address_shows_late(simulator, api):
    form = simulator.create_order("address-late")
    path = f"/order/checkout-forms/{form['id']}"
    types = [event["type"] for event in api.get("/order/events").json()["events"]]
    assert types[-1] == "READY_FOR_PROCESSING"
    early = api.get(path).json()
    assert early["status"] == "FILLED_IN"
    assert early["delivery"]["address"] is None
    simulator.advance(61)
    late = api.get(path).json()
    assert late["status"] == "READY_FOR_PROCESSING"
    assert late["delivery"]["address"]["city"]


def test_history_is_made_quickly_and_lies_in_the_past(simulator, api):
    simulator.post("/history", count=500, days=30)
    forms = _forms(api)
    assert api.get("/order/checkout-forms").json()["totalCount"] == 500
    assert forms == sorted(
        forms, key=lambda form: form["lineItems"][0]["boughtAt"], reverse=True
    )
    assert api.get("/order/events").json()["events"] == []


def test_an_order_of_many_lines(simulator, api):
    form = simulator.create_order(line_count=3000)
    assert len({line["id"] for line in form["lineItems"]}) == 3000
    goods = sum(float(line["price"]["amount"]) for line in form["lineItems"])
    total = float(form["summary"]["totalToPay"]["amount"])
    assert total == pytest.approx(goods + float(form["delivery"]["cost"]["amount"]))
    assert api.get(f"/order/checkout-forms/{form['id']}").json() == form


def test_offers_of_many_lines_take_turns(simulator):
    simulator.post("/sellers", login="nowy")
    simulator.post("/offers", seller="nowy", count=3)
    form = simulator.create_order(seller="nowy", line_count=7)
    ids = [line["offer"]["id"] for line in form["lineItems"]]
    assert ids == (ids[:3] * 3)[:7]
    assert len(set(ids)) == 3


def test_a_ukrainian_tax_number_and_a_polish_address(simulator):
    form = simulator.create_order("ukrainian-tax-number")
    address = form["invoice"]["address"]
    assert address["countryCode"] == form["delivery"]["address"]["countryCode"] == "PL"
    (number,) = address["company"]["ids"]
    assert number["type"] == "OTHER"
    assert re.fullmatch(r"UA\d{12}", number["value"])
