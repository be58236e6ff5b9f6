"""Running the steps of the scheduled actions, account by account.

Each step ends in a commit, and each may die and be resumed. No database transaction is
open while Allegro is asked: what is read before is committed, and what Allegro answered
is written in a transaction of its own.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models

from ...allegro.errors import (
    AllegroAuthorisationError,
    AllegroConsentLostError,
    AllegroTooManyRequestsError,
    WriteHeldError,
)
from .fault import Fault, attempt, in_log, whose
from .seams import ScheduledAction

_logger = logging.getLogger(__name__)

#: How often a step is begun when other workers write the same records.
STEP_ATTEMPTS = 3


class AllegroAccountRunner(models.AbstractModel):
    """The part of ``allegro.account`` that runs its scheduled actions."""

    _name = "allegro.account.runner"
    _description = "Runner of an Allegro account's scheduled actions"

    @api.model
    def _scheduled_actions(self):
        """Every scheduled action, with the steps it runs for each account.

        :return: list of :class:`ScheduledAction`
        """
        prefix = "allegro_sales_channel.ir_cron_allegro_"
        return [
            ScheduledAction(f"{prefix}sync", steps=("_sync",)),
            ScheduledAction(
                f"{prefix}sweep", steps=("_sweep", "_read_carriers_when_old")
            ),
            ScheduledAction(f"{prefix}push", steps=("_push",)),
            ScheduledAction(
                f"{prefix}invoice",
                # what was sold is invoiced also while Allegro wants a new consent
                offline_steps=(
                    "_make_invoices",
                    "_register_payments",
                    "_remind_of_documents",
                    "_send_to_ksef",
                    "_ask_ksef",
                ),
                steps=("_push_documents", "_push_receipt_links"),
            ),
            ScheduledAction(f"{prefix}requests", steps=("_work_requests",)),
            ScheduledAction(f"{prefix}daily", steps=("_ask_daily",)),
            ScheduledAction(
                f"{prefix}watch", offline_steps=("_watch",), steps=("_watch_clock",)
            ),
        ]

    @api.model
    def _toggle_scheduled_actions(self):
        """The actions run only while there is an account to run them for."""
        for action in self._scheduled_actions():
            # while the addon is being installed its actions may not be there yet
            cron = self.env.ref(action.xml_id, raise_if_not_found=False)
            if cron:
                cron.sudo().toggle("allegro.account", action.domain)

    def _wake(self, name, at=None):
        """Let a scheduled action run as soon as this transaction is committed.

        For these accounts where it has a lane for them, or else for all.

        :param name: the XML id of the action; of those of this addon, what follows
            ``ir_cron_allegro_``
        :param at: or else at this moment
        """
        xml_id = (
            name if "." in name else f"allegro_sales_channel.ir_cron_allegro_{name}"
        )
        action = self.env.ref(xml_id).sudo()
        lanes = action.active and self._lanes(xml_id)
        for cron in lanes or action:
            cron._trigger(at)

    # The scheduled actions' own calls

    @api.model
    def _cron_sync(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_sync")

    @api.model
    def _cron_sweep(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_sweep")

    @api.model
    def _cron_push(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_push")

    @api.model
    def _cron_invoice(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_invoice")

    @api.model
    def _cron_requests(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_requests")

    @api.model
    def _cron_daily(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_daily")

    @api.model
    def _cron_watch(self):
        self._run_scheduled("allegro_sales_channel.ir_cron_allegro_watch")

    # Running

    def _run_action(self, action):
        """Run an action's steps for one account; trouble with it stops no other.

        :param action: one of :meth:`_scheduled_actions`
        """
        self.ensure_one()
        for step in action.offline_steps:
            self._begin_step(step)
        for step in action.steps:
            if self.state == "connected" and not self._is_paused():
                self._begin_step(step, online=True)

    def _is_paused(self):
        self.ensure_one()
        return bool(self.paused_until and self.paused_until > fields.Datetime.now())

    def _begin_step(self, step, *, online=False):
        """Begun again when somebody else was faster with the same records.

        What is done is committed, and an order need not wait for the action's next
        turn.
        """
        # what is kept in words, in the chatter too, is for the people of this company
        account = self.with_company(self.company_id).with_context(
            lang=self.company_id.partner_id.lang or self.env.lang
        )
        for _attempt in range(STEP_ATTEMPTS):
            if account._run_step(step, online=online):
                return

    def _run_step(self, step, *, online=True):
        """
        :param step: the name of a method of one account
        :param online: it talks to Allegro, so the token has to be fresh
        :return: False when another worker was in the way
        """
        self.ensure_one()
        try:
            if not online or self._ensure_token():
                getattr(self, step)()
        except AllegroConsentLostError:
            return True  # said and committed where it was found
        except WriteHeldError:
            self.env.cr.rollback()  # no trouble: what is wanted waits
        except Exception as error:
            fault = whose(error)
            if fault is Fault.RACE:
                _logger.info(
                    "Allegro account %s, %s: met another worker", self.id, step
                )
                self.env.cr.rollback()
                return False
            if fault is Fault.DATABASE:
                raise  # the scheduler rolls back, and comes again
            if fault is Fault.ALLEGRO:
                _logger.warning(
                    "Allegro account %s, %s: %s", self.id, step, in_log(error)
                )
            else:
                # a mistake of ours, a broken other addon: the other accounts' orders
                # must still come in
                _logger.error(
                    "Allegro account %s, %s: %s", self.id, step, in_log(error)
                )
            self._step_failed(error)
        return True

    def _step_failed(self, error):
        """The step can't go on just now. The action comes again by itself."""
        self.env.cr.rollback()
        if isinstance(error, AllegroAuthorisationError):
            self._access_token_refused()
        if isinstance(error, AllegroTooManyRequestsError):
            pause = timedelta(seconds=error.retry_after)
            self.sudo().paused_until = fields.Datetime.now() + pause
        self._note_problem(error)
        # remaining=0: work that can't be done now must not make Odoo come at once
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _note_problem(self, error):
        self.sudo().write(
            {
                "last_error": self._words_of(error),
                "last_error_at": fields.Datetime.now(),
            }
        )

    def _for_each(self, model, domain, work, put_aside):
        """Do a piece of work for each record of a domain, a commit after each.

        :param model: empty recordset
        :param work: function of one locked record
        :param put_aside: function of a record and the exception that is its own fault
        :return: False when the time is up
        """
        ids = model.search(domain, order="id").ids
        self.env["ir.cron"]._commit_progress(remaining=len(ids))
        for record_id in ids:
            # one by one: a commit makes Odoo forget all it has read
            record = model.browse(record_id).try_lock_for_update(allow_referencing=True)
            record = record.filtered_domain(domain)
            if record:
                error = attempt(self.env, work, record)
                if error:
                    put_aside(record, error)
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return True
