"""Reading an order: what is taken, what is ignored, what is refused and how."""

import json
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro.checkout_form import MOST_AMOUNTS, CheckoutForm
from allegro.errors import AllegroDataError
from allegro.form_lines import AdditionalService, LineTax
from allegro.form_parties import Address, CompanyId
from allegro.side_fields import MOST_NOTES
from allegro.values import Money

from .forms import a_form


def _parse(values=None, without=()):
    return CheckoutForm.from_json(a_form(values, without))


def _error(values=None, without=()):
    with pytest.raises(AllegroDataError) as caught:
        _parse(values, without)
    return caught.value


def _utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def _pln(amount):
    return Money(Decimal(amount), "PLN")


# What is taken


def test_the_order_itself():
    form = _parse()
    assert form.id == "form-1"
    assert form.revision == "3294a91d"
    assert form.status == "READY_FOR_PROCESSING"
    assert form.fulfillment_status == "NEW"
    assert form.fulfillment_provider == "SELLER"
    assert form.total_to_pay == _pln("154.97")
    assert form.marketplace == "allegro-pl"
    assert form.message_to_seller == "Please ring"
    assert form.note == "regular customer"


def test_the_buyer():
    buyer = _parse().buyer
    assert (buyer.id, buyer.login) == ("buyer-1", "Client:1")
    assert buyer.email == "abc+1@allegromail.pl"
    assert (buyer.first_name, buyer.last_name) == ("Jan", "Kowalski")
    assert buyer.company_name == "Kowalski sp. z o.o."
    assert buyer.phone_number == "+48000000000"
    assert buyer.guest is True
    assert buyer.language == "pl-PL"
    assert buyer.address == Address("ul. Polna 2", "Gdynia", "81-002", "PL")


def test_the_payment_and_the_surcharge():
    form = _parse()
    assert (form.payment.id, form.payment.type) == ("payment-1", "ONLINE")
    assert form.payment.provider == "AF"
    assert form.payment.finished_at == _utc(2026, 7, 2, 9, 22, 33, 135_000)
    assert form.payment.paid == _pln("140.00")
    (surcharge,) = form.surcharges
    assert (surcharge.id, surcharge.paid) == ("payment-2", _pln("5.00"))


def test_the_delivery():
    delivery = _parse().delivery
    assert delivery.address == Address(
        street="ul. Solna 1",
        city="Warszawa",
        zip_code="00-001",
        country_code="PL",
        first_name="Anna",
        last_name="Nowak",
        company_name="Nowak SA",
        phone_number="+48111111111",
    )
    assert (delivery.method_id, delivery.method_name) == ("method-1", "Paczkomat")
    assert delivery.cost == _pln("8.99")
    assert delivery.smart is True
    assert delivery.dispatch_to == _utc(2026, 7, 3, 22)
    point = delivery.pickup_point
    assert (point.id, point.name) == ("WAW01A", "Paczkomat WAW01A")
    assert point.description == "Obok sklepu"
    assert point.address == Address("ul. Solna 1", "Warszawa", "00-001", "PL")


def test_the_invoice():
    invoice = _parse().invoice
    assert invoice.required is True
    assert invoice.address == Address("ul. Solna 1", "Warszawa", "00-001", "PL")
    assert invoice.company_name == "Kowalski sp. z o.o."
    assert invoice.company_ids == (CompanyId("PL_NIP", "5252674798"),)
    assert (invoice.person_first_name, invoice.person_last_name) == ("Jan", "Kowalski")
    assert invoice.due_date == date(2026, 8, 1)
    assert invoice.features == ("VAT_EU_VERIFIED",)


def test_a_line():
    line = _parse().lines[0]
    assert (line.id, line.offer_id, line.offer_name) == ("line-1", "offer-1", "Filtr")
    assert (line.external_id, line.quantity) == ("SKU-1", 2)
    assert (line.price, line.original_price) == (_pln("10.50"), _pln("12.00"))
    assert line.deposit == _pln("1.00")
    assert line.services == (
        AdditionalService("CARRY_IN", "Wniesienie", _pln("49.99"), 1),
    )
    assert line.tax == LineTax(Decimal("23.00"), "GOODS", None)
    assert line.discounts == ("COUPON",)
    assert line.bought_at == _utc(2026, 7, 2, 9, 22, 17, 87_000)


