"""Who cancelled an order, as its form tells it."""

import pytest

from allegro.checkout_form import CheckoutForm
from allegro.rules import cancelled_by

from .forms import a_form


def _who(status="READY_FOR_PROCESSING", values=None, without=()):
    values = {"status": status, **(values or {})}
    return cancelled_by(CheckoutForm.from_json(a_form(values, without)).state)


@pytest.mark.parametrize("status", ["BOUGHT", "FILLED_IN", "READY_FOR_PROCESSING"])
def test_a_living_order_is_cancelled_by_nobody(status):
    assert _who(status) is None


def test_a_paid_order_is_cancelled_by_the_buyer():
    assert _who("CANCELLED") == "buyer"


def test_an_order_on_delivery_has_brought_no_money_yet_but_is_the_buyers():
    values = {"payment.type": "CASH_ON_DELIVERY", "payment.paidAmount": None}
    assert _who("CANCELLED", values) == "buyer"


def test_an_order_that_was_never_paid_is_cancelled_by_allegro():
    values = {"payment.finishedAt": None, "payment.paidAmount": None}
    assert _who("CANCELLED", values) == "allegro"


def test_an_order_without_any_payment_is_cancelled_by_allegro():
    assert _who("CANCELLED", {"payment": None}) == "allegro"
    assert _who("CANCELLED", without=["payment"]) == "allegro"


@pytest.mark.parametrize("payment", ["AF", 5, ["x"], True])
def test_a_payment_that_can_not_be_read_is_taken_for_one(payment):
    """Nothing is lost when the goods are looked at before they are sold again."""
    assert _who("CANCELLED", {"payment": payment}) == "buyer"


@pytest.mark.parametrize("moment", ["yesterday", 1_782_983_753, {"at": "x"}])
def test_a_moment_of_payment_that_can_not_be_read_is_one(moment):
    assert _who("CANCELLED", {"payment.finishedAt": moment}) == "buyer"


@pytest.mark.parametrize("payment", [[], {}, "", {"finishedAt": ""}])
def test_an_empty_payment_is_none(payment):
    assert _who("CANCELLED", {"payment": payment}) == "allegro"


def test_the_sellers_label_is_not_the_orders_status():
    assert _who(values={"fulfillment.status": "CANCELLED"}) == "seller"


def test_the_buyer_goes_before_the_sellers_label():
    """A seller marks what the buyer cancelled: that does not make it the seller's."""
    assert _who("CANCELLED", {"fulfillment.status": "CANCELLED"}) == "buyer"
