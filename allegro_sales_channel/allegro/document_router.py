"""Which document a sale gets: an invoice, a receipt, none, or a person decides.

By Polish law, where the seller is Polish; elsewhere only by what the buyer asked for
and what the seller has set. Sources, by the article that each rule names: the VAT act,
and the regulation on exemptions from cash registers of 2024-12-17 (Dz.U. 2024 poz.
1902), whose rule for mail order (annex, item 41) is fulfilled by what is paid through
a bank, the post or a courier who collects it, but never for the goods of its par. 4.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# The documents
INVOICE_KSEF = "invoice_ksef"
INVOICE = "invoice"
RECEIPT = "receipt"
RECEIPT_NIP = "receipt_nip"
MARGIN_INVOICE = "margin_invoice"
NONE = "none"
PERSON = "person"
DOCUMENTS = (
    INVOICE_KSEF,
    INVOICE,
    RECEIPT,
    RECEIPT_NIP,
    MARGIN_INVOICE,
    NONE,
    PERSON,
)
INVOICES = frozenset({INVOICE_KSEF, INVOICE, MARGIN_INVOICE})
RECEIPTS = frozenset({RECEIPT, RECEIPT_NIP})

# Why
UNMANAGED = "unmanaged"
MIXED_MARGIN = "mixed_margin"
COMPANY_ASKED = "company_asked"
PERSON_ASKED = "person_asked"
NUMBER_GIVEN = "number_given"
SMALL_WITH_NUMBER = "small_with_number"
GOODS_NEED_RECEIPT = "goods_need_receipt"
PAYMENT_NEEDS_RECEIPT = "payment_needs_receipt"
PERSONS_GET = "persons_get"
TAXED_ABROAD = "taxed_abroad"
CHOSEN = "chosen"

# Of how many of the goods something is true
ALL = "all"
SOME = "some"

#: Kinds of payment of Allegro's that pass through a bank, the post or a courier. A
#: courier's collecting counts: ruling 0113-KDIPT1-3.4012.42.2025.2.ALN.
PAID_THROUGH_BANK = frozenset(
    {"ONLINE", "WIRE_TRANSFER", "SPLIT_PAYMENT", "EXTENDED_TERM", "CASH_ON_DELIVERY"}
)
#: Up to so much a receipt with the buyer's NIP is an invoice: art. 106e(5)(3).
SMALL_PLN = Decimal(450)
SMALL_EUR = Decimal(100)
#: From then on it no longer is: the transition of the rules on KSeF ends.
NO_SIMPLIFIED_FROM = date(2027, 1, 1)

_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True)
class Facts:
    """What the document of one sale follows from.

    :ivar seller_country: the code of the country where the seller is taxed
    :ivar persons_get: what the seller has set: INVOICE, RECEIPT or NONE
    :ivar persons_in_ksef: private persons' invoices go to KSeF as well
    :ivar has_ksef: the seller's KSeF is connected
    :ivar asked: the buyer wants an invoice
    :ivar is_company: he wants it for a company, known by a number or not
    :ivar gave_nip: he gave a valid Polish NIP
    :ivar total: in the order's currency
    :ivar total_pln: the same in złoty
    :ivar payment: Allegro's word for the kind of payment, None where it is unknown
    :ivar is_unmanaged: some of it is not in Odoo
    :ivar margin: how much of it is sold under the margin scheme: ALL, SOME or None
    :ivar needs_receipt: some of its goods need a receipt from the first sale
    :ivar is_taxed_abroad: in the buyer's country (OSS), so no cash register has it
    """

    seller_country: str = "PL"
    persons_get: str = INVOICE
    persons_in_ksef: bool = False
    has_ksef: bool = False
    asked: bool = False
    is_company: bool = False
    gave_nip: bool = False
    total: Decimal = Decimal(0)
    currency: str = "PLN"
    total_pln: Decimal = Decimal(0)
    bought_on: date = date(2026, 1, 1)
    payment: str | None = "ONLINE"
    is_unmanaged: bool = False
    margin: str | None = None
    needs_receipt: bool = False
    is_taxed_abroad: bool = False

    @property
    def is_for_company(self):
        """Is the invoice one for a company that asked?"""
        return self.asked and self.is_company

    @property
    def is_for_taxpayer(self):
        """A company, or who gave a NIP: he buys as a taxpayer."""
        is_polish = self.seller_country == "PL"
        return self.is_for_company or (is_polish and self.gave_nip)

    @property
    def is_small(self):
        """So small that a receipt with the NIP is an invoice."""
        if self.bought_on >= NO_SIMPLIFIED_FROM:
            return False
        if self.currency == "EUR":
            return self.total <= SMALL_EUR
        return self.total_pln <= SMALL_PLN

    @property
    def goes_to_ksef(self):
        """Would its invoice go there? A private person's need not: art. 106ga(2)."""
        return self.has_ksef and (self.is_for_taxpayer or self.persons_in_ksef)


