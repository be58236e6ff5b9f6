"""The little that follows and cancels an order, whatever else its form holds."""

import pytest
from hypothesis import given

from allegro.checkout_form import CheckoutForm
from allegro.fetched import Fetched
from allegro.form_state import FormState

from .forms import a_form
from .test_values import _ANYTHING

_STATE = FormState("form-1", "3294a91d", "READY_FOR_PROCESSING", "NEW", True)


def test_the_state_of_a_form():
    assert FormState.from_json(a_form()) == _STATE
    assert CheckoutForm.from_json(a_form()).state == _STATE


@pytest.mark.parametrize("path", ["lineItems", "buyer", "summary", "delivery"])
def test_a_form_of_which_the_rest_can_not_be_read_has_a_state(path):
    fetched = Fetched.from_json(a_form({path: "broken", "status": "CANCELLED"}))
    assert fetched.form is None
    assert fetched.error.path == path
    assert fetched.checkout_form_id == "form-1"
    assert fetched.state.status == "CANCELLED"
    assert fetched.state.payment_finished is True


def test_a_form_that_can_be_read_has_one_too():
    fetched = Fetched.from_json(a_form())
    assert (fetched.error, fetched.form.id) == (None, "form-1")
    assert fetched.state == _STATE
    assert Fetched("form-1", fetched.form).state == _STATE


@pytest.mark.parametrize(
    ("values", "without"),
    [({"fulfillment": None}, ()), ({}, ["fulfillment"]), ({"fulfillment": {}}, ())],
)
def test_without_a_fulfilment_its_status_is_not_known(values, without):
    assert FormState.from_json(a_form(values, without)).fulfillment_status is None


@pytest.mark.parametrize("word", ["TELEPORTED", "sent"])
def test_words_that_nobody_knows_are_kept(word):
    state = FormState.from_json(a_form({"fulfillment.status": word, "status": word}))
    assert (state.status, state.fulfillment_status) == (word, word)


def test_what_can_not_be_read_is_not_known():
    odd = a_form({"status": ["x"], "fulfillment.status": {}, "revision": []})
    state = FormState.from_json(odd)
    assert (state.status, state.fulfillment_status, state.revision) == (None,) * 3


def test_the_sellers_cancellation_is_told():
    state = FormState.from_json(a_form({"fulfillment.status": "CANCELLED"}))
    assert state.seller_cancelled is True
    assert _STATE.seller_cancelled is False


@pytest.mark.parametrize("json", [None, [], "form", {}, {"id": 5}, {"id": " "}])
def test_without_an_id_there_is_no_state(json):
    assert FormState.from_json(json) is None
    fetched = Fetched.from_json(json, "asked-for")
    assert (fetched.checkout_form_id, fetched.state) == ("asked-for", None)


@given(_ANYTHING, _ANYTHING, _ANYTHING, _ANYTHING)
def test_whatever_it_holds_a_form_with_an_id_has_a_state(
    status, fulfillment, payment, revision
):
    json = {"id": "1", "status": status, "fulfillment": fulfillment}
    state = FormState.from_json(json | {"payment": payment, "revision": revision})
    assert state.id == "1"
    assert isinstance(state.payment_finished, bool)
