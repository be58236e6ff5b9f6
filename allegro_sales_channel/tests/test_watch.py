"""The watch says what is wrong, once, and takes it back when it is over (rule 11.4)."""

import random
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..allegro.errors import AllegroUnavailableError
from .common import AllegroCommon, form_json, line_json
from .fake_oauth import FakeOAuth

MANAGER = "allegro_sales_channel.group_allegro_manager"
USER = "allegro_sales_channel.group_allegro_user"
#: A Thursday.
NOON = datetime(2026, 9, 10, 10)


@tagged("post_install", "-at_install")
class TestWatch(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "boss", groups=MANAGER, email="boss@example.com"
        )
        cls.user = new_test_user(cls.env, "worker", groups=USER)

    def setUp(self):
        super().setUp()
        self.account.write({"last_sync_at": NOON, "connected_at": "2026-01-01"})
        self._age_actions(NOON)

    def _age_actions(self, moment):
        """The scheduled actions were all due right now."""
        for action in self.account._scheduled_actions():
            self.env.ref(action.xml_id).write({"nextcall": moment})
        self.env.flush_all()
        self.env.cr.execute("UPDATE ir_cron SET write_date = %s", [moment])
        self.env.invalidate_all()

    def _watch(self, at=NOON, synced=True, **values):
        """Look at a moment, at which all else is well."""
        if synced:
            self._age_actions(at)
            self.account.last_sync_at = at
        self.account.write(values)
        with freeze_time(at):
            self.run_action("watch")
        return (self.account.alarm_codes or "").split()

    def _mine(self):
        return self.account.activity_ids.filtered(
            lambda activity: activity.user_id == self.manager
        )

    def _mails(self):
        mails = self.env["mail.mail"].search([])
        return mails.filtered(lambda m: self.manager.partner_id in m.recipient_ids)

    def _warnings(self, at=NOON, user=None):
        accounts = self.env["allegro.account"].with_user(user or self.user)
        with freeze_time(at):
            return {item["code"]: item["text"] for item in accounts.get_warnings()}

    def _told(self, code, **values):
        """An alarm is raised once, said to the managers, and shown."""
        mails = len(self._mails())
        self.assertEqual(self._watch(**values), [code])
        self.assertEqual(len(self._mine()), 1)
        self.assertEqual(len(self._mails()), mails + 1)
        self.assertNotIn(self.user, self.account.activity_ids.user_id)
        self.assertIn(code, self._warnings(values.get("at", NOON)))
        self.assertEqual(self._watch(**values), [code])
        self.assertEqual(len(self._mine()), 1, "never twice")
        self.assertEqual(len(self._mails()), mails + 1, "never twice")

    def _over(self, **values):
        self.assertEqual(self._watch(**values), [])
        self.assertFalse(self.account.activity_ids)
        self.assertFalse(self._warnings(values.get("at", NOON)))

    def test_all_is_well(self):
        self._over()

    # Silence

    def _trade(self, a_day, days=56, until=NOON):
        """Orders in the sales of some weeks, without their lines."""
        chance = random.Random(7)
        partner = self.env["res.partner"].create({"name": "Buyer"})
        moments = []
        for back in range(days):
            for _number in range(a_day):
                # in the daytime
                second = chance.triangular(7, 21) * 3600
                moment = datetime.combine(until.date(), datetime.min.time())
                moments.append(moment - timedelta(days=back) + timedelta(0, second))
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "allegro_account_id": self.account.id,
                    "date_order": moment,
                }
                for moment in moments
                if moment <= until
            ]
        )
        orders.flush_recordset()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = date_order WHERE id = ANY(%s)",
            [orders.ids],
        )
        self.env.invalidate_all()
        return max(orders.mapped("date_order"))

    def test_orders_stop_coming(self):
        last = self._trade(20)
        self._over(at=last + timedelta(minutes=40))
        at = last + timedelta(hours=11)
        self._told("silence", at=at)
        [text] = self._warnings(at).values()
        self.assertIn("Test shop", text)
        self.assertIn("about ", text)
        self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Next"}).id,
                "allegro_account_id": self.account.id,
                "date_order": at,
            }
        )
        self._over(at=at + timedelta(minutes=15))

    def test_a_small_sellers_quiet_night_is_no_alarm(self):
        last = self._trade(2)
        self._over(at=last + timedelta(hours=18))
        self.assertEqual(self._watch(at=last + timedelta(days=9)), ["silence"])

    def test_a_new_account_has_no_pace_yet(self):
        last = self._trade(20, days=5)
        self._over(at=last + timedelta(days=2))

    def test_orders_that_wait_in_the_inbox_have_come(self):
        last = self._trade(20)
        at = last + timedelta(hours=11)
        self.env["allegro.incoming.order"]._add(self.account, ["form-1"])
        self.env.cr.execute(
            "UPDATE allegro_incoming_order SET create_date = %s",
            [at - timedelta(0, 60)],
        )
        self.env.invalidate_all()
        self._over(at=at)

    @mute_logger("odoo.addons.allegro_sales_channel.models")
    def test_odoo_gets_nothing(self):
        self.fake.failure = AllegroUnavailableError("Allegro is down")
        early, late = NOON + timedelta(minutes=50), NOON + timedelta(minutes=70)
        self._age_actions(late)
        values = {"synced": False, "last_error": "Allegro is down"}
        self.assertEqual(self._watch(at=early, **values), [])
        self._told("silence", at=late, **values)
        self.assertIn("Allegro is down", self._warnings(late)["silence"])
        self.fake.failure = None
        self._over(at=late)

    def test_a_long_backlog_is_at_work(self):
        self._age_actions(NOON + timedelta(hours=5))
        at = self._trade(1)
        self.account.last_sync_at = at - timedelta(hours=5)
        self.assertEqual(self._watch(at=at, synced=False), [])

    # Consent

    def test_consent_ends_soon(self):
        stages = []
        ends_at = NOON + timedelta(days=20)
        for left in (20, 12.1, 12, 8, 3, 2, 1, 0.5):
            at = ends_at - timedelta(days=left)
            mails = len(self._mails())
            codes = self._watch(at=at, consent_ends_at=ends_at)
            stages.append((left, codes, len(self._mine()), len(self._mails()) - mails))
        soon = ["consent_ending"]
        self.assertEqual(
            stages,
            [
                (20, [], 0, 0),
                (12.1, [], 0, 0),
                (12, soon, 1, 1),
                (8, soon, 1, 0),
                (3, soon, 1, 1),
                (2, soon, 1, 0),
                (1, soon, 1, 1),
                (0.5, soon, 1, 0),
            ],
        )
        self._over(at=ends_at, consent_ends_at=ends_at + timedelta(days=90))

    def test_each_renewal_makes_the_consent_live_three_months(self):
        with freeze_time(NOON):
            self.account._store_tokens(FakeOAuth().refresh("test-refresh-token"))
        self.assertEqual(self.account.consent_ends_at, NOON + timedelta(days=90))
        self.account.action_disconnect()
        self.assertFalse(self.account.consent_ends_at)

    def test_lost_consent(self):
        self._told("consent_ending", state="reconnect", last_error="Invalid token")
        self.assertIn("Reconnect", self._mine().summary)
        self._over(state="connected")

    # The scheduler

    def test_action_is_switched_off(self):
        sweep = self.env.ref("allegro_sales_channel.ir_cron_allegro_sweep")
        sweep.active = False
        self._told("cron_off")
        self.assertIn(sweep.cron_name, self._warnings()["cron_off"])
        sweep.active = True
        self._over()

    def test_the_watch_itself_is_off(self):
        self.env.ref("allegro_sales_channel.ir_cron_allegro_watch").active = False
        self.assertIn("switched off", self._warnings()["cron_off"])
        self.assertFalse(self.account.alarm_codes, "nobody has looked")

    def test_nothing_runs(self):
        self.assertFalse(self._warnings(NOON + timedelta(minutes=50)))
        text = self._warnings(NOON + timedelta(minutes=70))["cron_off"]
        self.assertIn("has not run", text)

    def test_after_the_server_was_off(self):
        at = NOON + timedelta(hours=9)
        watch = self.account.with_context(lastcall=NOON)
        with freeze_time(at):
            self.assertFalse(watch._find_cron_off())
            watch = watch.with_context(lastcall=at - timedelta(minutes=15))
            self.assertTrue(watch._find_cron_off())

    def test_an_action_that_is_at_work_is_not_stuck(self):
        at = NOON + timedelta(hours=9)
        sync = self.env.ref("allegro_sales_channel.ir_cron_allegro_sync")
        self.env["ir.cron.progress"].create({"cron_id": sync.id})
        self.env.cr.execute("UPDATE ir_cron_progress SET write_date = %s", [at])
        with freeze_time(at):
            late = dict(self.account._find_cron_off()["actions"])
        self.assertNotIn("allegro_sales_channel.ir_cron_allegro_sync", late)
        self.assertIn("allegro_sales_channel.ir_cron_allegro_sweep", late)

    def test_an_action_that_fails(self):
        push = self.env.ref("allegro_sales_channel.ir_cron_allegro_push")
        push.write(
            {"failure_count": 3, "first_failure_date": NOON - timedelta(hours=2)}
        )
        self._told("cron_off")
        push.write({"failure_count": 0, "first_failure_date": False})
        self._over()

    def test_what_is_the_servers_is_said_once_for_all_accounts(self):
        other = self._make_account(
            seller_id="2", name="Other", last_sync_at=NOON, connected_at="2026-01-01"
        )
        self.env.ref("allegro_sales_channel.ir_cron_allegro_sweep").active = False
        self._watch()
        self.assertEqual(self.account.alarm_codes, "cron_off")
        self.assertEqual(other.alarm_codes, "cron_off")
        self.assertEqual(len(self._mine() + other.activity_ids), 1)
        self.assertEqual(list(self._warnings()), ["cron_off"])

    def test_clock(self):
        self.fake.clock_ahead = -600
        self._told("clock")
        self.assertIn("10 minutes behind", self._warnings()["clock"])
        self.fake.clock_ahead = 30
        self._over()

    # Work that waits for a person

    def test_quarantine(self):
        rows = self.env["allegro.incoming.order"]
        rows._add(self.account, ["form-1", "form-2"])
        rows = rows.search([("account_id", "=", self.account.id)])
        rows.write({"state": "failed"})
        self.assertEqual(self._watch(), [])
        rows.write({"state": "quarantined"})
        self._told("quarantine")
        with freeze_time(NOON):
            action = self.account.with_user(self.user).action_open_alarm("quarantine")
        self.assertEqual(action["res_model"], "allegro.incoming.order")
        rows.unlink()
        self._over()

    def test_difference(self):
        proof = self.env["allegro.daily.proof"].create(
            {
                "account_id": self.account.id,
                "currency_id": self.company.currency_id.id,
                "day": NOON.date(),
                "alarm_count": 2,
            }
        )
        self._told("difference")
        self.assertIn("2 orders", self._warnings()["difference"])
        proof.copy({"day": date(2026, 9, 11), "alarm_count": 0})
        self._over()

    def test_parts_wait_too_long(self):
        order = self.import_forms(form_json())
        audit = self.env["allegro.stock.audit"].create(
            {
                "order_id": order.id,
                "reason": "buyer",
                "product_id": self.products["SKU-1"].id,
                "quantity": 1,
                "location_id": order.warehouse_id.lot_stock_id.id,
                "waiting_since": NOON - timedelta(days=300),
            }
        )
        self._told("audit_overdue")
        audit.state = "written_off"
        self._over()

    def test_documents(self):
        order = self.import_forms(form_json(line_json()))
        order.write({"allegro_invoice_due": True, "allegro_invoice_error": "No rate"})
        self._told("documents_overdue")
        action = self.account.action_open_alarm("documents_overdue")
        self.assertEqual(self.env["sale.order"].search(action["domain"]), order)
        order.allegro_invoice_error = False
        self._over()

    # Who is told what

    def test_words_are_the_readers(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.manager.lang = "pl_PL"
        seen = []
        account_class = self.env.registry["allegro.account"]
        say = account_class._say_consent_ending

        def spy(account, facts):
            seen.append(account.env.context.get("lang"))
            return say(account, facts)

        with patch.object(account_class, "_say_consent_ending", spy):
            self._watch(state="reconnect")
        self.assertIn("pl_PL", seen)

    def test_an_activity_that_is_done_does_not_come_back(self):
        self._told("consent_ending", state="reconnect")
        self._mine().action_feedback("Seen")
        self.assertEqual(self._watch(), ["consent_ending"])
        self.assertFalse(self._mine())
        self._over(state="connected")

    def test_a_stranger_sees_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=MANAGER,
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        self._watch(state="reconnect")
        self.assertNotIn(stranger, self.account.activity_ids.user_id)
        self.assertFalse(self._warnings(user=stranger))

    def test_every_cause_can_be_looked_for_and_said(self):
        codes = self.account._alarm_steps()
        self.assertEqual(
            set(codes),
            {
                "silence",
                "consent_ending",
                "cron_off",
                "clock",
                "quarantine",
                "audit_overdue",
                "documents_overdue",
                "difference",
            },
        )
        for code in codes:
            for step in ("find", "say"):
                self.assertTrue(callable(getattr(self.account, f"_{step}_{code}")))

    def test_an_open_alarm_of_an_unknown_code_opens_the_account(self):
        action = self.account.action_open_alarm("__class__")
        self.assertEqual(action["res_id"], self.account.id)
