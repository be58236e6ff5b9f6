"""What was bought, line by line."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .side_fields import SideObject
from .values import Money

#: More is no word for a tax.
_LONGEST_TAX_WORD = 64


@dataclass(frozen=True)
class AdditionalService:
    """Such as carrying in. ``name`` is never empty: it names a line of the order."""

    definition_id: str | None
    name: str
    price: Money
    quantity: int

    @classmethod
    def from_json(cls, data, notes):
        side = SideObject(data, notes)
        definition_id = side.text("definitionId")
        return cls(
            definition_id=definition_id,
            name=side.text("name") or definition_id or "?",
            price=data.money("price"),
            quantity=data.positive_whole("quantity"),
        )


@dataclass(frozen=True)
class LineTax:
    """Allegro's own idea of the VAT: a check, never applied.

    ``word`` is what stands in the rate's place when that is no number: ``EXEMPT``.
    """

    rate: Decimal | None
    subject: str | None
    exemption: str | None
    word: str | None = None

    @classmethod
    def from_side(cls, side):
        """:param side: ``SideObject``, or None"""
        if side is None:
            return None
        rate, word = side.number_or_word("rate", _LONGEST_TAX_WORD)
        return cls(
            rate=rate,
            subject=side.text("subject"),
            exemption=side.text("exemption"),
            word=word,
        )


@dataclass(frozen=True)
class LineItem:
    """``price`` is what is paid for one; ``deposit`` is per piece and outside VAT.

    ``bought_at`` is None when Allegro gives none: its specification allows that.
    """

    id: str
    offer_id: str
    offer_name: str
    external_id: str | None
    quantity: int
    price: Money
    original_price: Money | None
    deposit: Money | None
    services: tuple[AdditionalService, ...]
    tax: LineTax | None
    discounts: tuple[str, ...]
    bought_at: datetime | None

    @classmethod
    def from_json(cls, data, notes):
        """
        :param data: ``JsonObject``
        :param notes: ``Notes``, of what was left out
        :raises AllegroDataError: when an id, a quantity or an amount can't be read
        """
        side = SideObject(data, notes)
        offer = data.object("offer")
        offer_side = SideObject(offer, notes)
        external = offer_side.object("external", short_for="id")
        deposit = data.optional_object("deposit")
        services = data.objects("selectedAdditionalServices")
        found = (item.text("type") for item in side.objects("discounts", "type"))
        return cls(
            id=data.text("id"),
            offer_id=offer.text("id"),
            offer_name=offer_side.text("name") or offer.text("id"),
            external_id=external and external.text("id"),
            quantity=data.positive_whole("quantity"),
            price=data.money("price"),
            original_price=side.money("originalPrice"),
            deposit=deposit and deposit.money("price"),
            services=tuple(AdditionalService.from_json(s, notes) for s in services),
            tax=LineTax.from_side(side.object("tax", short_for="rate")),
            discounts=tuple(filter(None, found)),
            bought_at=side.time("boughtAt"),
        )

    @property
    def amounts(self):
        """Every (unit price, quantity) that the buyer pays for this line."""
        return [(price, quantity) for _path, price, quantity in self.named_amounts]

    @property
    def named_amounts(self):
        """As :attr:`amounts`, each after its path within the line."""
        named = [("price", self.price, self.quantity)]
        if self.deposit:
            named.append(("deposit.price", self.deposit, self.quantity))
        for index, service in enumerate(self.services):
            path = f"selectedAdditionalServices[{index}].price"
            named.append((path, service.price, service.quantity))
        return named