def test_a_line_tells_all_that_is_paid_for_it():
    line = _parse().lines[0]
    assert line.named_amounts == [
        ("price", _pln("10.50"), 2),
        ("deposit.price", _pln("1.00"), 2),
        ("selectedAdditionalServices[0].price", _pln("49.99"), 1),
    ]
    assert line.amounts == [
        (_pln("10.50"), 2),
        (_pln("1.00"), 2),
        (_pln("49.99"), 1),
    ]


def test_the_order_is_as_old_as_its_first_purchase():
    form = _parse()
    assert form.bought_at == _utc(2026, 7, 2, 8)
    assert form.last_bought_at == _utc(2026, 7, 2, 9, 22, 17, 87_000)


def test_a_line_without_a_time_leaves_the_others_to_tell():
    form = _parse({"lineItems[0].boughtAt": None})
    assert form.bought_at == form.last_bought_at == _utc(2026, 7, 2, 8)


@pytest.mark.parametrize(("status", "expected"), [("CANCELLED", True), ("NEW", False)])
def test_the_sellers_own_cancellation_is_told(status, expected):
    assert _parse({"fulfillment.status": status}).seller_cancelled is expected


# What may be missing

_MAY_BE_MISSING = {
    "revision": lambda form: form.revision,
    "messageToSeller": lambda form: form.message_to_seller,
    "fulfillment": lambda form: form.fulfillment_status,
    "fulfillment.status": lambda form: form.fulfillment_status,
    "fulfillment.provider": lambda form: form.fulfillment_provider,
    "fulfillment.provider.id": lambda form: form.fulfillment_provider,
    "buyer.email": lambda form: form.buyer.email,
    "buyer.firstName": lambda form: form.buyer.first_name,
    "buyer.lastName": lambda form: form.buyer.last_name,
    "buyer.companyName": lambda form: form.buyer.company_name,
    "buyer.phoneNumber": lambda form: form.buyer.phone_number,
    "buyer.preferences": lambda form: form.buyer.language,
    "buyer.preferences.language": lambda form: form.buyer.language,
    "buyer.address": lambda form: form.buyer.address,
    "buyer.address.postCode": lambda form: form.buyer.address.zip_code,
    "payment": lambda form: form.payment,
    "payment.id": lambda form: form.payment.id,
    "payment.type": lambda form: form.payment.type,
    "payment.provider": lambda form: form.payment.provider,
    "payment.finishedAt": lambda form: form.payment.finished_at,
    "payment.paidAmount": lambda form: form.payment.paid,
    "delivery": lambda form: form.delivery,
    "delivery.address": lambda form: form.delivery.address,
    "delivery.address.street": lambda form: form.delivery.address.street,
    "delivery.method": lambda form: form.delivery.method_id,
    "delivery.method.id": lambda form: form.delivery.method_id,
    "delivery.method.name": lambda form: form.delivery.method_name,
    "delivery.pickupPoint": lambda form: form.delivery.pickup_point,
    "delivery.pickupPoint.name": lambda form: form.delivery.pickup_point.name,
    "delivery.pickupPoint.address": lambda form: form.delivery.pickup_point.address,
    "delivery.cost": lambda form: form.delivery.cost,
    "delivery.time": lambda form: form.delivery.dispatch_to,
    "delivery.time.dispatch": lambda form: form.delivery.dispatch_to,
    "delivery.time.dispatch.to": lambda form: form.delivery.dispatch_to,
    "invoice": lambda form: form.invoice,
    "invoice.address": lambda form: form.invoice.address,
    "invoice.address.company": lambda form: form.invoice.company_name,
    "invoice.address.company.name": lambda form: form.invoice.company_name,
    "invoice.address.naturalPerson": lambda form: form.invoice.person_last_name,
    "invoice.dueDate": lambda form: form.invoice.due_date,
    "lineItems[0].offer.external": lambda form: form.lines[0].external_id,
    "lineItems[0].offer.external.id": lambda form: form.lines[0].external_id,
    "lineItems[0].originalPrice": lambda form: form.lines[0].original_price,
    "lineItems[0].deposit": lambda form: form.lines[0].deposit,
    "lineItems[0].tax": lambda form: form.lines[0].tax,
    "lineItems[0].tax.rate": lambda form: form.lines[0].tax.rate,
    "lineItems[0].boughtAt": lambda form: form.lines[0].bought_at,
    "marketplace": lambda form: form.marketplace,
    "marketplace.id": lambda form: form.marketplace,
    "note": lambda form: form.note,
    "note.text": lambda form: form.note,
}
_MAY_BE_EMPTY = {
    "surcharges": lambda form: form.surcharges,
    "invoice.address.company.ids": lambda form: form.invoice.company_ids,
    "invoice.features": lambda form: form.invoice.features,
    "lineItems[0].selectedAdditionalServices": lambda form: form.lines[0].services,
    "lineItems[0].discounts": lambda form: form.lines[0].discounts,
}
_FALSE_UNLESS_TOLD = {
    "buyer.guest": lambda form: form.buyer.guest,
    "delivery.smart": lambda form: form.delivery.smart,
    "invoice.required": lambda form: form.invoice.required,
}


