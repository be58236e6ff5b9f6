from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .cancel_common import CancelCommon


@tagged("post_install", "-at_install")
class TestCancelBySeller(CancelCommon):
    def test_parts_are_written_off_and_allegro_is_told(self):
        part = self.products["SKU-1"]
        order = self.buy(("SKU-1", 3), ("SKU-8", 1))
        value = self.value(part)
        self.assertEqual(self.free(part), 97)

        wizard = self.cancel(order)

        self.assertEqual(order.state, "cancel")
        self.assertEqual(set(order.picking_ids.mapped("state")), {"cancel"})
        self.assertEqual(self.at(part, self.stock), 97)
        self.assertEqual(self.free(part), 97)
        self.assertEqual(part.virtual_available, 97)
        self.assertEqual(self.reserved(part), 0)
        self.assertEqual(self.value(part), value - 3 * 40)
        self.assertEqual(
            self.scrapped(order), {(part, None): 3, (self.products["SKU-8"], None): 1}
        )
        scrap = order.allegro_scrap_ids[0]
        self.assertEqual(scrap.origin, order.name)
        self.assertEqual(
            scrap.scrap_reason_tag_ids.name, "Allegro: order cancelled by seller"
        )
        self.assertEqual(scrap.move_ids.state, "done")
        self.assertEqual(order.allegro_fulfillment_target, "CANCELLED")
        self.assertEqual(order.allegro_cancelled_by, "seller")
        self.assertFalse(order.allegro_stock_audit_ids)
        self.assertIn("Part SKU-1", self.said(order))
        self.assertTrue(wizard.row_ids.is_cancelled)
        self.assertEqual(order.message_ids[0].author_id, self.manager.partner_id)

    def test_the_wizard_shows_what_will_be_written_off(self):
        part = self.new_part("SKU-L", [(self.shelf_b, 2, "LOT-7")], tracking="lot")
        part.standard_price = 12.5
        order = self.buy(("SKU-L", 2))

        line = self.open_wizard(order).line_ids

        self.assertEqual(line.product_id, part)
        self.assertEqual(line.lot_id.name, "LOT-7")
        self.assertEqual(line.location_id, self.shelf_b)
        self.assertEqual(line.quantity, 2)
        self.assertEqual(line.value, 25)
        self.assertEqual(line.wizard_id.value, 25)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.at(part, self.shelf_b), 2)

    def test_serials_are_written_off_as_reserved(self):
        part = self.new_part(
            "SKU-S",
            [
                (self.shelf_a, 1, "S-1"),
                (self.shelf_b, 1, "S-2"),
                (self.stock, 1, "S-3"),
            ],
            tracking="serial",
        )
        order = self.buy(("SKU-S", 2))
        reserved = order.picking_ids.move_line_ids.lot_id

        self.cancel(order)

        self.assertEqual(len(reserved), 2)
        self.assertEqual(
            self.scrapped(order), {(part, lot.name): 1 for lot in reserved}
        )
        for lot in reserved:
            self.assertEqual(self.at(part, self.stock, lot), 0)
        self.assertEqual(self.at(part, self.stock), 1)
        self.assertEqual(self.free(part), 1)

    def test_a_kit_is_written_off_by_component(self):
        door = self.new_part("DOOR", [(self.shelf_a, 10, None)])
        glass = self.new_part("GLASS", [(self.shelf_b, 10, None)])
        self._make_kit("SKU-KIT", [(door, 1), (glass, 2)])
        order = self.buy(("SKU-KIT", 2))

        self.cancel(order)

        self.assertEqual(self.scrapped(order), {(door, None): 2, (glass, None): 4})
        self.assertEqual(self.free(door), 8)
        self.assertEqual(self.free(glass), 6)

    def test_parts_in_packing_are_written_off_from_there(self):
        self.with_steps("pick_pack_ship")
        part = self.new_part("SKU-P", [(self.shelf_a, 5, None)])
        order = self.buy(("SKU-P", 2))
        self.finish(order.picking_ids)
        packing = self.warehouse.wh_pack_stock_loc_id
        self.assertEqual(self.at(part, packing), 2)

        wizard = self.cancel(order)

        self.assertEqual(wizard.line_ids.location_id, packing)
        self.assertEqual(order.allegro_scrap_ids.location_id, packing)
        self.assertEqual(self.at(part, packing), 0)
        self.assertEqual(self.at(part, self.shelf_a), 3)
        self.assertEqual(self.free(part), 3)
        self.assertEqual(self.reserved(part), 0)
        self.assertEqual(sorted(order.picking_ids.mapped("state")), ["cancel", "done"])

    def test_half_picked_parts_are_written_off_where_each_half_is(self):
        self.with_steps("pick_pack_ship")
        part = self.new_part("SKU-P", [(self.shelf_a, 2, None)])
        order = self.buy(("SKU-P", 5))
        self.finish(order.picking_ids)  # two of five, the rest is a backorder
        self.env["stock.quant"]._update_available_quantity(part, self.shelf_b, 1)

        wizard = self.cancel(order)

        self.assertEqual(
            {line.location_id: line.quantity for line in wizard.line_ids},
            {self.warehouse.wh_pack_stock_loc_id: 2, self.shelf_b: 1},
        )
        self.assertEqual(self.at(part, self.warehouse.view_location_id), 0)
        self.assertIn("2 Units [SKU-P] Part SKU-P", wizard.row_ids.result)

    def test_short_stock_is_said_and_not_invented(self):
        part = self.new_part("SKU-F", [(self.shelf_a, 1, None)])
        order = self.buy(("SKU-F", 3))

        wizard = self.open_wizard(order)
        self.assertIn("2 Units", wizard.row_ids.note)
        wizard.action_confirm()

        self.assertEqual(self.scrapped(order), {(part, None): 1})
        self.assertEqual(self.at(part, self.stock), 0)
        self.assertIn("2 Units", self.said(order))
        self.assertIn("2 Units", wizard.row_ids.result)

    def test_a_picked_quantity_that_is_not_there_is_not_written_off(self):
        """Somebody typed more on the delivery than the shelf holds."""
        part = self.new_part("SKU-F", [(self.shelf_a, 1, None)])
        order = self.buy(("SKU-F", 3))
        line = order.picking_ids.move_line_ids
        line.quantity = 3
        self.assertEqual(line.quantity, 3)

        self.cancel(order)

        self.assertEqual(self.scrapped(order), {(part, None): 1})
        self.assertEqual(self.at(part, self.stock), 0)

    def test_other_orders_keep_what_they_reserved(self):
        part = self.new_part("SKU-O", [(self.shelf_a, 3, None)])
        other = self.buy(("SKU-O", 2))
        order = self.buy(("SKU-O", 2))

        self.cancel(order)

        self.assertEqual(self.scrapped(order), {(part, None): 1})
        self.assertEqual(other.picking_ids.state, "assigned")
        self.assertEqual(other.picking_ids.move_ids.quantity, 2)
        self.assertEqual(self.at(part, self.stock), 2)

    def test_free_stock_is_written_off_when_nothing_was_reserved(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        part = self.new_part("SKU-M", [(self.shelf_b, 5, None)])
        order = self.buy(("SKU-M", 2))
        self.assertEqual(self.reserved(part), 0)

        self.cancel(order)

        self.assertEqual(self.scrapped(order), {(part, None): 2})
        self.assertEqual(self.at(part, self.shelf_b), 3)

    def test_a_part_taken_out_of_the_write_off_goes_to_the_audit(self):
        order = self.buy(("SKU-1", 1), ("SKU-2", 1))
        wizard = self.open_wizard(order)
        kept = wizard.line_ids.filtered(
            lambda line: line.product_id == self.products["SKU-2"]
        )
        kept.write({"write_off": False, "reason": "not even opened"})

        wizard.action_confirm()

        self.assertEqual(self.scrapped(order), {(self.products["SKU-1"], None): 1})
        audit = order.allegro_stock_audit_ids
        self.assertEqual(audit.product_id, self.products["SKU-2"])
        self.assertEqual(audit.reason, "seller")
        self.assertEqual(audit.reason_text, "not even opened")
        self.assertEqual(self.at(audit.product_id, self.audit_location), 1)
        self.assertEqual(self.free(audit.product_id), 99)

    def test_taking_a_part_out_needs_a_reason(self):
        order = self.buy(("SKU-1", 1))
        wizard = self.open_wizard(order)
        wizard.line_ids.write({"write_off": False, "reason": " "})

        with self.assertRaisesRegex(UserError, "Part SKU-1"):
            wizard.action_confirm()

        self.assertEqual(order.state, "sale")

    def test_all_or_nothing_when_the_stock_moved_meanwhile(self):
        order = self.buy(("SKU-1", 2))
        wizard = self.open_wizard(order)
        order.picking_ids.do_unreserve()
        self.buy(("SKU-1", 99))

        with self.assertRaisesRegex(UserError, "open it again"):
            wizard.action_confirm()

        self.assertEqual(order.state, "sale")
        self.assertFalse(order.allegro_scrap_ids)
        self.assertFalse(order.allegro_fulfillment_target)

    def test_confirming_twice_writes_off_once(self):
        order = self.buy(("SKU-1", 2))
        first, second = self.open_wizard(order), self.open_wizard(order)
        first.action_confirm()
        first.action_confirm()

        with self.assertRaisesRegex(UserError, "cancelled already"):
            second.action_confirm()

        self.assertEqual(self.at(self.products["SKU-1"], self.stock), 98)

    def test_handed_over_orders_are_refused(self):
        order = self.buy(("SKU-1", 1))
        order.allegro_fulfillment_status = "SENT"
        with self.assertRaisesRegex(UserError, "handed over"):
            order.with_user(self.manager).action_allegro_cancel()

        order.allegro_fulfillment_status = "PROCESSING"
        wizard = self.open_wizard(order)
        self.finish(order.picking_ids)
        order.allegro_fulfillment_target = False  # the goods themselves count
        with self.assertRaisesRegex(UserError, order.picking_ids.name):
            wizard.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_goods_that_came_back_can_be_cancelled(self):
        order = self.buy(("SKU-1", 1))
        delivery = order.picking_ids
        self.finish(delivery)
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        self.finish(wizard._create_return())
        order.allegro_fulfillment_target = False  # never told that it had left

        self.cancel(order)

        self.assertEqual(order.state, "cancel")
        # nothing of it is reserved any more, so nothing is written off
        self.assertFalse(order.allegro_scrap_ids)

    def test_many_orders_each_with_its_own_result(self):
        good = self.buy(("SKU-1", 1))
        sent = self.buy(("SKU-2", 1))
        sent.allegro_fulfillment_status = "SENT"
        direct = self.env["sale.order"].create(
            {"partner_id": good.partner_id.id, "user_id": False}
        )

        wizard = self.open_wizard(good + sent + direct)
        self.assertEqual(wizard.line_ids.order_id, good)
        wizard.action_confirm()

        rows = {row.order_id: row for row in wizard.row_ids}
        self.assertTrue(rows[good].is_cancelled)
        self.assertIn("Written off", rows[good].result)
        self.assertFalse(rows[sent].is_cancelled)
        self.assertIn("handed over", rows[sent].result)
        self.assertIn("not an Allegro order", rows[direct].result)
        self.assertEqual(good.state, "cancel")
        self.assertEqual((sent + direct).mapped("state"), ["sale", "draft"])

    def test_one_failing_order_does_not_stop_the_others(self):
        first, second = self.buy(("SKU-1", 1)), self.buy(("SKU-2", 1))
        wizard = self.open_wizard(first + second)
        first.picking_ids.do_unreserve()
        self.env["stock.quant"]._update_available_quantity(
            self.products["SKU-1"], self.stock, -100
        )

        wizard.action_confirm()

        self.assertEqual(first.state, "sale")
        self.assertEqual(second.state, "cancel")
        self.assertEqual(wizard.row_ids.mapped("is_cancelled"), [False, True])

    def test_orders_of_allegros_warehouse_are_refused(self):
        order = self.buy(
            ("SKU-1", 1),
            fulfillment={"status": "NEW", "provider": {"id": "ALLEGRO"}},
        )
        with self.assertRaisesRegex(UserError, "Allegro's own warehouse"):
            order.with_user(self.manager).action_allegro_cancel()

    def test_locked_orders_can_be_cancelled(self):
        order = self.buy(("SKU-1", 1))
        order.locked = True
        self.cancel(order)
        self.assertEqual(order.state, "cancel")

    # Rights

    def test_only_those_with_the_right_may_cancel(self):
        order = self.buy(("SKU-1", 1))
        with self.assertRaisesRegex(UserError, "Cancel Allegro orders"):
            order.with_user(self.user).action_allegro_cancel()
        with self.assertRaises(AccessError):
            self.env["allegro.cancel.wizard"].with_user(self.user).create(
                {"order_ids": order.ids}
            )

    def test_allegro_managers_have_the_right(self):
        manager = new_test_user(
            self.env,
            "allegro_manager",
            groups="allegro_sales_channel.group_allegro_manager",
        )
        order = self.buy(("SKU-1", 1))
        self.cancel(order, manager)
        self.assertEqual(order.state, "cancel")

    def test_odoos_own_cancel_is_no_way_around(self):
        order = self.buy(("SKU-1", 1))
        self.assertTrue(order.allegro_can_cancel)
        with self.assertRaisesRegex(UserError, "Use Cancel order"):
            order.with_user(self.manager).action_cancel()
        mass = self.env["sale.mass.cancel.orders"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Use Cancel order"):
            mass.create({"sale_order_ids": order.ids}).action_mass_cancel()
        self.assertEqual(order.state, "sale")

    def test_odoos_own_cancel_of_what_was_sent_is_said(self):
        order = self.buy(("SKU-1", 1))
        order.allegro_fulfillment_status = "SENT"
        order.with_user(self.manager).action_cancel()

        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.free(self.products["SKU-1"]), 100)
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertIn("Allegro was not told", self.said(order))

    def test_other_orders_are_cancelled_as_ever(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.env["res.partner"].create({"name": "A"}).id}
        )
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertNotIn("Allegro", self.said(order))
