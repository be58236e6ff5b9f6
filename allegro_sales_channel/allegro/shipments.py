"""Parcels of an order, the carriers that Allegro knows, and its delivery methods.

Source: https://developer.allegro.pl/documentation
"""

from dataclasses import dataclass
from datetime import datetime

from .side_fields import side_of

#: The code of every carrier that Allegro does not know by itself.
OTHER = "OTHER"
LONGEST_WAYBILL = 64
LONGEST_CARRIER_NAME = 30


@dataclass(frozen=True)
class Shipment:
    """A tracking number that an order has on Allegro, whoever added it."""

    id: str | None
    carrier_id: str
    waybill: str
    carrier_name: str | None
    line_ids: tuple[str, ...]
    created_at: datetime | None

    @classmethod
    def from_json(cls, data):
        side = side_of(data)
        found = (line.text("id") for line in side.objects("lineItems", short_for="id"))
        return cls(
            id=side.text("id"),
            carrier_id=side.text("carrierId") or OTHER,
            waybill=data.text("waybill"),
            carrier_name=side.text("carrierName"),
            line_ids=tuple(filter(None, found)),
            created_at=side.time("createdAt"),
        )


@dataclass(frozen=True)
class Carrier:
    """``name`` is None for :data:`OTHER`, which the seller names."""

    id: str
    name: str | None

    @classmethod
    def from_json(cls, data):
        return cls(id=data.text("id"), name=side_of(data).text("name"))


@dataclass(frozen=True)
class DeliveryMethod:
    """A way of delivery that a buyer can choose. Names are not unique, ids are."""

    id: str
    name: str
    marketplaces: tuple[str, ...]
    cash_on_delivery: bool

    @classmethod
    def from_json(cls, data):
        method_id, side = data.text("id"), side_of(data)
        return cls(
            id=method_id,
            name=side.text("name") or method_id,
            marketplaces=side.texts("marketplaces"),
            cash_on_delivery=side.text("paymentPolicy") == "CASH_ON_DELIVERY",
        )
