"""Who cancelled an order, as its form tells it."""

import copy

import pytest
from allegro.checkout_form import CheckoutForm
from allegro.rules import cancelled_by

FORM = {
    "id": "29738e61-7f6a-11e8-ac45-09db60ede9d6",
    "status": "READY_FOR_PROCESSING",
    "buyer": {"id": "1", "login": "buyer"},
    "payment": {
        "id": "0f8f1d13-7a91-11e8-8ba7-c7ccc6c7a2b5",
        "type": "ONLINE",
        "finishedAt": "2026-09-10T08:01:00.000Z",
        "paidAmount": {"amount": "10.00", "currency": "PLN"},
    },
    "fulfillment": {"status": "NEW"},
    "lineItems": [
        {
            "id": "62ae358b-8f65-4fc4-9c77-bedf604a2e2b",
            "offer": {"id": "3213213", "name": "Part"},
            "quantity": 1,
            "price": {"amount": "10.00", "currency": "PLN"},
            "boughtAt": "2026-09-10T08:00:00.000Z",
        }
    ],
    "summary": {"totalToPay": {"amount": "10.00", "currency": "PLN"}},
}


def form(status="READY_FOR_PROCESSING", fulfillment="NEW", **payment):
    json = copy.deepcopy(FORM)
    json["status"] = status
    json["fulfillment"]["status"] = fulfillment
    json["payment"].update(payment)
    return CheckoutForm.from_json(json)


@pytest.mark.parametrize("status", ["BOUGHT", "FILLED_IN", "READY_FOR_PROCESSING"])
def test_living_order_is_cancelled_by_nobody(status):
    assert cancelled_by(form(status)) is None


def test_paid_order_is_cancelled_by_the_buyer():
    assert cancelled_by(form("CANCELLED")) == "buyer"


def test_order_on_delivery_has_no_money_yet_but_is_the_buyers():
    cancelled = form("CANCELLED", type="CASH_ON_DELIVERY", paidAmount=None)
    assert cancelled_by(cancelled) == "buyer"


def test_order_never_paid_is_cancelled_by_allegro():
    cancelled = form("CANCELLED", finishedAt=None, paidAmount=None)
    assert cancelled_by(cancelled) == "allegro"


def test_order_without_any_payment_is_cancelled_by_allegro():
    json = copy.deepcopy(FORM) | {"status": "CANCELLED", "payment": None}
    assert cancelled_by(CheckoutForm.from_json(json)) == "allegro"


def test_sellers_label_is_not_the_orders_status():
    assert cancelled_by(form(fulfillment="CANCELLED")) == "seller"


def test_the_buyer_goes_before_the_sellers_label():
    """A seller marks what the buyer cancelled: that does not make it the seller's."""
    assert cancelled_by(form("CANCELLED", "CANCELLED")) == "buyer"
