"""Who the connected seller is, ``GET /me``."""

from dataclasses import dataclass

from .values import JsonObject


@dataclass(frozen=True)
class Seller:
    id: str
    login: str
    base_marketplace: str | None

    @classmethod
    def from_json(cls, json):
        data = JsonObject(json)
        marketplace = data.optional_object("baseMarketplace")
        return cls(
            id=data.text("id"),
            login=data.text("login"),
            base_marketplace=marketplace and marketplace.optional_text("id"),
        )
