"""Allegro's marketplaces: currency, country, language (digest section 5)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Marketplace:
    id: str
    currency: str
    country: str
    language: str
    vat_rate: str
    #: units of its currency for one złoty, for the simulator's prices
    rate: Decimal
    #: the smallest step of a price there (digest section 11: HUF ends in 0 or 5)
    step: Decimal
    #: the buyer may cancel for five minutes whatever the seller does (issue 13597)
    five_minutes_to_cancel: bool = False

    def price(self, zloty):
        steps = (zloty * self.rate / self.step).quantize(Decimal(1), ROUND_HALF_UP)
        return max(steps, Decimal(1)) * self.step


_CENT = Decimal("0.01")
_POLISH = ("PLN", "PL", "pl-PL", "23.00", Decimal(1), _CENT)
_CZECH = ("CZK", "CZ", "cs-CZ", "21.00", Decimal("5.9"), Decimal(1), True)

MARKETPLACES = {
    marketplace.id: marketplace
    for marketplace in (
        Marketplace("allegro-pl", *_POLISH),
        Marketplace("allegro-business-pl", *_POLISH),
        Marketplace("allegro-cz", *_CZECH),
        Marketplace("allegro-business-cz", *_CZECH),
        Marketplace(
            "allegro-sk", "EUR", "SK", "sk-SK", "23.00", Decimal("0.236"), _CENT, True
        ),
        Marketplace(
            "allegro-hu",
            "HUF",
            "HU",
            "hu-HU",
            "27.00",
            Decimal("95.5"),
            Decimal(5),
            True,
        ),
    )
}
