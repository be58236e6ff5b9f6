"""What a packer sees of an order, and by what he finds it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import POINT, AllegroCommon, delivery, form_json


@tagged("post_install", "-at_install")
class TestPacking(AllegroCommon):
    def _found(self, phrase):
        return self.env["sale.order"].search([("allegro_phrase", "ilike", phrase)])

    def test_found_by_login_number_and_phone(self):
        order, other = self.import_forms(form_json(), form_json())
        order.picking_ids.carrier_tracking_ref = "0000007268757Q"
        order.write(
            {"allegro_buyer_login": "kos_1", "allegro_buyer_phone": "+48 601 234 567"}
        )
        order.partner_shipping_id = order.partner_id.copy({"phone": "0048-502333444"})
        other.allegro_buyer_phone = "601 234 568"
        for phrase in (
            "KOS_1",
            "7268757q",
            "0000 0072 68757Q",
            "601234567",
            "601-234-567",
            "+48601234567",
            "0048 (601) 234 567",
            "502 333 444",
        ):
            with self.subTest(phrase):
                self.assertEqual(self._found(phrase), order)
        self.assertEqual(self._found("601 234"), order | other)
        for phrase in ("48", "601 23", "S601234567"):
            with self.subTest(phrase):
                self.assertFalse(self._found(phrase) & (order | other))

    def test_other_orders_are_not_found_by_their_customers_phone(self):
        partner = self.env["res.partner"].create({"name": "A", "phone": "601234567"})
        self.env["sale.order"].create({"partner_id": partner.id})
        self.assertFalse(self._found("601234567"))

    def test_how_near_the_deadline_is(self):
        order = self.import_forms(form_json())
        order.allegro_dispatch_to = "2026-09-10 21:59:59"
        order = order.with_context(tz="Europe/Warsaw")
        for now, expected in (
            ("2026-09-09 21:59:00", False),
            ("2026-09-09 22:01:00", "today"),  # a new day in Warsaw, not at Greenwich
            ("2026-09-10 21:59:00", "today"),
            ("2026-09-10 22:00:00", "late"),
        ):
            with self.subTest(now), freeze_time(now):
                order.invalidate_recordset()
                self.assertEqual(order.allegro_urgency, expected)
        order.allegro_fulfillment_status = "SENT"
        self.assertFalse(order.allegro_urgency)

    def test_what_is_cancelled_is_not_late(self):
        order = self.import_forms(form_json())
        order.allegro_dispatch_to -= timedelta(days=999)
        self.assertEqual(order.allegro_urgency, "late")
        order.allegro_status = "CANCELLED"
        order.invalidate_recordset()
        self.assertFalse(order.allegro_urgency)

    def _printed(self, picking, report):
        # drawing barcodes needs a library that not every machine has
        reports = self.env.registry["ir.actions.report"]
        self.patch(reports, "barcode", lambda *_args, **_kwargs: b"")
        html = self.env["ir.actions.report"]._render_qweb_html(report, picking.ids)
        return html[0].decode()

    def test_the_slip_names_what_a_packer_needs_and_not_the_buyers_home(self):
        self.env.company.partner_id.tz = "Europe/Warsaw"
        to_point = self.import_forms(form_json(delivery=delivery(pickupPoint=POINT)))
        to_home = self.import_forms(form_json())
        for report in ("stock.report_deliveryslip", "stock.report_picking"):
            for order in (to_point, to_home):
                with self.subTest(report, point=order.allegro_pickup_point_id):
                    text = self._printed(order.picking_ids, report)
                    self.assertIn(order.allegro_delivery_method, text)
                    self.assertEqual(text.count(order.allegro_checkout_form_id), 1)
                    self.assertIn("Send by", text)
                    self.assertIn(order.partner_shipping_id.name, text)
                    # the account's own address, on Allegro
                    self.assertNotIn("ul. Kontowa 9", text)
                    self.assertEqual("ul. Testowa 1/2" in text, order == to_home)
