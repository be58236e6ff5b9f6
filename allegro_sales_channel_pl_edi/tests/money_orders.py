"""Random orders of every kind that has to do with money; the same for the same seed.

A deal is plain data, so that one that fails can be made smaller and printed.
"""

import copy
import random
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product

from odoo.addons.allegro_sales_channel.tests.common import (
    company_invoice,
    form_json,
    line_json,
    money,
    person_invoice,
)

ROUNDINGS = ("round_per_line", "round_globally")
CURRENCIES = ("PLN", "CZK", "EUR", "HUF")
#: What is sold, to whom, and how the company is set.
SETTINGS = (
    "home",
    "prices with tax",
    "mixed rates",
    "exempt",
    "OSS",
    "EU company",
    "sets",
    "charges",
)
CELLS = tuple(product(SETTINGS, ROUNDINGS, CURRENCIES))
#: Złoty are worth so much, about.
_WORTH = {"PLN": Decimal(1), "CZK": Decimal(6), "EUR": Decimal("0.25"), "HUF": 90}
_RATES = {
    "mixed rates": ("23", "8", "5", "0"),
    "exempt": ("zw", "23"),
    "charges": ("23", "8"),
    "OSS": ("23", "8", "5"),
}
#: Countries of consumers, of companies and their numbers.
_CONSUMERS = ("CZ", "SK", "HU", "DE")
_COMPANIES = (("CZ", "CZ25123891"), ("HU", "HU12892312"), ("SK", "SK2022749619"))


@dataclass(frozen=True)
class Line:
    """
    :param sku: of a product, or of a set
    :param price: of one, with tax
    :param deposit: for each, or None
    :param service: an additional service for each, or None
    """

    sku: str
    price: Decimal
    quantity: int
    deposit: Decimal | None = None
    service: Decimal | None = None


@dataclass(frozen=True)
class Deal:
    """One order, what the złoty is worth, and what is taken back of it.

    :param rate: how much of the currency is one złoty
    :param returns: seed of what is taken back, before all of it is
    """

    setting: str
    rounding: str
    currency: str
    rate: Decimal
    country: str
    is_company: bool
    delivery: Decimal
    lines: tuple[Line, ...] = field(default_factory=tuple)
    returns: int = 0

    def smaller(self):
        """Deals with a little less in them."""
        for number, line in enumerate(self.lines):
            before, after = self.lines[:number], self.lines[number + 1 :]
            if before or after:
                yield replace(self, lines=before + after)
            for part in ("deposit", "service"):
                if getattr(line, part):
                    less = replace(line, **{part: None})
                    yield replace(self, lines=(*before, less, *after))
            for quantity in {1, line.quantity // 2, line.quantity - 1}:
                if 0 < quantity < line.quantity:
                    less = replace(line, quantity=quantity)
                    yield replace(self, lines=(*before, less, *after))
        if self.delivery:
            yield replace(self, delivery=Decimal(0))

    def form(self):
        """As Allegro would send it."""
        currency = self.currency
        lines = [
            line_json(
                line.sku,
                line.price,
                line.quantity,
                currency=currency,
                deposit=line.deposit and {"price": money(line.deposit, currency)},
                selectedAdditionalServices=[
                    {
                        "definitionId": "CARRY_IN",
                        "name": "Wniesienie",
                        "price": money(line.service, currency),
                        "quantity": line.quantity,
                    }
                ]
                if line.service
                else [],
            )
            for line in self.lines
        ]
        form = form_json(*lines, delivery_cost=str(self.delivery), currency=currency)
        form["delivery"]["address"]["countryCode"] = self.country
        form["invoice"] = self._invoice()
        return form

    def _invoice(self):
        if not self.is_company:
            return person_invoice() if len(self.lines) % 2 else {"required": False}
        if self.setting == "EU company":
            number = dict(_COMPANIES)[self.country]
            return company_invoice(
                number, "VAT_EU", self.country, features=["VAT_EU_VERIFIED"]
            )
        return copy.deepcopy(company_invoice())


def deal(seed, number):
    """The deal of a number: every kind of it comes by turns."""
    chance = random.Random(f"{seed} {number}")
    setting, rounding, currency = CELLS[number % len(CELLS)]
    rate = _WORTH[currency] * Decimal(chance.randint(8000, 12000)) / 10000
    country, is_company = "PL", chance.random() < 0.5
    if setting == "OSS":
        country, is_company = chance.choice(_CONSUMERS), False
    elif setting == "EU company":
        country, is_company = chance.choice(_COMPANIES)[0], True
    return Deal(
        setting=setting,
        rounding=rounding,
        currency=currency,
        rate=rate,
        country=country,
        is_company=is_company,
        delivery=_delivery(chance, currency),
        lines=tuple(
            _line(chance, setting, currency)
            for _line_number in range(chance.choice((1, 1, 2, 2, 3, 4, 6)))
        ),
        returns=chance.randint(0, 10**9),
    )


def _line(chance, setting, currency):
    sku = f"VAT-{chance.choice(_RATES.get(setting, ('23',)))}"
    if setting == "sets":
        sku = chance.choice(("SET", "PIECES", "VAT-8"))
    has_charges = setting == "charges"
    return Line(
        sku=sku,
        price=_price(chance, currency),
        quantity=chance.choice((1, 1, 1, 2, 3, 4, 7, 12)),
        deposit=Decimal(1 if currency == "HUF" else "0.50")
        if has_charges and chance.random() < 0.4
        else None,
        service=_price(chance, currency, most=5000)
        if has_charges and chance.random() < 0.4
        else None,
    )


def _price(chance, currency, most=200000):
    """From one cent, most of them small; of forints there are no parts."""
    # as many between 0.01 and 1 as between 20 and 2000
    cents = max(1, round(most ** chance.random()))
    if chance.random() < 0.3:
        cents = cents // 100 * 100 + 99
    price = Decimal(cents) / 100 * _WORTH[currency]
    unit = Decimal(1) if currency == "HUF" else Decimal("0.01")
    return max(unit, price.quantize(unit))


def _delivery(chance, currency):
    if chance.random() < 0.3:
        return Decimal(0)
    return _price(chance, currency, most=3000)
