"""What addons hand to the door is whole: else it fails here, not later."""

from odoo.tests import tagged

from ..models.door.seams import MODES
from .common import AllegroCommon


@tagged("post_install", "-at_install")
class TestSeams(AllegroCommon):
    def test_scheduled_actions(self):
        actions = self.account._scheduled_actions()
        self.assertEqual(len({action.xml_id for action in actions}), len(actions))
        for action in actions:
            with self.subTest(action=action.xml_id):
                cron = self.env.ref(action.xml_id)
                self.assertEqual(cron.model_id.model, "allegro.account")
                self.assertTrue(action.steps or action.offline_steps)
                for step in (*action.steps, *action.offline_steps):
                    self.assertTrue(callable(getattr(self.account, step)), step)
        listed = {self.env.ref(action.xml_id) for action in actions}
        crons = self.env["ir.cron"].with_context(active_test=False)
        for cron in crons.search([("model_id.model", "=", "allegro.account")]):
            self.assertIn(cron, listed, "it would never be switched on")

    def test_they_are_on_while_there_is_an_account_for_them(self):
        actions = self.account._scheduled_actions()
        crons = {action: self.env.ref(action.xml_id) for action in actions}
        for state in ("connected", "reconnect", "draft", "connected"):
            self.env["allegro.account"].search([]).state = state
            for action, cron in crons.items():
                wanted = state == "connected" or (
                    state == "reconnect" and bool(action.offline_steps)
                )
                self.assertEqual(cron.active, wanted, (state, action.xml_id))

    def test_scopes(self):
        scopes = self.account._scopes()
        self.assertEqual(len({scope.name for scope in scopes}), len(scopes))
        for scope in scopes:
            self.assertTrue(scope.name.startswith("allegro:api:"))
            self.assertTrue(scope.use and scope.loss)

    def test_a_feature_that_is_off_is_not_asked_for(self):
        self.account.scopes_granted = "allegro:api:orders:read"
        missing = [scope.name for scope in self.account._missing_scopes()]
        self.assertNotIn("allegro:api:orders:read", missing)
        self.assertIn("allegro:api:orders:write", missing)
        for scope in missing:
            self.assertIn(scope, self.account.missing_scope_text)

    def test_kinds_of_requests(self):
        requests = self.env["allegro.request"]
        for kind, _label in requests._fields["kind"]._description_selection(self.env):
            for step in ("fetch", "take"):
                self.assertTrue(callable(getattr(requests, f"_{step}_{kind}")), kind)

    def test_writers(self):
        from ..allegro import writers

        codes = [writer.code for writer in self.account._writers()]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertLessEqual(set(codes), set(writers.WRITERS))
        for writer in self.account._writers():
            field = self.account._fields[writer.mode_field]
            self.assertEqual(field.selection, MODES)
            self.assertTrue(field.required)
        trailed = self.env["allegro.trail"]._fields["writer"].get_values(self.env)
        self.assertEqual(trailed, list(writers.WRITERS))

    def test_tiles(self):
        tiles = self.account._overview_tiles()
        self.assertEqual(len({tile.code for tile in tiles}), len(tiles))
        for tile in tiles:
            with self.subTest(tile=tile.code):
                # its list, its filters and its account are all there
                self.assertIsNotNone(self.account._count_tile(tile))
