"""The two small readers: an offer, and who the seller is."""

import pytest

from allegro.errors import AllegroDataError
from allegro.offers import Offer
from allegro.seller import Seller
from allegro.values import JsonObject


def _offer(**changes):
    data = {
        "id": "1",
        "name": "Filtr",
        "external": {"id": "SKU"},
        "publication": {"status": "ACTIVE"},
    }
    return Offer.from_json(JsonObject(data | changes, "offers[3]"))


@pytest.mark.parametrize("external", ["SKU", {"id": "SKU"}, {"id": " SKU "}])
def test_a_reference_is_one_however_it_is_written(external):
    assert _offer(external=external).external_id == "SKU"


def test_an_offer():
    assert _offer() == Offer("1", "Filtr", "SKU", True)


@pytest.mark.parametrize("external", [None, {}, {"id": None}, {"id": " "}])
def test_an_offer_may_have_no_reference(external):
    assert _offer(external=external).external_id is None


def test_an_offer_without_a_name_is_called_by_its_id():
    assert _offer(name=None).name == "1"


@pytest.mark.parametrize(
    ("publication", "active"),
    [
        ({"status": "ACTIVE"}, True),
        ({"status": "ACTIVATING"}, True),
        ({"status": "INACTIVE"}, False),
        ({"status": "ENDED"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_only_what_is_on_sale_is_active(publication, active):
    assert _offer(publication=publication).active is active


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": None}, "offers[3].id"),
        ({"id": 5}, "offers[3].id"),
    ],
)
def test_a_malformed_offer_is_named(changes, path):
    with pytest.raises(AllegroDataError) as caught:
        _offer(**changes)
    assert caught.value.path == path


def test_a_seller():
    me = {"id": "7", "login": "shop", "baseMarketplace": {"id": "allegro-cz"}}
    assert Seller.from_json(JsonObject(me)) == Seller("7", "shop", "allegro-cz")


@pytest.mark.parametrize("marketplace", [None, {}, 5])
def test_a_seller_may_have_no_marketplace(marketplace):
    me = {"id": "7", "login": "shop", "baseMarketplace": marketplace}
    assert Seller.from_json(JsonObject(me)).base_marketplace is None


def test_a_seller_without_an_id_is_refused():
    with pytest.raises(AllegroDataError) as caught:
        Seller.from_json(JsonObject({"login": "shop"}))
    assert caught.value.path == "id"


def test_a_seller_without_a_name_is_called_by_the_id():
    assert Seller.from_json(JsonObject({"id": "7"})) == Seller("7", "7", None)
