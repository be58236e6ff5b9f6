"""Handing over without any tracking number asks once, and only people."""

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..allegro.errors import AllegroRejectedError
from .common import AllegroCommon, form_json, line_json

NUMBER = "0000007268757Q"
WIZARD = "allegro.hand.over.wizard"


@tagged("post_install", "-at_install")
class TestWithoutNumber(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())

    def _order(self, *lines, **values):
        form = form_json(*lines, **values)
        self.fake.put(form, event=None)
        return self.import_forms(form)

    def _with_number(self):
        order = self._order()
        order.picking_ids.carrier_tracking_ref = NUMBER
        return order

    def _pressed(self, records, **context):
        """As the button in a form or list presses it."""
        pressed = records.with_context(allegro_ask=True, **context)
        if records._name == "sale.order":
            return pressed.action_allegro_hand_over()
        return pressed.button_validate()

    def _asked(self, action):
        self.assertEqual(action["res_model"], WIZARD)
        wizards = self.env[WIZARD].with_context(**action["context"])
        return wizards.browse(action["res_id"])

    # One order

    def test_one_order_asks_and_then_goes(self):
        order = self._order()
        wizard = self._asked(self._pressed(order))
        self.assertEqual(wizard.question, f"{order.name} has no tracking number.")
        self.assertFalse(wizard.can_leave_out)
        self.assertEqual(order.picking_ids.state, "assigned")
        self.assertFalse(order.allegro_fulfillment_target)

        self.assertIs(wizard.action_confirm(), True)
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_or_the_number_is_entered_first(self):
        order = self._order()
        wizard = self._asked(self._pressed(order))
        action = wizard.action_add_tracking()
        self.assertEqual(action["res_model"], "allegro.tracking.wizard")
        dialog = Form(self.env[action["res_model"]].with_context(**action["context"]))
        dialog.waybill = NUMBER
        dialog.save().action_confirm()
        self.assertIs(self._pressed(order), True)
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_other_software_is_not_asked(self):
        order, other = self._order(), self._order()
        self.assertIs(order.action_allegro_hand_over(), True)
        self.assertEqual(order.allegro_fulfillment_target, "SENT")
        self.assertIs(other.picking_ids.button_validate(), True)
        self.assertEqual(other.allegro_fulfillment_target, "SENT")

    def test_with_a_number_nobody_is_asked(self):
        order = self._with_number()
        self.assertIs(self._pressed(order), True)
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_a_refused_number_is_none(self):
        order = self._with_number()
        self.fake.refuse("add_shipment", AllegroRejectedError("Zły numer", status=400))
        self.run_action("push")
        self._asked(self._pressed(order))

    def test_odoos_own_question_comes_after_it(self):
        self._make_product("FEW", self.tax_23, quantity=1)
        order = self._order(line_json("FEW", quantity=5))
        wizard = self._asked(self._pressed(order))
        question = wizard.action_confirm()
        self.assertEqual(question["res_model"], "stock.backorder.confirmation")
        Form.from_action(self.env, question).save().process_cancel_backorder()
        self.assertEqual(order.allegro_fulfillment_target, "SENT")

    def test_several_steps_ask_once(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_pack_ship"
        self.account.warehouse_id = warehouse
        order = self._order()
        self.assertIs(self._asked(self._pressed(order)).action_confirm(), True)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})
        # picking and packing by hand is not leaving
        other = self._order()
        for _step in range(2):
            ready = other.picking_ids.filtered(lambda p: p.state == "assigned")
            self.assertIs(self._pressed(ready), True)
        ready = other.picking_ids.filtered(lambda p: p.state == "assigned")
        self._asked(self._pressed(ready))

    def test_what_can_not_be_handed_over_says_so_instead(self):
        order = self._order()
        order.allegro_status = "CANCELLED"
        with self.assertRaisesRegex(UserError, "buyer cancelled"):
            self._pressed(order)

    def test_sent_on_allegro_already_there_is_nothing_to_ask(self):
        order = self._order(fulfillment={"status": "SENT"})
        self.assertIs(self._pressed(order), True)
        self.assertEqual(order.picking_ids.state, "done")

    # Who needs none

    def _by_method(self, method_id, name):
        method = {"id": method_id, "name": name}
        return self._order(delivery={**form_json()["delivery"], "method": method})

    def test_fetched_or_brought_in_person_needs_none(self):
        for name in ("Odbiór osobisty", "Transport własny", "Osobní odběr"):
            with self.subTest(name):
                order = self._by_method("of-" + name, name)
                self.assertIs(self._pressed(order), True)
        point = self._by_method("point", "Allegro Odbiór w Punkcie DPD Pickup")
        self._asked(self._pressed(point))

    def test_what_a_person_says_of_a_method_counts(self):
        methods = self.env["allegro.delivery.method"].create(
            [
                {"method_id": "m-1", "name": "Odbiór osobisty"},
                {"method_id": "m-2", "name": "Przesyłka kurierska"},
            ]
        )
        self.assertEqual(methods.mapped("without_number"), [True, False])
        methods[0].without_number = False
        methods[1].without_number = True
        methods.write({"name": "Odbiór osobisty w sklepie"})
        self.env.flush_all()
        self.assertEqual(methods.mapped("without_number"), [False, True])
        self._asked(self._pressed(self._by_method("m-1", "Odbiór osobisty")))
        self.assertIs(self._pressed(self._by_method("m-2", "Kurier")), True)

    def test_a_connected_carrier_gives_its_number_by_itself(self):
        order = self._order()
        product = self.env["product.product"].create({"name": "C", "type": "service"})
        carrier = self.env["delivery.carrier"].create(
            {"name": "C", "product_id": product.id}
        )
        order.picking_ids.carrier_id = carrier
        self._asked(self._pressed(order))
        # the word of an addon that connects one
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE delivery_carrier SET delivery_type = 'connected' WHERE id = %s",
            [carrier.id],
        )
        self.env.invalidate_all()
        self.assertFalse(order._allegro_without_number())

    # Many from the list

    def test_many_ask_once_and_each_has_its_result(self):
        numbered = self._with_number() + self._with_number()
        bare = self._order()
        sent = self._order(fulfillment={"status": "SENT"})
        sent.picking_ids.action_cancel()
        every = numbered + bare + sent
        wizard = self._asked(self._pressed(every, allegro_bulk=True))
        self.assertEqual(wizard.question, "1 of 4 have no tracking number.")
        self.assertEqual(wizard.names, bare.name)
        self.assertTrue(wizard.can_leave_out)

        action = wizard.action_leave_out()
        lines = self.env[action["res_model"]].browse(action["res_id"]).line_ids
        self.assertEqual(lines.order_id, numbered + sent)
        self.assertEqual(lines.mapped("result"), ["waiting", "waiting", "skipped"])
        self.assertFalse(bare.allegro_fulfillment_target)

        action = self._asked(self._pressed(bare, allegro_bulk=True)).action_confirm()
        lines = self.env[action["res_model"]].browse(action["res_id"]).line_ids
        self.assertEqual(lines.mapped("result"), ["waiting"])

    def test_long_lists_are_cut(self):
        orders = self.env["sale.order"].union(*(self._order() for _n in range(12)))
        wizard = self._asked(self._pressed(orders, allegro_bulk=True))
        self.assertEqual(wizard.question, "12 of 12 have no tracking number.")
        self.assertFalse(wizard.can_leave_out)
        self.assertEqual(len(wizard.names.split(", ")), 11)
        self.assertIn("and 2 more", wizard.names)
        action = wizard.action_add_tracking()
        self.assertEqual(action["res_model"], "allegro.tracking.batch")

    # In Inventory

    def test_validating_asks_the_warehouse(self):
        user = new_test_user(self.env, "storekeeper", "stock.group_stock_user")
        bare, numbered = self._order(), self._with_number()
        direct = self.env["stock.picking"].create(
            {
                "picking_type_id": bare.picking_ids.picking_type_id.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.products["SKU-1"].id,
                            "product_uom_qty": 1,
                            "location_id": bare.picking_ids.location_id.id,
                            "location_dest_id": bare.picking_ids.location_dest_id.id,
                        },
                    )
                ],
            }
        )
        direct.action_confirm()
        pickings = bare.picking_ids + numbered.picking_ids + direct
        action = self._pressed(pickings.with_user(user))
        wizard = self._asked(action).with_user(user)
        self.assertEqual(wizard.question, "1 of 3 have no tracking number.")
        self.assertEqual(wizard.names, bare.picking_ids.name)
        with Form(wizard) as form:
            self.assertTrue(form.can_leave_out)

        wizard.action_leave_out()
        self.assertEqual(pickings.mapped("state"), ["assigned", "done", "done"])
        self.assertEqual(numbered.allegro_fulfillment_target, "SENT")
        self.assertFalse(bare.allegro_fulfillment_target)

        action = self._pressed(bare.picking_ids.with_user(user))
        self.assertIs(self._asked(action).with_user(user).action_confirm(), True)
        self.assertEqual(bare.allegro_fulfillment_target, "SENT")

    def test_deliveries_of_others_are_validated_as_ever(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Direct"}).id,
                "order_line": [(0, 0, {"product_id": self.products["SKU-1"].id})],
            }
        )
        order.action_confirm()
        self.assertIs(self._pressed(order.picking_ids), True)

    def test_the_buttons_of_people_ask(self):
        ours = self.env.ref("stock.action_validate_picking")
        self.assertIn("allegro_ask", ours.code)
        order = self._order()
        action = ours.with_context(
            active_model="stock.picking",
            active_ids=order.picking_ids.ids,
            active_id=order.picking_ids.id,
        ).run()
        self._asked(action)
        for model, view in (
            ("sale.order", "sale.view_order_form"),
            ("sale.order", "sale.view_order_tree"),
            ("stock.picking", "stock.view_picking_form"),
        ):
            arch = self.env[model].get_view(self.env.ref(view).id)["arch"]
            self.assertIn("allegro_ask", arch, view)
