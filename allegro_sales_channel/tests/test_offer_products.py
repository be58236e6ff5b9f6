"""What an offer can be, and what was found by itself is found anew (4.1, 10.5)."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..allegro.checkout_form import CheckoutForm
from ..allegro.offers import Offer, OfferPart
from .common import AllegroCommon, form_json, line_json

EAN_1, EAN_2 = "5907000000019", "5907000000026"


class OfferProductsCommon(AllegroCommon):
    def _offer(self, sku="SKU-1", **values):
        """The offer of these tests' purchases, as it is or as it is made now."""
        offers = self.env["allegro.offer"]
        offer = offers.search([("offer_id", "=", f"offer-{sku}")])
        if values or not offer:
            offer = offers.create(
                {
                    "account_id": self.account.id,
                    "offer_id": f"offer-{sku}",
                    "name": f"Part {sku}",
                    "external_id": sku,
                    **values,
                }
            )
        return offer

    def _goods(self, sku, **values):
        return self._make_product(sku, self.tax_23, **values)

    def _combo(self, sku):
        choice = self.env["product.combo"].create(
            {
                "name": "Choice",
                "combo_item_ids": [
                    Command.create({"product_id": self.products["SKU-2"].id})
                ],
            }
        )
        return self._goods(
            sku, quantity=0, is_storable=False, type="combo", combo_ids=choice.ids
        )

    def _buy(self, sku="SKU-1"):
        return self.import_forms(form_json(line_json(sku)))

    def _assert_not_sold(self, sku, reason):
        """Its purchase is no order, and says why; with goods it is marked."""
        self.assertFalse(self._buy(sku))
        offer = self._offer(sku)
        self.assertEqual(offer.mapping, "conflict")
        self.assertIn(reason, offer.problem)
        self.assertGreaterEqual(offer.waiting_order_count, 1)
        order = self.import_forms(form_json(line_json("SKU-2"), line_json(sku)))
        self.assertTrue(order.allegro_has_unmanaged)
        self.assertEqual(order.order_line.product_id, self.products["SKU-2"])


