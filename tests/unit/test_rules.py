"""Every decision about an order."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro import rules
from allegro.checkout_form import CheckoutForm
from allegro.values import Money

from .forms import a_form


def _form(values=None, without=()):
    return CheckoutForm.from_json(a_form(values, without))


def _pln(amount):
    return Money(Decimal(amount), "PLN")


# Whether to import


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("READY_FOR_PROCESSING", True),
        ("BOUGHT", False),
        ("FILLED_IN", False),
        ("CANCELLED", False),
        ("INVENTED_TOMORROW", False),
    ],
)
def test_only_an_order_that_is_ready_is_imported(status, expected):
    assert rules.is_importable(_form({"status": status})) is expected


def test_the_sellers_own_status_does_not_matter():
    assert rules.is_importable(_form({"fulfillment.status": "CANCELLED"}))


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ({"id": "ALLEGRO"}, True),
        ({"id": "SELLER"}, False),
        ("ALLEGRO", True),
        # it does not say, or says what nobody knows
        ({}, None),
        (None, None),
        (5, None),
        ({"id": "DRONES"}, None),
    ],
)
def test_who_ships_it(provider, expected):
    form = _form({"fulfillment.provider": provider})
    assert rules.fulfilled_by_allegro(form) is expected


def test_without_a_fulfilment_nobody_says_who_ships():
    assert rules.fulfilled_by_allegro(_form(without=["fulfillment"])) is None


# What it costs


def test_the_total_is_lines_deposits_services_and_delivery():
    # 2 lines of 2 * 10.50 + 2 * 1.00 + 49.99, and 8.99; not the surcharge of 5.00
    assert rules.expected_total(_form()) == _pln("154.97")


@pytest.mark.parametrize("delivery", [None, {}, {"cost": None}])
def test_a_delivery_may_cost_nothing(delivery):
    assert rules.expected_total(_form({"delivery": delivery})) == _pln("145.98")


def test_the_total_is_in_the_currency_of_the_order():
    form = a_form({"delivery": None, "summary.totalToPay.currency": "CZK"})
    for line in form["lineItems"]:
        line["price"]["currency"] = "CZK"
        line["deposit"] = line["selectedAdditionalServices"] = None
    total = rules.expected_total(CheckoutForm.from_json(form))
    assert total == Money(Decimal("42.00"), "CZK")


@given(
    st.integers(1, 1000),
    st.decimals(0, 99_999, places=2, allow_nan=False),
    st.decimals(0, 999, places=2, allow_nan=False),
)
def test_the_total_is_exact(quantity, price, cost):
    form = _form(
        {
            "lineItems[0].quantity": quantity,
            "lineItems[0].price.amount": str(price),
            "lineItems[0].deposit": None,
            "lineItems[0].selectedAdditionalServices": None,
            "delivery.cost.amount": str(cost),
        }
    )
    # the second line stays: 2 * 10.50 + 2 * 1.00 + 49.99
    assert rules.expected_total(form) == _pln(
        quantity * price + cost + Decimal("72.99")
    )


def test_the_total_of_samples_is_what_allegro_asks_for(samples):
    judged = 0
    for path in sorted(samples.glob("checkout-form.real-*.json")):
        text = path.read_text(encoding="utf-8")
        form = CheckoutForm.from_json(json.loads(text, parse_float=Decimal))
        assert rules.expected_total(form) == form.total_to_pay, path.name
        judged += 1
    assert judged > 3


# What is paid


def test_what_was_paid_at_the_purchase_and_what_later():
    assert rules.payment_amount(_form()) == _pln("140.00")
    assert rules.surcharge_amount(_form()) == _pln("5.00")


@pytest.mark.parametrize(
    ("values", "at_once", "later"),
    [
        ({"payment": None, "surcharges": None}, "0", "0"),
        ({"payment.paidAmount": None}, "0", "5.00"),
        ({"payment": None}, "0", "5.00"),
        ({"surcharges": []}, "140.00", "0"),
        ({"surcharges[0].paidAmount": None}, "140.00", "0"),
        ({"payment.paidAmount.amount": "much"}, "0", "5.00"),
    ],
)
def test_what_is_not_paid_is_not_counted(values, at_once, later):
    form = _form(values)
    assert rules.payment_amount(form) == _pln(at_once)
    assert rules.surcharge_amount(form) == _pln(later)


def test_when_the_last_of_the_later_payments_came():
    paid = {"type": "ONLINE", "paidAmount": {"amount": "5.00", "currency": "PLN"}}
    first = {**paid, "finishedAt": "2026-09-11T08:00:00.000Z"}
    last = {**paid, "finishedAt": "2026-09-12T08:00:00.000Z"}
    unpaid = {"type": "ONLINE", "finishedAt": "2026-09-13T08:00:00.000Z"}
    form = _form({"surcharges": [first, last, unpaid, paid]})
    assert rules.surcharged_at(form).day == 12
    for untold in ([], [paid], [unpaid]):
        assert rules.surcharged_at(_form({"surcharges": untold})) is None


def test_money_of_another_currency_is_not_added_up():
    form = _form({"surcharges[0].paidAmount.currency": "EUR"})
    assert rules.surcharge_amount(form) == _pln("0")
    form = _form({"payment.paidAmount.currency": "EUR"})
    assert rules.payment_amount(form) == _pln("0")


# Whose VAT number


def _vat(*ids, country="PL", address=True):
    company = {
        "name": "X",
        "ids": [{"type": kind, "value": value} for kind, value in ids],
    }
    invoice = {"required": True}
    if address:
        invoice["address"] = {"countryCode": country, "company": company}
    found = rules.vat_number(_form({"invoice": invoice}).invoice)
    return found and (found.country_code, found.number)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("PL_NIP", "5252674798", ("PL", "5252674798")),
        ("PL_NIP", "525-267-47-98", ("PL", "5252674798")),
        ("PL_NIP", " 525 267 47 98 ", ("PL", "5252674798")),
        ("PL_NIP", "PL5252674798", ("PL", "5252674798")),
        ("PL_NIP", "pl 5252674798", ("PL", "5252674798")),
        ("PL_NIP", "NIP: 5252674798", ("PL", "5252674798")),
        ("PL_NIP", "NIP PL5252674798", ("PL", "5252674798")),
        ("PL_NIP", "DE123456789", ("DE", "123456789")),
        ("CZ_DIC", "CZ12345678", ("CZ", "12345678")),
        ("CZ_DIC", "12345678", ("CZ", "12345678")),
        ("SK_IC_DPH", "SK2020000000", ("SK", "2020000000")),
        ("HU_ADOSZAM", "12345678-2-42", ("HU", "12345678")),
        ("HU_ADOSZAM", "HU12345678", ("HU", "12345678")),
        ("VAT_EU", "ATU12345678", ("AT", "U12345678")),
        ("TAX_ID", "5252674798", ("PL", "5252674798")),
        ("VAT_EU", "EL123456783", ("EL", "123456783")),
        ("VAT_EU", "XI123456782", ("XI", "123456782")),
        ("VAT_EU", "VAT UE: PL 525-267-47-98", ("PL", "5252674798")),
        ("PL_NIP", "NIP UE PL5252674798", ("PL", "5252674798")),
        ("SK_IC_DPH", "IC DPH: SK2020000000", ("SK", "2020000000")),
        ("SK_IC_DPH", "IČ DPH 2020000000", ("SK", "2020000000")),
        ("CZ_DIC", "DIČ: CZ12345678", ("CZ", "12345678")),
        ("HU_ADOSZAM", "Adószám: 12345678-2-42", ("HU", "12345678")),
    ],
)
def test_a_number_and_its_country(kind, value, expected):
    assert _vat((kind, value)) == expected


@pytest.mark.parametrize("kind", [kind for kind, _ in rules._VAT_KINDS])
@pytest.mark.parametrize(
    "number", ["UA12345678", "GB123456782", "EU372000063", "IČO 1"]
)
def test_letters_of_no_country_here_are_none(kind, number):
    country, kept = _vat((kind, number), country="PL")
    assert country is None
    assert kept[:2].isalpha()


@pytest.mark.parametrize("country", ["UA", "GB", "CH"])
def test_letters_of_the_country_where_it_lives_are_one(country):
    number = f"{country}12345678"
    assert _vat(("VAT_EU", number), country=country) == (country, "12345678")
    assert _vat(("VAT_EU", number), country=country.lower())[0] == country
    assert _vat(("VAT_EU", number), country=None) == (None, number)


def test_a_number_of_elsewhere_does_not_hide_one_of_here():
    ids = [("VAT_EU", "UA12345678"), ("PL_NIP", "5252674798")]
    assert _vat(*ids) == ("PL", "5252674798")


@pytest.mark.parametrize("kind", ["VAT_EU", "TAX_ID"])
def test_a_number_without_a_country_is_of_the_invoices_address(kind):
    assert _vat((kind, "12345678"), country="CZ") == ("CZ", "12345678")
    assert _vat((kind, "12345678"), country=None) == (None, "12345678")


def test_the_kind_tells_the_country_before_the_address_does():
    assert _vat(("PL_NIP", "5252674798"), country="DE") == ("PL", "5252674798")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("VAT_EU", "PL_NIP"),
        ("PL_NIP", "CZ_DIC"),
        ("CZ_DIC", "SK_IC_DPH"),
        ("SK_IC_DPH", "HU_ADOSZAM"),
        ("HU_ADOSZAM", "TAX_ID"),
    ],
)
def test_the_better_kind_wins_wherever_it_stands(better, worse):
    ids = [(worse, "11111111"), (better, "22222222")]
    assert _vat(*ids)[1] == _vat(*reversed(ids))[1] == "22222222"


@pytest.mark.parametrize("nothing", ["-", "brak", "N/A", "PL", "nie dotyczy"])
def test_a_number_without_a_digit_is_none_and_the_next_kind_is_asked(nothing):
    assert _vat(("PL_NIP", nothing)) is None
    assert _vat(("VAT_EU", nothing), ("PL_NIP", "5252674798"))[1] == "5252674798"


def test_a_country_found_in_vain_does_not_stick():
    ids = [("VAT_EU", "DE"), ("TAX_ID", "5252674798")]
    assert _vat(*ids) == ("PL", "5252674798")


@pytest.mark.parametrize("kind", ["CZ_ICO", "SK_ICO", "OTHER", "INVENTED_TOMORROW"])
def test_registers_of_companies_are_not_vat(kind):
    assert _vat((kind, "12345678")) is None


def test_no_company_has_no_number():
    assert _vat() is None
    assert _vat(address=False) is None


@given(st.sampled_from([kind for kind, _ in rules._VAT_KINDS]), st.text(max_size=20))
def test_whatever_was_typed_a_number_is_letters_and_digits(kind, value):
    found = _vat((kind, value))
    assert found is None or (found[1].isascii() and found[1].isalnum())


# What the seller sees


def test_each_environment_has_its_own_sales_center():
    assert set(rules.SALES_CENTER) == {"production", "sandbox"}
    assert "sandbox" in rules.SALES_CENTER["sandbox"]
    assert "sandbox" not in rules.SALES_CENTER["production"]


# More of the money


def test_later_payments_are_a_part_of_what_is_paid():
    payment = {"type": "ONLINE", "paidAmount": {"amount": "5.00", "currency": "PLN"}}
    euro = {"type": "ONLINE", "paidAmount": {"amount": "5.00", "currency": "EUR"}}
    form = _form({"surcharges": [payment, payment, euro, {"type": "ONLINE"}]})
    assert rules.surcharge_amount(form) == _pln("10.00")


@pytest.mark.parametrize(
    ("booked", "amount"),
    [
        (None, "0"),
        ([{"paymentId": "1"}], "0"),
        ([{"paidAmount": {"amount": "7.50", "currency": "PLN"}}] * 2, "15.00"),
    ],
)
def test_what_was_collected_on_delivery(booked, amount):
    form = _form({"codBookedPayments": booked})
    assert rules.collected_amount(form) == _pln(amount)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([], (None, False)),
        ([("CZ_ICO", "123")], ("123", False)),
        ([("CZ_ICO", "123"), ("CZ_DIC", "CZ123")], ("CZ123", True)),
        ([("PL_NIP", "not a number")], ("not a number", True)),
        ([("OTHER", "x")], ("x", False)),
    ],
)
def test_the_number_that_people_see(ids, expected):
    company = {"name": "A", "ids": [{"type": kind, "value": v} for kind, v in ids]}
    form = _form({"invoice": {"required": True, "address": {"company": company}}})
    assert rules.given_number(form.invoice) == expected


def test_what_is_not_understood_is_named_by_its_place():
    form = _form(
        {
            "status": "ON_HOLD",
            "fulfillment.status": "BEAMED_UP",
            "fulfillment.provider": {"id": "MOON_BASE"},
            "payment.type": "MOON_MONEY",
            "delivery.time": {"dispatch": {"to": "tomorrow"}},
        }
    )
    *words, note = rules.not_understood(form)
    assert words == [
        "status: ON_HOLD",
        "fulfillment.status: BEAMED_UP",
        "payment.type: MOON_MONEY",
        "fulfillment.provider.id: MOON_BASE",
    ]
    assert note.startswith("delivery.time.dispatch.to: ")
    assert "tomorrow" not in note
    assert rules.not_understood(_form()) == []


def test_five_minutes_abroad():
    bought = datetime(2026, 9, 10, 8, tzinfo=timezone.utc)
    for marketplace in ("allegro-cz", "allegro-sk", "allegro-hu"):
        until = rules.cancellable_until(marketplace, bought)
        assert until - bought == timedelta(minutes=5)
    assert rules.cancellable_until("allegro-pl", bought) is None
    assert rules.cancellable_until(None, bought) is None
