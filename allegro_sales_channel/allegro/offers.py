"""The seller's offers, ``GET /sale/offers``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """``external_id``: the seller's own reference (signature), not unique."""

    id: str
    name: str
    external_id: str | None
    active: bool

    @classmethod
    def from_json(cls, data):
        external = data.optional_object("external")
        publication = data.optional_object("publication")
        status = publication and publication.optional_text("status")
        return cls(
            id=data.text("id"),
            name=data.optional_text("name") or data.text("id"),
            external_id=external and external.optional_text("id"),
            active=status in ("ACTIVE", "ACTIVATING"),
        )
