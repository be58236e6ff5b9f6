"""Something that a person wants of Allegro and that takes its time."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..door.fault import in_words
from . import (  # noqa: F401 - what it inherits
    allegro_request_history,
    allegro_request_listed,
    allegro_request_offers,
    allegro_request_orders,
    allegro_request_proof,
    allegro_request_shadow,
)

#: Finished requests are kept so long, in days.
KEPT_DAYS = 90
#: A request that fails so often without getting on is given up.
MAX_ATTEMPTS = 5

#: What makes two requests the same.
_SAME = ("account_id", "kind", "date_from", "date_to")

RESULTS = [
    ("new", "New"),
    ("changed", "Changed"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
]


class AllegroRequest(models.Model):
    """Something that a person wants of Allegro and that takes its time.

    A scheduled action works it off piece by piece, a commit after each: one that is
    interrupted goes on where it stopped. Nobody waits for Allegro in a transaction.
    """

    _name = "allegro.request"
    _description = "Request to Allegro"
    _inherit = [
        "allegro.request.listed",
        "allegro.request.orders",
        "allegro.request.history",
        "allegro.request.offers",
        "allegro.request.proof",
        "allegro.request.shadow",
        "allegro.guarded",
    ]
    _order = "id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "allegro.account",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("orders", "Import these orders"),
            ("period", "Load orders of a period"),
            ("history", "Load older orders"),
            ("offers", "Read all offers"),
            ("proof", "Compare with Allegro"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    checkout_form_ids = fields.Json("Orders wanted", readonly=True)
    date_from = fields.Datetime("From", readonly=True)
    date_to = fields.Datetime("To", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        index=True,
        default="waiting",
    )
    position = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="How far it got: where it goes on after an interruption.",
    )
    attempts = fields.Integer("Failures in a row", readonly=True)
    error = fields.Text("What is wrong", readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True)

    total_count = fields.Integer(
        "Expected", readonly=True, help="As far as Allegro says beforehand."
    )
    done_count = fields.Integer("Looked at", readonly=True)
    new_count = fields.Integer("New", readonly=True)
    changed_count = fields.Integer("Changed", readonly=True)
    skipped_count = fields.Integer("Skipped", readonly=True)
    failed_count = fields.Integer("Failed", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    result_text = fields.Char("Result", compute="_compute_result_text")
    account_problem = fields.Char(related="account_id.last_error")
    offer_coverage = fields.Char(related="account_id.offer_coverage")
    line_ids = fields.One2many("allegro.request.line", "request_id", readonly=True)
    proof_ids = fields.One2many("allegro.daily.proof", "request_id", readonly=True)

    @api.depends("kind", "account_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = f"{kinds[request.kind]} ({request.account_id.name})"

    @api.depends("state", "done_count", "total_count")
    def _compute_progress(self):
        for request in self:
            if request.state == "done":
                request.progress = 100
            else:
                # Allegro's number wavers, and it is not done before it is done
                part = 100 * request.done_count / max(request.total_count, 1)
                request.progress = min(part, 99) if request.total_count else 0

    @api.depends(
        "new_count",
        "changed_count",
        "skipped_count",
        "failed_count",
        "done_count",
        "proof_ids.alarm_count",
    )
    def _compute_result_text(self):
        for request in self:
            if request.kind == "proof":
                request.result_text = self.env._(
                    "%(count)s compared, %(alarms)s to be looked at",
                    count=request.done_count,
                    alarms=sum(request.proof_ids.mapped("alarm_count")),
                )
                continue
            request.result_text = self.env._(
                "%(new)s new, %(changed)s changed, %(skipped)s skipped, %(failed)s"
                " failed",
                new=request.new_count,
                changed=request.changed_count,
                skipped=request.skipped_count,
                failed=request.failed_count,
            )

    # Asking

    @api.model
    def _want(self, account, kind, **values):
        """Write down what is wanted, and wake the scheduled action.

        :param account: one ``allegro.account``
        :param kind: of :attr:`kind`
        :param values: more of the request's fields
        :return: the request; it is the one that waits already when that is the same
        """
        wanted = {"account_id": account.id, "kind": kind, **values}
        same = self.search(
            [
                ("state", "=", "waiting"),
                *((name, "=", wanted.get(name, False)) for name in _SAME),
            ]
        ).filtered(
            lambda r: r.checkout_form_ids == wanted.get("checkout_form_ids", False)
        )
        request = same[:1] or self.create(wanted)
        self.env["allegro.account"]._wake("requests")
        return request

    def _open(self):
        """Action: the form, where the progress shows; of several, their list."""
        if len(self) != 1:
            return self.env["ir.actions.act_window"]._for_xml_id(
                "allegro_sales_channel.action_allegro_request"
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_stop(self):
        """Stop after the piece that is being worked on; what is done stays."""
        self.check_access("write")
        unfinished = self.filtered(lambda r: r.state in ("waiting", "running"))
        unfinished.sudo().write(
            {"state": "stopped", "finished_at": fields.Datetime.now()}
        )

    def action_resume(self):
        """Go on where it stopped or failed."""
        self.check_access("write")
        ended = self.filtered(lambda request: request.state in ("stopped", "failed"))
        ended.sudo().write(
            {"state": "waiting", "attempts": 0, "error": False, "finished_at": False}
        )
        self.env["allegro.account"]._wake("requests")

    def action_open_orders(self):
        """The sales orders that this request brought or changed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["domain"] = [("id", "in", self.line_ids.order_id.ids)]
        action["context"] = {}
        return action

    # Working

    def _work(self, client):
        """Work a request off, or as much of it as there is time for.

        Each kind has two methods: ``_fetch_<kind>(client)`` yields what Allegro
        answers, piece by piece, and ``_take_<kind>(piece)`` stores a piece; some have
        a third one, ``_finish_<kind>()``, for what is done at the end. No transaction
        is open while Allegro is asked, and a piece and its progress are committed as
        one.

        :param client: of the request's account
        :return: False when there was no time to finish
        """
        self.ensure_one()
        if not self._begin():
            return True
        for piece in getattr(self, f"_fetch_{self.kind}")(client):
            if not self._is_still_wanted():
                return True
            getattr(self, f"_take_{self.kind}")(piece)
            self.write({"attempts": 0, "error": False})
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return False
        if self._is_still_wanted():
            finish = getattr(self, f"_finish_{self.kind}", None)
            if finish:
                finish()
            self.write({"state": "done", "finished_at": fields.Datetime.now()})
        self.env["ir.cron"]._commit_progress(1, remaining=0)
        return True

    def _begin(self):
        """Count this try before it is made, and commit.

        Whoever dies of a piece, by its memory or its time, can't count it afterwards.

        :return: False when too many tries have not ended
        """
        if self.attempts >= MAX_ATTEMPTS:
            self._give_up(
                self.env._("The server died, or was stopped, while it worked on this.")
            )
        else:
            self.write({"state": "running", "attempts": self.attempts + 1})
        self.env["ir.cron"]._commit_progress(remaining=1)
        return self.state == "running"

    def _take_back(self):
        """The try that was begun has ended by no fault of this request."""
        if self.attempts:
            self.attempts -= 1

    def _give_up(self, words):
        self.write(
            {"state": "failed", "error": words, "finished_at": fields.Datetime.now()}
        )

    def _is_still_wanted(self):
        """Nobody stopped it meanwhile; and nobody does, until the next commit."""
        self.env.cr.execute(
            SQL("SELECT state FROM allegro_request WHERE id = %s FOR UPDATE", self.id)
        )
        return self.env.cr.fetchone() == ("running",)

    def _stumble(self, error):
        """A piece failed: try again later, give up after several times."""
        self.ensure_one()
        # counted already when it was begun, unless a piece has come through since
        attempts = max(self.attempts, 1)
        self.write({"attempts": attempts, "error": in_words(error)})
        if attempts >= MAX_ATTEMPTS:
            self._give_up(in_words(error))

    def _note(self, results, unlisted=()):
        """Count what became of some orders, and list it.

        :param results: list of dicts with ``checkout_form_id``, ``result`` and, where
            there are any, ``reason`` and ``order_id``
        :param unlisted: the results that are only counted
        """
        counts = dict.fromkeys(dict(RESULTS), 0)
        for result in results:
            counts[result["result"]] += 1
        self.write(
            {
                "done_count": self.done_count + len(results),
                **{
                    f"{name}_count": self[f"{name}_count"] + count
                    for name, count in counts.items()
                },
            }
        )
        self.env["allegro.request.line"].create(
            [
                {"request_id": self.id, **result}
                for result in results
                if result["result"] not in unlisted
            ]
        )

    @api.autovacuum
    def _gc_finished(self):
        """Forget what nobody will look at any more."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("finished_at", "<", limit)], limit=1000).unlink()


class AllegroRequestLine(models.Model):
    _name = "allegro.request.line"
    _description = "Result of a request to Allegro"
    _inherit = ["allegro.order.link", "allegro.guarded"]
    _order = "request_id desc, id"
    _rec_name = "checkout_form_id"

    request_id = fields.Many2one(
        "allegro.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="request_id.account_id")
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    checkout_form_id = fields.Char("Allegro order", readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True, index=True)
    reason = fields.Char("Why", readonly=True)
    order_id = fields.Many2one(
        "sale.order", "Sales order", readonly=True, ondelete="set null"
    )