class Route(NamedTuple):
    """``with_receipt``: beside the invoice a receipt is printed, art. 106h(1)."""

    document: str
    reason: str
    with_receipt: bool = False


def route(facts):
    """The one document of a sale, and why.

    :param facts: :class:`Facts`
    :return: :class:`Route`
    """
    if facts.is_unmanaged:
        return Route(PERSON, UNMANAGED)
    if facts.is_for_company:
        return _invoice(facts, COMPANY_ASKED)
    if facts.is_for_taxpayer and not facts.asked:
        return _for_given_number(facts)
    why_receipt = _why_receipt(facts)
    if facts.asked:
        reason = NUMBER_GIVEN if facts.is_for_taxpayer else PERSON_ASKED
        with_receipt = bool(why_receipt) and not facts.is_for_taxpayer
        return _invoice(facts, reason, with_receipt=with_receipt)
    if why_receipt:
        return Route(RECEIPT, why_receipt)
    if facts.persons_get == INVOICE:
        return _invoice(facts, PERSONS_GET)
    return Route(NONE, TAXED_ABROAD if facts.is_taxed_abroad else PERSONS_GET)


def _for_given_number(facts):
    """He gave his NIP, and did not ask: a taxpayer gets an invoice, art. 106b(1)."""
    by_receipt = facts.needs_receipt or facts.persons_get == RECEIPT
    if by_receipt and facts.is_small and not facts.is_taxed_abroad:
        return Route(RECEIPT_NIP, SMALL_WITH_NUMBER)
    return _invoice(facts, NUMBER_GIVEN)


def _why_receipt(facts):
    """Why a private person's purchase is one for the cash register; None if it isn't.

    What is taxed abroad is no sale in the country: art. 2(22) and 111(1).
    """
    if facts.is_taxed_abroad:
        return None
    if facts.needs_receipt:
        return GOODS_NEED_RECEIPT
    if facts.persons_get == RECEIPT:
        return PERSONS_GET
    is_unproven = facts.seller_country == "PL" and facts.payment not in (
        PAID_THROUGH_BANK
    )
    if facts.persons_get == NONE and is_unproven:
        return PAYMENT_NEEDS_RECEIPT
    return None


def _invoice(facts, reason, *, with_receipt=False):
    """The margin scheme has a wording of its own, for all that is on the invoice."""
    if facts.margin == SOME:
        return Route(PERSON, MIXED_MARGIN)
    if facts.margin == ALL:
        return Route(MARGIN_INVOICE, reason, with_receipt)
    return Route(INVOICE_KSEF if facts.goes_to_ksef else INVOICE, reason, with_receipt)


def is_nip(text):
    """Is this a valid Polish NIP, with or without its country, dashes and blanks?"""
    number = "".join(char for char in text.upper() if char not in " -.")
    digits = number.removeprefix("PL")
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()):
        return False
    weighed = zip(_NIP_WEIGHTS, digits[:9], strict=True)
    return sum(weight * int(digit) for weight, digit in weighed) % 11 == int(digits[9])
