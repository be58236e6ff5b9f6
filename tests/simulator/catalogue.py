"""What the sellers offer: new and used car parts.

``known`` says whether a demonstration's Odoo should have the product; what it does not
know is "unmanaged". The list does not depend on the seed.
"""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal

_NAMESPACE = uuid.UUID("6f0c9f53-6d3c-4f0e-9a44-4b1f2f3a7c10")

# name, external id, price
_KNOWN_PARTS = (
    ("Alternator Bosch 0124525 VW Golf VII 1.6 TDI", "ALT-0124525", "489.00"),
    ("Alternator Valeo 140A Ford Focus MK3", "ALT-VAL-140", "415.50"),
    ("Rozrusznik Denso Toyota Auris 1.4 D4D", "ROZ-DEN-14", "320.00"),
    ("Lampa przednia lewa LED Skoda Octavia III", "LAM-OCT3-L", "1249.00"),
    ("Lampa przednia prawa LED Skoda Octavia III", "LAM-OCT3-P", "1249.00"),
    ("Lampa tylna prawa Audi A4 B8 kombi", "LAM-A4B8-TP", "289.90"),
    ("Lusterko lewe elektryczne Opel Astra J", "LUS-ASTJ-L", "179.99"),
    ("Lusterko prawe składane BMW 3 E90", "LUS-E90-P", "349.00"),
    ("Wkład lusterka podgrzewany Renault Megane III", "WKL-MEG3", "49.90"),
    ("Zderzak przedni Volkswagen Passat B8", "ZDE-B8-P", "899.00"),
    ("Maska silnika Hyundai i30 II", "MAS-I30", "749.00"),
    ("Błotnik lewy przedni Kia Ceed JD", "BLO-CEED-L", "310.00"),
    ("Chłodnica wody Nissan Qashqai J10", "CHL-QASH", "265.00"),
    ("Chłodnica klimatyzacji Peugeot 308 II", "CHL-KL-308", "298.00"),
    ("Sprężarka klimatyzacji Denso Mazda 6 GH", "SPR-MAZ6", "640.00"),
    ("Turbosprężarka Garrett 1.9 TDI 105 KM", "TUR-19TDI", "1190.00"),
    ("Wtryskiwacz Bosch 0445110 CR", "WTR-0445110", "385.00"),
    ("Pompa paliwa w zbiorniku Ford Mondeo MK4", "POM-MON4", "229.00"),
    ("Przepływomierz powietrza Bosch 1.9 TDI", "PRZ-19TDI", "159.00"),
    ("Cewka zapłonowa Beru 1.4 TSI", "CEW-14TSI", "89.50"),
    ("Sterownik silnika ECU Opel Corsa D 1.3 CDTI", "ECU-CORD", "420.00"),
    ("Moduł ABS Ate Ford Fiesta MK7", "ABS-FIE7", "375.00"),
    ("Półoś prawa Volkswagen Touran 1.9 TDI", "POL-TOUR-P", "245.00"),
    ("Piasta koła przód Skoda Fabia II", "PIA-FAB2", "119.00"),
    ("Amortyzator tył Sachs Seat Leon II", "AMO-LEON2", "184.00"),
    ("Klamka zewnętrzna drzwi Citroen C4", "KLA-C4", "39.90"),
    ("Podnośnik szyby lewy przód Fiat Bravo II", "POD-BRA2-L", "129.00"),
    ("Kierownica multimedialna Volvo V60", "KIE-V60", "459.00"),
    ("Felga aluminiowa 16 cali 5x112 Audi", "FEL-16-5112", "279.00"),
    ("Żarówka H7 55W Philips Vision 2 szt.", "ZAR-H7-2", "24.99"),
)
_KNOWN_BY_BARCODE = (
    ("Filtr oleju Mann HU 719/7x", "34.90"),
    ("Klocki hamulcowe przód TRW GDB1550", "119.00"),
)
_UNKNOWN_PARTS = (
    ("Radio samochodowe RNS 315 bez kodu", "RNS315-X", "350.00"),
    ("Fotel kierowcy skóra BMW X5 E70", "FOT-X5", "780.00"),
    ("Hak holowniczy Dacia Duster", "HAK-DUST", "429.00"),
    ("Bagażnik dachowy Thule WingBar", None, "599.00"),
    ("Dywaniki gumowe Toyota Yaris komplet", None, "79.90"),
    ("Nawigacja GPS Garmin używana", "GPS-GAR", "149.00"),
)
_SECOND_SELLER_PARTS = (
    ("Silnik krokowy 2.0 HDI komplet", "SIL-20HDI", "2890.00"),
    ("Skrzynia biegów 6 b. Ford Transit", "SKR-TRA6", "2150.00"),
    ("Koło dwumasowe LuK 2.0 TDI", "DWU-20TDI", "899.00"),
    ("Drzwi lewe przód Skoda Superb II", "DRZ-SUP2-LP", "650.00"),
    ("Szyba czołowa Opel Insignia", "SZY-INS", "520.00"),
    ("Akumulator Varta 74Ah", "AKU-74", "389.00"),
)


