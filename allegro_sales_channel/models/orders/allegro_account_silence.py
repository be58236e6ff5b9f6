"""Orders that have stopped coming, and orders that could not be imported."""

from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.tools import SQL

from ...allegro.pace import HISTORY, Pace
from ..door.seams import Words

#: The journal is read every minute: for so long it may fail before it is said.
_SYNC_PATIENCE = timedelta(hours=1)


class AllegroAccountSilence(models.AbstractModel):
    """The part of ``allegro.account`` that notices when no orders come."""

    _name = "allegro.account.silence"
    _description = "Silence of an Allegro account"

    def _find_silence(self):
        """Either Odoo gets no answer, or Allegro answers and there are no orders."""
        if self.state != "connected":
            return None
        now = fields.Datetime.now()
        synced = self.last_sync_at
        if not synced or now - synced > _SYNC_PATIENCE:
            return self._find_failing(now)
        if self.consent_given_at and synced < self.consent_given_at:
            return None  # what came while there was no consent is just being read
        return self._find_quiet(now)

    def _find_failing(self, now):
        # a long backlog is at work for hours before it is through
        alive = [self.last_sync_at, self.consent_given_at or self.connected_at]
        newest = self._orders_seen("create_date")
        since = max(filter(None, [*alive, newest]), default=None)
        if not since or now - since <= _SYNC_PATIENCE:
            return None
        return {
            "stage": "failing",
            "since": fields.Datetime.to_string(self.last_sync_at or since),
            "error": self.last_error or "",
        }

    def _find_quiet(self, now):
        bought, added = self._orders_seen("date_order"), self._newest_in_inbox()
        last = max(filter(None, [bought, added]), default=None)
        if not last or last >= now:
            return None
        zone = pytz.timezone(self.company_id._allegro_timezone())

        def local(moment):
            return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

        pace = Pace.learn(self._orders_by_hour(last, zone), local(last))
        silence = pace and pace.silence(local(last), local(now))
        if not silence or not silence.is_unusual:
            return None
        return {
            "stage": "quiet",
            "since": fields.Datetime.to_string(last),
            "expected": round(silence.expected),
        }

    def _orders_seen(self, name):
        """The greatest value of a field of this account's orders, None without any."""
        orders = self.env["sale.order"].sudo()
        domain = [("allegro_account_id", "=", self.id)]
        return orders.search(domain, order=f"{name} desc", limit=1)[name] or None

    def _newest_in_inbox(self):
        rows = self.env["allegro.incoming.order"].sudo()
        newest = rows.search([("account_id", "=", self.id)], order="id desc", limit=1)
        return newest.create_date or None

    def _orders_by_hour(self, until, zone):
        """Dict of the number of orders by hour, in the seller's time.

        At most one row for each hour of some weeks, however many orders there are.
        """
        self.env["sale.order"].flush_model(["allegro_account_id", "date_order"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc(
                           'hour', date_order AT TIME ZONE 'UTC' AT TIME ZONE %s
                       ) AS hour,
                       count(*)
                  FROM sale_order
                 WHERE allegro_account_id = %s
                   AND date_order BETWEEN %s AND %s
                 GROUP BY hour
                """,
                zone.zone,
                self.id,
                until - HISTORY - timedelta(days=2),
                until,
            )
        )
        return dict(rows)

    def _say_silence(self, facts):
        since = self._in_words_of_reader(facts["since"])
        if facts["stage"] == "failing":
            return Words(
                self.env._("Odoo gets nothing from Allegro"),
                self.env._(
                    "The orders of %(account)s were last read on %(moment)s; since then"
                    " Odoo has not succeeded (%(error)s). Press Check connection on the"
                    " account. Nothing is lost: what was bought meanwhile comes in"
                    " afterwards.",
                    account=self.name,
                    moment=since,
                    error=facts["error"] or "-",
                ),
            )
        return Words(
            self.env._("No orders come from Allegro"),
            self.env._(
                "The last order of %(account)s is of %(moment)s. By its usual pace"
                " about %(expected)s would have come since, although Odoo reaches"
                " Allegro without trouble. Look on Allegro whether the offers are"
                " active, whether selling is blocked, and whether Allegro itself has"
                " trouble.",
                account=self.name,
                moment=since,
                expected=facts["expected"],
            ),
        )

    # Quarantine

    def _find_quarantine(self):
        rows = self.env["allegro.incoming.order"].sudo()
        count = rows.search_count(
            [("account_id", "=", self.id), ("state", "=", "quarantined")]
        )
        return {"count": count} if count else None

    def _say_quarantine(self, facts):
        return Words(
            self.env._("Allegro orders need a person"),
            self.env._(
                "%(count)s orders of %(account)s could not be imported although it was"
                " tried five times. Each says why: put it right and press Retry.",
                count=facts["count"],
                account=self.name,
            ),
            "action_open_incoming",
            self.env._("Open the orders"),
        )
