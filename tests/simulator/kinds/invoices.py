"""Kinds of orders by who wants an invoice, and of what."""

from .registry import kind


@kind("company-invoice", "a company's invoice, NIP", weight=6)
def company_invoice(draft):
    draft.buy_as_company()
    draft.add_lines()
    draft.deliver("dpd")
    draft.invoice_company([("PL_NIP", draft.world.people.nip())])


@kind("company-invoice-mixed-vat", "a company's invoice: 23, 8, 5 %, exempt, none")
def company_invoice_mixed_vat(draft):
    draft.buy_as_company()
    draft.add_line(2)
    for quantity, zloty, rate in ((1, "54.00", "8.00"), (4, "10.50", "5.00")):
        tax = {"rate": rate, "subject": "GOODS", "exemption": None}
        draft.add_line(quantity, zloty=zloty, tax=tax)
    exempt = {"rate": None, "subject": "GOODS", "exemption": "MONEY_EQUIVALENT"}
    draft.add_line(1, zloty="40.00", tax=exempt)
    draft.add_line(1, zloty="5.00").tax = None
    draft.deliver("dpd")
    draft.invoice_company([("PL_NIP", draft.world.people.nip())])


@kind(
    "company-buyer-no-invoice", "the buyer is a company but wants no invoice", weight=1
)
def company_buyer_no_invoice(draft):
    draft.buy_as_company()
    draft.add_line()
    draft.deliver("dpd")


@kind("person-invoice", "a private person's invoice", weight=4)
def person_invoice(draft):
    draft.add_lines()
    draft.deliver("inpost")
    draft.invoice_person()


@kind(
    "cz-business-vat-eu",
    "business.allegro.cz, VAT EU number not verified",
    weight=1,
    marketplace="allegro-business-cz",
)
def cz_business_vat_eu(draft):
    draft.buy_as_company()
    draft.add_line()
    draft.deliver("cz-business")
    ico = draft.world.people.ico()
    draft.invoice_company(
        [("CZ_ICO", ico), ("VAT_EU", f"CZ{ico}")],
        vat_payer="NOT_APPLICABLE",
        features=["VAT_EU_UNVERIFIED"],
    )


@kind("split-payment", "paid by split payment, over 15,000 zł", weight=1)
def split_payment(draft):
    draft.buy_as_company()
    draft.add_line(8, zloty="2500.00")
    draft.deliver("dpd", smart=True)
    draft.pay_by("SPLIT_PAYMENT")
    draft.invoice_company([("PL_NIP", draft.world.people.nip())])


@kind("extended-term", "to be paid in 30 days (Allegro Pay Business)", weight=1)
def extended_term(draft):
    draft.buy_as_company()
    draft.add_line(5, zloty="1200.00")
    draft.deliver("dpd", smart=True)
    draft.pay_by("EXTENDED_TERM", provider="EPT")
    draft.invoice_company([("PL_NIP", draft.world.people.nip())], due_in_days=30)


@kind(
    "ukrainian-tax-number", "a company with a Ukrainian tax number, address in Poland"
)
def ukrainian_tax_number(draft):
    """The number is of no kind that Allegro has a name for."""
    draft.buy_as_company()
    draft.add_line()
    draft.deliver("dpd")
    digits = draft.random.randint(10**11, 10**12 - 1)
    draft.invoice_company([("OTHER", f"UA{digits}")], vat_payer="NOT_APPLICABLE")
