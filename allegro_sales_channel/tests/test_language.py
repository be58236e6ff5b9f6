"""Sentences that are kept: each reader has them in a language that he reads."""

from odoo.tests import tagged

from ..allegro.errors import AllegroDataError
from ..models.door.fault import in_words_of
from .common import AllegroCommon, form_json


@tagged("post_install", "-at_install")
class TestLanguage(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pl_PL")

    def test_what_is_wrong_with_an_order_is_kept_in_every_language(self):
        row = self.env["allegro.incoming.order"].create(
            {
                "account_id": self.account.id,
                "checkout_form_id": "11111111-2222-3333-4444-555555555555",
                "is_begun": True,
            }
        )
        row._begin()
        english = row.with_context(lang="en_US").error
        polish = row.with_context(lang="pl_PL").error
        self.assertIn("The server died", english)
        self.assertIn("Serwer", polish)

    def test_a_failed_import_names_place_and_problem(self):
        form = form_json(buyer=None)
        self.fake.put(form)
        self.run_action("sync")
        row = self.env["allegro.incoming.order"].search(
            [("checkout_form_id", "=", form["id"])]
        )
        for code in ("en_US", "pl_PL"):
            self.assertIn("buyer", row.with_context(lang=code).error)

    def test_only_our_words_are_translated(self):
        error = AllegroDataError("a.b", "is longer than 5 characters", quoted="'x'")
        self.assertEqual(in_words_of(self.env, error), str(error))

    def test_what_a_scheduled_action_writes_is_in_the_companys_language(self):
        self.company.partner_id.lang = "pl_PL"
        form = form_json()
        order = self.import_forms(form)
        self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "sale.order"),
                ("field_id.name", "=", "allegro_fulfillment_status"),
                ("value", "=", "PROCESSING"),
            ]
        ).with_context(lang="pl_PL").name = "W realizacji"
        # what importing the order wrote is no matter of the scheduled action
        self.env.flush_all()
        self.env.cr.precommit.run()
        form["fulfillment"]["status"] = "PROCESSING"
        self.fake.put(form, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(order.allegro_fulfillment_status, "PROCESSING")
        values = order.message_ids.sudo().tracking_value_ids
        self.assertIn("W realizacji", values.mapped("new_value_char"))
