"""What people paste when they mean an order."""

import pytest

from allegro.order_reference import form_ids_in

ONE = "3b5a6f60-9c1d-11ef-8f0e-0242ac120002"
TWO = "4b5a6f60-9c1d-11ef-8f0e-0242ac120002"


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        ONE.upper(),
        f"  {ONE}\n",
        f"Zamówienie nr {ONE}.",
        f"https://salescenter.allegro.com/orders/{ONE}",
        f"https://allegro.pl/moje-allegro/sprzedaz/zamowienia/{ONE}?page=2#top",
        f"https://api.allegro.pl/order/checkout-forms/{ONE}",
        f"{ONE}, {ONE.upper()}",
    ],
)
def test_one_order(text):
    assert form_ids_in(text) == [ONE]


def test_several_in_their_order():
    assert form_ids_in(f"{TWO}\n{ONE} {TWO}") == [TWO, ONE]


@pytest.mark.parametrize(
    "text", ["", "S00012", f"{ONE}0", f"a{ONE}", ONE[:-1], f"{ONE}-1"]
)
def test_no_order(text):
    assert form_ids_in(text) == []
