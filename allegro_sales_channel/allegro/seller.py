"""Who the connected seller is, ``GET /me``."""

from dataclasses import dataclass

from .side_fields import side_of


@dataclass(frozen=True)
class Seller:
    id: str
    login: str
    base_marketplace: str | None

    @classmethod
    def from_json(cls, data):
        """:param data: ``JsonObject``"""
        seller_id, side = data.text("id"), side_of(data)
        marketplace = side.object("baseMarketplace", short_for="id")
        return cls(
            id=seller_id,
            login=side.text("login") or seller_id,
            base_marketplace=marketplace and marketplace.text("id"),
        )
