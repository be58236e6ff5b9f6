"""Allegro's delivery methods, and ``GET /sale/delivery-methods``.

Ids of the first six are real (samples and digest); the others are invented.
"""

from dataclasses import dataclass

from .answers import answer
from .errors import invalid_parameter
from .marketplaces import MARKETPLACES


@dataclass(frozen=True)
class DeliveryMethod:
    key: str
    id: str
    name: str
    #: in złoty
    cost: str
    marketplace: str = "allegro-pl"
    cash_on_delivery: bool = False
    pickup: bool = False
    #: the smart methods of Allegro itself
    endorsed: bool = True
    destination: str | None = None

    @property
    def country(self):
        return self.destination or MARKETPLACES[self.marketplace].country

    def as_json(self, sandbox=False):
        currency = MARKETPLACES[self.marketplace].currency
        rate = {"min": "0.00", "max": "999.00", "currency": currency}
        return {
            "id": self.id,
            "name": f"{self.name} TEST" if sandbox else self.name,
            "marketplaces": [self.marketplace],
            "paymentPolicy": (
                "CASH_ON_DELIVERY" if self.cash_on_delivery else "IN_ADVANCE"
            ),
            "allegroEndorsed": self.endorsed,
            "dispatchCountry": None,
            "destinationCountry": self.country,
            "shippingRatesConstraints": {
                "allowed": True,
                "maxQuantityPerPackage": {"max": 999999},
                "maxPackageWeight": {
                    "supported": False,
                    "min": None,
                    "max": None,
                    "unit": None,
                },
                "firstItemRate": rate,
                "nextItemRate": rate,
                "shippingTime": {
                    "default": {"from": "PT24H", "to": "PT48H"},
                    "customizable": False,
                },
            },
        }


_METHODS = (
    DeliveryMethod(
        "inpost",
        "2488f7b7-5d1c-4d65-b85c-4cbcf253fd93",
        "Allegro Paczkomaty InPost",
        "9.99",
        pickup=True,
    ),
    DeliveryMethod(
        "orlen",
        "09164667-daa5-42dc-8087-33d7485790ac",
        "Allegro Automat ORLEN Paczka",
        "10.49",
        pickup=True,
    ),
    DeliveryMethod(
        "one-box",
        "0b257488-c85d-4507-b967-9b45ffbfa2e8",
        "Allegro One Box, DPD",
        "10.99",
        pickup=True,
    ),
    DeliveryMethod(
        "dpd", "c3066682-97a3-42fe-9eb5-3beeccab840c", "Allegro Kurier DPD", "14.99"
    ),
    DeliveryMethod(
        "courier",
        "7203cb90-864c-4cda-bf08-dc883f0c78ad",
        "Przesyłka kurierska",
        "79.00",
        endorsed=False,
    ),
    DeliveryMethod(
        "hu-cod",
        "13273cc6-eef5-4b06-8d62-b43dffe0f2be",
        "Allegro Kurier DPD Węgry pobranie",
        "24.90",
        marketplace="allegro-hu",
        cash_on_delivery=True,
    ),
    DeliveryMethod(
        "dpd-cod",
        "4889b109-3a7a-49b8-b435-1b2712974fc7",
        "Allegro Kurier DPD pobranie",
        "19.99",
        cash_on_delivery=True,
    ),
    DeliveryMethod(
        "inpost-cod",
        "7ca8d011-9e36-416d-a3fd-cf4275404c41",
        "Allegro Paczkomaty InPost pobranie",
        "14.99",
        cash_on_delivery=True,
        pickup=True,
    ),
    DeliveryMethod(
        "personal",
        "28be2274-e42c-4dd6-95d8-1f74bea782ad",
        "Odbiór osobisty",
        "0.00",
        cash_on_delivery=True,
        endorsed=False,
    ),
    DeliveryMethod(
        "cz",
        "191c5654-a212-4960-a651-3e496db47f4f",
        "Allegro Kurier DPD Czechy",
        "21.90",
        marketplace="allegro-cz",
    ),
    DeliveryMethod(
        "cz-business",
        "2b1c5654-a212-4960-a651-3e496db47f50",
        "Allegro Kurier DPD Czechy",
        "21.90",
        marketplace="allegro-business-cz",
    ),
    DeliveryMethod(
        "sk-pickup",
        "e5780c37-8d0d-4679-b964-4d67b9e81ff4",
        "Allegro Odbiór w Punkcie DPD Pickup Słowacja",
        "14.80",
        marketplace="allegro-sk",
        pickup=True,
    ),
    DeliveryMethod(
        "hu-pickup",
        "6c0d6a0a-8a2b-4a39-9a1e-0f8d2f6f2d11",
        "Allegro Automat Packeta Węgry",
        "16.00",
        marketplace="allegro-hu",
        pickup=True,
    ),
    DeliveryMethod(
        "ukraine",
        "5ad869d0-4f7e-4fc8-a6a6-0bf471d151af",
        "Allegro Ukraina",
        "0.00",
        destination="UA",
    ),
    DeliveryMethod(
        "business",
        "9a2f2b9c-7f2a-4b63-8f0e-5d0b6c9d3e21",
        "Kurier DPD dla firm",
        "18.99",
        marketplace="allegro-business-pl",
    ),
)
METHODS = {method.key: method for method in _METHODS}

_POINTS = {
    "PL": ("POZ08A", "Paczkomat POZ08A", "Stacja paliw", "ul. Automatowa 5"),
    "SK": ("SK10001", "DPD Pickup SK10001", None, "Testovacia 8"),
    "HU": ("HU-Z12", "Packeta Z-BOX HU-Z12", "Bejárat mellett", "Fő út 1"),
}
_POLISH_POINTS = {
    "orlen": (
        "159560",
        "Automat ORLEN Paczka",
        "Automat na parkingu",
        "ul. Parkowa 11",
    ),
    "one-box": (
        "AL012ESI",
        "Allegro One Box - AL012ESI",
        'Obok siłowni "Relaks"',
        "ul. Sportowa 3",
    ),
}


def pickup_point(method, address):
    """The point of a method, in the town of the address."""
    point_id, name, description, street = _POLISH_POINTS.get(
        method.key, _POINTS[method.country]
    )
    return {
        "id": point_id,
        "name": name,
        "description": description,
        "address": {
            "street": street,
            "zipCode": address["zipCode"],
            "city": address["city"],
            "countryCode": address["countryCode"],
        },
    }


def list_delivery_methods(call):
    """``GET /sale/delivery-methods``"""
    wanted = call.request.args.get("marketplace")
    if wanted and wanted not in MARKETPLACES:
        raise invalid_parameter(call.path, f"Unknown marketplace {wanted}")
    is_sandbox = call.seller is not None and call.world.sellers[call.seller].sandbox
    return answer(
        {
            "deliveryMethods": [
                method.as_json(is_sandbox)
                for method in METHODS.values()
                if wanted in (None, method.marketplace)
            ]
        }
    )
