"""Where there are several accounts none waits for another."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged

from ..models.door import ir_cron
from ..models.door.seams import ScheduledAction

SYNC = "allegro_sales_channel.ir_cron_allegro_sync"
PUSH = "allegro_sales_channel.ir_cron_allegro_push"


@tagged("post_install", "-at_install")
class TestLanes(TransactionCase):
    """With connections of their own, as workers have them."""

    def setUp(self):
        super().setUp()
        registry = self.env.registry
        self.ran = []
        account_class = registry["allegro.account"]
        for target, name, value in (
            (registry, "cursor", lambda readonly=False: registry._db.cursor()),
            (account_class, "_scheduled_actions", lambda _model: self.actions()),
            (account_class, "_step_of_test", lambda account: self.step(account)),
        ):
            patcher = patch.object(target, name, value, create=True)
            patcher.start()
            self.addCleanup(patcher.stop)
        self.step = lambda account: self.ran.append(account.id)
        with self.worker() as env:
            self.account_ids = [self.account(env, number).id for number in (1, 2)]
            self.addCleanup(self.remove)

    def actions(self):
        return [
            ScheduledAction(xml_id, offline_steps=("_step_of_test",))
            for xml_id in (SYNC, PUSH)
        ]

    def account(self, env, number):
        account = env["allegro.account"].create({"name": f"Lanes {number}"})
        account.sudo().state = "connected"
        return account

    def remove(self):
        with self.worker() as env:
            env["allegro.account"].browse(self.account_ids).unlink()

    @contextmanager
    def worker(self, **context):
        with self.env.registry._db.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, context)

    @contextmanager
    def scheduler(self, xml_id=SYNC):
        """As Odoo runs the action; what it did is committed."""
        with self.worker() as env:
            cron_id = env.ref(xml_id).id
        with self.worker(cron_id=cron_id) as env:
            yield env["allegro.account"]

    def lanes(self, env, xml_id=SYNC):
        return env["allegro.account"].browse(self.account_ids)._lanes(xml_id)

    def waiting(self, env, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return env["ir.cron.trigger"].search(
            [("cron_id.allegro_lane_account_id", "in", self.account_ids), *domain]
        )

    def make_lanes(self):
        with self.scheduler() as accounts:
            accounts._run_scheduled(SYNC)
        with self.scheduler(PUSH) as accounts:
            accounts._run_scheduled(PUSH)
        with self.worker() as env:
            self.waiting(env).unlink()

    def test_the_scheduler_wakes_a_lane_for_each(self):
        for _twice in range(2):
            with self.scheduler() as accounts:
                accounts._run_scheduled(SYNC)
        self.assertFalse(self.ran)
        with self.worker() as env:
            lanes = self.lanes(env)
            self.assertEqual(
                sorted(lanes.allegro_lane_account_id.ids), self.account_ids
            )
            self.assertEqual(len(lanes), 2)
            self.assertEqual(self.waiting(env).cron_id, lanes)
            woken = lanes[0].allegro_lane_account_id.ids
            self.assertIs(lanes[0].method_direct_trigger(), True)
        self.assertEqual(self.ran, woken)

    def test_a_single_account_needs_none(self):
        with self.worker() as env:
            env["allegro.account"].browse(self.account_ids[1]).state = "draft"
        with self.scheduler() as accounts:
            accounts._run_scheduled(SYNC)
        self.assertEqual(self.ran, self.account_ids[:1])
        with self.worker() as env:
            self.assertFalse(self.lanes(env))

    def test_by_hand_all_is_done_at_once(self):
        with ir_cron._waited_for(), self.scheduler() as accounts:
            accounts._run_scheduled(SYNC)
        self.assertEqual(sorted(self.ran), self.account_ids)

    def test_an_account_keeps_one_worker_busy(self):
        self.make_lanes()
        seen = []

        def long_step(account):
            self.ran.append("long")
            self.step = lambda account: self.ran.append("short")
            with self.worker() as env:
                env["allegro.account"].browse(self.account_ids[0])._run_lane(PUSH)
            with self.worker() as env:
                seen.extend(self.waiting(env, allegro_stood_back=True).cron_id.ids)
                # the other account is not in its way
                env["allegro.account"].browse(self.account_ids[1])._run_lane(PUSH)

        self.step = long_step
        with self.worker() as env:
            env["allegro.account"].browse(self.account_ids[0])._run_lane(SYNC)
        self.assertEqual(self.ran, ["long", "short"])
        with self.worker() as env:
            push = self.lanes(env, PUSH).filtered(
                lambda lane: lane.allegro_lane_account_id.id == self.account_ids[0]
            )
            self.assertEqual(seen, push.ids)
            # who stood back is let come at once, and only he
            waiting = self.waiting(env)
            self.assertEqual(waiting.cron_id, push)
            self.assertLessEqual(waiting.call_at, env.cr.now())
            self.assertFalse(waiting.allegro_stood_back)

    def test_a_killed_lane_stops_nobody(self):
        self.make_lanes()

        def die(account):
            raise SystemExit

        self.step = die
        with self.worker() as env:
            account = env["allegro.account"].browse(self.account_ids[0])
            self.assertRaises(SystemExit, account._run_lane, SYNC)
            env.cr.rollback()
            self.step = lambda account: self.ran.append("next")
            account._run_lane(PUSH)
        self.assertEqual(self.ran, ["next"])

    def test_only_its_own_lane_is_woken(self):
        self.make_lanes()
        with self.worker() as env:
            env["allegro.account"].browse(self.account_ids[0])._wake("push")
            woken = self.waiting(env).cron_id
            self.assertEqual(woken.allegro_lane_account_id.ids, self.account_ids[:1])
            self.assertEqual(woken.allegro_lane_of_id, env.ref(PUSH))
            self.waiting(env).unlink()
            env.ref(PUSH).active = False
            env["allegro.account"].browse(self.account_ids[0])._wake("push")
            self.assertFalse(self.waiting(env), "switched off is switched off")
            env.ref(PUSH).active = True

    def test_without_a_connection_a_lane_does_nothing(self):
        self.make_lanes()
        for values in ({"state": "draft"}, {"state": "connected", "active": False}):
            with self.worker() as env:
                account = env["allegro.account"].browse(self.account_ids[0])
                account.write(values)
                account._run_lane(SYNC)
        self.assertFalse(self.ran)
