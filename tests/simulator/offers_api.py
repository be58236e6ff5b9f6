"""``GET /sale/offers`` and ``GET /sale/product-offers/{id}`` (digest section 11)."""

import uuid

from .answers import answer
from .errors import ApiError, invalid_parameter
from .money import price

_BASE = "allegro-pl"
_MOST_IDS = 100
_LONGEST_ID = 100
_FILTERS = {
    "offer.id",
    "name",
    "external.id",
    "publication.status",
    "publication.marketplace",
    "isFulfillment",
}
_OTHERS = {"limit", "offset", "sort"}
_STATUSES = ("INACTIVE", "ACTIVE", "ACTIVATING", "ENDED")
_SORTS = {
    "sellingMode.price.amount": lambda offer: offer.price,
    "stock.available": lambda offer: offer.stock,
}
_CREATED_AT = "2026-01-15T09:00:00.000Z"


def list_offers(call):
    """Newest first, unless sorted otherwise."""
    arguments = call.request.args
    unknown = set(arguments) - _FILTERS - _OTHERS
    if unknown:
        raise invalid_parameter(
            call.path, f"Not simulated: {', '.join(sorted(unknown))}", 400
        )
    limit = call.number("limit", 20, 1, 1000, refusal=400)
    offset = call.number("offset", 0, 0, 9_999_999, refusal=400)
    offers = call.world.catalogue.offers(call.seller)[::-1]
    for is_wanted in _filters(call):
        offers = [offer for offer in offers if is_wanted(offer)]
    offers = _sorted(call, offers)
    page = offers[offset : offset + limit]
    return answer(
        {
            "offers": [_listed(offer) for offer in page],
            "count": len(page),
            "totalCount": len(offers),
        }
    )


def get_offer(call, offer_id):
    offer = call.world.catalogue.get(offer_id)
    if offer is None or offer.seller != call.seller:
        raise ApiError(
            404, "OfferNotFoundException", f"Offer {offer_id} not found", path="offerId"
        )
    return answer(_detailed(offer))


def _filters(call):
    arguments = call.request.args
    ids, external_ids = arguments.getlist("offer.id"), arguments.getlist("external.id")
    if len(external_ids) > _MOST_IDS or any(len(i) > _LONGEST_ID for i in external_ids):
        raise invalid_parameter(call.path, "external.id: too many or too long", 400)
    statuses = arguments.getlist("publication.status")
    if any(status not in _STATUSES for status in statuses):
        raise invalid_parameter(call.path, "Unknown publication.status", 400)
    if ids:
        yield lambda offer: offer.offer_id in ids
    if external_ids:
        yield lambda offer: offer.external_id in external_ids
    if statuses:
        yield lambda offer: offer.status in statuses
    if "name" in arguments:
        yield lambda offer: arguments["name"].lower() in offer.name.lower()
    if "publication.marketplace" in arguments:
        yield lambda offer: arguments["publication.marketplace"] == _BASE
    if call.flag("isFulfillment"):
        yield lambda offer: False


def _sorted(call, offers):
    sort = call.request.args.get("sort")
    if sort is None:
        return offers
    key = _SORTS.get(sort.removeprefix("-"))
    if key is None:
        raise invalid_parameter(call.path, f"Not simulated: sort {sort}", 400)
    return sorted(offers, key=key, reverse=sort.startswith("-"))


def _external(offer):
    return {"id": offer.external_id} if offer.external_id is not None else None


def _listed(offer):
    return {
        "id": offer.offer_id,
        "name": offer.name,
        "category": {"id": "620"},
        "primaryImage": {"url": _image(offer)},
        "sellingMode": {
            "format": "BUY_NOW",
            "price": price(offer.price, offer.currency),
            "priceAutomation": None,
            "minimalPrice": None,
            "startingPrice": None,
        },
        "saleInfo": {"currentPrice": None, "biddersCount": 0},
        "stock": {"available": offer.stock, "sold": 0},
        "stats": {"watchersCount": 0, "visitsCount": 0},
        "publication": {
            "status": offer.status,
            "startingAt": None,
            "startedAt": _CREATED_AT,
            "endingAt": None,
            "endedAt": None,
            "marketplaces": {"base": {"id": _BASE}, "additional": []},
        },
        "afterSalesServices": None,
        "additionalServices": None,
        "external": _external(offer),
        "delivery": {"shippingRates": {"id": _other_id(offer, "shipping rates")}},
        "b2b": {"buyableOnlyByBusiness": False},
        "fundraisingCampaign": None,
        "isFulfillment": False,
        "additionalMarketplaces": {},
    }


def _detailed(offer):
    """With the EAN among the parameters of each product."""
    vat = offer.vat_rate
    return {
        "id": offer.offer_id,
        "name": offer.name,
        "productSet": [_product(part) for part in offer.products],
        "parameters": [
            _parameter("11323", "Stan", offer.condition, value_id="11323_1"),
        ],
        "images": [_image(offer)],
        "afterSalesServices": None,
        "payments": {"invoice": "VAT"},
        "sellingMode": {
            "format": "BUY_NOW",
            "price": price(offer.price, offer.currency),
            "startingPrice": None,
            "minimalPrice": None,
        },
        "stock": {"available": offer.stock, "unit": "UNIT"},
        "location": {
            "countryCode": "PL",
            "province": "WIELKOPOLSKIE",
            "city": "Poznań",
            "postCode": "60-166",
        },
        "delivery": {
            "shippingRates": {"id": _other_id(offer, "shipping rates")},
            "handlingTime": "PT24H",
            "additionalInfo": None,
            "shipmentDate": None,
        },
        "description": {
            "sections": [
                {"items": [{"type": "TEXT", "content": f"<p>{offer.name}</p>"}]}
            ]
        },
        "external": _external(offer),
        "category": {"id": "620"},
        "taxSettings": vat
        and {
            "rates": [{"rate": vat, "countryCode": "PL"}],
            "subject": "GOODS",
            "exemption": None,
        },
        "attachments": [],
        "additionalServices": None,
        "additionalMarketplaces": {},
        "language": "pl-PL",
        "publication": {
            "status": offer.status,
            "duration": None,
            "endedBy": None,
            "endingAt": None,
            "startingAt": None,
            "republish": False,
            "marketplaces": {"base": {"id": _BASE}, "additional": []},
        },
        "validation": {"errors": [], "warnings": [], "validatedAt": _CREATED_AT},
        "createdAt": _CREATED_AT,
        "updatedAt": _CREATED_AT,
    }


def _product(part):
    return {
        "product": {
            "id": part.product_id,
            "publication": {"status": "LISTED"},
            "parameters": [
                _parameter("224017", "Numer katalogowy części", part.ean[-8:]),
                _parameter("225693", "EAN (GTIN)", part.ean),
            ],
        },
        "quantity": {"value": part.quantity},
        "responsiblePerson": None,
        "responsibleProducer": None,
        "safetyInformation": {"type": "NO_SAFETY_INFORMATION"},
        "marketedBeforeGPSRObligation": True,
    }


def _parameter(parameter_id, name, value, value_id=None):
    return {
        "id": parameter_id,
        "name": name,
        "values": [value],
        "valuesIds": value_id and [value_id],
        "rangeValue": None,
    }


def _image(offer):
    return f"https://a.allegroimg.com/original/{offer.offer_id}"


def _other_id(offer, what):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{offer.seller} {what}"))
