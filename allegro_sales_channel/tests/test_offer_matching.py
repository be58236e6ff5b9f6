"""Which offer is which product, and what waits for one (rules 4.1 and 4.3)."""

from unittest.mock import patch

from odoo.exceptions import ConcurrencyError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.door.fault import Fault, whose
from .common import form_json, line_json
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
class TestOfferMatching(SyncCommon):
    def _offer(self, sku):
        return self.env["allegro.offer"].search([("offer_id", "=", f"offer-{sku}")])

    def test_by_reference_and_kept(self):
        self.import_forms(form_json())
        offer = self._offer("SKU-1")
        self.assertEqual(offer.product_id, self.products["SKU-1"])
        # the mapping is what counts from now on
        offer.product_id = self.products["SKU-2"]
        order = self.import_forms(form_json())
        self.assertEqual(order.order_line.product_id, self.products["SKU-2"])

    def test_another_worker_meets_the_same_offer_at_the_same_time(self):
        self.import_forms(form_json())
        known = self._offer("SKU-1")
        values = {
            "account_id": self.account.id,
            "offer_id": known.offer_id,
            "name": known.name,
        }
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError) as raised,
        ):
            self.env["allegro.offer"]._create_met([values])
        # the runner of steps begins again, and finds it
        self.assertIs(whose(raised.exception), Fault.RACE)

    def test_by_barcode_when_no_reference_matches(self):
        self.products["SKU-8"].barcode = "5901234123457"
        order = self.import_forms(form_json(line_json("5901234123457")))
        self.assertEqual(order.order_line.product_id, self.products["SKU-8"])

    def test_reference_comes_before_barcode(self):
        self.products["SKU-8"].barcode = "SKU-1"
        order = self.import_forms(form_json(line_json("SKU-1")))
        self.assertEqual(order.order_line.product_id, self.products["SKU-1"])

    def test_several_products_are_a_conflict_for_a_person(self):
        twin = self._make_product("SKU-1", self.tax_23)
        self.assertFalse(self.import_forms(form_json()))
        offer = self._offer("SKU-1")
        self.assertFalse(offer.product_id)
        self.assertEqual(offer.conflict_product_ids, twin | self.products["SKU-1"])
        offer.product_id = twin
        self.assertFalse(offer.conflict_product_ids)
        order = self.import_forms(form_json())
        self.assertEqual(order.order_line.product_id, twin)

    def test_products_of_other_companies_are_not_meant(self):
        other = self.env["res.company"].create({"name": "Other"})
        no_tax = self.env["account.tax"]
        self._make_product("THEIRS", no_tax, quantity=0, company_id=other.id)
        self.assertFalse(self.import_forms(form_json(line_json("THEIRS"))))

    def test_without_reference_it_waits_for_a_person(self):
        self.assertFalse(self.import_forms(form_json(line_json(sku=None))))
        self.assertEqual(self._offer(None).waiting_order_count, 1)

    def test_each_waiting_order_is_counted_once(self):
        form = form_json(line_json("NEW"), line_json("NEW"))
        for _ in range(2):
            self.import_forms(form)
        self.import_forms(form_json(line_json("NEW")))
        self.assertEqual(self._offer("NEW").waiting_order_count, 2)

    def test_choosing_the_product_imports_what_waited(self):
        old = line_json("NEW", boughtAt="2026-03-01T10:00:00.000Z")
        ids = [self.fake.put(form_json(line)) for line in (old, line_json("NEW"))]
        self.sync()
        self.sweep()
        self.assertFalse(self.orders())
        offer = self._offer("NEW")
        self.assertEqual(offer.waiting_order_count, 2)
        self.assertEqual(str(offer.waiting_since), "2026-03-01 10:00:00")
        user = new_test_user(
            self.env, "seller_user", groups="allegro_sales_channel.group_allegro_user"
        )
        product = self._make_product("OWN-NAME", self.tax_23)

        offer.with_user(user).product_id = product

        self.assertEqual(str(self.account.sweep_from), "2026-03-01 10:00:00")
        self.assertFalse(offer.waiting_order_count or offer.sudo().waiting_order_keys)
        self.sweep()
        self.sync()
        self.assertEqual(self.imported(), sorted(ids))
        self.assertEqual(self.orders().order_line.product_id, product)
        self.assertFalse(self.account.sweep_from)

    def test_a_product_made_later_is_found_by_the_sweep(self):
        form_id = self.fake.put(form_json(line_json("LATER")))
        self.sync()
        self.assertFalse(self.orders())
        self._make_product("LATER", self.tax_23)
        self.sweep()
        self.sync()
        self.assertEqual(self.imported(), [form_id])

    def test_choosing_wakes_the_scheduled_action(self):
        self.import_forms(form_json(line_json("NEW")))
        woken = []
        with patch.object(
            self.env.registry["allegro.account"],
            "_wake",
            lambda _self, name: woken.append(name),
        ):
            self._offer("NEW").product_id = self.products["SKU-1"]
            self.assertEqual(woken, ["sweep"])
            # nothing waits for it any more
            self._offer("NEW").product_id = self.products["SKU-2"]
            self.assertEqual(woken, ["sweep"])

    def test_signature_changed_at_allegro_is_followed(self):
        self.import_forms(form_json(line_json("NEW")))
        line = line_json("NEW")
        line["offer"]["external"] = {"id": "SKU-8"}
        order = self.import_forms(form_json(line))
        self.assertEqual(order.order_line.product_id, self.products["SKU-8"])
