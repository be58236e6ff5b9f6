"""What changes on Allegro after the purchase (behaviour 2.5, digest section 7)."""

from odoo.tests import tagged

from .common import AllegroCommon, company_invoice, form_json, line_json


@tagged("post_install", "-at_install")
class TestBuyerChanges(AllegroCommon):
    def _bring(self, form):
        """The order of a form that is new or has changed."""
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")
        return self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form["id"])]
        )

    def _tracked(self, order):
        """The chatter's differences: {field name: (old, new)}."""
        values = order.message_ids.sudo().tracking_value_ids
        return {
            value.field_id.name: (value.old_value_char, value.new_value_char)
            for value in values
        }

    def _ship(self, order):
        order.picking_ids.button_validate()
        self.assertEqual(order.picking_ids.state, "done")

    def test_new_address_reaches_order_and_open_delivery(self):
        form = form_json()
        order = self._bring(form)
        form["delivery"]["address"] |= {"street": "ul. Nowa 8", "city": "Gdynia"}

        self._bring(form)

        self.assertEqual(order.partner_shipping_id.street, "ul. Nowa 8")
        self.assertEqual(order.picking_ids.partner_id, order.partner_shipping_id)
        self.assertEqual(order.picking_ids.move_ids.partner_id.city, "Gdynia")
        self.assertFalse(order.activity_ids)
        self.assertFalse(order.picking_ids.activity_ids)
        self.assertIn("ul. Nowa 8", order.picking_ids.message_ids[0].body)
        old, new = self._tracked(order)["allegro_recipient"]
        self.assertIn("ul. Testowa 1/2", old)
        self.assertIn("ul. Nowa 8", new)

    def test_same_form_again_changes_nothing(self):
        form = form_json(invoice=company_invoice())
        order = self._bring(form)
        messages, written = len(order.message_ids), order.write_date

        self._bring(form)

        self.assertEqual(len(order.message_ids), messages)
        self.assertEqual(order.write_date, written)

    def test_address_after_the_goods_left_is_an_activity(self):
        form = form_json()
        order = self._bring(form)
        self._ship(order)
        went_to = order.partner_shipping_id
        form["delivery"]["address"]["street"] = "ul. <b>Nowa</b> 8"

        self._bring(form)

        self.assertEqual(order.partner_shipping_id, went_to)
        self.assertEqual(order.picking_ids.partner_id, went_to)
        activity = order.activity_ids
        self.assertIn("after the goods had left", activity.summary)
        self.assertIn(order.picking_ids.name, activity.note)
        self.assertIn("ul. &lt;b&gt;Nowa&lt;/b&gt; 8", activity.note)
        self.assertNotEqual(activity.user_id, self.env.ref("base.user_root"))

    def test_address_after_a_part_left_redirects_the_rest(self):
        form = form_json(line_json(quantity=2))
        order = self._bring(form)
        delivery = order.picking_ids
        delivery.move_ids.write({"quantity": 1, "picked": True})
        delivery.with_context(skip_backorder=True).button_validate()
        rest = order.picking_ids - delivery
        self.assertNotIn(rest.state, ("done", "cancel"))
        form["delivery"]["address"]["street"] = "ul. Nowa 8"

        self._bring(form)

        self.assertEqual(rest.partner_id.street, "ul. Nowa 8")
        self.assertEqual(delivery.partner_id.street, "ul. Testowa 1/2")
        self.assertTrue(order.activity_ids)

    def test_address_missing_at_first(self):
        form = form_json()
        address, form["delivery"]["address"] = form["delivery"]["address"], None
        order = self._bring(form)
        self.assertEqual(order.partner_shipping_id.street, "ul. Kontowa 9")
        form["delivery"]["address"] = address

        self._bring(form)

        self.assertEqual(order.partner_shipping_id.street, "ul. Testowa 1/2")
        self.assertEqual(order.picking_ids.partner_id.name, "Jan Kowalski")

    def test_pickup_point_appears_and_vanishes(self):
        form = form_json()
        order = self._bring(form)
        form["delivery"]["pickupPoint"] = {
            "id": "WAW01N",
            "name": "Paczkomat WAW01N",
            "description": "przy sklepie",
            "address": {
                "street": "ul. Prosta 1",
                "zipCode": "00-838",
                "city": "Warszawa",
            },
        }
        form["delivery"]["method"] = {"id": "method-2", "name": "Paczkomaty InPost"}
        self._bring(form)
        delivery = order.picking_ids
        self.assertEqual(delivery.allegro_pickup_point_id, "WAW01N")
        tracked = self._tracked(order)
        self.assertEqual(tracked["allegro_pickup_point_id"][1], "WAW01N")
        self.assertEqual(tracked["allegro_delivery_method"][1], "Paczkomaty InPost")

        # left out for a while: no news
        form["delivery"]["pickupPoint"] = None
        self._bring(form)
        self.assertEqual(delivery.allegro_pickup_point_id, "WAW01N")

        # to the door after all: another method, which has no point
        form["delivery"]["method"] = {"id": "method-1", "name": "Allegro Kurier DPD"}
        self._bring(form)

        self.assertFalse(delivery.allegro_pickup_point_id)
        self.assertFalse(order.allegro_pickup_point_address)

    def test_method_after_the_goods_left_is_an_activity(self):
        form = form_json()
        order = self._bring(form)
        self._ship(order)
        form["delivery"]["method"] = {"id": "method-2", "name": "Odbiór osobisty"}

        self._bring(form)

        self.assertIn("Odbiór osobisty", order.activity_ids.note)

    def test_dearer_method_changes_the_delivery_line(self):
        form = form_json(delivery_cost="9.99")
        order = self._bring(form)
        form["delivery"]["cost"]["amount"] = "14.99"
        form["summary"]["totalToPay"]["amount"] = "137.99"

        self._bring(form)

        self.assertEqual(order.amount_total, 137.99)
        self.assertFalse(order.allegro_total_difference)

    def test_delivery_that_costs_something_at_last(self):
        form = form_json()
        order = self._bring(form)
        form["delivery"]["cost"]["amount"] = "10.00"
        form["summary"]["totalToPay"]["amount"] = "133.00"

        self._bring(form)

        self.assertEqual(order.amount_total, 133)
        self.assertEqual(order.order_line.filtered("is_delivery").price_unit, 10)

    def test_invoice_wanted_later(self):
        form = form_json()
        order = self._bring(form)
        self.assertEqual(order.partner_invoice_id, order.partner_id)
        form["invoice"] = company_invoice()

        self._bring(form)

        self.assertEqual(order.partner_invoice_id.vat, "PL1234563218")
        self.assertIn("Firma Testowa", self._tracked(order)["allegro_invoice_party"][1])
        self.assertFalse(order.activity_ids)

    def test_invoice_data_after_invoicing_is_an_activity(self):
        form = form_json()
        order = self._bring(form)
        order.order_line.tax_ids = False
        order.order_line.qty_delivered = 1
        order._create_invoices().action_post()
        form["invoice"] = company_invoice()

        self._bring(form)

        self.assertIn("after invoicing", order.activity_ids.summary)
        self.assertIn(order.invoice_ids.name, order.activity_ids.note)

    def test_address_of_a_cancelled_order_moves_nothing(self):
        form = form_json()
        order = self._bring(form)
        order._action_cancel()
        form["delivery"]["address"]["street"] = "ul. Nowa 8"

        self._bring(form)

        self.assertEqual(order.partner_shipping_id.street, "ul. Testowa 1/2")
        self.assertFalse(order.activity_ids)

    def test_send_by_is_the_deliverys_deadline(self):
        form = form_json()
        order = self._bring(form)
        self.assertEqual(str(order.picking_ids.date_deadline), "2026-09-11 21:59:59")
        form["delivery"]["time"]["dispatch"]["to"] = "2026-09-14T10:00:00.000Z"

        self._bring(form)

        self.assertEqual(str(order.picking_ids.date_deadline), "2026-09-14 10:00:00")

    def test_second_ready_event_brings_surcharge(self):
        form = form_json()
        form["payment"]["paidAmount"] = {"amount": "113.00", "currency": "PLN"}
        order = self._bring(form)
        self.assertEqual(order.allegro_paid_amount, 113)
        form["surcharges"] = [
            {
                "id": "s-1",
                "type": "ONLINE",
                "paidAmount": {"amount": "10.00", "currency": "PLN"},
            }
        ]
        self.fake.put(form, "READY_FOR_PROCESSING")
        self.run_action("sync")

        self.assertEqual(order.allegro_paid_amount, 123)
        self.assertEqual(order.amount_total, 123)
        self.assertEqual(len(order.order_line), 1)

    def test_note_written_in_the_panel_comes_with_the_sweep(self):
        """Allegro tells no event of it, nor does any date move."""
        form = form_json()
        order = self._bring(form)
        form["note"] = {"text": "Zadzwonić przed wysyłką"}
        self.fake.put(form, event=None)

        self.run_action("sweep")
        self.run_action("sync")

        self.assertEqual(order.allegro_seller_note, "Zadzwonić przed wysyłką")
        self.assertEqual(
            order.picking_ids.allegro_seller_note, "Zadzwonić przed wysyłką"
        )

    def test_messages_are_on_the_packing_slip(self):
        form = form_json(
            messageToSeller="<script>Proszę</script> zapakować",
            note={"text": "Stały klient"},
        )
        delivery = self._bring(form).picking_ids

        # the bar code needs a library that not every machine has
        self.patch(
            self.env.registry["ir.actions.report"], "barcode", lambda *_args, **_kw: b""
        )
        for name in ("stock.action_report_delivery", "stock.action_report_picking"):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                name, delivery.ids
            )
            text = html.decode()
            self.assertIn("Stały klient", text)
            self.assertIn("&lt;script&gt;Proszę&lt;/script&gt; zapakować", text)
