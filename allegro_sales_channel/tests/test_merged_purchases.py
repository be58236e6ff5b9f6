"""The buyer merges purchases (behaviour 2.4, digest sections 5 and 14)."""

import copy
import uuid

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AllegroCommon, form_json, line_json


def merged_form(*forms):
    """What Allegro makes of several purchases: a new id, the very same lines."""
    lines = [copy.deepcopy(line) for form in forms for line in form["lineItems"]]
    return form_json(*lines) | {"id": str(uuid.uuid4())}


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 12:00:00")
class TestMergedPurchases(AllegroCommon):
    def setUp(self):
        super().setUp()
        self.first = form_json(line_json("SKU-1", quantity=60))
        self.second = form_json(line_json("SKU-2"))
        self.whole = merged_form(self.first, self.second)

    def _sync(self):
        self.run_action("sync")

    def _order(self, form):
        return self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form["id"])]
        )

    def _merge(self, announce_old=True):
        for form in (self.first, self.second):
            del self.fake.forms[form["id"]]
            if announce_old:
                self.fake.announce(form["id"], "BUYER_MODIFIED")

    def _check_merged(self):
        new, old = self._order(self.whole), self._order(self.first)
        self.assertEqual(new.state, "sale")
        self.assertEqual(old.state, "cancel")
        self.assertEqual(self._order(self.second).state, "cancel")
        self.assertEqual(old.allegro_merged_into_id, new)
        self.assertEqual(new.allegro_merged_order_ids, old + self._order(self.second))
        # 60 of 100 were reserved for the old order: they are free for the new one
        self.assertEqual(new.picking_ids.state, "assigned")
        self.assertEqual(old.picking_ids.state, "cancel")
        self.assertFalse(self.env["stock.scrap"].search([("origin", "=", old.name)]))
        self.assertIn(new.name, "".join(old.message_ids.mapped("body")))
        self.assertIn(old.name, "".join(new.message_ids.mapped("body")))
        self.assertFalse(self.env["allegro.incoming.order"].search([]))

    def test_old_ids_first(self):
        self.fake.put(self.first)
        self.fake.put(self.second)
        self._sync()
        self._merge()
        self._sync()
        old = self._order(self.first)
        self.assertEqual(old.state, "sale", "404 alone is no evidence of a merge")
        self.assertTrue(old.allegro_missing_since)
        row = self.env["allegro.incoming.order"].search([], limit=1)
        self.assertEqual(row.state, "pending")
        self.assertIn("merged", row.error)

        self.fake.put(self.whole)
        self._sync()
        self._sync()

        self.assertFalse(old.allegro_missing_since)
        self._check_merged()

    def test_new_id_first(self):
        self.fake.put(self.first)
        self.fake.put(self.second)
        self._sync()
        self._merge(announce_old=False)
        self.fake.put(self.whole)
        self._sync()
        for form in (self.first, self.second):
            self.fake.announce(form["id"], "BUYER_MODIFIED")
        self._sync()

        self._check_merged()

    def test_all_in_one_batch(self):
        self.fake.put(self.first)
        self.fake.put(self.second)
        self._sync()
        self._merge()
        self.fake.put(self.whole)
        self._sync()
        self._sync()

        self._check_merged()

    def test_merged_before_anything_was_imported(self):
        self.fake.put(self.first)
        self.fake.put(self.second)
        self._merge()
        self.fake.put(self.whole)
        self._sync()

        self.assertEqual(self._order(self.whole).state, "sale")
        self.assertFalse(self._order(self.first))
        self.assertFalse(self.env["allegro.incoming.order"].search([]))

    def test_goods_that_left_are_left_to_a_person(self):
        self.fake.put(self.first)
        self._sync()
        old = self._order(self.first)
        old.picking_ids.button_validate()
        self._merge_first_only()
        self._sync()

        self.assertEqual(old.state, "sale")
        self.assertIn("merged this order", old.activity_ids.summary)
        self.assertEqual(old.allegro_merged_into_id, self._order(self.whole))

    def _merge_first_only(self):
        del self.fake.forms[self.first["id"]]
        self.fake.put(self.whole)

    def test_nothing_more_is_told_to_allegro_about_the_old_one(self):
        self.fake.put(self.first)
        self._sync()
        old = self._order(self.first)
        old.allegro_fulfillment_target = "PROCESSING"
        self._merge_first_only()
        self._sync()

        self.assertFalse(old.allegro_fulfillment_target)

    def test_forgotten_by_allegro_is_no_problem_after_a_year(self):
        self.fake.put(self.first)
        self._sync()
        with freeze_time("2027-10-01"):
            del self.fake.forms[self.first["id"]]
            self.fake.announce(self.first["id"])
            self.account.token_expires_at = "2036-01-01"
            self._sync()

        self.assertEqual(self._order(self.first).state, "sale")
        self.assertFalse(self._order(self.first).allegro_missing_since)
        self.assertFalse(self.env["allegro.incoming.order"].search([]))