@pytest.mark.parametrize("path", _MAY_BE_MISSING)
def test_what_may_be_missing_is_none(path):
    read = _MAY_BE_MISSING[path]
    assert read(_parse()) is not None
    assert read(_parse({path: None})) is None
    assert read(_parse(without=[path])) is None


@pytest.mark.parametrize("path", _MAY_BE_EMPTY)
def test_a_list_that_is_missing_is_empty(path):
    read = _MAY_BE_EMPTY[path]
    assert read(_parse())
    assert read(_parse({path: None})) == ()
    assert read(_parse({path: []})) == ()
    assert read(_parse(without=[path])) == ()


@pytest.mark.parametrize("path", _FALSE_UNLESS_TOLD)
def test_a_flag_that_is_missing_is_false(path):
    read = _FALSE_UNLESS_TOLD[path]
    assert read(_parse()) is True
    assert read(_parse({path: None})) is False
    assert read(_parse(without=[path])) is False


def test_names_fall_back_to_ids():
    form = _parse(
        without=[
            "lineItems[0].offer.name",
            "lineItems[0].selectedAdditionalServices[0].name",
        ]
    )
    assert form.lines[0].offer_name == "offer-1"
    assert form.lines[0].services[0].name == "CARRY_IN"


def test_a_zip_code_wins_over_a_post_code():
    form = _parse({"buyer.address.zipCode": "11-111"})
    assert form.buyer.address.zip_code == "11-111"


def test_the_old_tax_id_counts_only_when_there_is_no_other_number():
    tax_id = {"invoice.address.company.taxId": "123"}
    assert _parse(tax_id).invoice.company_ids == (CompanyId("PL_NIP", "5252674798"),)
    alone = tax_id | {"invoice.address.company.ids": None}
    assert _parse(alone).invoice.company_ids == (CompanyId("TAX_ID", "123"),)


def test_a_company_number_without_a_value_is_no_number():
    ids = [{"type": "CZ_ICO", "value": ""}, {"type": "CZ_DIC", "value": "CZ1"}]
    form = _parse({"invoice.address.company.ids": ids})
    assert form.invoice.company_ids == (CompanyId("CZ_DIC", "CZ1"),)


@given(st.text(st.characters(categories=("L",)), min_size=1, max_size=10))
def test_unknown_keys_change_nothing(key):
    strange = f"new{key}"
    form = a_form(
        {
            path + strange: {"id": 5}
            for path in (
                "",
                "buyer.",
                "buyer.address.",
                "delivery.",
                "invoice.address.company.",
                "lineItems[0].",
                "lineItems[0].offer.",
                "lineItems[0].price.",
                "summary.",
            )
        }
    )
    assert CheckoutForm.from_json(form) == _parse()


