"""Pieces of one product that lie together."""

from collections import defaultdict
from dataclasses import dataclass, replace

from odoo import models


@dataclass(frozen=True)
class Part:
    """Pieces of one product that lie together.

    All but the quantity are single or empty records.

    :ivar location: where they are now
    :ivar shelf: where they were stored, so where they go back to
    :ivar quantity: in the product's own unit
    :ivar delivery: the move by which they left, empty when they are here
    """

    product: models.BaseModel
    lot: models.BaseModel
    package: models.BaseModel
    owner: models.BaseModel
    location: models.BaseModel
    shelf: models.BaseModel
    quantity: float
    delivery: models.BaseModel


def merged(parts):
    """One part for each place, without empty ones, in the order of the shelves."""
    quantities = defaultdict(float)
    for part in parts:
        quantities[replace(part, quantity=0)] += part.quantity
    merged = [
        replace(part, quantity=part.product.uom_id.round(quantity))
        for part, quantity in quantities.items()
        if part.product.uom_id.compare(quantity, 0) > 0
    ]
    return sorted(
        merged,
        key=lambda part: (
            part.location.complete_name or "",
            part.product.display_name,
            part.lot.name or "",
        ),
    )
