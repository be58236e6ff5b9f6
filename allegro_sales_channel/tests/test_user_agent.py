"""Allegro is told whose application asks: the seller's own."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import AllegroCommon


@tagged("post_install", "-at_install")
class TestUserAgent(AllegroCommon):
    def test_default_is_the_company_in_letters_that_can_be_sent(self):
        self.company.name = "Łódzkie Części & Spółka (Ćma)"
        account = self._make_account(seller_id="2000")
        self.assertEqual(account.application_name, "Odoo Lodzkie Czesci Spolka Cma")
        self.assertRegex(
            account._user_agent(),
            r"^Odoo Lodzkie Czesci Spolka Cma/\d[\d.]+ \(\+https://\S+\)$",
        )

    def test_a_long_name_is_cut(self):
        self.company.name = "Bardzo " * 20
        name = self._make_account(seller_id="2000").application_name
        self.assertLessEqual(len(name), 50)

    def test_without_a_name_the_addons_own_is_given(self):
        self.account.application_name = False
        self.assertRegex(self.account._user_agent(), r"^OdooAllegroSalesChannel/")

    def test_what_could_break_a_header_is_refused(self):
        for name in ("Części", "Shop\r\nX: 1", "Shop/2", "Shop (1)", "ab", "x" * 51):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.account.application_name = name
        self.account.application_name = "My shop 2.0"
