from unittest.mock import patch

from odoo.tests import tagged

from .cancel_common import CancelCommon
from .common import form_json, line_json


@tagged("post_install", "-at_install")
class TestCancelOnAllegro(CancelCommon):
    # The buyer

    def test_parts_go_to_the_audit_by_a_real_transfer(self):
        part = self.products["SKU-1"]
        order = self.buy(("SKU-1", 3))
        value = self.value(part)

        self.buyer_cancels(order)

        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.picking_ids.state, "cancel")
        self.assertEqual(order.allegro_cancelled_by, "buyer")
        audit = order.allegro_stock_audit_ids
        self.assertEqual(audit.state, "to_check")
        self.assertEqual(audit.product_id, part)
        self.assertEqual(audit.quantity, 3)
        self.assertEqual(audit.value, 120)
        self.assertEqual(audit.allegro_account_id, self.account)
        self.assertEqual(audit.location_id, self.stock)
        transfer = audit.picking_id
        self.assertEqual(transfer.state, "done")
        self.assertEqual(transfer.origin, order.name)
        self.assertEqual(transfer.location_dest_id, self.audit_location)
        self.assertIn(transfer.name, self.said(order))
        # there, valued, but not for sale
        self.assertEqual(self.at(part, self.stock), 97)
        self.assertEqual(self.at(part, self.audit_location), 3)
        self.assertEqual(self.free(part), 97)
        self.assertEqual(part.qty_available, 97)
        self.assertEqual(part.virtual_available, 97)
        self.assertEqual(self.reserved(part), 0)
        self.assertEqual(self.value(part), value)
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", part.id),
                ("location_id", "=", self.audit_location.id),
            ]
        )
        self.assertEqual(quant.value, 120)
        shelf = self.env["stock.quant"].search(
            [("product_id", "=", part.id), ("location_id", "=", self.stock.id)]
        )
        self.assertEqual(shelf.value, 97 * 40)
        # the order does not pretend to be delivered
        self.assertFalse(order.delivery_status)

    def test_what_lies_in_the_audit_is_never_reserved(self):
        self.new_part("SKU-U", [(self.shelf_a, 1, None)])
        order = self.buy(("SKU-U", 1))
        self.buyer_cancels(order)

        waiting = self.buy(("SKU-U", 1))
        waiting.picking_ids.action_assign()
        self.assertEqual(waiting.picking_ids.move_ids.quantity, 0)

        order.allegro_stock_audit_ids.with_user(self.user).action_back_to_stock()
        waiting.picking_ids.action_assign()
        self.assertEqual(waiting.picking_ids.move_ids.quantity, 1)

    def test_lots_and_serials_each_have_a_line(self):
        part = self.new_part(
            "SKU-S",
            [(self.shelf_a, 1, "S-1"), (self.shelf_b, 1, "S-2")],
            tracking="serial",
        )
        order = self.buy(("SKU-S", 2))
        self.buyer_cancels(order)

        self.assertEqual(self.audited(order), {(part, "S-1"): 1, (part, "S-2"): 1})
        shelves = {
            audit.lot_id.name: audit.location_id
            for audit in order.allegro_stock_audit_ids
        }
        self.assertEqual(shelves, {"S-1": self.shelf_a, "S-2": self.shelf_b})

    def test_two_lines_of_one_product_are_one_part(self):
        order = self.buy(("SKU-1", 1), ("SKU-1", 2))
        self.buyer_cancels(order)
        self.assertEqual(self.audited(order), {(self.products["SKU-1"], None): 3})
        self.assertEqual(len(order.allegro_stock_audit_ids), 1)

    def test_a_kit_goes_by_component(self):
        door = self.new_part("DOOR", [(self.shelf_a, 10, None)])
        glass = self.new_part("GLASS", [(self.shelf_b, 10, None)])
        self._make_kit("SKU-KIT", [(door, 1), (glass, 2)])
        order = self.buy(("SKU-KIT", 1))

        self.buyer_cancels(order)

        self.assertEqual(self.audited(order), {(door, None): 1, (glass, None): 2})
        self.assertEqual(self.free(glass), 8)

    def test_short_stock_is_audited_as_far_as_it_was_reserved(self):
        part = self.new_part("SKU-F", [(self.shelf_a, 1, None)])
        order = self.buy(("SKU-F", 3))
        self.buyer_cancels(order)
        self.assertEqual(self.audited(order), {(part, None): 1})
        self.assertEqual(self.at(part, self.audit_location), 1)

    def test_nothing_reserved_nothing_audited(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        part = self.new_part("SKU-M", [(self.shelf_b, 5, None)])
        order = self.buy(("SKU-M", 2))
        self.buyer_cancels(order)
        self.assertFalse(order.allegro_stock_audit_ids)
        self.assertEqual(self.free(part), 5)

    def test_parts_in_packing_remember_their_shelf(self):
        self.with_steps("pick_pack_ship")
        part = self.new_part("SKU-P", [(self.shelf_a, 2, None)])
        order = self.buy(("SKU-P", 2))
        self.finish(order.picking_ids)
        packing = self.warehouse.wh_pack_stock_loc_id
        self.assertEqual(self.at(part, packing), 2)

        self.buyer_cancels(order)

        audit = order.allegro_stock_audit_ids
        self.assertEqual(audit.location_id, self.shelf_a)
        self.assertEqual(audit.move_id.location_id, packing)
        self.assertEqual(self.at(part, self.warehouse.view_location_id), 0)
        self.assertEqual(self.free(part), 0)

        audit.with_user(self.user).action_back_to_stock()
        self.assertEqual(self.at(part, self.shelf_a), 2)
        self.assertEqual(self.free(part), 2)

    def test_picked_parts_without_a_reservation_are_not_forgotten(self):
        self.with_steps("pick_ship")
        part = self.new_part("SKU-P", [(self.shelf_a, 2, None)])
        order = self.buy(("SKU-P", 2))
        self.finish(order.picking_ids)
        order.picking_ids.filtered(lambda p: p.state != "done").do_unreserve()

        self.buyer_cancels(order)

        audit = order.allegro_stock_audit_ids
        self.assertEqual(audit.quantity, 2)
        self.assertEqual(audit.location_id, self.shelf_a)
        self.assertEqual(self.at(part, self.warehouse.wh_output_stock_loc_id), 0)

    def test_packed_parts_two_steps_on_remember_their_shelf(self):
        self.with_steps("pick_pack_ship")
        part = self.new_part("SKU-P", [(self.shelf_a, 1, "L-1")], tracking="lot")
        order = self.buy(("SKU-P", 1))
        for _step in ("pick", "pack"):
            self.finish(order.picking_ids.filtered(lambda p: p.state != "done"))
        self.assertEqual(self.at(part, self.warehouse.wh_output_stock_loc_id), 1)

        self.buyer_cancels(order)

        audit = order.allegro_stock_audit_ids
        self.assertEqual(audit.location_id, self.shelf_a)
        self.assertEqual(self.at(part, self.audit_location), 1)

    def test_goods_that_had_left_are_lines_without_a_move(self):
        part = self.products["SKU-1"]
        order = self.buy(("SKU-1", 2))
        self.finish(order.picking_ids)

        self.buyer_cancels(order)

        self.assertEqual(order.state, "cancel")
        audit = order.allegro_stock_audit_ids
        self.assertTrue(audit.has_left)
        self.assertFalse(audit.move_id)
        self.assertEqual(audit.quantity, 2)
        self.assertEqual(self.at(part, self.stock), 98)
        self.assertFalse(self.audit_location)
        self.assertIn("after the goods had left", order.activity_ids[0].summary)

        audit.with_user(self.user).action_back_to_stock()
        self.assertEqual(self.at(part, self.stock), 100)
        self.assertEqual(self.free(part), 100)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_partly_sent_is_partly_here(self):
        part = self.products["SKU-1"]
        order = self.buy(("SKU-1", 3))
        order.picking_ids.move_ids.quantity = 1
        self.finish_partly(order.picking_ids)

        self.buyer_cancels(order)

        lines = {
            audit.has_left: audit.quantity for audit in order.allegro_stock_audit_ids
        }
        self.assertEqual(lines, {True: 1, False: 2})
        self.assertEqual(self.at(part, self.audit_location), 2)
        self.assertEqual(self.at(part, self.stock), 97)

    def finish_partly(self, picking):
        picking.move_ids.picked = True
        picking._action_done()

    # Twice, late, before, in whatever order

    def test_seen_twice_it_happens_once(self):
        order = self.buy(("SKU-1", 1))
        self.buyer_cancels(order)
        messages = order.message_ids
        self.buyer_cancels(order)
        order._allegro_cancelled_on_allegro("buyer")

        self.assertEqual(len(order.allegro_stock_audit_ids), 1)
        self.assertEqual(self.at(self.products["SKU-1"], self.audit_location), 1)
        self.assertEqual(order.message_ids, messages)

    def test_after_the_sellers_own_cancellation_there_is_nothing_left_to_do(self):
        order = self.buy(("SKU-1", 1))
        self.cancel(order)
        self.buyer_cancels(order)

        self.assertFalse(order.allegro_stock_audit_ids)
        self.assertEqual(order.allegro_cancelled_by, "seller")
        self.assertFalse(order.allegro_fulfillment_target)

    def test_a_wish_dies_with_the_order(self):
        order = self.buy(("SKU-1", 1))
        order._allegro_want("PROCESSING")
        self.buyer_cancels(order)
        self.assertFalse(order.allegro_fulfillment_target)

    def test_before_the_order_exists_nothing_is_imported(self):
        form = form_json(line_json("SKU-1"), status="CANCELLED")
        form_id = self.fake.put(form, "BUYER_CANCELLED")
        self.fake.announce(form_id, "READY_FOR_PROCESSING")
        self.run_action("sync")
        self.assertFalse(
            self.env["sale.order"].search([("allegro_checkout_form_id", "=", form_id)])
        )
        self.assertFalse(self.env["allegro.incoming.order"].search([]))

    def test_journal_and_sweep_lead_to_the_same(self):
        for event in ("BUYER_CANCELLED", None):
            form = form_json(line_json("SKU-1"))
            form_id = self.fake.put(form)
            self.run_action("sync")
            order = self.env["sale.order"].search(
                [("allegro_checkout_form_id", "=", form_id)]
            )
            self.fake.put(form | {"status": "CANCELLED"}, event)
            if event is None:
                self.run_action("sweep")
            self.run_action("sync")
            self.assertEqual(order.allegro_cancelled_by, "buyer")
            self.assertEqual(order.allegro_stock_audit_ids.quantity, 1)

    def test_a_failure_half_way_leaves_no_half(self):
        """Whatever breaks, the whole cancellation comes again."""
        form = form_json(line_json("SKU-1", quantity=2))
        form_id = self.fake.put(form)
        self.run_action("sync")
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.fake.put(form | {"status": "CANCELLED"}, "BUYER_CANCELLED")
        with self.failing("allegro.stock.audit", "_note_left"):
            self.run_action("sync")
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.allegro_status, "READY_FOR_PROCESSING")
        self.assertEqual(order.picking_ids.state, "assigned")
        self.assertFalse(order.allegro_stock_audit_ids)
        row = self.env["allegro.incoming.order"].search([])
        self.assertEqual(row.state, "failed")

        row.action_retry()
        self.run_action("sync")
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.allegro_stock_audit_ids.quantity, 2)

    def failing(self, model, method):
        def fail(*_arguments, **_options):
            raise ValueError("broken on purpose")

        return patch.object(self.env.registry[model], method, fail)

    # Never paid

    def test_never_paid_is_free_again_without_audit(self):
        part = self.products["SKU-1"]
        order = self.buy(("SKU-1", 2))
        payment = self.forms[order.id]["payment"] | {"finishedAt": None}
        self.follow(order, status="CANCELLED", payment=payment)

        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.allegro_cancelled_by, "allegro")
        self.assertFalse(order.allegro_stock_audit_ids)
        self.assertEqual(self.free(part), 100)
        self.assertIn("never paid", self.said(order))

    # The seller, in Allegro's own panel

    def test_the_sellers_panel_asks_and_does_nothing(self):
        part = self.products["SKU-1"]
        order = self.buy(("SKU-1", 2))
        self.seller_cancels_on_allegro(order)

        self.assertEqual(order.state, "sale")
        self.assertEqual(self.at(part, self.stock), 100)
        self.assertEqual(self.free(part), 98)
        activities = order.activity_ids
        self.assertEqual(
            set(activities.mapped("summary")),
            {"Cancelled on Allegro: write off the parts?"},
        )
        self.assertIn(self.manager, activities.user_id)

        # seen again, or moved there and back: still one question each
        self.follow(order, fulfillment={"status": "NEW", "provider": None})
        self.seller_cancels_on_allegro(order)
        self.assertEqual(order.activity_ids, activities)

        # the answer
        self.cancel(order)
        self.assertEqual(self.at(part, self.stock), 98)
        self.assertFalse(order.allegro_fulfillment_target)
        self.assertFalse(order.activity_ids)

    def test_the_echo_of_our_own_cancellation_asks_nothing(self):
        order = self.buy(("SKU-1", 1))
        self.cancel(order)
        self.seller_cancels_on_allegro(order)
        self.assertFalse(order.activity_ids)

    def test_cancelled_in_the_panel_before_the_import_asks_too(self):
        order = self.buy(("SKU-1", 1), fulfillment={"status": "CANCELLED"})
        self.assertTrue(order.activity_ids)
        self.assertEqual(order.state, "sale")
