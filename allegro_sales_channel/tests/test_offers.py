"""The seller's offers and their products (behaviour 4.1, 4.3)."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..allegro.errors import AllegroUnavailableError
from ..allegro.offers import Offer, OfferPart
from .common import AllegroCommon, form_json, line_json

EAN_1, EAN_2 = "5907000000019", "5907000000026"


@tagged("post_install", "-at_install")
class TestOffers(AllegroCommon):
    def _offers(self):
        offers = self.env["allegro.offer"].search(
            [("account_id", "=", self.account.id)]
        )
        return {offer.offer_id: offer for offer in offers}

    def _read(self):
        """Read all offers, as the button does."""
        action = self.account.action_read_offers()
        request = self.env["allegro.request"].browse(action["res_id"])
        self.run_action("requests")
        return request

    def _list(self, *offers):
        self.fake.offer_list = [
            Offer(offer_id, name, external_id, active)
            for offer_id, name, external_id, active in offers
        ]

    # Reading

    def test_matched_by_reference_and_by_barcode(self):
        self.products["SKU-2"].barcode = EAN_2
        self._list(
            ("1", "By reference", "SKU-1", True),
            ("2", "By barcode", EAN_2, True),
            ("3", "Unknown", "NOPE", True),
            ("4", "Ended", None, False),
        )
        request = self._read()

        offers = self._offers()
        self.assertEqual(offers["1"].product_id, self.products["SKU-1"])
        self.assertEqual(offers["2"].product_id, self.products["SKU-2"])
        self.assertEqual(offers["3"].mapping, "missing")
        self.assertFalse(offers["4"].is_live)
        self.assertEqual(request.state, "done")
        self.assertEqual((request.new_count, request.done_count), (4, 4))
        self.assertEqual(
            self.account.offer_coverage, "66 %: 1 live offers have no product"
        )

    def test_matched_by_the_ean_of_allegros_catalogue(self):
        self.products["SKU-1"].barcode = EAN_1
        self._list(("1", "A part", None, True))
        self.fake.parts = {"1": (OfferPart((EAN_1,), 1),)}
        self._read()

        offer = self._offers()["1"]
        self.assertEqual(offer.product_id, self.products["SKU-1"])
        self.assertFalse(offer.is_set)
        self.assertEqual(
            self.account.offer_coverage, "100 %: all 1 live offers have a product"
        )

    def test_set_is_put_together_from_allegros_catalogue(self):
        self.products["SKU-1"].barcode = EAN_1
        self.products["SKU-2"].barcode = EAN_2
        self._list(("1", "Zestaw", "ZES", True))
        self.fake.parts = {"1": (OfferPart((EAN_1,), 4), OfferPart((EAN_2,), 1))}
        self._read()

        order = self.import_forms(
            form_json(line_json("ZES", offer={"id": "1", "name": "Zestaw"}, quantity=2))
        )
        moved = {
            m.product_id.default_code: m.quantity for m in order.picking_ids.move_ids
        }
        self.assertEqual(moved, {"SKU-1": 8, "SKU-2": 2})
        self.assertEqual(order.amount_total, 246)

    def test_set_with_an_unknown_part_is_not_guessed(self):
        self.products["SKU-1"].barcode = EAN_1
        self._list(("1", "Zestaw", "ZES", True))
        self.fake.parts = {"1": (OfferPart((EAN_1,), 4), OfferPart((EAN_2,), 1))}
        self._read()

        self.assertEqual(self._offers()["1"].mapping, "missing")

    def test_what_is_listed_no_longer_is_not_on_sale(self):
        self._list(("1", "One", "SKU-1", True), ("2", "Two", "SKU-2", True))
        self._read()
        self._list(("2", "Two, renamed", "SKU-2", True))
        request = self._read()

        offers = self._offers()
        self.assertFalse(offers["1"].is_live)
        self.assertEqual(offers["1"].product_id, self.products["SKU-1"])
        self.assertEqual(offers["2"].name, "Two, renamed")
        self.assertEqual((request.new_count, request.changed_count), (0, 1))

    def test_thousands_go_on_after_an_interruption(self):
        self._list(*((str(n), f"Part {n}", f"S-{n}", True) for n in range(2500)))
        asked = []
        offers = type(self.fake).offers

        def broken_once(fake, offset=0, limit=1000):
            asked.append(offset)
            if len(asked) == 2:
                raise AllegroUnavailableError("away")
            return offers(fake, offset, limit)

        with patch.object(type(self.fake), "offers", broken_once):
            request = self._read()
            self.assertEqual(request.state, "running")
            self.assertEqual(request.done_count, 1000)
            self.assertEqual(int(request.progress), 40)
            self.assertIn("away", request.account_problem)
            with patch.object(
                self.env.registry["allegro.request"],
                "_offers_to_look_into",
                lambda request, after: request.env["allegro.offer"],
            ):
                self.run_action("requests")

        self.assertEqual(asked, [0, 1000, 1000, 2000])
        self.assertEqual(request.state, "done")
        self.assertEqual(request.new_count, 2500)
        self.assertEqual(len(self._offers()), 2500)

    # Resolving

    def test_suggestions_are_ranked_with_their_reason(self):
        self._make_product("ALT-0124525", self.tax_23, quantity=0)
        twin = self._make_product("X-1", self.tax_23, quantity=0)
        twin.name = "Alternator Bosch Golf VII"
        by_ean = self._make_product("X-2", self.tax_23, quantity=0, barcode=EAN_2)
        offer = self.env["allegro.offer"].create(
            {
                "account_id": self.account.id,
                "offer_id": "1",
                "name": "Alternator Bosch VW Golf VII",
                "external_id": "alt 0124525",
            }
        )
        offer._store_parts([(OfferPart((EAN_1, EAN_2), 1), OfferPart((), 1))])

        found = offer._suggestions()

        self.assertEqual(
            [product.default_code for product, _reason in found],
            ["X-2", "ALT-0124525", "X-1"],
        )
        self.assertEqual(found[0], (by_ean, f"The same EAN: {EAN_2}"))
        self.assertIn("written alike", found[1][1])
        self.assertIn("similar name", found[2][1])

    def test_conflict_is_shown_with_both_and_settled_by_a_person(self):
        double = self._make_product("SKU-1", self.tax_23, quantity=0)
        self._list(("1", "Part", "SKU-1", True))
        self._read()
        offer = self._offers()["1"]
        both = self.products["SKU-1"] + double
        self.assertEqual(offer.mapping, "conflict")
        self.assertEqual(offer.conflict_product_ids, both)

        user = new_test_user(
            self.env, "seller", "allegro_sales_channel.group_allegro_user"
        )
        action = offer.with_user(user).action_choose_product()
        resolver = (
            self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        )
        self.assertIn("Claimed by", resolver.problem)
        self.assertEqual(resolver.line_ids[:2].product_id, both)
        resolver.line_ids.filtered(lambda li: li.product_id == double).action_use()

        self.assertEqual(offer.product_id, double)
        self.assertEqual(offer.mapping, "mapped")
        self.assertFalse(offer.conflict_product_ids)

    def test_many_suggestions_are_used_at_once(self):
        self._list(("1", "A", "sku 1", True), ("2", "B", "sku 2", True))
        self._read()
        offers = self.env["allegro.offer"].union(*self._offers().values())
        self.assertEqual(len(offers.suggested_product_id), 2)

        offers.action_use_suggestion()

        self.assertEqual(set(offers.mapped("mapping")), {"mapped"})
        self.assertEqual(offers.product_id, offers.suggested_product_id)

    def test_ignored_offer_is_left_alone_until_it_is_taken_back(self):
        self._list(("1", "Gift wrap", "WRAP", True))
        self._read()
        offer = self._offers()["1"]
        offer.action_ignore()
        self._make_product("WRAP", self.tax_23, quantity=0)
        self._read()
        self.assertEqual(offer.mapping, "ignored")
        self.assertFalse(self.account.offer_coverage)

        offer.action_stop_ignoring()
        self.assertEqual(offer.mapping, "mapped")

    # Orders that waited

    def test_mapping_brings_the_orders_that_waited(self):
        form_id = self.fake.put(form_json(line_json("NOPE")))
        self.run_action("sync")
        orders = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertFalse(orders, "nothing of it may be stored")
        offer = self._offers()["offer-NOPE"]
        self.assertEqual(offer.waiting_order_count, 1)

        offer.product_id = self.products["SKU-1"]
        self.run_action("sweep")
        self.run_action("sync")

        order = orders.search([("allegro_checkout_form_id", "=", form_id)])
        self.assertEqual(order.order_line.product_id, self.products["SKU-1"])
        self.assertFalse(offer.waiting_order_count)

    def test_mapping_completes_the_orders_that_lacked_the_item(self):
        form_id = self.fake.put(
            form_json(line_json("SKU-1"), line_json("NOPE"), line_json("ALSO-NOT"))
        )
        self.run_action("sync")
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(len(order.order_line), 1)

        self._offers()["offer-NOPE"].product_id = self.products["SKU-2"]
        self.run_action("sync")

        self.assertEqual(
            order.order_line.product_id, self.products["SKU-1"] + self.products["SKU-2"]
        )
        self.assertEqual(
            order.picking_ids.move_ids.product_id, order.order_line.product_id
        )
        self.assertTrue(order.allegro_has_unmanaged)
        self.assertNotIn("NOPE)", order.allegro_unmanaged_items.replace("ALSO-NOT", ""))

        self._offers()["offer-ALSO-NOT"].product_id = self.products["SKU-8"]
        self.run_action("sync")

        self.assertFalse(order.allegro_has_unmanaged)
        self.assertFalse(order.allegro_total_difference)
        self.assertEqual(len(order.order_line), 3)

    def test_mapping_leaves_an_order_that_was_sent_as_it_is(self):
        form = form_json(line_json("SKU-1"), line_json("NOPE"))
        form["fulfillment"]["status"] = "SENT"
        form_id = self.fake.put(form)
        self.run_action("sync")

        self._offers()["offer-NOPE"].product_id = self.products["SKU-2"]
        self.run_action("sync")

        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(len(order.order_line), 1)

    # Rights

    def test_who_may_map(self):
        self._list(("1", "Part", "sku 1", True))
        self._read()
        offer = self._offers()["1"]
        salesman = new_test_user(self.env, "other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            offer.with_user(salesman).action_use_suggestion()
        user = new_test_user(
            self.env, "seller", "allegro_sales_channel.group_allegro_user"
        )
        offer.with_user(user).action_use_suggestion()
        self.assertEqual(offer.product_id, self.products["SKU-1"])
