"""Wishes -> Allegro: the last step of the synchronisation."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.tools import split_every

from ...allegro import http
from ...allegro.errors import (
    AllegroAuthorisationError,
    AllegroTooManyRequestsError,
)
from ...allegro.fulfilment import fulfil

_logger = logging.getLogger(__name__)

#: Orders that one worker takes at a time: few, so that its claim on them is short.
BATCH = 2 * http.CONNECTIONS
#: When to come again about orders that somebody else was just working on.
AGAIN = timedelta(minutes=1)
#: How often writing an answer is tried while people work on the same order.
WRITE_ATTEMPTS = 5


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    wait_for_cancellation = fields.Boolean(
        "Wait five minutes abroad",
        default=True,
        tracking=True,
        help="On allegro.cz, allegro.sk and allegro.hu a buyer may cancel for five"
        " minutes after the purchase, whatever you have done by then. Until then"
        " nothing is told to Allegro and the delivery can't be validated. Switch it"
        " off to work on such orders at once, and be ready to get parcels back.",
    )

    @api.model
    def _cron_push(self):
        """Tell Allegro what is wanted and not confirmed yet."""
        self._run_for_each_account("_push")

    def _push(self):
        due_ids = self.env["sale.order"]._allegro_due(self).ids
        time_left = self.env["ir.cron"]._commit_progress(remaining=len(due_ids))
        if not due_ids:
            return
        account_id = self.id
        with self._client() as client, ThreadPoolExecutor(http.CONNECTIONS) as pool:
            for batch in split_every(BATCH, due_ids):
                if not time_left:
                    return
                wishes = self._claim(batch)
                outcomes = list(pool.map(partial(fulfil, client), wishes))
                for outcome in outcomes:
                    self._write_down(outcome)
                time_left = self.env["ir.cron"]._commit_progress(len(batch))
                self.browse(account_id)._stop_if_hopeless(outcomes)

    def _claim(self, order_ids):
        """Take orders for this worker, and commit.

        :return: list of ``Wish``; those of other workers' orders are not among them
        """
        try:
            wishes = self.env["sale.order"].browse(order_ids)._allegro_claim(self)
            self.env["ir.cron"]._commit_progress()
        except psycopg2.OperationalError as error:
            # somebody changed one of these orders at this very moment
            _logger.info("Orders of Allegro account %s are busy: %s", self.id, error)
            self.env.cr.rollback()
            self._wake("push", fields.Datetime.now() + AGAIN)
            self.env["ir.cron"]._commit_progress()
            return []
        return wishes

    def _write_down(self, outcome):
        """Write what came of a wish, and commit.

        A person may be saving the same order, so it is tried a few times. If it is all
        in vain the claim runs out, Allegro is asked, and what it has is not sent again.
        """
        for attempt in range(WRITE_ATTEMPTS):
            order = self.env["sale.order"].browse(outcome.wish.key).exists()
            try:
                if order:
                    order._allegro_fulfilled(outcome)
                self.env["ir.cron"]._commit_progress()
                return
            except psycopg2.OperationalError:
                self.env.cr.rollback()
                time.sleep(0.2 * 2**attempt)
            except Exception:
                # A mistake, ours or another addon's, must not stop the other orders.
                self.env.cr.rollback()
                _logger.exception("Answer about order %s", outcome.wish.key)
                return
        _logger.warning("Order %s could not be written", outcome.wish.key)

    def _stop_if_hopeless(self, outcomes):
        """Go on past a single order in trouble; not when it is Allegro that is.

        :raises AllegroError: the trouble
        """
        troubles = [outcome.trouble for outcome in outcomes if outcome.trouble]
        for trouble in troubles:
            _logger.info("Allegro account %s, fulfilment: %s", self.id, trouble)
            if isinstance(
                trouble, (AllegroAuthorisationError, AllegroTooManyRequestsError)
            ):
                raise trouble
        if troubles and len(troubles) == len(outcomes):
            raise troubles[0]