def test_the_personal_number_of_a_buyer_never_enters():
    form = _parse({"buyer.personalIdentity": "44051401359"})
    assert "44051401359" not in repr(form)


# What decides: refused by its place

_REQUIRED = [
    "id",
    "status",
    "buyer",
    "buyer.id",
    "lineItems",
    "lineItems[0].id",
    "lineItems[1].id",
    "lineItems[0].offer",
    "lineItems[0].offer.id",
    "lineItems[0].quantity",
    "lineItems[1].price",
    "lineItems[1].price.amount",
    "lineItems[1].price.currency",
    "lineItems[0].deposit.price",
    "lineItems[0].deposit.price.amount",
    "lineItems[0].selectedAdditionalServices[0].price",
    "lineItems[0].selectedAdditionalServices[0].quantity",
    "delivery.cost.amount",
    "summary",
    "summary.totalToPay",
    "summary.totalToPay.amount",
    "summary.totalToPay.currency",
]
#: Need not be there, but when it is it decides what is to be paid.
_STRICT_IF_THERE = [
    "lineItems[0].deposit",
    "lineItems[0].selectedAdditionalServices",
    "delivery",
    "delivery.cost",
]


@pytest.mark.parametrize("path", _REQUIRED)
def test_a_required_key_that_is_missing_is_named(path):
    for error in (_error(without=[path]), _error({path: None})):
        assert error.path == path
        assert "missing" in str(error)


_MALFORMED = [
    ("id", 5),
    ("id", "  "),
    ("status", True),
    ("buyer", "Jan"),
    ("buyer.id", 44_000_000),
    ("delivery", "by hand"),
    ("delivery", []),
    ("delivery.cost.amount", 8.99),
    ("delivery.cost.amount", "-1.00"),
    ("delivery.cost.currency", "zł"),
    ("lineItems", {}),
    ("lineItems", []),
    ("lineItems[1]", "line"),
    ("lineItems[0].offer", "17613428785"),
    ("lineItems[0].quantity", 0),
    ("lineItems[0].quantity", -1),
    ("lineItems[0].quantity", Decimal("1.5")),
    ("lineItems[0].quantity", "2"),
    ("lineItems[0].price", "10.50"),
    ("lineItems[1].price.amount", "ten"),
    ("lineItems[1].price.amount", "1e400"),
    ("lineItems[0].deposit", "1.00"),
    ("lineItems[0].selectedAdditionalServices", "CARRY_IN"),
    ("lineItems[0].selectedAdditionalServices[0]", "CARRY_IN"),
    ("lineItems[0].selectedAdditionalServices[0].quantity", 0),
    ("summary.totalToPay.amount", ""),
]


@pytest.mark.parametrize(("path", "value"), _MALFORMED)
def test_a_malformed_value_is_named(path, value):
    assert _error({path: value}).path == path


@pytest.mark.parametrize("path", _REQUIRED + _STRICT_IF_THERE)
def test_what_decides_must_not_be_nonsense(path):
    # a fraction: neither text, flag, time, money, list nor object
    assert _error({path: 1.5}).path == path


# What decides nothing: left out, and noted

_READERS = {**_MAY_BE_MISSING, **_MAY_BE_EMPTY, **_FALSE_UNLESS_TOLD}
_SIDE = sorted(_READERS.keys() - set(_STRICT_IF_THERE))


@pytest.mark.parametrize("path", _SIDE)
def test_a_side_field_that_is_nonsense_is_left_out_and_noted(path):
    form = _parse({path: 1.5})
    assert not _READERS[path](form)
    assert [note.path for note in form.notes] == [path]
    # nothing but that is another than before
    assert _parse().notes == ()
    assert (form.lines[0].price, form.total_to_pay) == (_pln("10.50"), _pln("154.97"))


