"""What people asked for: worked off by a scheduled action of its own."""

import logging

from odoo import api, models

from ..door.allegro_account_support import NEWEST
from ..door.fault import Fault, in_log, whose
from ..door.seams import Words

_logger = logging.getLogger(__name__)


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    def _ask_for_offers(self, _client):
        """What has no product yet is best known before the first order comes."""
        self.env["allegro.request"].sudo()._want(self, "offers")

    def _ask_daily(self):
        """Ask for what is to be done each day."""
        self.env["allegro.request"]._want(self, "offers")
        self.env["allegro.request"]._want(self, "proof")
        self.env["ir.cron"]._commit_progress()

    def _work_requests(self):
        requests = self.env["allegro.request"]
        open_states = ("waiting", "running")
        domain = [("account_id", "=", self.id), ("state", "in", open_states)]
        tried = []
        while request := requests.search(
            [*domain, ("id", "not in", tried)], order="id", limit=1
        ):
            tried.append(request.id)
            if not self._work_request(request):
                return

    def _work_request(self, request):
        """:return: False when there was no time to finish"""
        try:
            with self._client() as client:
                return request._work(client)
        except Exception as error:
            fault = whose(error)
            if fault is Fault.DATABASE:
                raise
            self.env.cr.rollback()
            if fault is not Fault.DOCUMENT:
                request._take_back()
                self.env["ir.cron"]._commit_progress(remaining=0)
            if fault is Fault.ALLEGRO:
                raise  # the account says so, the request waits
            if fault is Fault.RACE:
                # with another worker, or with who stops it: come again
                _logger.info("Allegro request %s met another transaction", request.id)
                return True
            # one request that can't be worked must not keep the others waiting
            _logger.warning("Allegro request %s: %s", request.id, in_log(error))
            request._stumble(error)
            self.env["ir.cron"]._commit_progress(remaining=0)
            return True

    @api.model
    def _default_connected(self):
        """The account that is meant where there is only one; else none."""
        accounts = self.search(
            [("state", "=", "connected"), ("company_id", "=", self.env.company.id)],
            limit=2,
        )
        return accounts if len(accounts) == 1 else self.browse()

    def _find_difference(self):
        """Of the last comparison, whatever its currencies."""
        proofs = self.env["allegro.daily.proof"].sudo()
        last = proofs.search([("account_id", "=", self.id)], limit=1)
        same = proofs.search(
            [
                ("account_id", "=", self.id),
                ("day", "=", last.day),
                ("request_id", "=", last.request_id.id),
            ]
        )
        count = sum(same.mapped("alarm_count"))
        return {"count": count} if count else None

    def _say_difference(self, facts):
        return Words(
            self.env._("Odoo and Allegro differ"),
            self.env._(
                "The last comparison of %(account)s with Allegro names %(count)s orders"
                " that are missing in Odoo or differ. What is missing is being fetched;"
                " see there what needs you.",
                account=self.name,
                count=facts["count"],
            ),
            "action_open_proofs",
            self.env._("Open the comparison"),
        )

    # For support

    def _support_errors(self):
        """The newest errors of each kind, without their words."""
        kinds = {
            "incoming_orders": ("allegro.incoming.order", "account_id", "error"),
            "parcels": ("allegro.parcel", "order_id.allegro_account_id", "error"),
            **{
                name: ("sale.order", "allegro_account_id", name)
                for name in (
                    "allegro_sync_error",
                    "allegro_follow_error",
                    "allegro_push_error",
                    "allegro_invoice_error",
                )
                if self.env["sale.order"]._fields[name].store
            },
            **{
                name: ("account.move", "allegro_order_id.allegro_account_id", name)
                for name in ("allegro_document_error", "allegro_payment_error")
            },
        }
        return {
            "errors": {
                kind: self._newest_errors(*place) for kind, place in kinds.items()
            }
        }

    def _newest_errors(self, model, account, name):
        records = self.env[model].search(
            [(account, "=", self.id), (name, "!=", False)],
            order="write_date desc",
            limit=NEWEST,
        )
        return [
            self._support_error(_form_id_of(record), record.write_date, record[name])
            for record in records
        ]

    def _support_counts(self):
        """How many of each there are, by state."""
        kinds = {
            "orders": (
                "sale.order",
                "allegro_account_id",
                "allegro_fulfillment_status",
            ),
            "incoming_orders": ("allegro.incoming.order", "account_id", "state"),
            "parcels": ("allegro.parcel", "order_id.allegro_account_id", "state"),
            "parts": ("allegro.stock.audit", "allegro_account_id", "state"),
            "requests": ("allegro.request", "account_id", "state"),
            "comparisons": ("allegro.daily.proof", "account_id", "state"),
            "offers": ("allegro.offer", "account_id", "mapping"),
        }
        return {
            "counts": {
                kind: {
                    str(value): count
                    for value, count in self.env[model]._read_group(
                        [(account, "=", self.id)], [by], ["__count"]
                    )
                }
                for kind, (model, account, by) in kinds.items()
            }
        }

    def action_open_proofs(self):
        return self._open_own("allegro_sales_channel.action_allegro_daily_proof")

    def action_read_offers(self):
        """Read all the seller's offers from Allegro."""
        self.ensure_one()
        self._check_is_user()
        self.check_access("read")
        return self.env["allegro.request"].sudo()._want(self, "offers")._open()


def _form_id_of(record):
    """Allegro's id of the order that a document belongs to."""
    order = record
    for name in ("order_id", "allegro_order_id"):
        if name in record._fields:
            order = record[name]
    name = "checkout_form_id" if "checkout_form_id" in order._fields else None
    return order[name or "allegro_checkout_form_id"]
