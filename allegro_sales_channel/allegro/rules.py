"""Decisions about Allegro's orders that need neither Odoo nor the network."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from . import statuses
from .statuses import CANCELLED, READY
from .values import Money

#: Where a seller sees an order. Foreign marketplaces are run from the same panel.
SALES_CENTER = {
    "production": "https://salescenter.allegro.com/orders",
    "sandbox": "https://salescenter.allegro.com.allegrosandbox.pl/orders",
}

#: How long Allegro is sure to know an order (allegro-api issue 13031).
KEPT_BY_ALLEGRO = timedelta(days=365)

#: Every way to pay that is known here.
PAYMENT_TYPES = (
    "ONLINE",
    "CASH_ON_DELIVERY",
    "WIRE_TRANSFER",
    "SPLIT_PAYMENT",
    "EXTENDED_TERM",
)


def is_importable(form):
    """Only an order that is paid, or to be paid on delivery, is worth an Odoo order."""
    return form.status == READY


def cancelled_by(state):
    """Who cancelled an order: ``"buyer"``, ``"allegro"``, ``"seller"``, or None.

    The form's status is CANCELLED for the buyer and for Allegro alike; a seller's
    CANCELLED is a label in the fulfilment only. Allegro cancels by itself what was
    never paid, so a payment that was completed tells the two apart; one on delivery
    counts as completed when it was chosen. The journal's AUTO_CANCELLED is no
    evidence: its events come twice, late, or never.

    :param state: ``FormState``
    Source: issues 3337, 4646, 4926 of
    https://github.com/allegro/allegro-api
    """
    if state.status == CANCELLED:
        return "buyer" if state.payment_finished else "allegro"
    return "seller" if state.seller_cancelled else None


#: On these marketplaces a buyer may cancel whatever the seller has done (issue 13597).
_QUICK_CANCELLATION = {"allegro-cz", "allegro-sk", "allegro-hu", "allegro-business-cz"}
QUICK_CANCELLATION_TIME = timedelta(minutes=5)


def cancellable_until(marketplace, bought_at):
    """Until when the buyer may cancel whatever the seller does; None when never.

    :param bought_at: the moment of purchase, aware or naive: so is the answer
    """
    if marketplace not in _QUICK_CANCELLATION:
        return None
    return bought_at + QUICK_CANCELLATION_TIME


def fulfilled_by_allegro(form):
    """Does Allegro's own warehouse ship it (One Fulfillment)? None: it does not say."""
    return {"ALLEGRO": True, "SELLER": False}.get(form.fulfillment_provider)


def not_understood(form):
    """What a form says that is not known here, or could not be read.

    :return: list of lines: the place, and Allegro's own word or what is wrong there
    """
    payment_type = form.payment and form.payment.type
    words = (
        ("status", form.status, form.status in statuses.OF_FORMS),
        (
            "fulfillment.status",
            form.fulfillment_status,
            form.fulfillment_status in statuses.MEANINGS,
        ),
        ("payment.type", payment_type, payment_type in PAYMENT_TYPES),
        (
            "fulfillment.provider.id",
            form.fulfillment_provider,
            fulfilled_by_allegro(form) is not None,
        ),
    )
    new = [f"{path}: {word}" for path, word, known in words if word and not known]
    return new + [str(note) for note in form.notes]


def expected_total(form):
    """What all that is on the form costs: lines, deposits, services and delivery.

    A surcharge is not in it: it is a later payment, not a thing bought.
    """
    amounts = [pair for line in form.lines for pair in line.amounts]
    if form.delivery and form.delivery.cost:
        amounts.append((form.delivery.cost, 1))
    total = sum(price.amount * quantity for price, quantity in amounts)
    return Money(total, form.total_to_pay.currency)


def payment_amount(form):
    """What the buyer has paid at the purchase.

    In the order's currency: an amount in another one can't be added up.
    """
    return _sum(form, [form.payment.paid] if form.payment else [])


def surcharge_amount(form):
    """What the buyer has paid in later top-ups."""
    return _sum(form, [payment.paid for payment in form.surcharges])


def surcharged_at(form):
    """When the last of these top-ups was completed; None where Allegro does not say."""
    moments = [payment.finished_at for payment in form.surcharges if payment.paid]
    return max(filter(None, moments), default=None)


def collected_amount(form):
    """What was collected on delivery, as far as Allegro knows."""
    return _sum(form, form.cod_collected)


def _sum(form, amounts):
    currency = form.total_to_pay.currency
    same = [money.amount for money in amounts if money and money.currency == currency]
    return Money(sum(same, Decimal(0)), currency)


@dataclass(frozen=True)
class VatNumber:
    """``country_code`` is None when nothing tells of which country it is."""

    country_code: str | None
    number: str


#: The kinds of number that are VAT numbers, best first, with their country.
#: CZ_ICO and SK_ICO are company registers, not VAT.
_VAT_KINDS = (
    ("VAT_EU", None),
    ("PL_NIP", "PL"),
    ("CZ_DIC", "CZ"),
    ("SK_IC_DPH", "SK"),
    ("HU_ADOSZAM", "HU"),
    ("TAX_ID", None),
)
#: Allegro's mark on an invoice whose EU VAT number it found to be valid.
VAT_EU_VERIFIED = "VAT_EU_VERIFIED"
_NOT_IN_NUMBER = re.compile("[^0-9A-Z]")
#: Many write the name of the number before it.
_NAME_OF_NUMBER = re.compile("(?:NIP|VAT|ICDPH|DIC|ADOSZAM|USTID)(?:UE|EU|ID|NR|NO)*")
#: How VAT numbers of the EU begin; one of them holds wherever the company lives.
_EU_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI"
    " SK XI".split()
)


def given_number(invoice):
    """The number to show to people, as the buyer gave it: a VAT number before others.

    :return: (number or None, whether it is of a kind that is a VAT number)
    """
    by_kind = {number.type: number.value for number in invoice.company_ids}
    for kind, _country in _VAT_KINDS:
        if kind in by_kind:
            return by_kind[kind], True
    return next(iter(by_kind.values()), None), False


def vat_number(invoice):
    """The VAT number by which an invoice's company is known, None when it has none.

    Letters before it are a country only when they are one of the EU, or the one where
    the company lives: a number of elsewhere is known by nobody under an address here.

    :return: :class:`VatNumber`, letters and digits only, without the country
    """
    home = invoice.address and (invoice.address.country_code or "").upper()
    by_kind = {number.type: number.value for number in invoice.company_ids}
    of_elsewhere = None
    for kind, country in _VAT_KINDS:
        number = _plain_number(by_kind.get(kind, ""))
        if not any(character.isdigit() for character in number):
            continue
        prefix = number[:2]
        if prefix in _EU_PREFIXES or prefix == home:
            country, number = prefix, number[2:]
        elif prefix.isalpha():
            of_elsewhere = of_elsewhere or VatNumber(None, number)
            continue
        if kind == "HU_ADOSZAM":
            # 8 digits name the taxpayer, the 3 behind them its kind and county
            number = number[:8]
        return VatNumber(country or home or None, number)
    return of_elsewhere


def _plain_number(text):
    """Its letters, without accents, and digits, without a name before them."""
    number = _NOT_IN_NUMBER.sub("", unicodedata.normalize("NFKD", text).upper())
    name = _NAME_OF_NUMBER.match(number)
    return number[name.end() :] if name else number