_ODD = {
    "discount type": ("lineItems[0].discounts[0].type", 7.5),
    "discount": ("lineItems[0].discounts[0]", 5),
    "point id": ("delivery.pickupPoint.id", {"id": 1}),
    "dispatch time": ("delivery.time.dispatch.to", "2026-07-04"),
    "due date": ("invoice.dueDate", "1.8.2026"),
    "surcharge": ("surcharges[0].paidAmount.amount", "five"),
    "surcharge as a list": ("surcharges[0]", []),
    "negative surcharge": ("surcharges[0].paidAmount.amount", "-5.00"),
    "original price": ("lineItems[0].originalPrice.amount", None),
    "original price as a text": ("lineItems[0].originalPrice", "12.00"),
    "service id": (
        "lineItems[0].selectedAdditionalServices[0].definitionId",
        ["CARRY_IN"],
    ),
    "bought at": ("lineItems[0].boughtAt", "2026-07-02T09:22:17"),
    "features": ("invoice.features", "VAT_EU_VERIFIED"),
    "one feature": ("invoice.features[0]", 1),
    "payment": ("payment", "AF"),
    "payment's end": ("payment.finishedAt", "yesterday"),
    "paid amount": ("payment.paidAmount.amount", 1.5),
    "language": ("buyer.preferences.language", []),
    "preferences": ("buyer.preferences", []),
    "address": ("buyer.address", "ul. Polna"),
    "street": ("delivery.address.street", ["ul. Solna 1"]),
    "phone": ("delivery.address.phoneNumber", {"number": "1"}),
    "company ids": ("invoice.address.company.ids", "5252674798"),
    "company id": ("invoice.address.company.ids[0]", 7),
    "provider": ("fulfillment.provider", 5),
    "fulfillment": ("fulfillment", ["SENT"]),
    "smart": ("delivery.smart", "true"),
    "required": ("invoice.required", 1),
    "message": ("messageToSeller", {"text": "x"}),
    "note": ("note", ["text"]),
    "marketplace": ("marketplace", 1),
    "revision": ("revision", ["3294a91d"]),
    "tax": ("lineItems[0].tax", 23),
    "tax rate": ("lineItems[0].tax.rate", {"rate": "23"}),
    "reference": ("lineItems[0].offer.external.id", ["SKU"]),
}


@pytest.mark.parametrize("name", _ODD)
def test_no_order_is_refused_for_a_side_field(name):
    path, value = _ODD[name]
    form = _parse({path: value})
    assert [note.path for note in form.notes] == [path]
    assert form.lines[0].price == _pln("10.50")


def test_booked_payments_that_can_not_be_read_are_noted():
    booked = [
        {"paidAmount": "7.50"},
        {"paidAmount": {"amount": "1", "currency": "PLN"}},
    ]
    form = _parse({"codBookedPayments": booked})
    assert form.cod_collected == (_pln("1"),)
    assert [note.path for note in form.notes] == ["codBookedPayments[0].paidAmount"]


def test_a_note_holds_no_value():
    secret = "Jan Kowalski, ul. Polna"
    form = _parse(
        {
            "buyer.address": secret,
            "delivery.time.dispatch.to": secret,
            "payment.paidAmount": secret,
            "surcharges": secret,
        }
    )
    assert len(form.notes) == 4
    assert not any("Kowalski" in str(note) for note in form.notes)
    assert "delivery.time.dispatch.to: is not a time with its zone" in map(
        str, form.notes
    )


def test_there_are_not_more_notes_than_anybody_reads():
    form = a_form()
    form["lineItems"] = [
        form["lineItems"][0] | {"id": f"line-{n}", "tax": 5} for n in range(100)
    ]
    assert len(CheckoutForm.from_json(form).notes) == MOST_NOTES


def test_no_sample_needs_a_note(samples):
    for name, json_form in _samples_of(samples):
        assert CheckoutForm.from_json(json_form).notes == (), name


# What is taken as it comes


