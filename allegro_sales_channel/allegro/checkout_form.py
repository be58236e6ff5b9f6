"""An Allegro order ("checkout form") as frozen dataclasses.

Source: https://developer.allegro.pl/documentation, ``GET /order/checkout-forms/{id}``.
All amounts are gross. Only what the addon uses is read: a buyer's PESEL, for instance,
never enters.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .values import JsonObject, Money


@dataclass(frozen=True)
class Address:
    """Where to; also the pickup point's own address, which has no person."""

    street: str | None
    city: str | None
    zip_code: str | None
    country_code: str | None
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    phone_number: str | None = None

    @classmethod
    def from_json(cls, data):
        # the buyer's profile has postCode where every other address has zipCode
        zip_code = data.optional_text("zipCode") or data.optional_text("postCode")
        return cls(
            street=data.optional_text("street"),
            city=data.optional_text("city"),
            zip_code=zip_code,
            country_code=data.optional_text("countryCode"),
            first_name=data.optional_text("firstName"),
            last_name=data.optional_text("lastName"),
            company_name=data.optional_text("companyName"),
            phone_number=data.optional_text("phoneNumber"),
        )


def _optional_address(data):
    return None if data is None else Address.from_json(data)


@dataclass(frozen=True)
class Buyer:
    """``id`` is the only stable key: the e-mail is an alias that changes."""

    id: str
    login: str
    email: str | None
    first_name: str | None
    last_name: str | None
    company_name: str | None
    phone_number: str | None
    guest: bool
    language: str | None
    address: Address | None

    @classmethod
    def from_json(cls, data):
        preferences = data.optional_object("preferences")
        return cls(
            id=data.text("id"),
            login=data.text("login"),
            email=data.optional_text("email"),
            first_name=data.optional_text("firstName"),
            last_name=data.optional_text("lastName"),
            company_name=data.optional_text("companyName"),
            phone_number=data.optional_text("phoneNumber"),
            guest=data.flag("guest"),
            language=preferences and preferences.optional_text("language"),
            address=_optional_address(data.optional_object("address")),
        )


@dataclass(frozen=True)
class Payment:
    """The payment, or a later surcharge (top-up) of the same shape."""

    id: str | None
    type: str | None
    provider: str | None
    finished_at: datetime | None
    paid: Money | None

    @classmethod
    def from_json(cls, data):
        return cls(
            id=data.optional_text("id"),
            type=data.optional_text("type"),
            provider=data.optional_text("provider"),
            finished_at=data.optional_time("finishedAt"),
            paid=data.optional_money("paidAmount"),
        )


@dataclass(frozen=True)
class PickupPoint:
    id: str
    name: str | None
    description: str | None
    address: Address | None

    @classmethod
    def from_json(cls, data):
        return cls(
            id=data.text("id"),
            name=data.optional_text("name"),
            description=data.optional_text("description"),
            address=_optional_address(data.optional_object("address")),
        )


@dataclass(frozen=True)
class Delivery:
    """``dispatch_to``: the moment by which the seller should have sent it."""

    address: Address | None
    method_id: str | None
    method_name: str | None
    pickup_point: PickupPoint | None
    cost: Money | None
    smart: bool
    dispatch_to: datetime | None

    @classmethod
    def from_json(cls, data):
        method = data.optional_object("method")
        point = data.optional_object("pickupPoint")
        time = data.optional_object("time")
        dispatch = time and time.optional_object("dispatch")
        return cls(
            address=_optional_address(data.optional_object("address")),
            method_id=method and method.optional_text("id"),
            method_name=method and method.optional_text("name"),
            pickup_point=point and PickupPoint.from_json(point),
            cost=data.optional_money("cost"),
            smart=data.flag("smart"),
            dispatch_to=dispatch and dispatch.optional_time("to"),
        )


@dataclass(frozen=True)
class CompanyId:
    """A company's number: ``PL_NIP``, ``CZ_DIC``, ``VAT_EU`` and so on."""

    type: str
    value: str


