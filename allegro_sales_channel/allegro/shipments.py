"""Parcels of an order, the carriers that Allegro knows, and its delivery methods.

Source: https://developer.allegro.pl/documentation
"""

from dataclasses import dataclass
from datetime import datetime

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
        return cls(
            id=data.optional_text("id"),
            carrier_id=data.text("carrierId"),
            waybill=data.text("waybill"),
            carrier_name=data.optional_text("carrierName"),
            line_ids=tuple(line.text("id") for line in data.objects("lineItems")),
            created_at=data.optional_time("createdAt"),
        )


@dataclass(frozen=True)
class Carrier:
    """``name`` is None for :data:`OTHER`, which the seller names."""

    id: str
    name: str | None

    @classmethod
    def from_json(cls, data):
        return cls(id=data.text("id"), name=data.optional_text("name"))


@dataclass(frozen=True)
class DeliveryMethod:
    """A way of delivery that a buyer can choose. Names are not unique, ids are."""

    id: str
    name: str
    marketplaces: tuple[str, ...]
    cash_on_delivery: bool

    @classmethod
    def from_json(cls, data):
        method_id = data.text("id")
        return cls(
            id=method_id,
            name=data.optional_text("name") or method_id,
            marketplaces=data.texts("marketplaces"),
            cash_on_delivery=data.optional_text("paymentPolicy") == "CASH_ON_DELIVERY",
        )