@tagged("post_install", "-at_install")
class TestWhatAnOfferCanBe(OfferProductsCommon):
    """Not any product with the signature is one that can be sent."""

    def test_a_combo_is_a_case_for_a_person(self):
        combo = self._combo("COMBO")
        self._assert_not_sold("COMBO", "is a combo")
        self.assertEqual(self._offer("COMBO").conflict_product_ids, combo)
        # nor by a person's mistake: he is told
        with self.assertRaisesRegex(ValidationError, "is a combo"):
            self._offer("COMBO").product_id = combo
        with self.assertRaisesRegex(ValidationError, "is a combo"):
            self._offer().component_ids = [Command.create({"product_id": combo.id})]

    def test_goods_that_become_a_combo(self):
        part = self._goods("BECOMES", quantity=0, is_storable=False)
        self._offer("BECOMES", product_id=part.id)
        self.assertEqual(self._offer("BECOMES").mapping, "mapped")
        choice = self._combo("OTHER").combo_ids
        part.product_tmpl_id.write({"type": "combo", "combo_ids": choice.ids})
        self._assert_not_sold("BECOMES", "is a combo")

    def test_a_service_is_taken_when_a_person_says_so(self):
        service = self._goods("FITTING", quantity=0, is_storable=False, type="service")
        self.assertFalse(self._buy("FITTING"))
        offer = self._offer("FITTING")
        self.assertEqual(offer.mapping, "missing")
        self.assertEqual(offer.suggested_product_id, service)
        self.assertIn("nothing is sent for it", offer.suggestion_reason)
        offer._suggest()
        self.assertIn("nothing is sent for it", offer.suggestion_reason)

        offer.action_use_suggestion()

        self.assertEqual(offer.mapped_by, "suggestion")
        self.assertEqual(self._buy("FITTING").order_line.product_id, service)

    def test_what_is_not_for_sale_is_taken_when_a_person_says_so(self):
        material = self._goods("MATERIAL", sale_ok=False, purchase_ok=True)
        self.assertFalse(self._buy("MATERIAL"))
        offer = self._offer("MATERIAL")
        self.assertEqual(offer.suggested_product_id, material)
        self.assertIn("is not for sale", offer.suggestion_reason)
        offer.product_id = material
        self.assertEqual(self._buy("MATERIAL").order_line.product_id, material)

    def test_own_helpers_are_no_goods(self):
        self.assertFalse(self._buy("ALLEGRO-DEPOSIT"))
        self.assertEqual(self._offer("ALLEGRO-DEPOSIT").mapping, "missing")

    def test_what_is_bought_no_longer_sold(self):
        self._buy()
        self.products["SKU-1"].sale_ok = False
        self._assert_not_sold("SKU-1", "is not for sale")
        self._offer().action_keep_product()
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-1"])

    def test_archived_products_are_not_meant(self):
        self._goods("GONE").action_archive()
        self.assertFalse(self._buy("GONE"))
        self.assertEqual(self._offer("GONE").mapping, "missing")

    def test_a_product_given_to_another_company(self):
        part = self._goods("MOVED", quantity=0)
        self._offer("MOVED", product_id=part.id)
        part.company_id = self.env["res.company"].create({"name": "Other"})
        self._assert_not_sold("MOVED", "another company")

    def test_a_branch_sells_what_its_company_has(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        account = self._make_account(seller_id="2000", company_id=branch.id)
        self.products["SKU-1"].company_id = self.company
        offer = self.env["allegro.offer"].create(
            {
                "account_id": account.id,
                "offer_id": "1",
                "name": "Part",
                "external_id": "SKU-1",
            }
        )
        offer._match_products()
        self.assertEqual(offer.product_id, self.products["SKU-1"])

    def test_offers_of_two_companies_are_matched_together(self):
        other = self.env["res.company"].create({"name": "Other"})
        account = self._make_account(seller_id="2000", company_id=other.id)
        theirs = self._goods("THEIRS", quantity=0, company_id=other.id)
        mine, their = self.env["allegro.offer"].create(
            [
                {
                    "account_id": owner.id,
                    "offer_id": "1",
                    "name": "Part",
                    "external_id": "THEIRS",
                    "is_ignored": True,
                }
                for owner in (self.account, account)
            ]
        )
        (mine | their).action_stop_ignoring()
        self.assertEqual((mine | their).mapped("product_id"), theirs)
        self.assertEqual(mine.mapping, "missing")

    def test_a_kit_without_goods(self):
        kit = self._make_kit("KIT", [(self.products["SKU-2"], 1)])
        self.assertEqual(self._buy("KIT").order_line.product_id, kit)
        kit.bom_ids.bom_line_ids.unlink()
        self._assert_not_sold("KIT", "is a kit without goods")
        service = self._goods("S", quantity=0, is_storable=False, type="service")
        kit.bom_ids.bom_line_ids = [
            Command.create({"product_id": service.id, "product_qty": 1})
        ]
        self._assert_not_sold("KIT", "is a kit without goods")
        kit.bom_ids.bom_line_ids = [
            Command.create({"product_id": self.products["SKU-1"].id, "product_qty": 2})
        ]
        self.assertEqual(self._buy("KIT").picking_ids.move_ids.quantity, 2)

    def test_what_can_not_be_sent_is_not_suggested(self):
        self._combo("sku 9")
        self._goods("sku-9", quantity=0).action_archive()
        offer = self._offer("SKU 9", name="Mirror")
        self.assertFalse(offer._suggestions())
        self._goods("SKU.9", quantity=0)
        self.assertEqual(len(offer._suggestions()), 1)

    def test_catalogue_names_a_combo(self):
        self._combo("X").barcode = EAN_1
        offer = self._offer("NOPE")
        offer._store_parts([(OfferPart((EAN_1,), 1),)])
        self.assertEqual(offer.mapping, "conflict")
        self.assertIn("is a combo", offer.problem)

    def test_ignored_stays_off_the_orders_also_with_a_product(self):
        self._buy()
        offer = self._offer()
        offer.action_ignore()
        self.assertEqual(offer.mapping, "ignored")
        self.assertFalse(self._buy())
        # choosing a product says the contrary
        offer.product_id = self.products["SKU-2"]
        self.assertEqual(offer.mapping, "mapped")


@tagged("post_install", "-at_install")
class TestFoundAnew(OfferProductsCommon):
    """What Odoo found by itself is found anew, what a person chose stays."""

    def test_how_it_was_found_is_kept(self):
        self._buy()
        self.assertEqual(self._offer().mapped_by, "signature")
        user = new_test_user(
            self.env, "seller", "allegro_sales_channel.group_allegro_user"
        )
        self._offer().with_user(user).product_id = self.products["SKU-2"]
        self.assertEqual(self._offer().mapped_by, "person")

        offer = self._offer("sku 8")
        offer._suggest()
        offer.with_user(user).action_use_suggestion()
        self.assertEqual(offer.mapped_by, "suggestion")

        resolver = self.env["allegro.offer.resolver"]._for_offer(self._offer("Sku 2"))
        resolver.line_ids[0].with_user(user).action_use()
        self.assertEqual(self._offer("Sku 2").mapped_by, "suggestion")
        resolver.product_id = self.products["SKU-8"]
        resolver.action_confirm()
        self.assertEqual(self._offer("Sku 2").mapped_by, "person")

    def test_archived_and_a_new_one_has_the_reference(self):
        self._buy()
        self.products["SKU-1"].action_archive()
        self.assertEqual(self._offer().mapping, "conflict")
        new = self._goods("SKU-1")
        self.assertEqual(self._buy().order_line.product_id, new)
        self.assertEqual(self._offer().mapped_by, "signature")

    def test_variants_made_and_taken_away(self):
        """As Odoo itself archives what is a variant no longer."""
        side = self.env["product.attribute"].create({"name": "Side"})
        left, right = self.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": side.id} for name in ("Left", "Right")]
        )
        template = self.products["SKU-1"].product_tmpl_id.with_env(self.env)
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": side.id,
                    "value_ids": [Command.set((left | right).ids)],
                }
            )
        ]
        # the product as it was before is no variant of it
        self.assertFalse(self.products["SKU-1"].active)
        first, second = template.product_variant_ids
        self.assertFalse(self._buy())
        first.default_code = "SKU-1"
        self.assertEqual(self._buy().order_line.product_id, first)
        template.attribute_line_ids.value_ids -= left
        self.assertFalse(first.active)
        self._assert_not_sold("SKU-1", "is archived")
        second.default_code = "SKU-1"
        self.assertEqual(self._buy().order_line.product_id, second)

    def test_archived_without_another_one(self):
        self._buy()
        self.products["SKU-1"].action_archive()
        self._assert_not_sold("SKU-1", "is archived")
        with self.assertRaisesRegex(ValidationError, "is archived"):
            self._offer().action_keep_product()

    def test_several_have_the_reference_of_the_archived_one(self):
        self._buy()
        self.products["SKU-1"].action_archive()
        twins = self._goods("SKU-1") | self._goods("SKU-1")
        self._assert_not_sold("SKU-1", "Choose the right one")
        self.assertEqual(self._offer().conflict_product_ids, twins)
        self._offer().product_id = twins[0]
        self.assertEqual(self._buy().order_line.product_id, twins[0])

    def test_brought_back_it_is_sold_again(self):
        self._buy()
        self.products["SKU-1"].action_archive()
        waiting = self.fake.put(form_json())
        self.run_action("sync")
        self.assertEqual(self._offer().waiting_order_count, 1)
        self.products["SKU-1"].action_unarchive()
        self.assertEqual(self._offer().mapping, "mapped")
        self._offer()._match_products()
        self.assertFalse(self._offer().waiting_order_count)
        self.run_action("sweep")
        self.run_action("sync")
        self.assertTrue(
            self.env["sale.order"].search([("allegro_checkout_form_id", "=", waiting)])
        )

    def test_what_a_person_chose_is_not_sold_archived_either(self):
        chosen = self._goods("CHOSEN")
        self._offer(product_id=chosen.id)
        chosen.action_archive()
        self._assert_not_sold("SKU-1", "is archived")
        # nor is another one taken behind his back
        self.assertEqual(self._offer().product_id, chosen)
        self.assertEqual(self._offer().mapped_by, "person")

    def test_what_a_person_chose_stays(self):
        chosen = self._goods("CHOSEN")
        self._offer(product_id=chosen.id)
        line = line_json("SKU-1")
        line["offer"]["external"] = {"id": "SKU-8"}
        order = self.import_forms(form_json(line))
        self.assertEqual(order.order_line.product_id, chosen)
        chosen.write({"default_code": "RENAMED", "sale_ok": False})
        self.assertEqual(self._buy().order_line.product_id, chosen)

    def test_signature_changed_at_allegro(self):
        self._buy()
        line = line_json("SKU-1")
        line["offer"]["external"] = {"id": "SKU-8"}
        order = self.import_forms(form_json(line))
        self.assertEqual(order.order_line.product_id, self.products["SKU-8"])
        line["offer"]["external"] = {"id": "UNKNOWN"}
        self.assertFalse(self.import_forms(form_json(line)))
        self.assertIn("no longer has UNKNOWN", self._offer().problem)
        # the signature left out for once is no other signature
        line["offer"]["external"] = {"id": "SKU-8"}
        self.assertTrue(self.import_forms(form_json(line)))
        line["offer"]["external"] = None
        self.assertTrue(self.import_forms(form_json(line)))

    def test_signature_changed_in_allegros_list(self):
        self._buy()
        request = self.env["allegro.request"]._want(self.account, "offers")
        store = self.env["allegro.offer"]._store_listed
        store(self.account, [Offer("offer-SKU-1", "P", "SKU-8", True)], request)
        self.assertEqual(self._offer().product_id, self.products["SKU-8"])
        store(self.account, [Offer("offer-SKU-1", "P", None, True)], request)
        self.assertEqual(self._offer().mapping, "mapped")

    def test_an_old_purchase_does_not_turn_the_signature_back(self):
        self._offer(external_id="SKU-8")._match_products()
        self.account.offers_read_at = "2026-09-11 00:00:00"
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-8"])
        self.account.offers_read_at = "2026-09-09 00:00:00"
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-1"])

    def test_of_two_purchases_the_last_one_tells_the_signature(self):
        new = line_json("SKU-1", boughtAt="2026-09-12T08:00:00.000Z")
        new["offer"]["external"] = {"id": "SKU-8"}
        self.import_forms(form_json(new), form_json(line_json("SKU-1")))
        self.assertEqual(self._offer().external_id, "SKU-8")

    def test_reference_moved_to_another_product(self):
        self._buy()
        self.products["SKU-1"].default_code = "OLD-1"
        self.products["SKU-2"].default_code = "SKU-1"
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-2"])

    def test_reference_renamed(self):
        self._buy()
        self.products["SKU-1"].default_code = "OTHER"
        self._assert_not_sold("SKU-1", "no longer has SKU-1")
        user = new_test_user(
            self.env, "seller", "allegro_sales_channel.group_allegro_user"
        )
        self._offer().with_user(user).action_keep_product()
        self.assertEqual(self._offer().mapped_by, "person")
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-1"])
        with self.assertRaisesRegex(UserError, "no product to keep"):
            self._offer().action_keep_product()

    def test_barcode_moved_to_another_product(self):
        self.products["SKU-1"].barcode = EAN_1
        self._buy(EAN_1)
        self.products["SKU-1"].barcode = False
        self.env.flush_all()
        self.products["SKU-2"].barcode = EAN_1
        self.assertEqual(self._buy(EAN_1).order_line.product_id, self.products["SKU-2"])

    def test_a_second_product_with_the_reference_changes_nothing(self):
        self._buy()
        self._goods("SKU-1")
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-1"])

    def test_pieces_and_parts_stay_with_the_new_product(self):
        self._buy()
        self._offer().write(
            {
                "pieces": 4,
                "component_ids": [
                    Command.create({"product_id": self.products["SKU-2"].id})
                ],
            }
        )
        self.assertEqual(self._offer().mapped_by, "signature")
        self.products["SKU-1"].action_archive()
        new = self._goods("SKU-1")
        moves = self._buy().picking_ids.move_ids
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves},
            {new: 4, self.products["SKU-2"]: 1},
        )

    def test_archived_part_of_a_set(self):
        self._offer(
            product_id=self.products["SKU-1"].id,
            component_ids=[Command.create({"product_id": self.products["SKU-2"].id})],
        )
        self.products["SKU-2"].action_archive()
        self.assertFalse(self._buy())
        self.assertIn("is archived", self._offer().problem)
        self._offer().component_ids.unlink()
        self.assertTrue(self._buy())

    def _catalogue_set(self):
        self.products["SKU-1"].barcode = EAN_1
        self.products["SKU-2"].barcode = EAN_2
        offer = self._offer("SET")
        offer._store_parts([(OfferPart((EAN_1,), 4), OfferPart((EAN_2,), 1))])
        self.assertEqual(offer.mapped_by, "catalogue")
        self.assertEqual(offer.mapping, "mapped")
        return offer

    def test_barcode_of_a_part_moved(self):
        offer = self._catalogue_set()
        self.products["SKU-2"].barcode = False
        self.env.flush_all()
        self.products["SKU-8"].barcode = EAN_2
        moves = self._buy("SET").picking_ids.move_ids
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves},
            {self.products["SKU-1"]: 4, self.products["SKU-8"]: 1},
        )
        self.assertEqual(offer.mapped_by, "catalogue")

    def test_part_of_the_catalogue_archived(self):
        offer = self._catalogue_set()
        self.products["SKU-2"].action_archive()
        self._assert_set_not_sold(offer)
        self.products["SKU-2"].barcode = False
        self.env.flush_all()
        self._goods("NEW", barcode=EAN_2)
        self.assertEqual(len(self._buy("SET").order_line), 2)

    def _assert_set_not_sold(self, offer):
        self.assertFalse(self._buy("SET"))
        self.assertEqual(offer.mapping, "conflict")
        self.assertIn("is archived", offer.problem)

    def test_the_catalogue_overruled_by_a_person(self):
        offer = self._catalogue_set()
        offer.pieces = 2
        self.assertEqual(offer.mapped_by, "person")

        offer.sudo().mapped_by = "catalogue"
        offer.component_ids.quantity = 3
        self.assertEqual(offer.mapped_by, "person")

        offer.sudo().mapped_by = "catalogue"
        offer.component_ids = [
            Command.create({"product_id": self.products["SKU-8"].id})
        ]
        self.assertEqual(offer.mapped_by, "person")

        offer.sudo().mapped_by = "catalogue"
        offer.component_ids[-1].unlink()
        self.assertEqual(offer.mapped_by, "person")

        # and what he has put together is not put together anew
        self.products["SKU-2"].barcode = False
        self.assertEqual(self._buy("SET").order_line[0].product_uom_qty, 2)

    def test_from_the_catalogue_to_the_signature(self):
        offer = self._catalogue_set()
        self.products["SKU-1"].action_archive()
        whole = self._goods("SET")
        order = self._buy("SET")
        self.assertEqual(order.order_line.product_id, whole)
        self.assertEqual(order.order_line.product_uom_qty, 1)
        self.assertFalse(offer.component_ids)

    def test_taken_off_by_a_person_it_stays_off(self):
        self._buy()
        offer = self._offer()
        offer.action_forget_product()
        self.assertFalse(self._buy())
        self.assertFalse(offer.product_id)
        user = new_test_user(
            self.env, "seller", "allegro_sales_channel.group_allegro_user"
        )
        offer.with_user(user).action_find_product()
        self.assertEqual(offer.product_id, self.products["SKU-1"])
        self.assertEqual(offer.mapped_by, "signature")

    def test_the_conflict_is_over_when_the_twin_has_gone(self):
        twin = self._goods("SKU-1")
        self.assertFalse(self._buy())
        twin.action_archive()
        self.assertEqual(self._buy().order_line.product_id, self.products["SKU-1"])
        self.assertFalse(self._offer().problem)

    def test_many_offers_cost_no_more_questions_than_two(self):
        skus = [f"MANY-{n}" for n in range(40)]
        for sku in skus:
            self._goods(sku, quantity=0)
        form = form_json(*(line_json(sku) for sku in skus))
        lines = CheckoutForm.from_json(form).lines
        match = self.env["allegro.offer"]._match_lines
        offers = match(self.account, lines)
        products = [offers[line.offer_id].product_id for line in lines]

        def questions(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            match(self.account, some)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertEqual(questions(lines[:2]), questions(lines))
        # also when the reason of all has gone
        two, others = products[:2], products[2:]
        self.env["product.product"].union(*two).action_archive()
        few = questions(lines[:2])
        self.env["product.product"].union(*others).action_archive()
        self.assertLessEqual(questions(lines), few)
