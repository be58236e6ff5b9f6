"""Tokens refresh by themselves, once, and are lost in the open (rule 1.3)."""

import threading
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..allegro.errors import (
    AllegroAuthorisationError,
    AllegroConsentLostError,
    AllegroUnavailableError,
)
from .common import AllegroCommon, FakeAllegro, form_json
from .fake_oauth import FakeOAuth

NOW = "2026-09-10 12:00:00"
MANAGER = "allegro_sales_channel.group_allegro_manager"
CONSENT = "odoo.addons.allegro_sales_channel.models.door.allegro_account_consent"


@tagged("post_install", "-at_install")
class TestToken(AllegroCommon):
    def setUp(self):
        super().setUp()
        self.oauth = FakeOAuth()
        self.startPatcher(
            patch.object(
                self.env.registry["allegro.account"],
                "_oauth",
                lambda account: self.oauth,
            )
        )

    def _left(self, **period):
        """Let the access token, which lives 10 hours, live so long still."""
        self.account.write(
            {
                "token_lifetime": 36000,
                "token_expires_at": fields.Datetime.now() + timedelta(**period),
            }
        )

    def test_refreshed_when_a_tenth_of_its_life_is_left(self):
        cases = [
            (timedelta(hours=9), False),
            (timedelta(minutes=60, seconds=1), False),
            (timedelta(minutes=60), True),
            (timedelta(0), True),
            (timedelta(hours=-5), True),
        ]
        with freeze_time(NOW):
            for left, expected in cases:
                self._left(seconds=left.total_seconds())
                self.assertEqual(self.account._token_needs_refresh(), expected, left)

    def test_new_tokens_are_on_disk_before_anything_else(self):
        self._left(minutes=5)
        self.fake.failure = AllegroUnavailableError("Allegro is down")
        with mute_logger("odoo.addons.allegro_sales_channel.models"):
            self.run_action("sync")
        self.assertEqual(self.oauth.calls, [("refresh", "test-refresh-token")])
        self.assertEqual(self.account.refresh_token, "refresh-1")
        self.assertEqual(self.account.access_token, "access-1")
        self.assertIn("Allegro is down", self.account.last_error)
        # and the next run, with a living token, does not refresh again
        self.fake.failure = None
        self.run_action("sync")
        self.assertEqual(len(self.oauth.calls), 1)
        self.assertFalse(self.account.last_error)

    def test_outage_while_refreshing_changes_nothing(self):
        self._left(minutes=5)
        self.oauth.failure = AllegroUnavailableError("no answer", outcome_unknown=True)
        self.run_action("sync")
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.account.refresh_token, "test-refresh-token")
        self.oauth.failure = None
        self.run_action("sync")
        self.assertEqual(self.account.refresh_token, "refresh-2")

    def test_refused_for_good(self):
        manager = new_test_user(
            self.env, "boss", groups=MANAGER, email="boss@example.com"
        )
        user = new_test_user(
            self.env, "user", groups="allegro_sales_channel.group_allegro_user"
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=MANAGER,
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        self.account.event_cursor = "7"
        self.fake.events = []
        for _ in range(7):
            self.fake.put(form_json())
        self._left(minutes=-1)
        self.oauth.failure = AllegroConsentLostError(
            "Invalid refresh token <a href='https://evil.example'>log in</a>"
        )

        with self.assertLogs(CONSENT, "WARNING") as logs:
            self.run_action("sync")

        self.assertEqual(self.account.state, "reconnect")
        self.assertIn("Invalid refresh token", self.account.last_error)
        self.assertNotIn("evil.example", str(logs.output))
        for note in self.account.activity_ids.mapped("note"):
            # Allegro's words are words, and no part of the page
            self.assertIn("&lt;a href", note)
            self.assertNotIn("<a", note)
        self.assertEqual(self.account.event_cursor, "7", "the cursor waits")
        asked = self.account.activity_ids.user_id
        self.assertIn(manager, asked)
        self.assertNotIn(user, asked)
        self.assertNotIn(stranger, asked)
        mails = (
            self.env["mail.mail"]
            .search([])
            .filtered(lambda mail: manager.partner_id in mail.recipient_ids)
        )
        self.assertTrue(mails)
        self.assertIn("Test shop", mails[-1].body_html)
        # nothing more is asked of Allegro, nobody is told twice
        activities = self.account.activity_ids
        self.run_action("sync")
        self.run_action("sweep")
        self.assertEqual(len(self.oauth.calls), 1)
        self.assertEqual(self.account.activity_ids, activities)
        # the banner is for those who work with Allegro, in their own companies
        warnings = self.env["allegro.account"].with_user(user).get_warnings()
        self.assertEqual([item["account_id"] for item in warnings], self.account.ids)
        self.assertIn("Test shop", warnings[0]["text"])
        self.assertFalse(self.env["allegro.account"].with_user(stranger).get_warnings())
        salesman = new_test_user(
            self.env, "sales", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(self.env["allegro.account"].with_user(salesman).get_warnings())

    def test_reconnected_goes_on_where_it_stopped(self):
        self.account.write({"state": "reconnect", "event_cursor": "1"})
        ids = [self.fake.put(form_json()) for _ in range(3)]
        tokens = self.oauth.exchange_code("code", "uri", "verifier")
        with patch(
            "odoo.addons.allegro_sales_channel.models.door.allegro_account_consent"
            ".AllegroClient",
            lambda *_args: self.fake,
        ):
            self.account._connected(tokens)
        self.assertEqual(self.account.event_cursor, "1")
        self.assertFalse(self.account.activity_ids)
        self.run_action("sync")
        orders = self.env["sale.order"].search(
            [("allegro_account_id", "=", self.account.id)]
        )
        self.assertEqual(set(orders.mapped("allegro_checkout_form_id")), set(ids[1:]))

    def test_401_makes_the_next_run_refresh(self):
        self.fake.failure = AllegroAuthorisationError("expired", status=401)
        self.run_action("sync")
        self.assertFalse(self.oauth.calls)
        self.fake.failure = None
        self.run_action("sync")
        self.assertEqual(len(self.oauth.calls), 1)
        self.assertEqual(self.account.state, "connected")


@tagged("post_install", "-at_install")
class TestTwoWorkers(TransactionCase):
    """Real connections and threads: what a test's one transaction can't show."""

    def setUp(self):
        super().setUp()
        with self._cursor() as cr:
            account = self._env(cr)["allegro.account"].create(
                {
                    "name": "Two workers",
                    "environment": "custom",
                    "api_url": "http://127.0.0.1:2",
                    "auth_url": "http://127.0.0.1:2/auth/oauth",
                    "client_id": "two",
                    "client_secret": "two",
                    "state": "connected",
                    "seller_id": "two-workers",
                    "access_token": "old",
                    "refresh_token": "test-refresh-token",
                    "token_expires_at": "2020-01-01 00:00:00",
                    "token_lifetime": 43199,
                }
            )
            self.account_id = account.id
        self.addCleanup(self._remove)

    def _remove(self):
        with self._cursor() as cr:
            self._env(cr)["allegro.account"].browse(self.account_id).unlink()

    def _cursor(self):
        """A connection of its own; commits at its end.

        Not ``registry.cursor()``: in a test that may be the test's own transaction.
        """
        return self.env.registry._db.cursor()

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _at_once(self, work, workers=2):
        """Run ``work(env)`` in so many threads with a connection each.

        :return: list of what they returned, or raised
        """
        start = threading.Barrier(workers)
        results = []

        def run():
            with self._cursor() as cr:
                env = self._env(cr)
                # a snapshot of the database from before the others began
                env["allegro.account"].browse(self.account_id).read(["name"])
                start.wait(timeout=10)
                try:
                    results.append(work(env))
                except Exception as error:
                    results.append(error)

        threads = [threading.Thread(target=run) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return results

    def test_one_refresh_however_many_workers(self):
        oauth = FakeOAuth()
        in_call = threading.Event()
        refresh = oauth.refresh

        def slow_refresh(token):
            in_call.set()
            threading.Event().wait(0.3)  # while others come by
            return refresh(token)

        oauth.refresh = slow_refresh
        with patch.object(
            self.env.registry["allegro.account"], "_oauth", lambda account: oauth
        ):
            results = self._at_once(
                lambda env: env["allegro.account"]
                .browse(self.account_id)
                ._ensure_token(),
                workers=4,
            )
        self.assertTrue(in_call.is_set())
        self.assertEqual(len(oauth.calls), 1)
        self.assertFalse([item for item in results if isinstance(item, Exception)])
        self.assertEqual(results.count(True), 1)
        with self._cursor() as cr:
            account = self._env(cr)["allegro.account"].browse(self.account_id)
            self.assertEqual(account.state, "connected")
            self.assertEqual(account.refresh_token, oauth.valid)

    def test_a_worker_that_comes_late_uses_what_the_first_got(self):
        oauth = FakeOAuth()
        account_class = self.env.registry["allegro.account"]
        with patch.object(account_class, "_oauth", lambda account: oauth):
            with self._cursor() as late:
                account = self._env(late)["allegro.account"].browse(self.account_id)
                self.assertTrue(account._token_needs_refresh())  # an old snapshot
                with self._cursor() as early:
                    env = self._env(early)
                    env["allegro.account"].browse(self.account_id)._ensure_token()
                self.assertTrue(account._ensure_token())
                self.assertEqual(account.access_token, "access-1")
        self.assertEqual(len(oauth.calls), 1)

    def test_the_same_order_twice_at_once_is_one_row_of_the_inbox(self):
        def add(env):
            account = env["allegro.account"].browse(self.account_id)
            env["allegro.incoming.order"]._add(account, {"form-1", "form-2"})

        results = self._at_once(add)
        # the second may be told to try again; never are there two rows
        with self._cursor() as cr:
            rows = self._env(cr)["allegro.incoming.order"].search(
                [("account_id", "=", self.account_id)]
            )
            self.assertEqual(
                sorted(rows.mapped("checkout_form_id")), ["form-1", "form-2"]
            )
        self.assertIn(None, results)

    @mute_logger("odoo.sql_db", "odoo.addons.allegro_sales_channel.models")
    def test_two_workers_that_import_the_same_order_make_it_once(self):
        fake = FakeAllegro()
        currency = self.env.company.currency_id.name
        form_id = fake.put(form_json(currency=currency))
        with self._cursor() as cr:
            env = self._env(cr)
            account = env["allegro.account"].browse(self.account_id)
            product = env["product.product"].create(
                {"name": "Race", "default_code": "SKU-1", "type": "service"}
            )
            # a service is for a person to choose
            env["allegro.offer"].create(
                {
                    "account_id": self.account_id,
                    "offer_id": "offer-SKU-1",
                    "name": "Race",
                    "external_id": "SKU-1",
                    "product_id": product.id,
                    "mapped_by": "person",
                }
            )
            account.write(
                {
                    "token_expires_at": "2099-01-01 00:00:00",
                    "order_import_start": "2026-01-01 00:00:00",
                }
            )
            env["allegro.incoming.order"]._add(account, {form_id})

        def sync(env):
            env["allegro.account"]._cron_sync()

        try:
            with patch.object(
                self.env.registry["allegro.account"], "_client", lambda account: fake
            ):
                results = self._at_once(sync, workers=3)
            self.assertEqual(results, [None] * 3)
            with self._cursor() as cr:
                env = self._env(cr)
                orders = env["sale.order"].search(
                    [("allegro_account_id", "=", self.account_id)]
                )
                self.assertEqual(len(orders), 1)
                self.assertEqual(orders.state, "sale")
        finally:
            with self._cursor() as cr:
                env = self._env(cr)
                orders = env["sale.order"].search(
                    [("allegro_account_id", "=", self.account_id)]
                )
                partners = orders.partner_id | orders.partner_shipping_id
                orders._action_cancel()
                orders.unlink()
                partners.unlink()
                env["allegro.offer"].search(
                    [("account_id", "=", self.account_id)]
                ).unlink()
                env["product.product"].browse(product.id).unlink()
