"""Each chain of steps is one list, and the order of imports decides nothing."""

import random

from odoo.tests import tagged

from .common import AllegroCommon, form_json, line_json

#: The lists of steps of an order, and those of an account.
RECIPES = {
    "sale.order": (
        "_allegro_import_steps",
        "_allegro_new_order_steps",
        "_allegro_form_steps",
        "_allegro_line_steps",
        "_allegro_follow_steps",
    ),
    "allegro.account": ("_connected_steps",),
    "allegro.offer": ("_mapped_steps",),
}


@tagged("post_install", "-at_install")
class TestRecipes(AllegroCommon):
    def test_each_step_is_there_once(self):
        for model, recipes in RECIPES.items():
            for recipe in recipes:
                steps = getattr(self.env[model], recipe)()
                self.assertEqual(len(steps), len(set(steps)), recipe)
                for step in steps:
                    self.assertTrue(callable(getattr(self.env[model], step)), step)

    def _shuffle(self, model, seed):
        """Let the addon's classes of a model stand as if imported in another order."""
        registry_class = self.env.registry[model]
        before = registry_class.__bases__
        ours = [
            base
            for base in before
            if base.__module__.startswith("odoo.addons.allegro_sales_channel.")
        ]
        self.assertGreater(len(ours), 5)
        shuffled = random.Random(seed).sample(ours, len(ours))
        places = iter(shuffled)
        registry_class.__bases__ = tuple(
            next(places) if base in ours else base for base in before
        )
        self.addCleanup(setattr, registry_class, "__bases__", before)

    def _cancelled_with_another_address(self):
        """An order whose buyer changes the address and then cancels, read at once."""
        form = form_json(line_json(quantity=2), delivery_cost="9.99")
        order = self.import_forms(form)
        form["delivery"]["address"] |= {"street": "ul. Nowa 8", "city": "Gdynia"}
        form["delivery"]["cost"]["amount"] = "19.99"
        form["status"] = "CANCELLED"
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")
        return order

    def test_a_cancelled_order_is_not_sent_elsewhere(self):
        for seed in range(6):
            with self.subTest(seed=seed):
                self._shuffle("sale.order", seed)
                self._shuffle("allegro.account", seed)
                order = self._cancelled_with_another_address()
                self.assertEqual(order.state, "cancel")
                self.assertEqual(order.allegro_cancelled_by, "buyer")
                self.assertIn("ul. Nowa 8", order.allegro_recipient)
                # what is cancelled goes nowhere, so nothing is told about it
                self.assertEqual(order.partner_shipping_id.city, "Warszawa")
                self.assertNotIn(
                    "delivery address",
                    "".join(order.picking_ids.message_ids.mapped("body")),
                )
                self.assertEqual(
                    order.order_line.filtered("is_delivery").price_unit, 9.99
                )
                self.assertEqual(order.allegro_stock_audit_ids.quantity, 2)