@pytest.mark.parametrize("rate", ["EXEMPT", "23%", "NP"])
def test_a_tax_that_is_no_number_is_a_word(rate):
    tax = _parse({"lineItems[0].tax.rate": rate}).lines[0].tax
    assert tax == LineTax(None, "GOODS", None, word=rate)
    assert _parse({"lineItems[0].tax": rate}).lines[0].tax.word == rate


def test_a_tax_word_is_no_novel():
    form = _parse({"lineItems[0].tax.rate": "x" * 500})
    assert len(form.lines[0].tax.word) == 64


def test_a_due_date_with_a_time_is_that_date():
    form = _parse({"invoice.dueDate": "2026-09-01T00:00:00Z"})
    assert (form.invoice.due_date, form.notes) == (date(2026, 9, 1), ())


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("fulfillment.provider", "ALLEGRO", lambda form: form.fulfillment_provider),
        ("marketplace", "allegro-cz", lambda form: form.marketplace),
        ("note", "a note", lambda form: form.note),
        ("fulfillment", "SENT", lambda form: form.fulfillment_status),
        ("delivery.pickupPoint", "WAW01A", lambda f: f.delivery.pickup_point.id),
        ("buyer.preferences", "pl-PL", lambda form: form.buyer.language),
        ("lineItems[0].discounts[0]", "COUPON", lambda f: f.lines[0].discounts[0]),
        ("lineItems[0].offer.external", "SKU", lambda f: f.lines[0].external_id),
    ],
)
def test_a_text_in_place_of_an_object_is_its_one_value(path, value, read):
    form = _parse({path: value})
    assert (read(form), form.notes) == (value, ())


def test_a_number_in_place_of_a_text_is_taken_by_its_digits():
    form = _parse({"buyer.phoneNumber": 48000000000, "revision": 3294})
    assert (form.buyer.phone_number, form.revision) == ("48000000000", "3294")
    assert form.notes == ()


def test_a_number_of_an_unknown_kind_is_a_number():
    ids = [{"value": "123"}, "456", {"type": 5, "value": "789"}]
    form = _parse({"invoice.address.company.ids": ids})
    assert form.invoice.company_ids == (
        CompanyId("OTHER", "123"),
        CompanyId("OTHER", "456"),
        CompanyId("5", "789"),
    )


def test_a_name_that_is_too_long_is_cut():
    form = _parse(
        {"lineItems[0].offer.name": "x" * 5000, "messageToSeller": "y" * 5000}
    )
    assert form.lines[0].offer_name == "x" * 1000
    assert form.message_to_seller == "y" * 5000
    assert [str(note) for note in form.notes] == [
        "lineItems[0].offer.name: is cut to 1000 characters"
    ]


@pytest.mark.parametrize("login", [None, "", " ", ["x"]])
def test_a_buyer_without_a_login_is_called_by_the_id(login):
    assert _parse({"buyer.login": login}).buyer.login == "buyer-1"


@pytest.mark.parametrize("definition", [None, ["x"]])
def test_a_service_has_a_name_whatever_is_missing(definition):
    path = "lineItems[0].selectedAdditionalServices[0]"
    form = _parse({f"{path}.definitionId": definition})
    assert form.lines[0].services[0].name == "Wniesienie"
    form = _parse({f"{path}.definitionId": definition, f"{path}.name": None})
    assert form.lines[0].services[0].name == "?"


@pytest.mark.parametrize("status", ["TELEPORTED", "new", "X" * 900])
def test_a_status_that_nobody_knows_is_kept_as_it_is(status):
    form = _parse({"fulfillment.status": status, "status": status})
    assert (form.status, form.fulfillment_status) == (status, status)


# How much of it


def _with_lines(count):
    form = a_form()
    line = {**form["lineItems"][0], "deposit": None, "selectedAdditionalServices": None}
    form["lineItems"] = [line | {"id": f"line-{number}"} for number in range(count)]
    return form


def test_an_order_may_have_many_lines_but_not_any_number():
    assert len(CheckoutForm.from_json(_with_lines(MOST_AMOUNTS)).lines) == MOST_AMOUNTS
    with pytest.raises(AllegroDataError) as caught:
        CheckoutForm.from_json(_with_lines(MOST_AMOUNTS + 1))
    assert caught.value.path == "lineItems"


