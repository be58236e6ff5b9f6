"""One order with everything in it, and ways to damage it."""

import copy
import re

_ADDRESS = {
    "street": "ul. Solna 1",
    "city": "Warszawa",
    "zipCode": "00-001",
    "countryCode": "PL",
}
_ABSENT = object()


def _pln(amount):
    return {"amount": amount, "currency": "PLN"}


def _line(number, bought_at):
    return {
        "id": f"line-{number}",
        "offer": {
            "id": f"offer-{number}",
            "name": "Filtr",
            "external": {"id": f"SKU-{number}"},
        },
        "quantity": 2,
        "originalPrice": _pln("12.00"),
        "price": _pln("10.50"),
        "deposit": {"price": _pln("1.00")},
        "selectedAdditionalServices": [
            {
                "definitionId": "CARRY_IN",
                "name": "Wniesienie",
                "price": _pln("49.99"),
                "quantity": 1,
            }
        ],
        "tax": {"rate": "23.00", "subject": "GOODS", "exemption": None},
        "discounts": [{"type": "COUPON"}],
        "boughtAt": bought_at,
    }


_FORM = {
    "id": "form-1",
    "revision": "3294a91d",
    "status": "READY_FOR_PROCESSING",
    "messageToSeller": "  Please ring  ",
    "fulfillment": {"status": "NEW", "provider": {"id": "SELLER"}},
    "buyer": {
        "id": "buyer-1",
        "login": "Client:1",
        "email": "abc+1@allegromail.pl",
        "firstName": "Jan",
        "lastName": "Kowalski",
        "companyName": "Kowalski sp. z o.o.",
        "phoneNumber": "+48000000000",
        "guest": True,
        "preferences": {"language": "pl-PL"},
        "address": {
            "street": "ul. Polna 2",
            "city": "Gdynia",
            "postCode": "81-002",
            "countryCode": "PL",
        },
    },
    "payment": {
        "id": "payment-1",
        "type": "ONLINE",
        "provider": "AF",
        "finishedAt": "2026-07-02T09:22:33.135Z",
        "paidAmount": _pln("140.00"),
    },
    "surcharges": [
        {
            "id": "payment-2",
            "type": "ONLINE",
            "provider": "P24",
            "finishedAt": "2026-07-03T09:00:00Z",
            "paidAmount": _pln("5.00"),
        }
    ],
    "delivery": {
        "address": _ADDRESS
        | {
            "firstName": "Anna",
            "lastName": "Nowak",
            "companyName": "Nowak SA",
            "phoneNumber": "+48111111111",
        },
        "method": {"id": "method-1", "name": "Paczkomat"},
        "pickupPoint": {
            "id": "WAW01A",
            "name": "Paczkomat WAW01A",
            "description": "Obok sklepu",
            "address": _ADDRESS,
        },
        "cost": _pln("8.99"),
        "smart": True,
        "time": {"dispatch": {"to": "2026-07-04T00:00:00+02:00"}},
    },
    "invoice": {
        "required": True,
        "address": _ADDRESS
        | {
            "company": {
                "name": "Kowalski sp. z o.o.",
                "ids": [{"type": "PL_NIP", "value": "5252674798"}],
            },
            "naturalPerson": {"firstName": "Jan", "lastName": "Kowalski"},
        },
        "dueDate": "2026-08-01",
        "features": ["VAT_EU_VERIFIED"],
    },
    "lineItems": [
        _line(1, "2026-07-02T09:22:17.087Z"),
        _line(2, "2026-07-02T08:00:00Z"),
    ],
    "summary": {"totalToPay": _pln("154.97")},
    "marketplace": {"id": "allegro-pl"},
    "note": {"text": "regular customer"},
}


def a_form(values=None, without=()):
    """A fresh form.

    :param values: {path: value}, a path as errors name it: ``lineItems[0].id``
    :param without: paths of keys to take away
    """
    form = copy.deepcopy(_FORM)
    for path, value in (values or {}).items():
        _put(form, path, value)
    for path in without:
        _put(form, path, _ABSENT)
    return form


def _put(form, path, value):
    keys = [
        int(key) if key.isdecimal() else key for key in re.findall(r"[^.\[\]]+", path)
    ]
    for key in keys[:-1]:
        form = form[key]
    if value is _ABSENT:
        del form[keys[-1]]
    else:
        form[keys[-1]] = copy.deepcopy(value)
