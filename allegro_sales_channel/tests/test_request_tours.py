"""What people ask of Allegro, and what they see of it, in a browser."""

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import AllegroCommon, form_json, line_json
from .tour_common import TourCase

USER = "allegro_sales_channel.group_allegro_user"


@tagged("post_install", "-at_install")
class TestRequestTours(AllegroCommon, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "asking_user", USER)

    def _tour(self, path, name):
        self.start_tour(path, name, login="asking_user")

    def test_asking_and_results(self):
        form = form_json() | {"id": "11111111-2222-3333-4444-555555555555"}
        self.fake.put(form, event=None)
        self._tour("/odoo/allegro-orders", "allegro_ask")
        kinds = self.env["allegro.request"].search([]).mapped("kind")
        self.assertEqual(
            sorted(kinds), ["history", "offers", "orders", "period", "proof"]
        )

        self.run_action("requests")
        states = set(self.env["allegro.request"].search([]).mapped("state"))
        self.assertEqual(states, {"done"})
        self._tour("/odoo/allegro-orders", "allegro_look_at_results")

    def test_history(self):
        self.env["allegro.historic.order"].create(
            [
                {
                    "account_id": self.account.id,
                    "checkout_form_id": f"00000000-0000-0000-0000-00000000000{number}",
                    "bought_at": fields.Datetime.now(),
                    "buyer_login": login,
                    "summary": "1 × Part",
                }
                for number, login in enumerate(("old_buyer", "another"))
            ]
        )
        self._tour("/odoo/allegro-older-orders", "allegro_history")

    def test_resolver(self):
        first = self._make_product("TWIN", self.tax_23, quantity=0)
        second = self._make_product("TWIN", self.tax_23, quantity=0)
        first.name, second.name = "First twin", "Second twin"
        offers = self.env["allegro.offer"].create(
            [
                {
                    "account_id": self.account.id,
                    "offer_id": str(number),
                    "name": name,
                    "external_id": signature,
                }
                for number, (name, signature) in enumerate(
                    (
                        ("Suggested offer", "sku 1"),
                        ("Claimed offer", "TWIN"),
                        ("Gift wrap", "WRAP"),
                    )
                )
            ]
        )
        offers._match_products()
        offers._suggest()
        self.fake.put(form_json(line_json("NOTHING")), event=None)
        self._tour("/odoo/allegro-offers-without-product", "allegro_resolver")
        self.assertEqual(offers.mapped("product_id"), self.products["SKU-1"] + second)
        self.assertEqual(offers[2].mapping, "ignored")
