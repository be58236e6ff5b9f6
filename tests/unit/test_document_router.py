"""Which document a sale gets, as a table, and what holds for every sale."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from allegro import document_router as router
from allegro.document_router import Facts, Route, is_nip, route

PERSON = Facts(total=Decimal("1200"), total_pln=Decimal("1200"))
COMPANY = replace(PERSON, asked=True, is_company=True, gave_nip=True)
SMALL = {"total": Decimal("450.00"), "total_pln": Decimal("450.00")}
WITH_NIP = replace(PERSON, gave_nip=True, **SMALL)


@pytest.mark.parametrize(
    ("facts", "changes", "document", "reason", "with_receipt"),
    [
        # as it always was: everybody gets an invoice
        (PERSON, {}, "invoice", "persons_get", False),
        (PERSON, {"asked": True}, "invoice", "person_asked", False),
        (PERSON, {"payment": None}, "invoice", "persons_get", False),
        (COMPANY, {}, "invoice", "company_asked", False),
        (COMPANY, {"gave_nip": False}, "invoice", "company_asked", False),
        (WITH_NIP, {}, "invoice", "number_given", False),
        # KSeF: companies' always, persons' when the seller wants it
        (COMPANY, {"has_ksef": True}, "invoice_ksef", "company_asked", False),
        (WITH_NIP, {"has_ksef": True}, "invoice_ksef", "number_given", False),
        (PERSON, {"has_ksef": True}, "invoice", "persons_get", False),
        (
            PERSON,
            {"has_ksef": True, "persons_in_ksef": True},
            "invoice_ksef",
            "persons_get",
            False,
        ),
        (PERSON, {"persons_in_ksef": True}, "invoice", "persons_get", False),
        # what the seller has set for persons
        (PERSON, {"persons_get": "none"}, "none", "persons_get", False),
        (PERSON, {"persons_get": "receipt"}, "receipt", "persons_get", False),
        (
            PERSON,
            {"persons_get": "none", "asked": True},
            "invoice",
            "person_asked",
            False,
        ),
        (
            PERSON,
            {"persons_get": "receipt", "asked": True},
            "invoice",
            "person_asked",
            True,
        ),
        (COMPANY, {"persons_get": "receipt"}, "invoice", "company_asked", False),
        # par. 4: a receipt from the first sale, whatever is set
        (PERSON, {"needs_receipt": True}, "receipt", "goods_need_receipt", False),
        (
            PERSON,
            {"needs_receipt": True, "persons_get": "none"},
            "receipt",
            "goods_need_receipt",
            False,
        ),
        (
            PERSON,
            {"needs_receipt": True, "asked": True},
            "invoice",
            "person_asked",
            True,
        ),
        (COMPANY, {"needs_receipt": True}, "invoice", "company_asked", False),
        # annex, item 41: paid through bank, post or courier
        (
            PERSON,
            {"persons_get": "none", "payment": "CASH_ON_DELIVERY"},
            "none",
            "persons_get",
            False,
        ),
        (
            PERSON,
            {"persons_get": "none", "payment": None},
            "receipt",
            "payment_needs_receipt",
            False,
        ),
        (
            PERSON,
            {"persons_get": "none", "payment": None, "seller_country": "CZ"},
            "none",
            "persons_get",
            False,
        ),
        # a receipt with NIP is an invoice up to 450 PLN or 100 EUR, until 2026
        (
            WITH_NIP,
            {"persons_get": "receipt"},
            "receipt_nip",
            "small_with_number",
            False,
        ),
        (WITH_NIP, {"needs_receipt": True}, "receipt_nip", "small_with_number", False),
        (
            WITH_NIP,
            {"persons_get": "receipt", "total_pln": Decimal("450.01")},
            "invoice",
            "number_given",
            False,
        ),
        (
            WITH_NIP,
            {"persons_get": "receipt", "currency": "EUR", "total": Decimal("100.01")},
            "invoice",
            "number_given",
            False,
        ),
        (
            WITH_NIP,
            {"persons_get": "receipt", "bought_on": date(2026, 12, 31)},
            "receipt_nip",
            "small_with_number",
            False,
        ),
        (
            WITH_NIP,
            {"persons_get": "receipt", "bought_on": date(2027, 1, 1)},
            "invoice",
            "number_given",
            False,
        ),
        (WITH_NIP, {"persons_get": "none"}, "invoice", "number_given", False),
        (
            WITH_NIP,
            {"asked": True, "persons_get": "receipt"},
            "invoice",
            "number_given",
            False,
        ),
        # elsewhere a Polish number makes nobody a taxpayer
        (
            WITH_NIP,
            {"persons_get": "receipt", "seller_country": "CZ"},
            "receipt",
            "persons_get",
            False,
        ),
        # OSS: no sale in the country, so nothing for the cash register
        (PERSON, {"is_taxed_abroad": True}, "invoice", "persons_get", False),
        (
            PERSON,
            {"is_taxed_abroad": True, "persons_get": "receipt"},
            "none",
            "taxed_abroad",
            False,
        ),
        (
            PERSON,
            {"is_taxed_abroad": True, "needs_receipt": True, "asked": True},
            "invoice",
            "person_asked",
            False,
        ),
        # the margin scheme
        (PERSON, {"margin": "all"}, "margin_invoice", "persons_get", False),
        (
            COMPANY,
            {"margin": "all", "has_ksef": True},
            "margin_invoice",
            "company_asked",
            False,
        ),
        (COMPANY, {"margin": "some"}, "person", "mixed_margin", False),
        # a receipt has a rate for each of its lines
        (
            PERSON,
            {"margin": "some", "persons_get": "receipt"},
            "receipt",
            "persons_get",
            False,
        ),
        (COMPANY, {"is_unmanaged": True}, "person", "unmanaged", False),
    ],
)
def test_the_document(facts, changes, document, reason, with_receipt):
    assert route(replace(facts, **changes)) == Route(document, reason, with_receipt)


_CHOICES = {
    "seller_country": ["PL", "CZ", ""],
    "persons_get": ["invoice", "receipt", "none"],
    "persons_in_ksef": [True, False],
    "has_ksef": [True, False],
    "asked": [True, False],
    "is_company": [True, False],
    "gave_nip": [True, False],
    "total": [Decimal("0"), Decimal("100"), Decimal("450"), Decimal("999")],
    "currency": ["PLN", "EUR", "CZK"],
    "total_pln": [Decimal("0"), Decimal("450"), Decimal("450.01")],
    "bought_on": [date(2026, 12, 31), date(2027, 1, 1)],
    "payment": ["ONLINE", "CASH_ON_DELIVERY", None],
    "is_unmanaged": [True, False, False, False],
    "margin": ["all", "some", None, None],
    "needs_receipt": [True, False],
    "is_taxed_abroad": [True, False],
}


def _random_facts():
    drawn = random.Random(20260901)
    for _number in range(20_000):
        yield Facts(**{name: drawn.choice(words) for name, words in _CHOICES.items()})


def test_what_holds_for_every_sale():
    seen = set()
    for facts in _random_facts():
        document, reason, with_receipt = route(facts)
        seen.add(document)
        assert document in router.DOCUMENTS, facts
        assert reason
        if facts.is_unmanaged:
            assert document == router.PERSON, facts
        if facts.asked and not facts.is_unmanaged:
            # who asked gets it, or a person looks at it
            assert document in router.INVOICES | {router.PERSON}, facts
        if facts.is_for_company:
            assert not with_receipt, facts
        if not facts.has_ksef:
            assert document != router.INVOICE_KSEF, facts
        if facts.margin:
            assert document not in (router.INVOICE, router.INVOICE_KSEF), facts
        if document == router.MARGIN_INVOICE:
            assert facts.margin == router.ALL, facts
        if document == router.RECEIPT_NIP:
            assert facts.gave_nip, facts
            assert facts.bought_on < date(2027, 1, 1), facts
            assert facts.seller_country == "PL", facts
        if facts.is_taxed_abroad:
            assert document not in router.RECEIPTS and not with_receipt, facts
        if with_receipt:
            assert document in router.INVOICES, facts
    assert seen == set(router.DOCUMENTS)


def test_goods_of_par_4_are_never_without_a_receipt():
    for facts in _random_facts():
        if facts.needs_receipt and not (
            facts.is_taxed_abroad or facts.is_for_taxpayer or facts.is_unmanaged
        ):
            answer = route(facts)
            assert (
                answer.document in router.RECEIPTS | {router.PERSON}
                or answer.with_receipt
            ), facts


@pytest.mark.parametrize(
    "text", ["1234563218", "PL1234563218", "123-456-32-18", "pl 123 456 32 18"]
)
def test_a_nip(text):
    assert is_nip(text)


@pytest.mark.parametrize(
    "text", ["", "1234563219", "123456321", "12345632180", "CZ1234563218", "١٢٣٤٥٦٣٢١٨"]
)
def test_no_nip(text):
    assert not is_nip(text)
