"""Amounts as Allegro writes them, and what an order comes to."""

from decimal import Decimal


def price(amount, currency):
    return {"amount": f"{Decimal(amount):.2f}", "currency": currency}


def total_to_pay(form):
    """Lines, deposits and services per unit, and delivery (digest section 5).

    Surcharges are not in it: they pay for what is already there.
    """
    total = sum((_line_total(line) for line in form["lineItems"]), Decimal(0))
    delivery = form["delivery"]
    return total + (_amount(delivery["cost"]) if delivery else 0)


def _line_total(line):
    deposit = line["deposit"]
    per_unit = _amount(line["price"]) + (_amount(deposit["price"]) if deposit else 0)
    services = sum(
        _amount(service["price"]) * service["quantity"]
        for service in line["selectedAdditionalServices"]
    )
    return per_unit * line["quantity"] + services


def _amount(json):
    return Decimal(json["amount"])
