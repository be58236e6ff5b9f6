"""Who bought an order, to whom it goes and to whom it is invoiced.

All of it but the buyer's id is a side field: a strange phone number keeps no order out.
"""

from dataclasses import dataclass
from datetime import date


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
    def from_side(cls, side):
        """:param side: ``SideObject``, or None"""
        if side is None:
            return None
        return cls(
            street=side.text("street"),
            city=side.text("city"),
            # the buyer's profile has postCode where every other address has zipCode
            zip_code=side.text("zipCode") or side.text("postCode"),
            country_code=side.text("countryCode"),
            first_name=side.text("firstName"),
            last_name=side.text("lastName"),
            company_name=side.text("companyName"),
            phone_number=side.text("phoneNumber"),
        )


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
    def from_json(cls, data, side):
        """
        :param data: ``JsonObject``
        :param side: ``SideObject`` of the same
        """
        buyer_id = data.text("id")
        preferences = side.object("preferences", short_for="language")
        return cls(
            id=buyer_id,
            login=side.text("login") or buyer_id,
            email=side.text("email"),
            first_name=side.text("firstName"),
            last_name=side.text("lastName"),
            company_name=side.text("companyName"),
            phone_number=side.text("phoneNumber"),
            guest=side.flag("guest"),
            language=preferences and preferences.text("language"),
            address=Address.from_side(side.object("address")),
        )


@dataclass(frozen=True)
class CompanyId:
    """A company's number: ``PL_NIP``, ``CZ_DIC``, ``VAT_EU`` and so on."""

    type: str
    value: str


#: The kind of a number whose kind is not told.
_OTHER_NUMBER = "OTHER"


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
    def from_side(cls, side):
        """:param side: ``SideObject``, or None"""
        if side is None:
            return None
        address = side.object("address")
        company = address and address.object("company", short_for="name")
        person = address and address.object("naturalPerson")
        return cls(
            required=side.flag("required"),
            address=Address.from_side(address),
            company_name=company and company.text("name"),
            company_ids=_company_ids(company) if company else (),
            person_first_name=person and person.text("firstName"),
            person_last_name=person and person.text("lastName"),
            due_date=side.date("dueDate"),
            features=side.texts("features"),
        )


def _company_ids(company):
    numbers = tuple(
        CompanyId(number.text("type") or _OTHER_NUMBER, value)
        for number in company.objects("ids", short_for="value")
        if (value := number.text("value"))
    )
    # taxId is deprecated, yet still the only one in some answers
    tax_id = company.text("taxId")
    if not numbers and tax_id:
        return (CompanyId("TAX_ID", tax_id),)
    return numbers