@dataclass
class SetPart:
    """One catalogue product of an offer, and how many of it one unit holds."""

    product_id: str
    name: str
    ean: str
    quantity: int = 1

    def as_json(self):
        return {
            "product_id": self.product_id,
            "name": self.name,
            "ean": self.ean,
            "quantity": self.quantity,
        }


@dataclass
class Offer:
    offer_id: str
    seller: str
    name: str
    external_id: str | None
    ean: str | None
    price: Decimal
    known: bool
    currency: str = "PLN"
    vat_rate: str | None = "23.00"
    stock: int = 20
    condition: str = "Używany"
    status: str = "ACTIVE"
    products: list[SetPart] = field(default_factory=list)

    @property
    def is_set(self):
        return len(self.products) > 1 or self.products[0].quantity > 1

    def as_json(self):
        """For the control interface."""
        return {
            "offer_id": self.offer_id,
            "seller": self.seller,
            "name": self.name,
            "external_id": self.external_id,
            "ean": self.ean,
            "price": str(self.price),
            "currency": self.currency,
            "vat_rate": self.vat_rate,
            "stock": self.stock,
            "condition": self.condition,
            "status": self.status,
            "known": self.known,
            "products": [part.as_json() for part in self.products],
        }


class Catalogue:
    """All offers of all sellers, in the order in which they were made."""

    def __init__(self, sellers):
        self._offers = {}
        first, second = sellers[0], sellers[1]
        for index, (name, sku, price) in enumerate(_KNOWN_PARTS):
            condition = "Nowy" if index % 3 == 0 else "Używany"
            self.create(
                first, name, sku, price, stock=1 + index * 7 % 25, condition=condition
            )
        for name, price in _KNOWN_BY_BARCODE:
            ean = _ean(len(self._offers))
            self.create(first, name, ean, price, ean=ean, stock=200, condition="Nowy")
        self._create_sets(first)
        for name, sku, price in _UNKNOWN_PARTS:
            self.create(first, name, sku, price, known=False)
        for name, sku, price in _SECOND_SELLER_PARTS:
            self.create(second, name, sku, price, stock=5)
        self.create(
            second,
            "Zestaw sprzęgła: koło dwumasowe 2.0 TDI + akumulator",
            "ZES-DWU-AKU",
            "1199.00",
            products=[_part(self.find("DWU-20TDI"), 1), _part(self.find("AKU-74"), 1)],
        )

    def _create_sets(self, seller):
        lamps = [self.find("LAM-OCT3-L"), self.find("LAM-OCT3-P")]
        self.create(
            seller,
            "Zestaw lamp przednich LED Skoda Octavia III lewa + prawa",
            "ZES-LAM-OCT3",
            "2399.00",
            products=[_part(lamp, 1) for lamp in lamps],
        )
        self.create(
            seller,
            "Zestaw rozruchowy: cewka 1.4 TSI 4 szt. + rozrusznik Denso",
            "ZES-ROZRUCH",
            "649.00",
            products=[
                _part(self.find("CEW-14TSI"), 4),
                _part(self.find("ROZ-DEN-14"), 1),
            ],
        )

    def create(self, seller, name, external_id, price, ean=None, products=None, **more):
        """
        :param products: parts of a set; by default the offer is one of one product
        """
        index = len(self._offers)
        offer_id = more.pop("offer_id", None) or str(17_000_000_101 + index)
        ean = ean or _ean(index)
        product_id = str(uuid.uuid5(_NAMESPACE, offer_id))
        offer = Offer(
            offer_id=offer_id,
            seller=seller,
            name=name,
            external_id=external_id,
            ean=None if products else ean,
            price=Decimal(price),
            products=products or [SetPart(product_id, name, ean)],
            **({"known": True} | more),
        )
        self._offers[offer.offer_id] = offer
        return offer

    def get(self, offer_id):
        return self._offers.get(offer_id)

    def find(self, external_id):
        return next(
            offer for offer in self._offers.values() if offer.external_id == external_id
        )

    def offers(self, seller=None):
        return [
            offer for offer in self._offers.values() if seller in (None, offer.seller)
        ]


def _part(offer, quantity):
    product = offer.products[0]
    return SetPart(product.product_id, product.name, product.ean, quantity)


def _ean(index):
    """A valid EAN-13 of the Polish range."""
    digits = f"590{7_000_000 + index:09d}"
    odd = sum(int(digit) for digit in digits[::2])
    even = sum(int(digit) for digit in digits[1::2])
    return f"{digits}{(10 - (odd + 3 * even) % 10) % 10}"