@dataclass(frozen=True)
class Invoice:
    """What the buyer asked for. Only ``required`` decides, not the data beside it."""

    required: bool
    address: Address | None
    company_name: str | None
    company_ids: tuple[CompanyId, ...]
    person_first_name: str | None
    person_last_name: str | None
    due_date: date | None
    features: tuple[str, ...]

    @classmethod
    def from_json(cls, data):
        address = data.optional_object("address")
        company = address and address.optional_object("company")
        person = address and address.optional_object("naturalPerson")
        return cls(
            required=data.flag("required"),
            address=_optional_address(address),
            company_name=company and company.optional_text("name"),
            company_ids=_company_ids(company) if company else (),
            person_first_name=person and person.optional_text("firstName"),
            person_last_name=person and person.optional_text("lastName"),
            due_date=data.optional_date("dueDate"),
            features=data.texts("features"),
        )


def _company_ids(company):
    numbers = tuple(
        CompanyId(number.text("type"), value)
        for number in company.objects("ids")
        if (value := number.optional_text("value"))
    )
    # taxId is deprecated, yet still the only one in some answers
    tax_id = company.optional_text("taxId")
    if not numbers and tax_id:
        return (CompanyId("TAX_ID", tax_id),)
    return numbers


@dataclass(frozen=True)
class AdditionalService:
    definition_id: str
    name: str
    price: Money
    quantity: int

    @classmethod
    def from_json(cls, data):
        definition_id = data.text("definitionId")
        return cls(
            definition_id=definition_id,
            name=data.optional_text("name") or definition_id,
            price=data.money("price"),
            quantity=data.positive_whole("quantity"),
        )


@dataclass(frozen=True)
class LineTax:
    """Allegro's own idea of the VAT: a check, never applied."""

    rate: Decimal | None
    subject: str | None
    exemption: str | None

    @classmethod
    def from_json(cls, data):
        return cls(
            rate=data.optional_decimal("rate"),
            subject=data.optional_text("subject"),
            exemption=data.optional_text("exemption"),
        )


@dataclass(frozen=True)
class LineItem:
    """``price`` is what is paid for one; ``deposit`` is per piece and outside VAT.

    ``bought_at`` is None when Allegro gives none: its specification allows that.
    """

    id: str
    offer_id: str
    offer_name: str
    external_id: str | None
    quantity: int
    price: Money
    original_price: Money | None
    deposit: Money | None
    services: tuple[AdditionalService, ...]
    tax: LineTax | None
    discounts: tuple[str, ...]
    bought_at: datetime | None

    @classmethod
    def from_json(cls, data):
        offer = data.object("offer")
        external = offer.optional_object("external")
        deposit = data.optional_object("deposit")
        services = data.objects("selectedAdditionalServices")
        tax = data.optional_object("tax")
        discounts = data.objects("discounts")
        return cls(
            id=data.text("id"),
            offer_id=offer.text("id"),
            offer_name=offer.optional_text("name") or offer.text("id"),
            external_id=external and external.optional_text("id"),
            quantity=data.positive_whole("quantity"),
            price=data.money("price"),
            original_price=data.optional_money("originalPrice"),
            deposit=deposit and deposit.money("price"),
            services=tuple(AdditionalService.from_json(item) for item in services),
            tax=tax and LineTax.from_json(tax),
            discounts=tuple(item.text("type") for item in discounts),
            bought_at=data.optional_time("boughtAt"),
        )

    @property
    def amounts(self):
        """Every (unit price, quantity) that the buyer pays for this line."""
        return [(price, quantity) for _path, price, quantity in self.named_amounts]

    @property
    def named_amounts(self):
        """As :attr:`amounts`, each after its path within the line."""
        named = [("price", self.price, self.quantity)]
        if self.deposit:
            named.append(("deposit.price", self.deposit, self.quantity))
        for index, service in enumerate(self.services):
            path = f"selectedAdditionalServices[{index}].price"
            named.append((path, service.price, service.quantity))
        return named


