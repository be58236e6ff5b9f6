"""What a person typed stays (behaviour 10.5)."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import company_invoice, form_json, line_json
from .test_own_lines import OwnLinesCommon


@tagged("post_install", "-at_install")
class TestPartners(OwnLinesCommon):
    def _buy(self, alias, **values):
        form = form_json(**values)
        form["buyer"]["email"] = alias
        return self._bring(form)

    def test_typed_email_stays(self):
        buyer = self._buy("abc+1@allegromail.pl").partner_id
        buyer.email = "Anna <anna@example.com>"
        self.assertEqual(self._buy("abc+2@allegromail.pl").partner_id, buyer)
        self.assertEqual(buyer.email, "Anna <anna@example.com>")
        self.assertEqual(
            self._buy("abc+3@allegromail.pl").allegro_buyer_email,
            "abc+3@allegromail.pl",
        )

    def test_email_that_a_person_took_away_stays_away(self):
        buyer = self._buy("abc+1@allegromail.pl").partner_id
        buyer.email = False
        self._buy("abc+2@allegromail.pl")
        self.assertFalse(buyer.email)

    def test_alias_is_renewed_again_and_again(self):
        buyer = self._buy("abc+1@allegromail.pl").partner_id
        for alias in ("ABC+2@allegromail.pl", "abc+3@allegromail.pl"):
            self._buy(alias)
            self.assertEqual(buyer.email, alias)

    def test_alias_of_a_buyer_who_had_none(self):
        buyer = self._buy(None).partner_id
        self.assertFalse(buyer.email)
        self._buy("abc+1@allegromail.pl")
        self.assertEqual(buyer.email, "abc+1@allegromail.pl")
        other = self._buy(None, buyer={**form_json()["buyer"], "id": "77"}).partner_id
        other.email = "not an address"
        form = form_json(buyer={**form_json()["buyer"], "id": "77"})
        self._bring(form)
        self.assertEqual(other.email, "not an address")

    def test_what_else_was_typed_on_the_buyer(self):
        buyer = self._buy("abc+1@allegromail.pl").partner_id
        typed = {
            "name": "Anna Nowak-Kowalska",
            "phone": "+48 22 111 22 33",
            "lang": "en_US",
            "company_name": "Nowak i córki",
            "street": "ul. Poprawiona 1",
            "zip": "00-123",
            "city": "Płock",
            "comment": "<p>Stała klientka</p>",
        }
        buyer.write(typed)
        self._buy("abc+2@allegromail.pl")
        self.assertEqual({name: buyer[name] for name in typed}, typed)

    def test_corrected_delivery_contact(self):
        contact = self._buy("abc+1@allegromail.pl").partner_shipping_id
        contact.street = "ul. Testowa 1 m. 2"
        following = self._buy("abc+2@allegromail.pl").partner_shipping_id
        # Allegro says the old one again: a contact of its own, the corrected one stays
        self.assertEqual(following.street, "ul. Testowa 1/2")
        self.assertEqual(contact.street, "ul. Testowa 1 m. 2")

    def test_company_found_by_its_number(self):
        company = self._buy("a+1@allegromail.pl", invoice=company_invoice())
        company = company.partner_invoice_id
        typed = {
            "name": "Firma Testowa, dawniej Próbna",
            "street": "ul. Nowa 1",
            "email": "faktury@example.com",
        }
        company.write(typed)
        order = self._buy("a+2@allegromail.pl", invoice=company_invoice())
        self.assertEqual(order.partner_invoice_id, company)
        self.assertEqual({name: company[name] for name in typed}, typed)


@tagged("post_install", "-at_install")
class TestOrders(OwnLinesCommon):
    def _event(self, form):
        """News that have nothing to do with what a person typed."""
        form["note"] = {"text": f"Note {len(self.fake.events)}"}
        form["delivery"]["method"] = {"id": "m-9", "name": "Another name"}
        return self._bring(form)

    def _dearer(self, form, cost, total):
        form["delivery"]["cost"]["amount"] = cost
        form["summary"]["totalToPay"]["amount"] = total
        return self._bring(form)

    def test_delivery_price_settled_with_the_buyer(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        line = order.order_line.filtered("is_delivery")
        line.price_unit = 5

        self._event(form)

        self.assertEqual(line.price_unit, 5)
        self.assertAlmostEqual(order.allegro_total_difference, 4.99)
        self.assertIn("changed in Odoo", order.allegro_difference_reason)
        self.assertFalse(order.activity_ids)

    def test_delivery_given_free_by_a_discount_or_a_quantity(self):
        for values in ({"discount": 100}, {"product_uom_qty": 0}):
            form = form_json(delivery_cost="9.99")
            order = self._bring(form)
            order.order_line.filtered("is_delivery").write(values)
            self._event(form)
            self.assertEqual(order.amount_total, 123)
            self._dearer(form, "14.99", "137.99")
            self.assertEqual(order.amount_total, 123)
            self.assertIn("delivery costs something else", order.activity_ids.summary)

    def test_real_change_after_a_person_changed_the_price_is_asked_about(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        line = order.order_line.filtered("is_delivery")
        line.price_unit = 5

        self._dearer(form, "14.99", "137.99")

        self.assertEqual(line.price_unit, 5)
        self.assertEqual(order.allegro_delivery_cost, 14.99)
        self.assertIn("delivery costs something else", order.activity_ids.summary)
        self.assertIn("9.99", order.activity_ids.note)
        self.assertIn("14.99", order.activity_ids.note)
        self.assertAlmostEqual(order.allegro_total_difference, 9.99)
        # said once
        self._event(form)
        self.assertEqual(len(order.activity_ids), 1)

    def test_removed_delivery_stays_removed(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        order.order_line.filtered("is_delivery").unlink()
        self._event(form)
        self.assertFalse(order.order_line.filtered("is_delivery"))
        self._dearer(form, "14.99", "137.99")
        self.assertFalse(order.order_line.filtered("is_delivery"))
        self.assertTrue(order.activity_ids)

    def test_delivery_line_of_a_person_is_not_allegros(self):
        form = form_json()
        order = self._bring(form)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.account.delivery_product_id.id,
                    "price_unit": 3,
                    "is_delivery": True,
                }
            )
        ]
        self._dearer(form, "10.00", "133.00")
        self.assertEqual(
            order.order_line.filtered("is_delivery").mapped("price_unit"), [3, 10]
        )

    def test_invoiced_delivery_is_asked_about(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        order._create_invoices().action_post()
        self._dearer(form, "14.99", "137.99")
        self.assertEqual(order.amount_total, 132.99)
        self.assertIn("delivery costs something else", order.activity_ids.summary)

    def test_cost_that_is_left_out_for_a_while_is_no_news(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        form["delivery"]["cost"] = None
        form["note"] = {"text": "Something"}
        self._bring(form)
        self.assertEqual(order.allegro_delivery_cost, 9.99)
        self.assertEqual(order.amount_total, 132.99)

    def test_cheaper_and_dearer_again(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        for cost, total in (("0.00", 123), ("14.99", 137.99), ("1.00", 124)):
            self._dearer(form, cost, str(total))
            self.assertEqual(order.amount_total, total)
        self.assertFalse(order.activity_ids)

    def test_item_taken_off_by_a_person_does_not_come_back(self):
        form = form_json(
            line_json("SKU-1"), line_json("SKU-2"), line_json("LATER", price="7.00")
        )
        order = self._bring(form)
        order._action_cancel()
        order.action_draft()
        order.order_line.filtered(
            lambda line: line.product_id == self.products["SKU-2"]
        ).unlink()
        order.action_confirm()
        later = self._make_product("LATER", self.tax_23)

        self._bring(form)

        self.assertEqual(order.order_line.product_id, self.products["SKU-1"] + later)
        self.assertEqual(order.allegro_unmanaged_amount, 0)
        self.assertFalse(order.allegro_has_unmanaged)

    def test_quantity_of_a_person_stays(self):
        form = form_json(line_json(quantity=3), line_json("LATER"))
        order = self._bring(form)
        order.order_line.product_uom_qty = 1
        self._make_product("LATER", self.tax_23)
        self._event(form)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [1, 1])

    def test_promised_date_of_a_person_stays(self):
        form = form_json()
        order = self._bring(form)
        order.commitment_date = "2026-10-01 12:00:00"
        form["delivery"]["time"]["dispatch"]["to"] = "2026-09-14T10:00:00.000Z"

        self._bring(form)

        self.assertEqual(str(order.commitment_date), "2026-10-01 12:00:00")
        self.assertEqual(str(order.picking_ids.date_deadline), "2026-10-01 12:00:00")
        self.assertEqual(str(order.allegro_dispatch_to), "2026-09-14 10:00:00")

    def test_promised_date_that_came_late_and_moves_on(self):
        form = form_json()
        dispatch = form["delivery"].pop("time")
        order = self._bring(form)
        self.assertFalse(order.commitment_date)
        for day in ("14", "15"):
            dispatch["dispatch"]["to"] = f"2026-09-{day}T10:00:00.000Z"
            form["delivery"]["time"] = dispatch
            self._bring(form)
            self.assertEqual(str(order.commitment_date), f"2026-09-{day} 10:00:00")

    def test_what_else_a_person_set_on_the_order(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        warehouse = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        typed = {
            "user_id": seller,
            "team_id": self.env["crm.team"].create({"name": "Parts"}),
            "warehouse_id": warehouse,
            "carrier_id": self._carrier(),
            "client_order_ref": "Nowak 12",
            "note": "<p>Proszę o kontakt</p>",
            "payment_term_id": self.env.ref("account.account_payment_term_30days"),
        }
        for name, value in typed.items():
            order[name] = value
        form["delivery"]["address"]["street"] = "ul. Nowa 8"
        self._dearer(form, "14.99", "137.99")
        self._event(form)
        self.assertEqual(order.partner_shipping_id.street, "ul. Nowa 8")
        self.assertEqual({name: order[name] for name in typed}, typed)
