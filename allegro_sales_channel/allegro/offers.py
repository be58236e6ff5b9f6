"""The seller's offers, ``GET /sale/offers`` and ``GET /sale/product-offers/{id}``."""

from dataclasses import dataclass

from .side_fields import side_of

#: How Allegro's catalogue names the parameters that hold an EAN (GTIN).
_EAN_PARAMETERS = {"225693", "245673"}
_EAN_NAMES = ("EAN", "GTIN")


@dataclass(frozen=True)
class Offer:
    """``external_id``: the seller's own reference (signature), not unique."""

    id: str
    name: str
    external_id: str | None
    active: bool

    @classmethod
    def from_json(cls, data):
        side = side_of(data)
        external = side.object("external", short_for="id")
        publication = side.object("publication", short_for="status")
        status = publication and publication.text("status")
        return cls(
            id=data.text("id"),
            name=side.text("name") or data.text("id"),
            external_id=external and external.text("id"),
            active=status in ("ACTIVE", "ACTIVATING"),
        )


@dataclass(frozen=True)
class OfferPart:
    """A product of Allegro's catalogue in an offer; ``eans`` may be none or several."""

    eans: tuple[str, ...]
    quantity: int

    @classmethod
    def from_json(cls, data):
        product = side_of(data).object("product", short_for="id")
        quantity = data.optional_object("quantity")
        parameters = product.objects("parameters") if product else []
        return cls(
            eans=tuple(
                ean
                for parameter in parameters
                if _is_ean(parameter)
                for ean in parameter.texts("values")
            ),
            quantity=quantity.positive_whole("value") if quantity else 1,
        )


def _is_ean(parameter):
    name = (parameter.text("name") or "").upper()
    return parameter.text("id") in _EAN_PARAMETERS or name.startswith(_EAN_NAMES)


def parts_from_json(data):
    """The products that one piece of an offer holds.

    :param data: ``JsonObject`` of ``GET /sale/product-offers/{id}``
    :return: tuple of :class:`OfferPart`
    """
    return tuple(OfferPart.from_json(item) for item in data.objects("productSet"))
