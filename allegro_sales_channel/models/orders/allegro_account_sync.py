"""The steps that the scheduled actions run for an Allegro account.

Each step ends in a commit, and each may die and be resumed. No database transaction is
open while Allegro is asked: what is read before is committed, and what Allegro answered
is written in a transaction of its own.
"""

import itertools
import logging
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...allegro import rules
from ...allegro.errors import (
    AllegroAuthorisationError,
    AllegroConsentLostError,
    AllegroError,
    AllegroNotFoundError,
    AllegroRejectedError,
    AllegroTooManyRequestsError,
)
from ...allegro.events import READY_FOR_PROCESSING

_logger = logging.getLogger(__name__)

#: How often a step is begun when other workers write the same records.
STEP_ATTEMPTS = 3
#: Orders that are fetched, imported and committed together. Measured: beyond 50
#: nothing is gained, and less is lost when the server dies.
BATCH = 50
#: How far before the last sweep the next one looks for what the journal missed.
SWEEP_DAYS = 7
#: Orders that are compared and committed together.
SWEEP_PAGE = 500


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    # Scheduled actions

    @api.model
    def _cron_sync(self):
        """Token, journal, import: for each connected account."""
        self._run_for_each_account("_sync")

    @api.model
    def _cron_sweep(self):
        """List recent orders and add what the journal missed to the inbox."""
        self._run_for_each_account("_sweep")

    def _run_for_each_account(self, step):
        """Run a step for every account; trouble with one never stops the others."""
        accounts = self.search([("state", "=", "connected")])
        for account_id in accounts.ids:
            # one by one, so that a commit does not make all of them be read again
            account = self.browse(account_id)
            if account.paused_until and account.paused_until > fields.Datetime.now():
                continue
            account = account.with_company(account.company_id)
            # Begun again when somebody else was faster with the same records: what is
            # done is committed, and an order need not wait for the action's next turn.
            for _attempt in range(STEP_ATTEMPTS):
                if account._run_step(step):
                    break

    def _run_step(self, step):
        """
        :param step: the name of a method of one account
        :return: False when another worker was in the way
        """
        self.ensure_one()
        try:
            if self._ensure_token():
                getattr(self, step)()
        except AllegroConsentLostError:
            return True  # said and committed where it was found
        except AllegroError as error:
            _logger.warning("Allegro account %s: %s", self.id, error)
            self._step_failed(error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            _logger.info("Allegro account %s: %s", self.id, error)
            self.env.cr.rollback()
            return False
        except Exception as error:
            # Whatever it is (a mistake of ours, a broken other addon): the other
            # accounts' orders must still come in.
            _logger.exception("Allegro account %s", self.id)
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
        text = str(error) or type(error).__name__
        self.sudo().write({"last_error": text, "last_error_at": fields.Datetime.now()})

    def _wake(self, name, at=None):
        """Let a scheduled action run as soon as this transaction is committed.

        :param at: or else at this moment
        """
        action = self.env.ref(f"allegro_sales_channel.ir_cron_allegro_{name}")
        action.sudo()._trigger(at)

    def action_sync_now(self):
        """Read the journal and look for missed orders now, not in some minutes."""
        self.check_access("read")
        self._wake("sync")
        self._wake("sweep")
        now = fields.Datetime.now()
        paused = [time for time in self.mapped("paused_until") if time and time > now]
        if paused:
            # Allegro blocks a client for longer when it does not wait
            message = self.env._(
                "Allegro asked for a pause (too many requests). The orders come in"
                " about %(seconds)s seconds.",
                seconds=int((max(paused) - now).total_seconds()) + 1,
            )
        else:
            message = self.env._("Allegro is being asked; new orders appear soon.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # The steps

    def _sync(self):
        with self._client() as client:
            self._read_journal(client)
            self._import_due(client)
        self.sudo().write(
            {
                "last_sync_at": fields.Datetime.now(),
                "last_error": False,
                "last_error_at": False,
                "paused_until": False,
            }
        )
        self.env["ir.cron"]._commit_progress()

    def _read_journal(self, client):
        """Events -> inbox, a commit for each page together with its cursor."""
        cursor = self.event_cursor
        self.env["ir.cron"]._commit_progress()
        try:
            self._read_journal_from(client, cursor)
        except (AllegroRejectedError, AllegroNotFoundError) as error:
            # Allegro keeps events for 60 days and has forgotten the one we know. The
            # sweep lists the orders themselves, as far back as the last one reached.
            _logger.warning("Allegro account %s: journal lost: %s", self.id, error)
            self.sudo().event_cursor = client.latest_event_id()
            self._wake("sweep")
            self.env["ir.cron"]._commit_progress()

    def _read_journal_from(self, client, cursor):
        for events in client.iter_event_pages(cursor):
            ready, other = set(), set()
            for event in events:
                if event.checkout_form_id:
                    is_ready = event.type == READY_FOR_PROCESSING
                    (ready if is_ready else other).add(event.checkout_form_id)
            inbox = self.env["allegro.incoming.order"]
            inbox._add(self, ready, ready=True)
            inbox._add(self, other - ready)
            self.sudo().event_cursor = events[-1].id
            self.env["ir.cron"]._commit_progress()

    def _import_due(self, client):
        """Inbox -> sale orders, a commit for each batch."""
        inbox = self.env["allegro.incoming.order"]
        while True:
            due = inbox._due(self)
            batch = due[:BATCH]
            form_ids = batch.mapped("checkout_form_id")
            news_seen = {row.id: row.news_count for row in batch}
            time_left = self.env["ir.cron"]._commit_progress(remaining=len(due))
            if not news_seen or not time_left:
                return
            fetched = client.checkout_forms(form_ids)
            rows = inbox.browse(news_seen).try_lock_for_update()
            if not rows:
                return  # a person is just working on them
            rows._process(fetched, news_seen)
            self.env["ir.cron"]._commit_progress(len(rows))

    def _sweep(self):
        """Compare what Allegro lists with what is here; the rest goes to the inbox.

        Allegro lists the newest purchases first. How far down this has got is kept, so
        that what was interrupted, or takes longer than one run, goes on from there.
        """
        since, asked, reached = self._sweep_since(), self.sweep_from, self.sweep_reached
        if not reached:
            self.sudo().sweep_started_at = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        with self._client() as client:
            forms = client.iter_checkout_forms(_aware(since), _aware(reached))
            while page := list(itertools.islice(forms, SWEEP_PAGE)):
                self._sweep_page(page)
                begin_anew = (self.sweep_from, self.sweep_reached) != (asked, reached)
                if not begin_anew:
                    reached = _oldest(page) or reached
                    self.sudo().sweep_reached = reached
                time_left = self.env["ir.cron"]._commit_progress()
                if begin_anew or not time_left:
                    self._wake("sweep")
                    self.env["ir.cron"]._commit_progress()
                    return
        if (self.sweep_from, self.sweep_reached) == (asked, reached):
            self.sudo().write(
                {
                    "last_sweep_at": self.sweep_started_at,
                    "sweep_from": False,
                    "sweep_reached": False,
                }
            )
        self.env["ir.cron"]._commit_progress()

    def _sweep_since(self):
        since = self.order_import_start
        if self.last_sweep_at:
            since = max(since, self.last_sweep_at - timedelta(days=SWEEP_DAYS))
        if self.sweep_from:
            since = max(self.order_import_start, min(since, self.sweep_from))
        return since

    def _sweep_page(self, page):
        """Put the forms that are missing here, or differ, into the inbox."""
        different = self.env["sale.order"]._allegro_different(self, page)
        if different:
            _logger.info("Allegro account %s: %s to look at", self.id, len(different))
            self.env["allegro.incoming.order"]._add(self, different, only_new=True)
            self._wake("sync")

    def _look_back(self, moment):
        """Compare at once what was bought since a moment, however long ago.

        :param moment: naive, in UTC
        """
        self.ensure_one()
        self.sudo().write(
            {
                "sweep_from": min(moment, self.sweep_from or moment),
                "sweep_reached": False,
            }
        )
        self._wake("sweep")

    def _wants(self, form):
        """Is a form that is not here yet to become an order?"""
        return rules.is_importable(form) and self._is_since_start(form)

    def _is_since_start(self, form):
        """Was it bought at the import's start or after it?"""
        self.ensure_one()
        return form.bought_at.replace(tzinfo=None) >= self.order_import_start


def _aware(moment):
    return moment and moment.replace(tzinfo=timezone.utc)


def _oldest(page):
    """The oldest purchase of a page in whole seconds, rounded up."""
    moments = [answer.form.last_bought_at for answer in page if answer.form]
    if not moments:
        return None
    oldest = min(moments).replace(tzinfo=None, microsecond=0)
    return oldest + timedelta(seconds=1)
