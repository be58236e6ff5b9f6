"""Odoo's own Cancel, Set to Quotation and Confirm on orders of Allegro."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .cancel_common import CancelCommon
from .common import form_json


@tagged("post_install", "-at_install")
class TestOdoosOwnButtons(CancelCommon):
    # What is over on Allegro is not brought back to life

    def _ended(self):
        """Orders by how they ended on Allegro."""
        orders = {
            how: self.buy(("SKU-1", 1))
            for how in ("buyer", "never paid", "seller", "seller in the panel")
        }
        self.buyer_cancels(orders["buyer"])
        self.follow(
            orders["never paid"],
            status="CANCELLED",
            payment={**form_json()["payment"], "finishedAt": None},
        )
        self.cancel(orders["seller"])
        self.seller_cancels_on_allegro(orders["seller in the panel"])
        self.cancel(orders["seller in the panel"])
        merged = self.buy(("SKU-1", 1))
        successor = self.buy(("SKU-1", 1))
        merged._allegro_give_way()
        merged._allegro_link_successor(successor)
        return orders | {"merged": merged}

    def test_no_way_back_to_a_quotation(self):
        for how, order in self._ended().items():
            with self.subTest(how):
                self.assertEqual(order.state, "cancel")
                self.assertTrue(order.allegro_is_over)
                with self.assertRaisesRegex(UserError, "back to life"):
                    order.with_user(self.manager).action_draft()
                self.assertEqual(order.state, "cancel")

    def test_what_became_a_quotation_before_is_not_confirmed(self):
        for how, order in self._ended().items():
            with self.subTest(how):
                order.state = "draft"
                with self.assertRaisesRegex(UserError, "back to life"):
                    order.with_user(self.manager).action_confirm()
                self.assertEqual(order.state, "draft")
                self.assertNotEqual(order.picking_ids.mapped("state"), ["assigned"])

    def test_one_of_many_stops_them_all(self):
        over = self._ended()["buyer"]
        ordinary = self.env["sale.order"].create({"partner_id": over.partner_id.id})
        ordinary.action_cancel()
        with self.assertRaisesRegex(UserError, over.name):
            (ordinary + over).with_user(self.manager).action_draft()
        ordinary.action_draft()
        ordinary.action_confirm()
        self.assertEqual(ordinary.state, "sale")

    def test_an_order_that_the_seller_cancelled_before_the_import_is_imported(self):
        cancelled = {"status": "CANCELLED", "provider": {"id": "SELLER"}}
        order = self.buy(("SKU-1", 1), fulfillment=cancelled)
        self.assertEqual(order.state, "sale")

    def test_cancelled_in_odoo_only_it_may_come_back(self):
        order = self.buy(("SKU-1", 1))
        order.allegro_fulfillment_status = "SENT"
        order.with_user(self.manager).action_cancel()
        order.with_user(self.manager).action_draft()
        order.with_user(self.manager).action_confirm()
        self.assertEqual(order.state, "sale")

    # Odoo's own Cancel after the goods have left

    def test_without_the_right_nobody_cancels_what_has_left(self):
        sent, left, allegros = (
            self.buy(("SKU-1", 1)),
            self.buy(("SKU-2", 1)),
            self.buy(
                ("SKU-8", 1),
                fulfillment={"status": "NEW", "provider": {"id": "ALLEGRO"}},
            ),
        )
        sent.allegro_fulfillment_status = "SENT"
        self.finish(left.picking_ids)
        self.assertEqual(left.allegro_fulfillment_target, "SENT")
        seller = new_test_user(
            self.env, "seller_of_all", "sales_team.group_sale_salesman_all_leads"
        )
        mass = self.env["sale.mass.cancel.orders"]
        for user in (self.user, seller):
            for order in (sent, left, allegros):
                with self.assertRaisesRegex(UserError, "have the right"):
                    order.with_user(user).action_cancel()
                with self.assertRaisesRegex(UserError, "have the right"):
                    mass.with_user(user).create(
                        {"sale_order_ids": order.ids}
                    ).action_mass_cancel()
                self.assertEqual(order.state, "sale")

    def test_goods_that_left_before_allegro_was_told_are_named(self):
        order = self.buy(("SKU-1", 1))
        self.finish(order.picking_ids)
        order.allegro_fulfillment_target = False
        with self.assertRaisesRegex(UserError, order.picking_ids.name):
            order.with_user(self.manager).action_cancel()

    def test_the_chatter_tells_what_has_left_from_what_was_reserved(self):
        part = self.new_part("SKU-F", [(self.shelf_a, 2, None)])
        order = self.buy(("SKU-F", 5))
        delivery = order.picking_ids
        self.finish(delivery)  # two of five have left
        self.env["stock.quant"]._update_available_quantity(part, self.shelf_b, 1)
        order.picking_ids.action_assign()
        self.assertEqual(self.free(part), 0)
        order.allegro_fulfillment_status = "SENT"

        order.with_user(self.manager).action_cancel()

        self.assertEqual(order.state, "cancel")
        said = order.message_ids.filtered(lambda m: "Odoo only" in m.body).body
        self.assertRegex(said, r"No longer reserved: 1 Units \[SKU-F\] Part SKU-F\.")
        self.assertRegex(said, r"not brought back by this: 2 Units \[SKU-F\]")
        self.assertNotIn("free", said)
        self.assertEqual(self.free(part), 1)
        self.assertEqual(delivery.state, "done")

    def test_nothing_is_said_of_parts_when_there_are_none(self):
        order = self.buy(("SKU-1", 1))
        order.allegro_fulfillment_status = "SENT"
        self.finish(order.picking_ids)
        order.with_user(self.manager).action_cancel()
        said = order.message_ids.filtered(lambda m: "Odoo only" in m.body).body
        self.assertNotIn("No longer reserved", said)
        self.assertIn("not brought back", said)

    def test_who_may_not_cancel_is_not_shown_the_button(self):
        def buttons(user):
            view = self.env.ref("sale.view_order_form")
            arch = self.env["sale.order"].with_user(user).get_view(view.id, "form")
            return etree.fromstring(arch["arch"]).xpath(
                "//header//button[@name='action_cancel']/@invisible"
            )

        [odoos, ours] = buttons(self.manager)
        self.assertIn("allegro_checkout_form_id", odoos)
        self.assertIn("not allegro_checkout_form_id", ours)
        self.assertEqual(buttons(self.user), [odoos])
