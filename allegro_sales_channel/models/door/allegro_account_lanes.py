"""Lanes: where there are several accounts, each has its own scheduled actions.

One after the other, an account whose calls take long, or whose orders are all bad,
would make the others wait. So an action that Odoo's scheduler runs for several accounts
only wakes one action for each: its lane. Lanes are run by as many workers, of as many
hosts, as there are.
"""

from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models

from .ir_cron import is_by_hand

#: First half of the number of an advisory lock, so that it is nobody else's.
_LOCK = 0x416C6C65
#: When a lane that had to stand back comes again, if the one before it died.
_LATEST = timedelta(minutes=1)


class AllegroAccountLanes(models.AbstractModel):
    """The part of ``allegro.account`` that keeps accounts from waiting for another."""

    _name = "allegro.account.lanes"
    _description = "Lanes of an Allegro account"

    @api.model
    def _run_scheduled(self, xml_id):
        """What a scheduled action does: run its steps for every account.

        Whoever starts it by hand waits until all of it is done.

        :param xml_id: of one of ``_scheduled_actions``
        """
        action = self._scheduled_action(xml_id)
        accounts = self.search(action.domain)
        is_scheduler = self.env.context.get("cron_id") and not is_by_hand()
        if is_scheduler and len(accounts) > 1:
            for lane in accounts._lanes(xml_id, create=True):
                lane._trigger()
            return
        for account_id in accounts.ids:
            # one by one, so that a commit does not make all of them be read again
            self.browse(account_id)._run_action(action)

    def _run_lane(self, xml_id):
        """What a lane does: run the steps of an action for one account.

        One lane of an account at a time: however long its calls take, the account
        keeps one worker busy and no more.

        :param xml_id: of one of ``_scheduled_actions``
        """
        action = self._scheduled_action(xml_id)
        account = self.search([*action.domain, ("id", "in", self.ids)])
        if not account or account._run_alone(action):
            return
        account._stand_back(xml_id)
        # the other one may have ended before it could see that somebody waits
        account._run_alone(action)

    def _run_alone(self, action):
        """:return: whether no other lane of this account was at work"""
        with self._alone_in_lanes() as is_alone:
            if is_alone:
                self._run_action(action)
        if is_alone:
            self._let_come()
        return is_alone

    def _scheduled_action(self, xml_id):
        [action] = [a for a in self._scheduled_actions() if a.xml_id == xml_id]
        return action

    @contextmanager
    def _alone_in_lanes(self):
        """Whether no other lane of this account is at work.

        The lock is held by a transaction of its own, since those of the steps end with
        each commit, and it is gone when the worker dies.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, self.id])
            yield cr.fetchone()[0]

    def _stand_back(self, xml_id):
        """Come again later: when the lane at work is done, or if it died."""
        self.env["ir.cron.trigger"].sudo().create(
            [
                {
                    "cron_id": lane.id,
                    "call_at": fields.Datetime.now() + _LATEST,
                    "allegro_stood_back": True,
                }
                for lane in self._lanes(xml_id)
            ]
        )
        # seen by the lane at work
        self.env["ir.cron"]._commit_progress()

    def _let_come(self):
        """The lanes that stood back need not wait any longer."""
        # what is done is done, and who came meanwhile is seen
        self.env["ir.cron"]._commit_progress()
        # sudo: the scheduler's own records
        stood_back = self.env["ir.cron.trigger"].sudo()
        stood_back = stood_back.search(
            [
                ("cron_id.allegro_lane_account_id", "=", self.id),
                ("allegro_stood_back", "=", True),
                ("call_at", ">", fields.Datetime.now()),
            ]
        )
        lanes = stood_back.cron_id
        stood_back.unlink()
        for lane in lanes:
            lane._trigger()
        self.env["ir.cron"]._commit_progress()

    def _lanes(self, xml_id, *, create=False):
        """The lanes of an action for these accounts.

        :param create: make those that are missing
        :return: ``ir.cron``
        """
        # sudo: the scheduler's own records, of which people know nothing
        action = self.env.ref(xml_id).sudo()
        lanes = action.search(
            [
                ("allegro_lane_of_id", "=", action.id),
                ("allegro_lane_account_id", "in", self.ids),
            ]
        )
        if create:
            missing = self - lanes.allegro_lane_account_id
            lanes |= lanes.create([a._lane_values(action, xml_id) for a in missing])
        return lanes

    def _lane_values(self, action, xml_id):
        return {
            "name": f"{action.name}: {self.name}",
            "model_id": action.model_id.id,
            "state": "code",
            "code": f"model.browse({self.id})._run_lane({xml_id!r})",
            "user_id": action.user_id.id,
            "allegro_lane_account_id": self.id,
            "allegro_lane_of_id": action.id,
            # woken by the action itself; this is for the day when that fails
            "interval_number": 1,
            "interval_type": "days",
        }
