"""Handing over and Odoo's deliveries: each causes the other."""

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import AllegroCommon, form_json, line_json


@tagged("post_install", "-at_install")
class TestFulfilmentDeliveries(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.account.warehouse_id = cls.warehouse

    def _order(self, *lines, **values):
        form = form_json(*lines, **values)
        self.fake.put(form, event=None)
        return self.import_forms(form)

    # Handing over

    def test_hand_over_validates_and_wants_sent(self):
        order = self._order(line_json("SKU-1", quantity=2), line_json("SKU-2"))
        order.action_allegro_start_processing()
        self.assertTrue(order.action_allegro_hand_over())
        self.assertEqual(order.picking_ids.mapped("state"), ["done"])
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        self.run_action("push")
        self.assertEqual(order.allegro_fulfillment_status, "SENT")
        self.assertFalse(order.allegro_next_step)
        # twice is no mistake
        self.assertTrue(order.action_allegro_hand_over())
        self.assertFalse(order.allegro_fulfillment_target)

    def test_several_steps_in_the_warehouse(self):
        for steps, count in (("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                order = self._order()
                order.action_allegro_hand_over()
                self.assertEqual(order.picking_ids.mapped("state"), ["done"] * count)
                self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_picking_alone_sends_nothing(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._order()
        order.picking_ids.filtered(lambda p: p.state == "assigned").button_validate()
        self.assertFalse(order.allegro_fulfillment_target)
        order._allegro_open_pickings().button_validate()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_validating_in_inventory_wants_sent(self):
        order = self._order()
        order.picking_ids.button_validate()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_short_stock_asks_and_the_rest_keeps_the_order_open(self):
        product = self._make_product("FEW", self.tax_23, quantity=3)
        order = self._order(line_json("FEW", quantity=5))
        question = order.action_allegro_hand_over()
        self.assertEqual(question["res_model"], "stock.backorder.confirmation")
        wizard = Form.from_action(self.env, question).save()
        wizard.process()

        self.assertEqual(
            sorted(order.picking_ids.mapped("state")), ["confirmed", "done"]
        )
        self.assertFalse(order.allegro_fulfillment_target, "a part is still here")
        self.assertEqual(order.delivery_status, "partial")

        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, 2
        )
        order.action_allegro_hand_over()
        self.assertEqual(order.picking_ids.mapped("state"), ["done", "done"])
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_short_stock_without_the_rest(self):
        self._make_product("FEW", self.tax_23, quantity=3)
        order = self._order(line_json("FEW", quantity=5))
        question = order.action_allegro_hand_over()
        Form.from_action(self.env, question).save().process_cancel_backorder()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_short_stock_in_two_steps_goes_on_after_the_answer(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._make_product("FEW", self.tax_23, quantity=3)
        order = self._order(line_json("FEW", quantity=5))
        answer = order.action_allegro_hand_over()
        questions = 0
        while isinstance(answer, dict):
            questions += 1
            answer = Form.from_action(self.env, answer).save().process()
        moved = order.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(sum(moved.move_ids.mapped("quantity")), 6, "3 in each step")
        self.assertLessEqual(questions, 2)
        self.assertFalse(order.allegro_fulfillment_target)

    def test_a_part_held_back_on_purpose_stays(self):
        order = self._order(line_json("SKU-1", quantity=5))
        order.picking_ids.move_ids.quantity = 2
        question = order.action_allegro_hand_over()
        Form.from_action(self.env, question).save().process()
        self.assertEqual(
            order.picking_ids.sorted("id").mapped("state"), ["done", "assigned"]
        )
        self.assertFalse(order.allegro_fulfillment_target)

    def test_nothing_in_stock_says_what_is_missing(self):
        self._make_product("NONE", self.tax_23, quantity=0)
        order = self._order(line_json("NONE", quantity=2))
        with self.assertRaisesRegex(RedirectWarning, r"2 × \[NONE\] Part NONE"):
            order.action_allegro_hand_over()
        self.assertFalse(order.allegro_fulfillment_target)

    def test_lots_go_as_they_were_reserved(self):
        product = self._make_product("LOT", self.tax_23, quantity=0, tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": product.id})
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, 5, lot_id=lot
        )
        order = self._order(line_json("LOT", quantity=2))
        order.action_allegro_hand_over()
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, lot)
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_many_orders_each_by_itself(self):
        self._make_product("FEW", self.tax_23, quantity=1)
        good, short = self._order(), self._order(line_json("FEW", quantity=5))
        action = (good + short).action_allegro_hand_over()
        lines = self.env[action["res_model"]].browse(action["res_id"]).line_ids
        self.assertEqual(lines.mapped("result"), ["waiting", "refused"])
        self.assertIn("Create Backorder", lines[1].message)
        self.assertEqual(good.picking_ids.state, "done")
        self.assertNotEqual(short.picking_ids.state, "done")

    def test_sent_on_allegro_already_is_success(self):
        order = self._order(fulfillment={"status": "SENT"})
        self.assertEqual(order.allegro_next_step, "hand_over")
        order.action_allegro_hand_over()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertFalse(order.allegro_fulfillment_target)

    def test_cancelled_orders_are_not_handed_over(self):
        order = self._order()
        order.allegro_status = "CANCELLED"
        self.assertFalse(order.allegro_next_step)
        self.assertIn("buyer cancelled", order.allegro_step_reason)
        for take in (
            order.action_allegro_start_processing,
            order.action_allegro_add_tracking,
            order.action_allegro_hand_over,
            order.picking_ids.button_validate,
        ):
            with self.assertRaisesRegex(UserError, "buyer cancelled"):
                take()
        self.assertEqual(order.picking_ids.state, "assigned")

    def test_cancelled_delivery_leaves_nothing_to_hand_over_twice(self):
        order = self._order()
        order.picking_ids.action_cancel()
        order.action_allegro_hand_over()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_return_sends_nothing(self):
        order = self._order()
        order.action_allegro_hand_over()
        self.run_action("push")
        picking = order.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertFalse(order._allegro_open_pickings())
        returned.carrier_tracking_ref = "RETURN-1"
        returned.button_validate()
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertFalse(order.allegro_parcel_ids)

    # The five minutes

    def test_five_minutes_abroad_are_waited_for(self):
        order = self._order(marketplace={"id": "allegro-cz"})
        with freeze_time("2026-09-10 08:03:00"):
            order.action_allegro_start_processing()
            self.assertIn(
                "until then the buyer may cancel", order.allegro_waiting_reason
            )
            self.run_action("push")
            self.assertEqual(order.allegro_fulfillment_status, "NEW")
            for validate in (
                order.picking_ids.button_validate,
                order.action_allegro_hand_over,
            ):
                with self.assertRaisesRegex(UserError, "may still cancel until"):
                    validate()
        order.invalidate_recordset()
        with freeze_time("2026-09-10 08:05:01"):
            self.run_action("push")
            self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
            order.picking_ids.button_validate()

    def test_five_minutes_are_the_sellers_choice(self):
        self.account.wait_for_cancellation = False
        order = self._order(marketplace={"id": "allegro-hu"})
        with freeze_time("2026-09-10 08:03:00"):
            order.action_allegro_start_processing()
            self.run_action("push")
            self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
            order.picking_ids.button_validate()
        self.assertEqual(str(order.allegro_cancellable_until), "2026-09-10 08:05:00")

    def test_at_home_there_is_no_waiting(self):
        order = self._order()
        self.assertFalse(order.allegro_cancellable_until)

    # Tracking reference

    def test_reference_on_the_delivery_becomes_parcels(self):
        order = self._order()
        order.picking_ids.carrier_tracking_ref = "0000007268757Q, 1Z9999999999999999"
        self.assertEqual(
            [(p.carrier_code, p.waybill) for p in order.allegro_parcel_ids],
            [("DPD", "0000007268757Q"), ("UPS", "1Z9999999999999999")],
        )
        order.picking_ids.button_validate()
        order.picking_ids.carrier_tracking_ref += ",0000007268758Q"
        self.run_action("push")
        self.assertEqual(set(order.allegro_parcel_ids.mapped("state")), {"sent"})
        self.assertEqual(len(self.fake.told), 4, "three numbers and SENT")

    def test_corrected_reference_replaces_what_was_not_sent(self):
        order = self._order()
        order.picking_ids.carrier_tracking_ref = "WRONG"
        order.picking_ids.carrier_tracking_ref = "0000007268757Q"
        self.assertEqual(order.allegro_parcel_ids.waybill, "0000007268757Q")
        self.run_action("push")
        order.picking_ids.carrier_tracking_ref = False
        self.assertEqual(order.allegro_parcel_ids.waybill, "0000007268757Q")
        self.assertIn("stays on Allegro", order.message_ids[0].body)

    def test_impossible_reference_is_refused_at_once(self):
        order = self._order()
        with self.assertRaisesRegex(UserError, "too long"):
            order.picking_ids.carrier_tracking_ref = "1" * 65
        ordinary = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.out_type_id.id}
        )
        ordinary.carrier_tracking_ref = "1" * 65

    def test_mapping_to_the_delivery_method_both_ways(self):
        product = self.env["product.product"].create(
            {"name": "Courier", "type": "service"}
        )
        carriers = self.env["delivery.carrier"].create(
            [{"name": name, "product_id": product.id} for name in ("Ours", "Local")]
        )
        ups = self.env["allegro.carrier"]._by_code("UPS")
        self.env["allegro.delivery.method"].create(
            {
                "method_id": "method-1",
                "name": "Allegro Kurier",
                "carrier_id": carriers[0].id,
                "allegro_carrier_id": ups.id,
            }
        )
        order = self._order()
        self.assertEqual(order.picking_ids.carrier_id, carriers[0])
        order.picking_ids.carrier_tracking_ref = "12345"
        self.assertEqual(order.allegro_parcel_ids.carrier_code, "UPS")

        other = self._order(delivery={**form_json()["delivery"], "method": None})
        other.picking_ids.carrier_id = carriers[1]
        other.picking_ids.carrier_tracking_ref = "12345"
        self.assertEqual(
            (
                other.allegro_parcel_ids.carrier_code,
                other.allegro_parcel_ids.carrier_name,
            ),
            ("OTHER", "Local"),
        )

    def test_chosen_carrier_becomes_the_deliverys_method(self):
        product = self.env["product.product"].create(
            {"name": "Courier", "type": "service"}
        )
        ours = self.env["delivery.carrier"].create(
            {"name": "Our UPS", "product_id": product.id}
        )
        ups = self.env["allegro.carrier"]._by_code("UPS")
        self.env["allegro.delivery.method"].create(
            {
                "method_id": "other",
                "name": "UPS",
                "carrier_id": ours.id,
                "allegro_carrier_id": ups.id,
            }
        )
        order = self._order()
        self.assertFalse(order.picking_ids.carrier_id)
        self.env["allegro.tracking.wizard"].create(
            {"order_id": order.id, "waybill": "12345", "carrier_id": ups.id}
        ).action_confirm()
        self.assertEqual(order.picking_ids.carrier_id, ours)
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "12345")
        self.assertEqual(order.allegro_parcel_ids.carrier_code, "UPS")

    def test_odd_number_of_the_carrier_itself_stops_nothing(self):
        order = self._order()
        picking = order.picking_ids
        picking.carrier_id = self.env["delivery.carrier"].create(
            {
                "name": "Connected courier",
                "product_id": self.env["product.product"]
                .create({"name": "Courier", "type": "service"})
                .id,
                "integration_level": "rate_and_ship",
            }
        )
        picking.carrier_tracking_ref = "9" * 65
        self.assertEqual(order.allegro_parcel_ids.state, "error")
        self.assertIn("too long", order.allegro_sync_error)

    # Rights

    def test_warehouse_user_without_sales_rights(self):
        user = new_test_user(self.env, "warehouse", "stock.group_stock_user")
        point = {"id": "POZ08A", "name": "Paczkomat", "address": None}
        order = self._order(delivery={**form_json()["delivery"], "pickupPoint": point})
        picking = order.picking_ids.with_user(user)
        with Form(picking) as form:
            self.assertEqual(form.allegro_pickup_point_id, "POZ08A")
            form.carrier_tracking_ref = "0000007268757Q"
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        self.assertEqual(picking.allegro_parcel_ids.waybill, "0000007268757Q")

    def test_salesperson_without_warehouse_rights(self):
        user = new_test_user(self.env, "sales", "sales_team.group_sale_salesman")
        order = self._order().with_user(user)
        with Form(order) as form:
            self.assertEqual(form.allegro_next_step, "start")
        order.action_allegro_start_processing()
        wizard = Form(
            self.env["allegro.tracking.wizard"]
            .with_user(user)
            .with_context(default_order_id=order.id)
        )
        wizard.waybill = "0000007268757Q"
        self.assertEqual(wizard.carrier_id.code, "DPD")
        wizard.save().action_confirm()
        order.action_allegro_hand_over()
        self.assertEqual(order.sudo().picking_ids.state, "done")

        self._make_product("FEW", self.tax_23, quantity=1)
        short = self._order(line_json("FEW", quantity=5)).with_user(user)
        with self.assertRaisesRegex(UserError, "Ask the warehouse"):
            short.action_allegro_hand_over()
        action = (order + short).action_allegro_hand_over()
        lines = self.env[action["res_model"]].browse(action["res_id"]).line_ids
        self.assertEqual(lines.mapped("result"), ["skipped", "refused"])

    def test_kits_go_by_their_parts(self):
        self._make_kit("KIT", [(self.products[sku], 2) for sku in ("SKU-1", "SKU-2")])
        order = self._order(line_json("KIT"))
        order.action_allegro_hand_over()
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
