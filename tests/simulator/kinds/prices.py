"""Kinds of orders by what is bought and how its price comes about."""

from .. import buyer
from ..draft import ABSENT
from ..money import price
from .registry import kind


@kind("coupon", "a coupon: price below originalPrice, discounts null", weight=2)
def coupon(draft):
    line = draft.add_line()
    line.original_price = line.price
    line.price -= draft.amount("5.00")
    draft.deliver("inpost")


@kind("multipack", "a multipack: the discount is named", weight=1)
def multipack(draft):
    line = draft.add_line(4, discounts=[{"type": "UNIT_PERCENTAGE_DISCOUNT"}])
    line.original_price = line.price
    line.price -= draft.amount("2.50")
    draft.deliver("inpost")


@kind("allegro-prices-billing", "Allegro pays part of the price by billing", weight=1)
def allegro_prices_billing(draft):
    line = draft.add_line()
    line.reconciliation = _reconciliation(draft, "BILLING", 1)
    draft.deliver("inpost")


@kind(
    "allegro-prices-wallet", "Allegro pays part of the price with the payment", weight=1
)
def allegro_prices_wallet(draft):
    line = draft.add_line(2)
    line.reconciliation = _reconciliation(draft, "WALLET", 2)
    draft.add_to_payment(draft.amount("10.00"))
    draft.deliver("inpost")


@kind("voucher", "part of the price is a voucher")
def voucher(draft):
    draft.add_line(
        vouchers=[
            {
                "code": "BON-2026-001",
                "type": "NOTEBOOKS_FOR_TEACHERS",
                "status": "ACTIVE",
                "externalTransactionId": "T-1",
                "value": price(draft.amount("100.00"), draft.currency),
            }
        ]
    )
    draft.deliver("dpd")


@kind("allegro-pay", "paid with Allegro Pay", weight=2)
def allegro_pay(draft):
    draft.add_line()
    draft.deliver("inpost")
    draft.pay_by("ONLINE", features=["ALLEGRO_PAY"])


@kind("carry-in", "an additional service: carrying in", weight=1)
def carry_in(draft):
    service = {
        "definitionId": "CARRY_IN",
        "name": "Wniesienie",
        "price": price(draft.amount("99.00"), draft.currency),
        "quantity": 1,
    }
    draft.add_line(zloty="1499.00", services=[service])
    draft.deliver("courier")


@kind("product-set", "an offer that is a set of several products", weight=2)
def product_set(draft):
    sets = [
        offer for offer in draft.world.catalogue.offers(draft.seller) if offer.is_set
    ]
    draft.add_line(2, draft.random.choice(sets))
    draft.deliver("dpd")


@kind(
    "same-offer-twice", "the same offer in two lines (two acts of purchase)", weight=1
)
def same_offer_twice(draft):
    """Issue 3797."""
    first = draft.add_line()
    draft.add_line(2, first.offer)
    draft.deliver("inpost")


@kind("no-external-id", "two lines: external null and external absent")
def no_external_id(draft):
    """Issue 4806."""
    first, second = draft.add_line(), draft.add_line()
    first.external = second.external = ABSENT
    draft.damages = [lambda form: form["lineItems"][0]["offer"].update(external=None)]
    draft.deliver("inpost")


@kind("surcharge", "paid too little, topped up later by a surcharge", weight=1)
def surcharge(draft):
    draft.add_line()
    draft.deliver("dpd")
    owed = draft.paid_less_by = draft.amount("12.00")
    draft.acts = [lambda world, order: buyer.pay_surcharge(world, order, owed)]


@kind("underpaid", "ready for processing though not fully paid")
def underpaid(draft):
    """Issue 1103."""
    draft.add_line()
    draft.deliver("dpd")
    draft.paid_less_by = draft.amount("10.00")


def _reconciliation(draft, kind_of_payment, quantity):
    value = price(draft.amount("5.00") * quantity, draft.currency)
    return {"value": value, "type": kind_of_payment, "quantity": quantity}
