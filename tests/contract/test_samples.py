"""The judge itself: real answers pass it, and damaged ones don't."""

import copy
import json

import pytest

from tests.contract.spec import ContractError

_SCHEMAS = {
    "checkout-form.": "CheckoutForm",
    "checkout-forms-list.": "CheckoutForms",
    "invoices.": "CheckoutFormsOrderInvoices",
    "shipments.": "CheckoutFormOrderWaybillResponse",
    "order-event-stats.": "OrderEventStats",
    "marketplaces.": "AllegroMarketplaces",
    "carriers.": "OrdersShippingCarriersResponse",
}


def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_real_answers_pass(contract, samples):
    judged = 0
    for prefix, schema in _SCHEMAS.items():
        for path in samples.glob(f"{prefix}*.json"):
            contract.check_schema(schema, _read(path))
            judged += 1
    assert judged > 30


def _form(samples):
    return _read(next(iter(sorted(samples.glob("checkout-form.real-prod*.json")))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "not a uuid"),
        (("id",), None),
        (("status",), "PAID"),
        (("buyer", "login"), None),
        (("buyer", "guest"), "no"),
        (("summary", "totalToPay", "amount"), 12.5),
        (("lineItems", 0, "quantity"), 0),
        (("lineItems", 0, "boughtAt"), "yesterday"),
        (("delivery", "time", "dispatch", "to"), "2026-10-01"),
        (("payment", "type"), "CARD"),
        (("surcharges",), None),
    ],
)
def test_a_damaged_form_does_not_pass(contract, samples, path, value):
    form = copy.deepcopy(_form(samples))
    target = form
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(ContractError):
        contract.check_schema("CheckoutForm", form)


def test_an_unpublished_key_is_seen(contract, samples):
    form = _form(samples) | {"somethingNew": 1}
    contract.check_schema("CheckoutForm", form)
    with pytest.raises(ContractError):
        contract.check_schema("CheckoutForm", form, closed=True)
