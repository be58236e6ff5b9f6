"""From Allegro's journal to the inbox, and from there to sale orders."""

import logging

from odoo import fields, models

from ...allegro.errors import AllegroNotFoundError, AllegroRejectedError
from ...allegro.events import READY_FOR_PROCESSING
from ..door.fault import in_log

_logger = logging.getLogger(__name__)

#: Orders that are fetched, imported and committed together. Measured: beyond 50
#: nothing is gained, and less is lost when the server dies.
BATCH = 50


class AllegroAccountJournal(models.AbstractModel):
    """The part of ``allegro.account`` that reads the journal and empties the inbox."""

    _name = "allegro.account.journal"
    _description = "Journal of an Allegro account"

    def _begin_journal(self, client):
        """Read the journal from now on; what was before it is found by the sweep."""
        if not self.event_cursor:
            self.sudo().event_cursor = client.latest_event_id()
        self._wake("sync")
        self._wake("sweep")

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
            _logger.warning(
                "Allegro account %s: journal lost: %s", self.id, in_log(error)
            )
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
        busy = set()
        while True:
            due = inbox._due(self).filtered(lambda row: row.id not in busy)
            batch = due._next_batch(BATCH)
            time_left = self.env["ir.cron"]._commit_progress(remaining=len(due))
            if not batch or not time_left:
                return
            rows = batch.try_lock_for_update()
            if not rows:
                return  # a person is just working on them
            rows._begin()
            news_seen = {row.id: row.news_count for row in rows}
            form_ids = rows.mapped("checkout_form_id")
            self.env["ir.cron"]._commit_progress()
            try:
                fetched = client.checkout_forms(form_ids)
                rows = inbox.browse(news_seen).try_lock_for_update()
                busy.update(news_seen.keys() - set(rows.ids))
                if rows:
                    rows._process(fetched, news_seen)
            except Exception:
                # none of these orders' own fault: that would have been put aside
                self.env.cr.rollback()
                inbox.browse(news_seen).exists()._take_back()
                self.env["ir.cron"]._commit_progress()
                raise
            self.env["ir.cron"]._commit_progress(len(rows))
