"""A company with the Polish chart of accounts, beside the one of the other tests."""

from odoo.tests.common import TransactionCase

from ..allegro.working_days import last_working_day_before
from .common import AllegroCommon


class PolishCompany(TransactionCase):
    """Becomes the company of the tests that inherit it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "l10n_pl" not in cls.env.registry._init_modules:
            cls.skipTest(cls, "the Polish chart of accounts (l10n_pl) is not installed")
        pln = cls.env.ref("base.PLN")
        pln.active = True
        company = cls.env["res.company"].create(
            {
                "name": "Części Pewne Sp. z o.o.",
                "country_id": cls.env.ref("base.pl").id,
                "currency_id": pln.id,
                "vat": "PL1234567883",
                "street": "ul. Polna 1",
                "zip": "00-001",
                "city": "Warszawa",
                "email": "sklep@example.com",
            }
        )
        cls.env["account.chart.template"].try_loading(
            "pl", company=company, install_demo=False
        )
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": company.ids}
        )


class PolishAllegroCommon(AllegroCommon, PolishCompany):
    """Products of every Polish rate, currencies with a rate, fiscal positions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chart = cls.env["account.chart.template"].with_company(cls.company)
        cls.rates = {
            name: chart.ref(f"vs_kraj_{name}") for name in ("23", "8", "5", "0", "zw")
        }
        cls.company.account_sale_tax_id = cls.rates["23"]
        for name, tax in cls.rates.items():
            sku = f"VAT-{name}"
            cls.products[sku] = cls._make_product(sku, tax, quantity=1000)
        # for orders of long ago, for what is paid at the purchase, and for today
        days = (
            "2026-01-01",
            "2026-09-09",
            last_working_day_before(cls.company._allegro_today()),
        )
        for code, rate in (("CZK", 5.81), ("EUR", 0.2341), ("HUF", 91.3)):
            cls.env.ref(f"base.{code}").active = True
            for day in days:
                cls._make_rate(code, day, rate)
        cls.eu_position = chart.ref("fiscal_position_template_2")
        if hasattr(cls.company, "_map_eu_taxes"):
            cls.company._map_eu_taxes()

    @classmethod
    def _make_rate(cls, code, day, rate, company=None):
        """One day's exchange rate.

        :param rate: how much of the currency is one złoty
        """
        return cls.env["res.currency.rate"].create(
            {
                "name": day,
                "rate": rate,
                "currency_id": cls.env.ref(f"base.{code}").id,
                "company_id": (cls.company if company is None else company).id,
            }
        )