def test_deposits_and_services_become_lines_too():
    form = _with_lines(MOST_AMOUNTS)
    form["lineItems"][0]["deposit"] = {"price": {"amount": "1", "currency": "PLN"}}
    with pytest.raises(AllegroDataError) as caught:
        CheckoutForm.from_json(form)
    assert caught.value.path == "lineItems"
    form = _with_lines(1)
    service = a_form()["lineItems"][0]["selectedAdditionalServices"][0]
    form["lineItems"][0]["selectedAdditionalServices"] = [service] * MOST_AMOUNTS
    with pytest.raises(AllegroDataError) as caught:
        CheckoutForm.from_json(form)
    assert caught.value.path == "lineItems"


@pytest.mark.parametrize("json", [None, [], "form", 5])
def test_a_form_is_an_object(json):
    with pytest.raises(AllegroDataError, match="is not an object"):
        CheckoutForm.from_json(json)


def test_a_line_must_not_be_there_twice():
    error = _error({"lineItems[1].id": "line-1"})
    assert error.path == "lineItems[1].id"
    assert "line-1 is there twice" in str(error)


def test_the_same_offer_may_be_there_twice():
    form = _parse({"lineItems[1].offer.id": "offer-1"})
    assert [line.offer_id for line in form.lines] == ["offer-1", "offer-1"]


@pytest.mark.parametrize(
    "path",
    [
        "lineItems[1].price.currency",
        "lineItems[0].deposit.price.currency",
        "lineItems[0].selectedAdditionalServices[0].price.currency",
        "delivery.cost.currency",
    ],
)
def test_an_order_has_one_currency(path):
    error = _error({path: "EUR"})
    assert error.path == path
    assert "EUR is not the order's PLN" in str(error)


def test_an_order_was_bought_some_time():
    without = ["lineItems[0].boughtAt", "lineItems[1].boughtAt"]
    assert _error(without=without).path == "lineItems[0].boughtAt"


# Whatever stands anywhere

_ANY_PATH = sorted({*_REQUIRED, *_STRICT_IF_THERE, *_SIDE})
_ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
)


@given(st.sampled_from(_SIDE), _ANY_VALUE)
def test_whatever_stands_in_a_side_field_keeps_no_order_out(path, value):
    form = _parse({path: value})
    assert all(note.path.startswith(path) for note in form.notes)
    assert form.lines[0].price == _pln("10.50")
    assert form.total_to_pay == _pln("154.97")


@given(st.sampled_from(_ANY_PATH), _ANY_VALUE)
def test_one_damage_gives_a_form_or_one_error_about_its_place(path, value):
    try:
        _parse({path: value})
    except AllegroDataError as error:
        # the total in another currency shows where the first price disagrees
        is_total = path == "summary.totalToPay.currency"
        places = (path, "lineItems[0].price.currency") if is_total else path
        assert error.path.startswith(places)


# Real answers


def _samples_of(samples):
    for path in sorted(samples.glob("checkout-form*.json")):
        body = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for form in body.get("checkoutForms", [body]):
            yield path.name, form


def test_every_sample_is_read(samples):
    seen = 0
    for name, json_form in _samples_of(samples):
        form = CheckoutForm.from_json(json_form)
        assert form.id == json_form["id"], name
        assert form.status == json_form["status"], name
        assert form.buyer.id == json_form["buyer"]["id"], name
        assert len(form.lines) == len(json_form["lineItems"]), name
        total = json_form["summary"]["totalToPay"]["amount"]
        assert form.total_to_pay.amount == Decimal(total), name
        seen += 1
    assert seen > 30


def test_no_sample_needs_its_nulls(samples):
    for name, json_form in _samples_of(samples):
        lean = _without_nulls(json_form)
        assert CheckoutForm.from_json(lean) == CheckoutForm.from_json(json_form), name


def _without_nulls(value):
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
