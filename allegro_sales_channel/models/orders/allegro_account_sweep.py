"""What the journal missed: Allegro's own list against what is here."""

import itertools
import logging
from datetime import timedelta

from odoo import fields, models

from ..door.moments import aware, naive

_logger = logging.getLogger(__name__)

#: How far before the last sweep the next one looks for what the journal missed.
SWEEP_DAYS = 7
#: Orders that are compared and committed together.
SWEEP_PAGE = 500


class AllegroAccountSweep(models.AbstractModel):
    """The part of ``allegro.account`` that compares Allegro's list with its orders."""

    _name = "allegro.account.sweep"
    _description = "Comparison of an Allegro account's orders"

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
            forms = client.iter_checkout_forms(aware(since), aware(reached))
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


def _oldest(page):
    """The oldest purchase of a page in whole seconds, rounded up."""
    moments = [answer.form.last_bought_at for answer in page if answer.form]
    if not moments:
        return None
    return naive(min(moments)) + timedelta(seconds=1)
