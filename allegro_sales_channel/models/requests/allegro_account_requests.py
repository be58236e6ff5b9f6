"""What people asked for: worked off by a scheduled action of its own."""

import logging

import psycopg2

from odoo import api, models

from ...allegro.errors import AllegroError

_logger = logging.getLogger(__name__)


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "connected":
            for account in self:
                # what has no product yet is best known before the first order comes
                self.env["allegro.request"].sudo()._want(account, "offers")
        return result

    @api.model
    def _cron_requests(self):
        """Work off what people asked of Allegro, oldest first."""
        self._run_for_each_account("_work_requests")

    @api.model
    def _cron_daily(self):
        """Ask for what is to be done each day for every connected account."""
        for account in self.search([("state", "=", "connected")]):
            self.env["allegro.request"]._want(account, "offers")
            self.env["allegro.request"]._want(account, "proof")

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
        except psycopg2.OperationalError:
            # a conflict with another worker, or with who stops it: come again
            _logger.info("Allegro request %s met another transaction", request.id)
            self.env.cr.rollback()
            return True
        except AllegroError as error:
            if error.retryable:
                raise  # Allegro is down: the account says so, the request waits
            problem = error
        except Exception as error:
            # one request that can't be worked must not keep the others waiting
            _logger.exception("Allegro request %s", request.id)
            problem = error
        self.env.cr.rollback()
        request._stumble(problem)
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
