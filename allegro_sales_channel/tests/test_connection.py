"""A seller connects his account: browser, device, and everything refused."""

import re
from datetime import datetime
from unittest.mock import patch
from urllib.parse import urlencode

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..allegro.errors import (
    AllegroAuthorisationPending,
    AllegroKeysRefusedError,
    AllegroRejectedError,
    AllegroUnavailableError,
)
from ..allegro.seller import Seller
from ..models.door.allegro_account import AllegroAccount
from .common import AllegroCommon
from .fake_oauth import SCOPES, FakeOAuth

MANAGER = "allegro_sales_channel.group_allegro_manager"
CONNECT = "odoo.addons.allegro_sales_channel.models.door.allegro_account_consent"


class ConnectionCommon(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager_one", groups=MANAGER)
        cls.draft = cls._make_account(
            name="New shop",
            state="draft",
            seller_id=False,
            seller_login=False,
            access_token=False,
            refresh_token=False,
            token_expires_at=False,
        ).with_user(cls.manager)

    def setUp(self):
        super().setUp()
        self.oauth = FakeOAuth()
        self.seller = Seller("2000", "new_seller", "allegro-cz")
        self.fake.seller = lambda: self.seller
        self.startPatcher(
            patch.object(
                self.env.registry["allegro.account"],
                "_oauth",
                lambda account: self.oauth,
            )
        )
        self.startPatcher(
            patch(f"{CONNECT}.AllegroClient", lambda *_args, **_kwargs: self.fake)
        )


@tagged("post_install", "-at_install")
class TestBrowserFlow(ConnectionCommon, HttpCase):
    def _come_back(self, user="manager_one", **query):
        self.authenticate(user, user)
        return self.url_open(
            f"/allegro/oauth/callback?{urlencode(query)}", allow_redirects=False
        )

    def test_connects(self):
        self.fake.put({"id": "x"}, event=None)
        self.fake.announce("x")
        action = self.draft.action_connect()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertTrue(self.oauth.redirect_uri.endswith("/allegro/oauth/callback"))

        answer = self._come_back(state=self.oauth.state, code="the-code")

        self.assertEqual(answer.status_code, 303)
        self.assertIn(
            f"/odoo/allegro-start/{self.draft.id}", answer.headers["Location"]
        )
        account = self.draft.sudo()
        account.invalidate_recordset()
        self.assertEqual(account.state, "connected")
        self.assertEqual(account.seller_login, "new_seller")
        self.assertEqual(account.marketplace, "allegro-cz")
        self.assertEqual(account.event_cursor, "1", "only news from now on")
        self.assertEqual(account.access_token, "access-1")
        self.assertFalse(account.missing_scope_text)
        (kind, code, verifier) = self.oauth.calls[0]
        self.assertEqual((kind, code), ("code", "the-code"))
        self.assertGreaterEqual(len(verifier), 43)
        self.assertFalse(account.oauth_nonce or account.oauth_verifier)

    def test_wrong_keys_are_told_before_the_browser_leaves(self):
        self.oauth.failure = AllegroKeysRefusedError("Unauthorized", status=401)
        with self.assertRaisesRegex(UserError, "^Allegro doesn't know this Client ID"):
            self.draft.action_connect()
        self.assertFalse(self.draft.sudo().oauth_nonce)
        # an application that gets no token without a seller is known all the same
        self.oauth.failure = AllegroRejectedError("unauthorized_client", status=400)
        self.assertEqual(self.draft.action_connect()["type"], "ir.actions.act_url")

    def test_wrong_keys_found_later_are_told_on_the_account(self):
        error = AllegroKeysRefusedError("Unauthorized", status=401)
        self.account._note_problem(error)
        self.assertEqual(
            self.account.last_error,
            "Allegro doesn't know this Client ID and Secret. Check both.",
        )

    def test_connecting_again_keeps_the_settings_and_leads_back_to_them(self):
        account = self.account.with_user(self.manager)
        account.order_import_start = start = datetime(2026, 3, 1)
        account.sudo().write({"state": "reconnect", "last_sync_at": start})
        self.seller = Seller("1000", "test_seller", "allegro-pl")
        account.action_connect()
        answer = self._come_back(state=self.oauth.state, code="the-code")
        self.assertIn(
            f"/odoo/allegro-accounts/{account.id}", answer.headers["Location"]
        )
        account.invalidate_recordset()
        self.assertEqual(account.state, "connected")
        self.assertEqual(account.order_import_start, start)

    def _refused(self, **query):
        before = len(self.oauth.calls)
        with mute_logger("odoo.http"):
            answer = self._come_back(**query)
        self.assertEqual(answer.status_code, 403)
        self.draft.invalidate_recordset()
        self.assertEqual(self.draft.state, "draft")
        self.assertEqual(len(self.oauth.calls), before, "Allegro was not even asked")
        self.assertNotIn("Traceback", answer.text)

    def test_forged_states(self):
        self.draft.action_connect()
        state = self.oauth.state
        for forged in ("", "nonsense", state[:-2] + "AA", state.swapcase()):
            self._refused(state=forged, code="c")
        self._refused(code="c")

    def test_expired_state(self):
        with freeze_time("2026-09-10 12:00:00"):
            self.draft.action_connect()
        with freeze_time("2026-09-10 12:15:01"):
            with self.assertRaises(AccessError):
                self.draft._from_oauth_state(self.oauth.state)
        with freeze_time("2026-09-10 12:14:59"):
            self.assertEqual(self.draft._from_oauth_state(self.oauth.state), self.draft)

    def test_replayed_state(self):
        self.draft.action_connect()
        self._come_back(state=self.oauth.state, code="c")
        calls = len(self.oauth.calls)
        with mute_logger("odoo.http"):
            again = self._come_back(state=self.oauth.state, code="c")
        self.assertEqual(again.status_code, 403)
        self.assertEqual(len(self.oauth.calls), calls)

    def test_only_the_newest_state_counts(self):
        self.draft.action_connect()
        old = self.oauth.state
        self.draft.action_connect()
        self._refused(state=old, code="c")

    def test_state_of_another_user(self):
        new_test_user(self.env, "manager_two", groups=MANAGER)
        self.draft.action_connect()
        self._refused(user="manager_two", state=self.oauth.state, code="c")

    def test_manager_who_lost_his_rights_meanwhile(self):
        self.draft.action_connect()
        self.manager.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self._refused(state=self.oauth.state, code="c")

    def test_denied_at_allegro(self):
        self.draft.action_connect()
        answer = self._come_back(state=self.oauth.state, error="access_denied")
        self.assertEqual(answer.status_code, 303)
        self.draft.invalidate_recordset()
        self.assertEqual(self.draft.state, "draft")
        self.assertIn("did not allow", self.draft.last_error)

    def test_allegro_refuses_the_code(self):
        self.draft.action_connect()
        self.oauth.failure = AllegroRejectedError("code expired", trace_id="t-1")
        self._come_back(state=self.oauth.state, code="old")
        self.draft.invalidate_recordset()
        self.assertEqual(self.draft.state, "draft")
        self.assertIn("code expired", self.draft.last_error)
        self.assertIn("t-1", self.draft.last_error)
        self.assertFalse(self.draft.sudo().access_token)

    def test_same_seller_elsewhere(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.account.write({"company_id": other.id, "seller_id": "2000"})
        self.draft.action_connect()
        self._come_back(state=self.oauth.state, code="c")
        self.draft.invalidate_recordset()
        self.assertEqual(self.draft.state, "draft")
        self.assertIn("new_seller is connected already", self.draft.last_error)
        self.assertIn("Other company", self.draft.last_error)
        self.assertFalse(self.draft.sudo().access_token, "nothing half done")

    def test_another_seller_than_the_orders(self):
        self.draft.sudo().write({"seller_id": "1999", "seller_login": "old_seller"})
        self.draft.action_connect()
        self._come_back(state=self.oauth.state, code="c")
        self.draft.invalidate_recordset()
        self.assertEqual(self.draft.state, "draft")
        self.assertIn("old_seller", self.draft.last_error)
        self.assertIn("new_seller", self.draft.last_error)
        self.assertEqual(self.draft.seller_id, "1999")


@tagged("post_install", "-at_install")
class TestDeviceFlow(ConnectionCommon):
    def _wizard(self):
        action = self.draft.action_connect_device()
        return (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )

    def test_pending_slow_down_then_connected(self):
        wizard = self._wizard()
        self.assertEqual(wizard.user_code, "ABC-DEF")
        self.assertEqual(wizard.verification_url, "https://x.test/ABC-DEF")
        for slow_down, words in ((False, "no consent yet"), (True, "a bit fast")):
            self.oauth.failure = AllegroAuthorisationPending("?", slow_down=slow_down)
            action = wizard.action_check()
            self.assertEqual(action["res_id"], wizard.id)
            self.assertIn(words, wizard.message)
            self.assertEqual(self.draft.state, "draft")
        self.oauth.failure = None
        wizard.action_check()
        self.assertEqual(self.draft.state, "connected")
        self.assertEqual(self.oauth.calls[-1], ("poll", "the-device-code"))

    def test_refused(self):
        wizard = self._wizard()
        self.oauth.failure = AllegroRejectedError("access denied", code="access_denied")
        with self.assertRaisesRegex(UserError, "access denied"):
            wizard.action_check()
        self.assertEqual(self.draft.state, "draft")

    def test_allegro_away(self):
        self.oauth.failure = AllegroUnavailableError("Allegro does not answer")
        with self.assertRaisesRegex(UserError, "does not answer"):
            self.draft.action_connect_device()

    def test_the_code_is_its_users_own(self):
        wizard = self._wizard()
        other = new_test_user(self.env, "manager_two", groups=MANAGER)
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_check()
        with self.assertRaises(AccessError):
            wizard.read(["device_code"])


@tagged("post_install", "-at_install")
class TestAccount(ConnectionCommon):
    def test_disconnect_forgets_tokens_and_keeps_orders(self):
        self.account.event_cursor = "5"
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Anna"}).id,
                "allegro_account_id": self.account.id,
            }
        )
        self.account.with_user(self.manager).action_disconnect()
        account = self.account
        self.assertEqual(account.state, "draft")
        self.assertFalse(account.access_token or account.refresh_token)
        self.assertFalse(account.token_expires_at)
        self.assertEqual(account.event_cursor, "5")
        self.assertTrue(order.exists())
        self.assertEqual(account.client_secret, "test-secret", "to connect again")

    def test_actions_run_only_while_something_is_connected(self):
        cron = self.env.ref("allegro_sales_channel.ir_cron_allegro_sync")
        self.assertTrue(cron.active)
        self.env["allegro.account"].search([]).action_disconnect()
        self.assertFalse(cron.active)
        self.oauth.scopes = SCOPES[:1]
        self.draft._connected(self.oauth.exchange_code("c", "u", "v"))
        self.assertTrue(cron.active)

    def test_missing_permission_is_named_with_what_it_costs(self):
        self.oauth.scopes = [scope for scope in SCOPES if "orders:write" not in scope]
        self.draft._connected(self.oauth.exchange_code("c", "u", "v"))
        self.assertEqual(
            self.draft.missing_scope_text,
            "allegro:api:orders:write: statuses and tracking numbers are not sent",
        )
        self.assertEqual(len(re.findall("fa-times", self.draft.scope_overview)), 1)
        self.assertEqual(len(re.findall("fa-check", self.draft.scope_overview)), 3)

    def test_without_keys_connecting_says_what_to_do(self):
        self.draft.sudo().client_secret = False
        self.patch(
            self.env.registry["allegro.account"], "_oauth", AllegroAccount._oauth
        )
        self.assertFalse(self.draft.has_application)
        with self.assertRaisesRegex(UserError, "Client ID"):
            self.draft.action_connect()

    def test_a_secret_never_travels_to_another_address(self):
        self.draft.write({"api_url": "https://evil.example.com"})
        self.assertFalse(self.draft.sudo().client_secret)
        with self.assertRaisesRegex(UserError, "Disconnect"):
            self.account.with_user(self.manager).write({"environment": "production"})

    @mute_logger("odoo.sql_db")
    def test_one_seller_is_one_account_by_the_database_itself(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._make_account(seller_id=self.account.seller_id)
        # of another environment it is another seller
        self._make_account(
            seller_id=self.account.seller_id, api_url="http://127.0.0.1:9"
        )

    def test_addresses_must_be_safe(self):
        with self.assertRaisesRegex(ValidationError, "https"):
            self.draft.write({"auth_url": "http://example.com"})
        for url in (
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "http://localhost.evil.example/auth",
            "https://",
            "ftp://127.0.0.1",
        ):
            with self.assertRaises(ValidationError, msg=url):
                self.draft.api_url = url

    def test_environment_gives_the_addresses(self):
        account = self.env["allegro.account"].create(
            {"name": "S", "environment": "sandbox"}
        )
        self.assertEqual(account.api_url, "https://api.allegro.pl.allegrosandbox.pl")
        account.environment = "production"
        self.assertEqual(account.auth_url, "https://allegro.pl/auth/oauth")

    def test_with_orders_it_can_be_archived_only(self):
        self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Anna"}).id,
                "allegro_account_id": self.account.id,
            }
        )
        with self.assertRaisesRegex(UserError, "archive"):
            self.account.unlink()
        other = self.env["res.company"].create({"name": "Other company"})
        with self.assertRaisesRegex(ValidationError, "company can't change"):
            self.account.company_id = other
