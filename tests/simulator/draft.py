"""A purchase being put together, and the form that comes of it.

The form has the keys and the nulls of real ones of 2026 (digest section 5).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from .catalogue import Offer
from .clock import wire_second, wire_time
from .delivery_methods import METHODS, pickup_point
from .marketplaces import MARKETPLACES
from .money import price

#: For ``Line.external``: the key is left out of the offer.
ABSENT = object()


@dataclass
class Line:
    """Amounts are in the marketplace's currency, for one unit."""

    offer: Offer
    quantity: int
    price: Decimal
    original_price: Decimal | None = None
    deposit: Decimal | None = None
    reconciliation: dict | None = None
    services: list[dict] = field(default_factory=list)
    vouchers: list[dict] = field(default_factory=list)
    discounts: list[dict] | None = None
    tax: dict | None = None
    external: object = None
    hs_number: str | None = None
    serial_numbers_expected: bool = False


class Draft:
    """
    :param offers: the seller's offers to choose from
    :ivar stage: how far the buyer gets: bought, filled-in or ready
    :ivar acts: what happens after that, as functions of world and order
    :ivar damages: what is done to the finished form, as functions of the form
    """

    def __init__(self, world, seller, bought_at, marketplace, offers):
        self.world = world
        self.random = world.random
        self.seller = seller
        self.bought_at = bought_at
        self.marketplace = MARKETPLACES[marketplace]
        self.lines = []
        self.stage = "ready"
        self.fulfillment_provider = "SELLER"
        self.message = None
        self.acts = []
        self.damages = []
        self.discounted_delivery = None
        self.paid_less_by = Decimal(0)
        self.offers = offers
        self._company = False
        self._guest = False
        self._language = None
        self._payment = ("ONLINE", "AF")
        self._payment_features = []
        self._reconciliation = None
        self._invoice = {
            "required": False,
            "address": None,
            "dueDate": None,
            "features": None,
        }
        self._method = None
        self._smart = False
        self._packages = 1
        self._buyer = None

    # What the kinds of orders choose

    @property
    def currency(self):
        return self.marketplace.currency

    def amount(self, zloty):
        return self.marketplace.price(Decimal(zloty))

    def add_line(self, quantity=1, offer=None, zloty=None, **more):
        offer = offer or self._pick_offer()
        line = Line(
            offer,
            quantity,
            self.amount(offer.price if zloty is None else zloty),
            **more,
        )
        line.tax = line.tax or self._tax(offer)
        self.lines.append(line)
        return line

    def add_lines(self, most=3):
        for _ in range(self.random.randint(1, most)):
            self.add_line(self.random.choice((1, 1, 1, 2, 3)))

    def deliver(self, key, smart=False, packages=1):
        """By the named method, or the likest one of the marketplace."""
        method = METHODS[key]
        if method.marketplace != self.marketplace.id:
            local = [
                m for m in METHODS.values() if m.marketplace == self.marketplace.id
            ]
            method = min(
                local,
                key=lambda m: (
                    m.cash_on_delivery != method.cash_on_delivery,
                    m.pickup != method.pickup,
                ),
            )
        self._method, self._smart, self._packages = method, smart, packages

    def buy_as_company(self):
        self._company = True

    def buy_as_guest(self):
        self._guest = True

    def speak(self, language):
        self._language = language

    def pay_by(self, payment_type, provider="AF", features=()):
        self._payment, self._payment_features = (payment_type, provider), list(features)

    def add_to_payment(self, amount):
        """Allegro's own part that comes with the payment (Allegro Prices, WALLET)."""
        self._reconciliation = amount

    def invoice_person(self):
        country = self.marketplace.country
        first_name, last_name = self.world.people.name(country)
        self._require_invoice(
            naturalPerson={"firstName": first_name, "lastName": last_name}
        )

    def invoice_company(self, ids, vat_payer="ACTIVE", features=None, due_in_days=None):
        """
        :param ids: pairs of type and value; the first is also the old ``taxId``
        """
        self._require_invoice(
            company={
                "name": self.buyer.company or self._company_name(),
                "ids": [{"type": kind, "value": value} for kind, value in ids],
                "vatPayerStatus": vat_payer,
                "taxId": ids[0][1],
            }
        )
        self._invoice["features"] = features
        if due_in_days:
            due = self.bought_at + timedelta(days=due_in_days)
            self._invoice["dueDate"] = due.date().isoformat()

    @property
    def buyer(self):
        if self._buyer is None:
            self._buyer = self.world.people.buyer(
                self.marketplace.country,
                self._language or self.marketplace.language,
                self._company,
                self._guest,
            )
        return self._buyer

    # What comes of it

    def form(self, form_id):
        """The whole form as it is once the buyer has filled it in and paid."""
        buyer = self.buyer.as_json(f"{self.random.getrandbits(36):09x}")
        return {
            "id": form_id,
            "messageToSeller": self.message,
            "buyer": buyer,
            "payment": self._payment_json(),
            "status": "READY_FOR_PROCESSING",
            "fulfillment": {
                "status": "NEW",
                "shipmentSummary": {"lineItemsSent": "NONE"},
                "provider": {"id": self.fulfillment_provider},
            },
            "delivery": self._delivery_json(),
            "invoice": self._invoice,
            "lineItems": [self._line_json(line) for line in self.lines],
            "surcharges": [],
            "note": None,
            "marketplace": {"id": self.marketplace.id},
            "summary": {"totalToPay": None},
            "updatedAt": wire_time(self.bought_at),
            "revision": None,
        }

    def _pick_offer(self):
        used = {line.offer.offer_id for line in self.lines}
        fresh = [o for o in self.offers if o.offer_id not in used and not o.is_set]
        return self.random.choice(fresh or self.offers)

    def _tax(self, offer):
        if offer.vat_rate is None:
            return None
        abroad = self.marketplace.country != "PL"
        rate = self.marketplace.vat_rate if abroad else offer.vat_rate
        return {"rate": rate, "subject": "GOODS", "exemption": None}

    def _company_name(self):
        return self.world.people.company_name(self.marketplace.country)

    def _require_invoice(self, company=None, naturalPerson=None):  # noqa: N803
        address = self.world.people.street_address(self.marketplace.country)
        self._invoice["required"] = True
        self._invoice["address"] = address | {
            "company": company,
            "naturalPerson": naturalPerson,
        }

    def _payment_json(self):
        payment_type, provider = self._payment
        reconciliation = self._reconciliation
        return {
            "id": self.world.new_id(),
            "type": payment_type,
            "provider": provider,
            "finishedAt": None,
            "paidAmount": None,
            "reconciliation": reconciliation and price(reconciliation, self.currency),
            "features": self._payment_features,
        }

    def _delivery_json(self):
        method = self._method
        cost = Decimal(0) if self._smart else self.amount(method.cost) * self._packages
        if self.discounted_delivery is not None:
            cost = self.discounted_delivery
        if Decimal(method.cost) == 0:
            cost = Decimal(0)
        address = self.world.people.street_address(method.country)
        return {
            "address": {
                "firstName": self.buyer.first_name,
                "lastName": self.buyer.last_name,
                **address,
                "companyName": self.buyer.company,
                "phoneNumber": self.buyer.phone,
                "modifiedAt": None,
            },
            "method": {"id": method.id, "name": method.name},
            "pickupPoint": pickup_point(method, address) if method.pickup else None,
            "cost": price(cost, self.currency),
            "smart": self._smart,
            "time": self._times(),
            "calculatedNumberOfPackages": self._packages,
            "cancellation": None,
        }

    def _times(self):
        """To be sent the next day, to arrive the day after; days end at 22:00 UTC."""
        evening = self.bought_at.replace(hour=22, minute=0, second=0, microsecond=0)
        last_moment = timedelta(days=1) - timedelta(milliseconds=1)
        next_evening = evening + timedelta(days=1)
        return {
            "from": wire_second(next_evening),
            "to": wire_time(next_evening + last_moment),
            "guaranteed": None,
            "dispatch": {
                "from": wire_second(evening),
                "to": wire_time(evening + last_moment),
            },
        }

    def _line_json(self, line):
        original = line.price if line.original_price is None else line.original_price
        deposit = line.deposit
        return {
            "id": self.world.new_id(),
            "offer": self._offer_json(line),
            "quantity": line.quantity,
            "originalPrice": price(original, self.currency),
            "price": price(line.price, self.currency),
            "reconciliation": line.reconciliation,
            "selectedAdditionalServices": line.services,
            "vouchers": line.vouchers,
            "tax": line.tax,
            "boughtAt": wire_time(self.bought_at),
            "discounts": line.discounts,
            "deposit": deposit and {"price": price(deposit, self.currency)},
            "serialNumbers": {"expected": line.serial_numbers_expected, "entries": []},
        }

    @staticmethod
    def _offer_json(line):
        offer = line.offer
        external = line.external
        if external is None and offer.external_id is not None:
            external = {"id": offer.external_id}
        products = [
            {"id": part.product_id, "quantity": part.quantity}
            for part in offer.products
        ]
        json = {
            "id": offer.offer_id,
            "name": offer.name,
            "external": external,
            "productSet": {"products": products} if offer.is_set else None,
            "hsNumber": line.hs_number,
        }
        if external is ABSENT:
            del json["external"]
        return json
