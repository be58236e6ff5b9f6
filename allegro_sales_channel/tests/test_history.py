"""Older orders: only to be looked at (behaviour 2.8)."""

import uuid
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AllegroCommon, form_json, line_json
from .test_import_on_request import bought


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 12:00:00")
class TestHistory(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.order_import_start = "2026-09-08"
        cls.user = new_test_user(
            cls.env, "seller", "allegro_sales_channel.group_allegro_user"
        )

    def _load(self):
        wizard = self.env["allegro.period.wizard"].with_user(self.user)
        action = wizard.create(
            {"kind": "history", "date_from": "2026-06-01", "date_to": "2026-09-10"}
        ).action_confirm()
        self.run_action("requests")
        return self.env["allegro.request"].browse(action["res_id"])

    def _older(self, form_id=None):
        domain = [("checkout_form_id", "=", form_id)] if form_id else []
        return self.env["allegro.historic.order"].with_user(self.user).search(domain)

    def test_older_order_is_kept_and_nothing_else(self):
        before = {
            model: self.env[model].search_count([])
            for model in ("sale.order", "res.partner", "stock.move", "account.move")
        }
        form = bought(
            form_json(line_json("SKU-1", quantity=2), line_json("NOPE", "10.00")),
            "2026-07-01T10:00:00Z",
        )
        form["fulfillment"]["status"] = "SENT"
        form_id = self.fake.put(form, event=None)
        request = self._load()

        older = self._older(form_id)
        self.assertEqual(older.buyer_login, "buyer_one")
        self.assertEqual(older.total, 256)
        self.assertEqual(older.currency_id.name, "PLN")
        self.assertEqual(older.summary, "2 × Part SKU-1; 1 × Part NOPE")
        self.assertEqual(older.fulfillment_status, "SENT")
        self.assertEqual(str(older.bought_at), "2026-07-01 10:00:00")
        self.assertTrue(older.url.endswith(form_id))
        self.assertEqual((request.new_count, request.done_count), (1, 1))
        for model, count in before.items():
            self.assertEqual(self.env[model].search_count([]), count, model)

    def test_loaded_again_it_follows_allegro(self):
        form = bought(form_json(), "2026-07-01T10:00:00Z")
        form_id = self.fake.put(form, event=None)
        self._load()
        form["fulfillment"]["status"] = "PICKED_UP"
        self.fake.put(form, event=None)
        again = self._load()

        self.assertEqual(self._older(form_id).fulfillment_status, "PICKED_UP")
        self.assertEqual((again.new_count, again.changed_count), (0, 1))
        third = self._load()
        self.assertEqual((third.changed_count, third.skipped_count), (0, 1))

    def test_sales_orders_and_unpaid_ones_are_left_out_and_named(self):
        form = form_json()
        order = self.import_forms(form)
        self.fake.put(form, event=None)
        unpaid = self.fake.put(
            bought(form_json(status="BOUGHT"), "2026-07-01T10:00:00Z"), event=None
        )
        new_id = self.fake.put(form_json(line_json("NOPE")), event=None)
        broken = form_json()
        broken["buyer"] = None
        broken_id = self.fake.put(broken, event=None)
        request = self._load()

        self.assertFalse(self._older())
        lines = {line.checkout_form_id: line for line in request.line_ids}
        self.assertEqual(lines[form["id"]].order_id, order)
        self.assertIn("not completed", lines[unpaid].reason)
        self.assertIn("no older order", lines[new_id].reason)
        self.assertEqual(lines[broken_id].result, "failed")
        self.assertIn("buyer", lines[broken_id].reason)

    def test_it_can_only_be_read(self):
        self.fake.put(bought(form_json(), "2026-07-01T10:00:00Z"), event=None)
        self._load()
        older = self._older()
        for forbidden in (
            lambda: older.write({"buyer_login": "x"}),
            lambda: older.copy(),
            lambda: older.unlink(),
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_order_that_has_to_be_worked_on_becomes_a_sales_order(self):
        form_id = self.fake.put(bought(form_json(), "2026-09-07T10:00:00Z"), event=None)
        self._load()
        self._older(form_id).action_import()
        self.run_action("requests")

        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._older(form_id))

    def test_orders_of_one_moment_at_the_seams_are_kept_once(self):
        start = datetime(2026, 7, 1)
        for number in range(230):
            moment = start + timedelta(minutes=number // 7)
            form = bought(form_json(), f"{moment.isoformat()}Z")
            self.fake.put(form | {"id": str(uuid.uuid4())}, event=None)
        request = self._load()

        self.assertEqual(request.new_count, 230)
        self.assertEqual(len(self._older()), 230)
