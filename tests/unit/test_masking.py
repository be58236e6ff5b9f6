"""What is kept of messages holds no people and no secrets."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro.errors import AllegroRejectedError
from allegro.gate import Result, Write
from allegro.masking import HIDDEN, masked, without_people

PERSON = {
    "receiver": {
        "name": "Jan Kowalski",
        "street": "ul. Testowa 1/2",
        "postalCode": "00-001",
        "city": "Warszawa",
        "email": "jan@example.com",
        "phone": 48500500500,
        "company": None,
        "pickupPoints": ["Złota 44", {"id": "WAW-1"}],
    },
    "token": "eyJhbGciOiJSUzI1NiJ9.secret",
    "text": "Dzień dobry, tu Jan",
}


def _texts(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value]


def test_people_and_secrets_are_hidden():
    kept, hidden = masked(PERSON)
    assert set(_texts(kept)) == {HIDDEN, None, "WAW-1"}
    assert "Jan Kowalski" in hidden
    assert "48500500500" in hidden
    # what was there can be seen, though not what it was
    assert kept["receiver"].keys() == PERSON["receiver"].keys()


def test_what_is_no_persons_stays():
    sent = {
        "carrierId": "DPD",
        "waybill": "0000007268757Q",
        "lineItems": [{"id": "62ae358b-8f65-4fc4-9c77-bedf604a2e2b", "quantity": 2}],
        "stock": {"available": 3, "unit": "UNIT"},
        "price": {"amount": "12.50", "currency": "PLN"},
    }
    assert masked(sent) == (sent, ())


def test_an_id_that_holds_a_person():
    assert masked({"id": "jan@example.com"})[0] == {"id": HIDDEN}


@pytest.mark.parametrize(
    "text",
    [
        "write to jan.kowalski+1@allegromail.pl",
        "call +48 500 500 500",
        "call +48500500500",
        "call 500-500-500",
        "Authorization: Bearer abc.def",
        "eyJhbGciOiJSUzI1NiJ9.secret",
    ],
)
def test_words_about_people(text):
    told = without_people(text)
    assert HIDDEN in told
    for secret in ("kowalski", "500", "abc", "secret"):
        assert secret not in told


def test_a_waybill_is_no_phone():
    for waybill in ("0000007268757Q", "620999558210013123456789", "12345678901"):
        assert without_people(f"Waybill {waybill}") == f"Waybill {waybill}"


def test_what_was_hidden_is_hidden_in_the_answer():
    write = Write.of("shipment", "POST", "/shipments", PERSON)
    error = AllegroRejectedError(
        "Jan Kowalski does not live in ul. Testowa 1/2", code="AddressInvalid"
    )
    result = Result.of(write, error)
    assert result.state == "refused"
    assert "Kowalski" not in result.answer
    assert "Testowa" not in result.answer
    assert "AddressInvalid" in result.answer


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON)
def test_anything_can_be_kept(value):
    kept, hidden = masked(value)
    json.dumps(kept)
    assert all(isinstance(text, str) for text in hidden)


def test_what_is_endless_is_not():
    deep = "x"
    for _level in range(5000):
        deep = [deep]
    assert len(json.dumps(masked(deep)[0])) < 100
    assert len(masked(["x"] * 5000)[0]) < 100
