"""What people asked for: worked off by a scheduled action of its own."""

import logging

from odoo import api, models

from ..door.fault import Fault, in_log, whose

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

    def action_read_offers(self):
        """Read all the seller's offers from Allegro."""
        self.ensure_one()
        self._check_is_user()
        self.check_access("read")
        return self.env["allegro.request"].sudo()._want(self, "offers")._open()
