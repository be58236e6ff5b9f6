"""Recipient and invoice party, each in one line: what a buyer changes shows in it."""

import pytest

from allegro.checkout_form import CheckoutForm
from allegro.people import invoice_party_text, recipient_text
from tests.unit.forms import a_form


def _form(values=None):
    return CheckoutForm.from_json(a_form(values))


def test_the_recipient():
    assert recipient_text(_form()) == (
        "Anna Nowak, Nowak SA, ul. Solna 1, 00-001 Warszawa, PL, +48111111111"
    )


@pytest.mark.parametrize("path", ["delivery", "delivery.address"])
def test_a_recipient_that_is_not_known_yet(path):
    assert recipient_text(_form({path: None})) is None


def test_a_name_alone_is_no_recipient():
    nowhere = dict.fromkeys(
        f"delivery.address.{field}" for field in ("street", "city", "zipCode")
    )
    assert recipient_text(_form({**nowhere, "delivery.pickupPoint": None})) is None
    # at a pickup point it is enough
    assert recipient_text(_form(nowhere)).startswith("Anna Nowak")


@pytest.mark.parametrize(
    "field",
    [
        "firstName",
        "lastName",
        "companyName",
        "street",
        "city",
        "zipCode",
        "phoneNumber",
    ],
)
def test_every_change_of_the_recipient_shows(field):
    changed = _form({f"delivery.address.{field}": "Inna wartość"})
    assert recipient_text(changed) != recipient_text(_form())


def test_a_company_to_be_invoiced():
    assert invoice_party_text(_form()) == (
        "Kowalski sp. z o.o., 5252674798, ul. Solna 1, 00-001 Warszawa, PL"
    )


def test_a_person_to_be_invoiced():
    form = _form({"invoice.address.company": None})
    assert invoice_party_text(form).startswith("Jan Kowalski, ul. Solna 1")


@pytest.mark.parametrize("values", [{"invoice": None}, {"invoice.required": False}])
def test_no_invoice_wanted(values):
    assert invoice_party_text(_form(values)) is None