@dataclass(frozen=True)
class CheckoutForm:
    """One Allegro order.

    ``lines_sent``: ``NONE``, ``SOME`` or ``ALL`` of its lines have a tracking number.
    ``cod_collected``: what carriers collected on delivery and Allegro booked, one
    amount for each parcel; known only for methods that Allegro settles itself.
    """

    id: str
    revision: str | None
    status: str
    fulfillment_status: str | None
    fulfillment_provider: str | None
    lines_sent: str | None
    buyer: Buyer
    payment: Payment | None
    surcharges: tuple[Payment, ...]
    delivery: Delivery | None
    invoice: Invoice | None
    lines: tuple[LineItem, ...]
    total_to_pay: Money
    marketplace: str | None
    message_to_seller: str | None
    note: str | None
    cod_collected: tuple[Money, ...] = ()

    @classmethod
    def from_json(cls, json):
        """Read and check one form.

        :param json: the form as ``json`` parsed it, fractions as ``Decimal``
        :raises AllegroDataError: naming the path of what is missing or malformed
        """
        data = JsonObject(json)
        fulfillment = data.optional_object("fulfillment")
        provider = fulfillment and fulfillment.optional_object("provider")
        shipped = fulfillment and fulfillment.optional_object("shipmentSummary")
        payment = data.optional_object("payment")
        delivery = data.optional_object("delivery")
        invoice = data.optional_object("invoice")
        note = data.optional_object("note")
        marketplace = data.optional_object("marketplace")
        surcharges = data.objects("surcharges")
        lines = data.objects("lineItems")
        if not lines:
            raise data.broken("lineItems", "is missing or empty")
        form = cls(
            id=data.text("id"),
            revision=data.optional_text("revision"),
            status=data.text("status"),
            fulfillment_status=fulfillment and fulfillment.optional_text("status"),
            fulfillment_provider=provider and provider.optional_text("id"),
            lines_sent=shipped and shipped.optional_text("lineItemsSent"),
            buyer=Buyer.from_json(data.object("buyer")),
            payment=payment and Payment.from_json(payment),
            surcharges=tuple(Payment.from_json(item) for item in surcharges),
            delivery=delivery and Delivery.from_json(delivery),
            invoice=invoice and Invoice.from_json(invoice),
            lines=tuple(LineItem.from_json(item) for item in lines),
            total_to_pay=data.object("summary").money("totalToPay"),
            marketplace=marketplace and marketplace.optional_text("id"),
            message_to_seller=data.optional_text("messageToSeller", longest=None),
            note=note and note.optional_text("text", longest=None),
            cod_collected=tuple(
                paid
                for item in data.objects("codBookedPayments")
                if (paid := item.optional_money("paidAmount"))
            ),
        )
        form._check_sense(data)
        return form

    def _check_sense(self, data):
        """One order has one currency, no line twice, and was bought some time."""
        seen = set()
        for index, line in enumerate(self.lines):
            path = f"lineItems[{index}]"
            if line.id in seen:
                raise data.broken(f"{path}.id", f"{line.id} is there twice")
            seen.add(line.id)
            for name, price, _quantity in line.named_amounts:
                self._check_currency(data, f"{path}.{name}", price)
        if self.delivery and self.delivery.cost:
            self._check_currency(data, "delivery.cost", self.delivery.cost)
        if not self._purchases:
            raise data.broken("lineItems[0].boughtAt", "is missing")

    def _check_currency(self, data, path, price):
        currency = self.total_to_pay.currency
        if price.currency != currency:
            problem = f"{price.currency}, but the order is in {currency}"
            raise data.broken(f"{path}.currency", problem)

    @property
    def _purchases(self):
        return [line.bought_at for line in self.lines if line.bought_at]

    @property
    def bought_at(self):
        """The form has no date of its own: it is that of its first purchase."""
        return min(self._purchases)

    @property
    def last_bought_at(self):
        """The date by which Allegro sorts and filters its list of forms."""
        return max(self._purchases)

    @property
    def seller_cancelled(self):
        return self.fulfillment_status == "CANCELLED"
