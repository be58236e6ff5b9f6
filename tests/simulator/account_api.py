"""``GET /me``, ``GET /marketplaces``, ``GET /payments/payment-operations``."""

from .answers import answer
from .marketplaces import MARKETPLACES


def me(call):
    seller = call.world.sellers[call.seller]
    return answer(
        {
            "id": seller.id,
            "login": seller.login,
            "firstName": seller.first_name,
            "lastName": seller.last_name,
            "email": f"{seller.login}@example.com",
            "baseMarketplace": {"id": "allegro-pl"},
            "company": {"name": seller.company, "taxId": seller.tax_id},
            "features": list(seller.features),
        }
    )


def list_marketplaces(call):
    return answer(
        {"marketplaces": [_marketplace(item) for item in MARKETPLACES.values()]}
    )


def list_payment_operations(call):
    """Always none: the simulator moves no money."""
    call.number("limit", 50, 1, 50)
    call.number("offset", 0, 0, 10_000)
    return answer({"paymentOperations": [], "count": 0, "totalCount": 0})


def _marketplace(marketplace):
    languages = [{"code": marketplace.language}]
    return {
        "id": marketplace.id,
        "languages": {
            "offerCreation": languages,
            "offerDisplay": [*languages, {"code": "en-US"}],
        },
        "currencies": {"base": {"code": marketplace.currency}, "additional": []},
        "shippingCountries": [{"code": marketplace.country}],
    }
