"""What a form leaves out is no change; its new words take nothing away (10.1, 10.2)."""

from odoo.tests import tagged

from ..allegro import rules, statuses
from .common import AllegroCommon, company_invoice, form_json, line_json

NAMES = {"firstName": "Jan", "lastName": "Kowalski"}


@tagged("post_install", "-at_install")
class TestAbsent(AllegroCommon):
    def _bring(self, form):
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")
        return self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form["id"])]
        )

    def _inbox_error(self, form):
        row = self.env["allegro.incoming.order"].search(
            [("checkout_form_id", "=", form["id"])]
        )
        return row.error

    # A: unknown words

    def test_an_unknown_status_keeps_the_known_one(self):
        form = form_json(fulfillment={"status": "PROCESSING"})
        order = self._bring(form)
        form["fulfillment"]["status"] = "BEAMED_UP"
        self._bring(form)
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertIn("BEAMED_UP", order.allegro_unread)
        # it can be shipped all the same, and Allegro is told
        order.picking_ids.button_validate()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        # known again: nothing is left to show
        form["fulfillment"]["status"] = "SENT"
        self._bring(form)
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertFalse(order.allegro_unread)

    def test_unknown_words_on_a_new_order(self):
        form = form_json(
            fulfillment={"status": "BEAMED_UP", "provider": {"id": "MOON_BASE"}}
        )
        form["payment"]["type"] = "MOON_MONEY"
        form["status"] = "READY_FOR_PROCESSING"
        order = self._bring(form)
        self.assertEqual(order.allegro_fulfillment_status, "NEW")
        self.assertFalse(order.allegro_fulfilled_by_allegro)
        for word in ("BEAMED_UP", "MOON_BASE", "MOON_MONEY"):
            self.assertIn(word, order.allegro_unread)
        self.assertEqual(order.allegro_next_step, "start")
        order.action_allegro_start_processing()
        order.picking_ids.button_validate()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_an_unknown_form_status_cancels_nothing_and_revives_nothing(self):
        form = form_json()
        order = self._bring(form)
        form["status"] = "ON_HOLD"
        self._bring(form)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.allegro_status, "READY_FOR_PROCESSING")
        self.assertIn("ON_HOLD", order.allegro_unread)
        form["status"] = "CANCELLED"
        self._bring(form)
        form["status"] = "ON_HOLD"
        self._bring(form)
        self.assertEqual(order.allegro_status, "CANCELLED")
        self.assertEqual(order.state, "cancel")

    def test_an_unknown_provider_keeps_the_known_one(self):
        form = form_json(fulfillment={"status": "NEW", "provider": {"id": "ALLEGRO"}})
        order = self._bring(form)
        self.assertTrue(order.allegro_fulfilled_by_allegro)
        for provider in ({"id": "MOON_BASE"}, None, {}):
            form["fulfillment"]["provider"] = provider
            self._bring(form)
            self.assertTrue(order.allegro_fulfilled_by_allegro)

    def test_what_is_known_is_listed_alike_on_both_sides(self):
        """What can be read and what can be shown are the same words."""
        for name, words in (
            ("allegro_payment_type", rules.PAYMENT_TYPES),
            ("allegro_fulfillment_status", statuses.MEANINGS),
        ):
            field = self.env["sale.order"]._fields[name]
            shown = dict(field._description_selection(self.env))
            self.assertEqual(set(shown), set(words), name)

    # A, B: what is left out

    def test_no_fulfillment_is_no_new_order(self):
        form = form_json(fulfillment={"status": "SENT"})
        order = self._bring(form)
        for fulfillment in (None, {}, {"status": None}):
            form["fulfillment"] = fulfillment
            self._bring(form)
            self.assertEqual(order.allegro_fulfillment_status, "SENT")

    def test_no_address_keeps_the_recipient(self):
        form = form_json()
        order = self._bring(form)
        recipient, text = order.partner_shipping_id, order.allegro_recipient
        whole = form["delivery"]
        for address in (None, {}, NAMES, {"countryCode": "PL"}):
            form["delivery"] = {**whole, "address": address}
            self._bring(form)
            self.assertEqual(order.partner_shipping_id, recipient)
            self.assertEqual(order.picking_ids.partner_id, recipient)
            self.assertEqual(order.allegro_recipient, text)
            self.assertFalse(order.activity_ids)
        for delivery in (None, {}):
            form["delivery"] = delivery
            self._bring(form)
            self.assertEqual(order.partner_shipping_id, recipient)
            self.assertEqual(order.allegro_delivery_method, "Allegro Kurier DPD")
            self.assertTrue(order.allegro_dispatch_to)

    def test_every_part_left_out_for_a_while(self):
        form = form_json(invoice=company_invoice(), messageToSeller="Please hurry")
        form["note"] = {"text": "Fragile"}
        form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
        order = self._bring(form)
        names = [
            name
            for name, field in order._fields.items()
            if name.startswith("allegro_") and field.store and field.readonly
        ]
        names.remove("allegro_revision")
        before = order.read(names)[0]
        parts = [
            *("messageToSeller", "note", "invoice", "payment", "delivery"),
            *("fulfillment", "marketplace", "surcharges"),
        ]
        for part in parts:
            for empty in (None, "absent"):
                changed = {**form, part: None}
                if empty == "absent":
                    del changed[part]
                with self.subTest(part=part, empty=empty):
                    self._bring(changed)
                    after = order.read(names)[0]
                    self.assertEqual(
                        {k: v for k, v in after.items() if v != before[k]}, {}
                    )
                    self.assertEqual(order.state, "sale")
                    self.assertFalse(order.activity_ids)

    # B: the address of a new order

    def test_a_new_order_without_a_place_takes_the_only_one_there_is(self):
        for address in (None, {}, NAMES, {"countryCode": "PL"}):
            form = form_json()
            form["delivery"]["address"] = address
            order = self._bring(form)
            self.assertEqual(order.partner_shipping_id.street, "ul. Kontowa 9")
            self.assertEqual(order.partner_shipping_id.city, "Łódź")
            named = "Jan Kowalski" if address == NAMES else "Anna Nowak"
            self.assertEqual(order.partner_shipping_id.name, named)

    def test_a_new_order_without_any_place_is_set_aside(self):
        for own in (None, {}, {"countryCode": "PL"}):
            form = form_json()
            form["delivery"]["address"] = dict(NAMES)
            form["buyer"]["address"] = own
            self.assertFalse(self._bring(form))
            self.assertIn("delivery.address", self._inbox_error(form))

    def test_at_a_pickup_point_a_name_is_enough(self):
        form = form_json()
        form["delivery"]["address"] = dict(NAMES)
        form["buyer"]["address"] = None
        form["delivery"]["pickupPoint"] = {"id": "WAW01N", "name": "WAW01N"}
        order = self._bring(form)
        self.assertEqual(order.partner_shipping_id.name, "Jan Kowalski")
        self.assertEqual(order.allegro_pickup_point_id, "WAW01N")

    # C: what decides nothing keeps nothing out

    SIDE_FIELDS = {
        "discounts": lambda f: f["lineItems"][0].update(discounts=[{"type": 7}, "x"]),
        "pickupPoint.id": lambda f: f["delivery"].update(
            pickupPoint={"id": {"code": 1}, "name": "WAW01N"}
        ),
        "dispatch": lambda f: f["delivery"]["time"]["dispatch"].update(to="tomorrow"),
        "dueDate": lambda f: f.update(
            invoice=company_invoice(dueDate="2026-10-01T00:00:00Z")
        ),
        "surcharges": lambda f: f.update(
            surcharges=[{"id": "s", "paidAmount": {"amount": "a lot"}}]
        ),
        "originalPrice": lambda f: f["lineItems"][0].update(originalPrice="123.00"),
        "boughtAt": lambda f: f["lineItems"][1].update(boughtAt=17),
        "features": lambda f: f.update(invoice=company_invoice(features="VAT")),
        "codBookedPayments": lambda f: f.update(codBookedPayments=[{"paidAmount": 5}]),
        "tax.rate": lambda f: f["lineItems"][0].update(tax={"rate": "EXEMPT"}),
        "definitionId": lambda f: f["lineItems"][0].update(
            selectedAdditionalServices=[
                {
                    "definitionId": ["odd"],
                    "name": "Gift wrapping",
                    "price": {"amount": "0.00", "currency": "PLN"},
                    "quantity": 1,
                }
            ]
        ),
    }

    def _two_lines(self):
        return form_json(line_json("SKU-1"), line_json("SKU-2"))

    def test_side_fields_in_another_form_keep_no_order_out(self):
        for name, change in self.SIDE_FIELDS.items():
            with self.subTest(field=name):
                form = self._two_lines()
                change(form)
                order = self._bring(form)
                self.assertEqual(order.state, "sale", self._inbox_error(form))
                self.assertEqual(order.amount_total, 246)
        self.assertFalse(self.env["allegro.incoming.order"].search([]))

    def test_side_fields_in_another_form_keep_no_cancellation_out(self):
        for name, change in self.SIDE_FIELDS.items():
            with self.subTest(field=name):
                form = self._two_lines()
                order = self._bring(form)
                change(form)
                form["status"] = "CANCELLED"
                self._bring(form)
                self.assertEqual(order.state, "cancel")
                self.assertEqual(order.allegro_cancelled_by, "buyer")

    def test_an_exempt_rate_is_shown_as_what_it_is(self):
        form = form_json(line_json(tax={"rate": "EXEMPT"}))
        order = self._bring(form)
        self.assertEqual(order.order_line.allegro_tax_rate, "EXEMPT")

    def test_what_can_not_be_read_is_cancelled_all_the_same(self):
        broken = {
            "lineItems": None,
            "summary": {"totalToPay": {"amount": "a lot", "currency": "PLN"}},
            "buyer": "somebody",
            "delivery": {"cost": {"amount": "free", "currency": "PLN"}},
        }
        for part, value in broken.items():
            with self.subTest(part=part):
                form = form_json()
                order = self._bring(form)
                self._bring({**form, part: value, "fulfillment": {"status": "SENT"}})
                self.assertEqual(order.allegro_fulfillment_status, "SENT")
                self.assertIn(part, self._inbox_error(form))
                form["fulfillment"] = {"status": "NEW"}
                self._bring({**form, part: value, "status": "CANCELLED"})
                self.assertEqual(order.state, "cancel")
                self.assertEqual(order.allegro_cancelled_by, "buyer")
                self.assertEqual(order.allegro_stock_audit_ids.state, "to_check")

    def test_what_can_not_be_read_is_fulfilled_all_the_same(self):
        form = form_json()
        order = self._bring(form)
        self.fake.forms[form["id"]]["buyer"] = "somebody"
        order.action_allegro_start_processing()
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        self.assertFalse(order.allegro_fulfillment_target)
