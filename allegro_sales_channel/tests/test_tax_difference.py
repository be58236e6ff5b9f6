"""Another tax than Allegro's is looked at by a person before it is invoiced."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import company_invoice, form_json, line_json
from .test_invoice import InvoiceCommon


def told(rate, exemption=None):
    return {"rate": rate, "subject": "GOODS", "exemption": exemption}


def sent_to(country, *lines, **values):
    form = form_json(*lines, **values)
    form["delivery"]["address"]["countryCode"] = country
    return form


def foreign_company(verified, number="CZ25123891", kind="VAT_EU", country="CZ"):
    features = ["VAT_EU_VERIFIED" if verified else "VAT_EU_UNVERIFIED"]
    return company_invoice(number, kind, country, features=features)


class TaxCommon(InvoiceCommon):
    def bring(self, form):
        [order] = self.import_forms(form)
        return order

    def follow(self, form):
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")

    def goods(self, order):
        return order.order_line.filtered("allegro_line_item_id")


@tagged("post_install", "-at_install")
class TestWhatDiffers(TaxCommon):
    def assert_compared(self, sku, tax, differs):
        order = self.sold(line_json(sku, tax=tax), delivery_cost="9.99")
        self.assertEqual(order.allegro_tax_differs, differs)

    def test_at_home(self):
        margin = self._make_tax("Margin", 0, allegro_margin_scheme=True)
        self._make_product("USED", margin)
        cases = [
            ("VAT-23", told("23.00"), False),
            ("VAT-8", told("8"), False),
            ("VAT-8", told("23.00"), True),
            ("VAT-zw", told("23.00"), True),
            ("VAT-0", told("0.00"), False),
            ("VAT-23", told("0.00"), True),
            # Allegro's word for zw
            ("VAT-zw", told("EXEMPT"), False),
            ("VAT-23", told("EXEMPT"), True),
            ("VAT-0", told("OUT_OF_SCOPE_OF_VAT"), False),
            # nothing is said
            ("VAT-23", None, False),
            ("VAT-23", told(None), False),
            ("VAT-23", told("A_NEW_WORD"), False),
            # an exclusion beside a rate, and alone
            # the margin scheme is said by both, or by none
            ("USED", told("23.00", "MARGIN_SCHEME"), False),
            ("USED", told(None, "MARGIN_SCHEME"), False),
            ("USED", told("23.00"), True),
            ("USED", told("0.00"), True),
            ("USED", None, False),
            ("VAT-23", told("23.00", "MARGIN_SCHEME"), True),
            ("VAT-0", told("23.00", "MARGIN_SCHEME"), True),
            ("VAT-8", told("23.00", "MARGIN_SCHEME"), True),
            ("VAT-zw", told(None, "MONEY_EQUIVALENT"), False),
            ("VAT-23", told(None, "MONEY_EQUIVALENT"), True),
        ]
        for case in cases:
            with self.subTest(case):
                self.assert_compared(*case)

    def test_delivery_and_services_are_not_compared(self):
        order = self.sold(line_json("VAT-23", tax=told("23.00")), delivery_cost="9.99")
        order.order_line.filtered("is_delivery").tax_ids = False
        self.assertFalse(order.allegro_tax_differs)

    def test_reverse_charge_is_no_rate(self):
        both = [
            Command.create({"document_type": document, **line})
            for document in ("invoice", "refund")
            for line in (
                {"repartition_type": "base"},
                {"repartition_type": "tax", "factor_percent": 100},
                {"repartition_type": "tax", "factor_percent": -100},
            )
        ]
        tax = self._make_tax("Reverse charge", 23, repartition_line_ids=both)
        self._make_product("REVERSE", tax)
        self.assert_compared("REVERSE", told("23.00"), True)
        self.assert_compared("REVERSE", told("0.00"), False)

    def test_several_taxes_make_one_rate(self):
        self._make_product("TWO", self._make_tax("A", 7.7) + self._make_tax("B", 1.4))
        self.assert_compared("TWO", told("9.10"), False)

    def test_abroad(self):
        cases = [
            # a consumer, under OSS
            ("CZ", "21.00", None, False),
            ("CZ", "23.00", None, True),
            # a verified company pays none, whatever a consumer would
            ("CZ", "21.00", foreign_company(True), False),
            # another one is taxed as at home: for a person to decide
            ("CZ", "21.00", foreign_company(False), True),
            ("CZ", "21.00", company_invoice(), True),
            # goods that leave the Union
            ("UA", "20.00", None, False),
            # at home a verified number changes nothing
            ("PL", "0.00", foreign_company(True), True),
        ]
        for country, rate, invoice, differs in cases:
            with self.subTest((country, rate, invoice and invoice["features"])):
                line = line_json("VAT-23", tax=told(rate))
                values = {"invoice": invoice} if invoice else {}
                order = self.bring(sent_to(country, line, **values))
                self.assertEqual(order.allegro_tax_differs, differs)

    def test_a_consumer_who_is_taxed_as_a_company_is_seen(self):
        line = line_json("VAT-23", tax=told("21.00"))
        order = self.bring(sent_to("CZ", line))
        order.fiscal_position_id = self.eu_position
        order.action_update_taxes()
        self.assertEqual(order.amount_tax, 0)
        self.assertTrue(order.allegro_tax_differs)


@tagged("post_install", "-at_install")
class TestWait(TaxCommon):
    def setUp(self):
        super().setUp()
        self.differing = self.handed_over(
            line_json("VAT-23", "123.00", tax=told("8.00")), invoice=company_invoice()
        )

    def test_it_waits_and_says_why(self):
        fine = self.handed_over(line_json("VAT-23", tax=told("23.00")))
        self.run_invoicing()
        self.assertEqual(fine.invoice_ids.state, "posted")
        self.assertFalse(self.differing.invoice_ids)
        self.assertFalse(self.fake.files)
        self.assertRegex(
            self.differing.allegro_invoice_block_reason,
            "Part VAT-23: .*23.* here, 8% on Allegro",
        )

    def test_corrected_it_is_invoiced(self):
        self.goods(self.differing).tax_ids = self.rates["8"]._allegro_gross()
        self.run_invoicing()
        self.assertEqual(self.differing.invoice_ids.amount_tax, 9.11)

    def test_the_setting_lets_all_pass_and_holds_them_again(self):
        self.company.allegro_tax_difference = "invoice"
        self.assertFalse(self.differing.allegro_invoice_blocked)
        self.company.allegro_tax_difference = "wait"
        self.assertTrue(self.differing.allegro_invoice_blocked)
        self.company.allegro_tax_difference = "invoice"
        self.run_invoicing()
        self.assertEqual(self.differing.invoice_ids.amount_tax, 23)

    def test_a_person_lets_it_pass(self):
        self.differing.action_allegro_accept_tax()
        self.assertFalse(self.differing.allegro_invoice_block_reason)
        said = self.differing.message_ids[0]
        self.assertIn("8% on Allegro", said.body)
        self.assertEqual(said.author_id, self.env.user.partner_id)
        self.run_invoicing()
        self.assertEqual(self.differing.invoice_ids.state, "posted")
        self.assertEqual(self.differing.invoice_ids.amount_tax, 23)

    def test_what_changes_afterwards_waits_again(self):
        changes = {
            "tax": lambda order: order.order_line.write(
                {"tax_ids": [Command.set(self.rates["5"]._allegro_gross().ids)]}
            ),
            "line": lambda order: order.write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.products["VAT-5"].id,
                                "price_unit": 1,
                                "allegro_tax_rate": "23%",
                            }
                        )
                    ]
                }
            ),
            "rate": lambda order: order.order_line.write({"allegro_tax_rate": "5%"}),
        }
        for name, change in changes.items():
            with self.subTest(name):
                order = self.sold(line_json("VAT-23", tax=told("8.00")))
                order.action_allegro_accept_tax()
                self.assertFalse(order.allegro_invoice_blocked)
                change(order)
                self.assertTrue(order.allegro_tax_waits)
                self.assertTrue(order.allegro_invoice_blocked)

    def test_what_was_said_of_a_line_stays(self):
        changes = {
            "sequence": lambda lines: lines[0].write({"sequence": 90}),
            "other line": lambda lines: lines[0].write(
                {"tax_ids": [Command.set(self.rates["8"]._allegro_gross().ids)]}
            ),
        }
        for name, change in changes.items():
            with self.subTest(name):
                order = self.sold(
                    line_json("VAT-23", tax=told("8.00")),
                    line_json("VAT-5", tax=told("8.00")),
                )
                order.action_allegro_accept_tax()
                change(self.goods(order))
                order.flush_recordset()
                order.invalidate_recordset()
                self.assertFalse(order.allegro_tax_waits)
                self.assertFalse(order.allegro_invoice_blocked)

    def test_other_differences_hold_it_all_the_same(self):
        self.differing.order_line[0].price_unit = 1
        self.differing.action_allegro_accept_tax()
        self.assertTrue(self.differing.allegro_invoice_blocked)

    def test_only_who_invoices_may_let_it_pass(self):
        def user(login, groups):
            return new_test_user(
                self.env,
                login,
                groups=f"allegro_sales_channel.group_allegro_user,{groups}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )

        everybodys = "sales_team.group_sale_salesman_all_leads"
        seller = user("seller", everybodys)
        with self.assertRaises(AccessError):
            self.differing.with_user(seller).action_allegro_accept_tax()
        with self.assertRaises(AccessError):
            self.differing.with_user(seller).allegro_tax_accepted = "all"
        self.assertTrue(self.differing.allegro_invoice_blocked)
        accountant = user("accountant", f"{everybodys},account.group_account_invoice")
        self.differing.with_user(accountant).action_allegro_accept_tax()
        self.assertFalse(self.differing.allegro_invoice_blocked)


@tagged("post_install", "-at_install")
class TestFiscalPositionByHand(TaxCommon):
    def _to_prague(self, **values):
        form = sent_to("CZ", line_json("VAT-23", "121.00"), **values)
        self.fake.put(form)
        self.run_action("sync")
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form["id"])]
        )
        return form, order

    def _choose(self, order, position):
        with Form(order) as edited:
            edited.fiscal_position_id = position
        order.action_update_taxes()

    def _buyer_changes(self, form):
        """All that may lead to another fiscal position."""
        form["delivery"]["address"] |= {"countryCode": "DE", "city": "Berlin"}
        self.follow(form)
        form["invoice"] = foreign_company(True)
        self.follow(form)

    def test_a_company_without_verified_number_is_never_under_oss(self):
        _form, order = self._to_prague(invoice=company_invoice())
        self.assertEqual(order.order_line.tax_ids.mapped("amount"), [23])
        self.assertNotIn("OSS", order.fiscal_position_id.name or "")

    def test_what_a_person_chose_stays(self):
        form, order = self._to_prague(invoice=company_invoice())
        self._choose(order, self.eu_position)
        self.assertTrue(order.allegro_fiscal_position_kept)
        self.assertEqual(order.amount_tax, 0)
        chosen = self.env["account.fiscal.position"].create({"name": "By hand"})
        for position in (chosen, self.eu_position):
            self._choose(order, position)
            self._buyer_changes(form)
            self.assertEqual(order.fiscal_position_id, position)
        self.assertEqual(order.partner_shipping_id.country_id.code, "DE")
        self.assertEqual(order.partner_invoice_id.vat, "CZ25123891")
        self.assertEqual(order.amount_tax, 0)
        self.assertEqual(order.amount_total, 121)

    def test_no_position_is_a_choice_too(self):
        form, order = self._to_prague()
        self._choose(order, self.env["account.fiscal.position"])
        self.assertEqual(order.order_line.tax_ids.amount, 23)
        self._buyer_changes(form)
        self.assertFalse(order.fiscal_position_id)

    def test_back_to_what_odoo_finds_it_is_followed_again(self):
        form, order = self._to_prague()
        found = order.fiscal_position_id
        self._choose(order, self.eu_position)
        self._choose(order, found)
        self.assertFalse(order.allegro_fiscal_position_kept)
        self._buyer_changes(form)
        self.assertEqual(order.fiscal_position_id, self.eu_position)

    def test_another_delivery_address_is_no_choice_of_a_position(self):
        _form, order = self._to_prague()
        home = self.company.partner_id
        found = order._allegro_fiscal_position()._get_fiscal_position(home, home)
        # a form sends what it computed along with what was typed
        order.write({"partner_shipping_id": home.id, "fiscal_position_id": found.id})
        self.assertFalse(order.allegro_fiscal_position_kept)

    def test_taxes_follow_a_number_that_is_verified_later(self):
        form, order = self._to_prague(invoice=foreign_company(False))
        self.assertEqual(order.order_line.tax_ids.amount, 23)
        form["invoice"] = foreign_company(True)
        self.follow(form)
        self.assertEqual(order.fiscal_position_id, self.eu_position)
        self.assertEqual(order.amount_tax, 0)
        self.assertEqual(order.amount_total, 121)
