"""Does Odoo have what Allegro has? Every day, by number and by total."""

from datetime import timedelta

from odoo import api, fields, models

from ..allegro import rules

#: Days that are compared each time.
PROOF_DAYS = 7
#: What was bought a moment ago may still be on its way.
_ON_ITS_WAY = timedelta(minutes=30)
#: Days for which results are kept.
_KEPT_DAYS = 400

REASONS = [
    ("missing", "Missing: it is being fetched"),
    ("failed", "Could not be imported"),
    ("waiting", "Waiting to be imported"),
    ("unreadable", "Allegro's answer can't be read"),
    ("unlisted", "In Odoo, but Allegro does not list it"),
    ("total", "The totals differ"),
    ("cancelled", "Cancelled in Odoo"),
    ("part", "Some items are no product in Odoo"),
    ("unmanaged", "None of its items is a product in Odoo"),
    ("before_start", "Bought before the import's start"),
]
#: These need somebody's attention, the others are as they should be.
ALARMING = ("missing", "failed", "unreadable", "unlisted", "total")


class AllegroDailyProof(models.Model):
    """The comparison of one day, for the orders of one currency."""

    _name = "allegro.daily.proof"
    _description = "Daily comparison with Allegro"
    _order = "day desc, id desc"

    request_id = fields.Many2one("allegro.request", readonly=True, ondelete="set null")
    account_id = fields.Many2one(
        "allegro.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    date_from = fields.Datetime("From", readonly=True)
    date_to = fields.Datetime("To", readonly=True)
    listed_count = fields.Integer(
        "Orders on Allegro", readonly=True, help="Those that are ready for processing."
    )
    listed_total = fields.Monetary("Total on Allegro", readonly=True)
    here_count = fields.Integer("Orders in Odoo", readonly=True)
    here_total = fields.Monetary("Total in Odoo", readonly=True)
    difference = fields.Monetary(compute="_compute_difference")
    exception_ids = fields.One2many(
        "allegro.daily.proof.exception", "proof_id", readonly=True
    )
    exception_count = fields.Integer("Exceptions", readonly=True)
    alarm_count = fields.Integer(
        "To be looked at",
        readonly=True,
        help="Exceptions that are not as they should be.",
    )
    state = fields.Selection(
        [
            ("equal", "Equal"),
            ("explained", "Explained"),
            ("alarm", "To be looked at"),
        ],
        compute="_compute_state",
        store=True,
    )

    @api.depends("day", "account_id", "currency_id")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = (
                f"{proof.day} {proof.account_id.name} {proof.currency_id.name}"
            )

    @api.depends("listed_total", "here_total")
    def _compute_difference(self):
        for proof in self:
            proof.difference = proof.listed_total - proof.here_total

    @api.depends("exception_count", "alarm_count")
    def _compute_state(self):
        for proof in self:
            if proof.alarm_count:
                proof.state = "alarm"
            else:
                proof.state = "explained" if proof.exception_count else "equal"

    def action_compare_now(self):
        """Compare the last days of every connected account, now."""
        self.check_access("read")
        accounts = self.env["allegro.account"].search([("state", "=", "connected")])
        requests = self.env["allegro.request"].sudo()
        for account in accounts:
            requests |= requests._want(account, "proof")
        return requests._open()

    def _add(self, *, listed=None, here=None, exceptions=()):
        """Add orders to this comparison.

        :param listed: list of the totals that Allegro lists
        :param here: sale orders that are their counterparts
        :param exceptions: list of dicts with ``checkout_form_id`` and ``reason``
        """
        self.ensure_one()
        self.write(
            {
                "listed_count": self.listed_count + len(listed or ()),
                "listed_total": self.listed_total + float(sum(listed or ())),
                "here_count": self.here_count + len(here or ()),
                "here_total": self.here_total
                + sum(here.mapped("amount_total") if here else ()),
                "exception_count": self.exception_count + len(exceptions),
                "alarm_count": self.alarm_count
                + sum(exception["reason"] in ALARMING for exception in exceptions),
                "exception_ids": [
                    fields.Command.create(exception) for exception in exceptions
                ],
            }
        )

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Date.today() - timedelta(days=_KEPT_DAYS)
        self.search([("day", "<", limit)], limit=1000).unlink()


class AllegroDailyProofException(models.Model):
    _name = "allegro.daily.proof.exception"
    _description = "Exception of a daily comparison with Allegro"
    _order = "is_alarming desc, id"
    _rec_name = "checkout_form_id"

    proof_id = fields.Many2one(
        "allegro.daily.proof", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proof_id.company_id", store=True)
    currency_id = fields.Many2one(related="proof_id.currency_id")
    checkout_form_id = fields.Char("Allegro order", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    is_alarming = fields.Boolean(compute="_compute_is_alarming", store=True)
    detail = fields.Char(readonly=True)
    listed_total = fields.Monetary("On Allegro", readonly=True)
    here_total = fields.Monetary("In Odoo", readonly=True)
    order_id = fields.Many2one(
        "sale.order", "Sales order", readonly=True, ondelete="set null"
    )
    url = fields.Char("Order on Allegro", compute="_compute_url")

    @api.depends("reason")
    def _compute_is_alarming(self):
        for exception in self:
            exception.is_alarming = exception.reason in ALARMING

    @api.depends("checkout_form_id", "proof_id.account_id")
    def _compute_url(self):
        for exception in self:
            account = exception.proof_id.account_id
            exception.url = account._order_url(exception.checkout_form_id)


class AllegroRequest(models.Model):
    _inherit = "allegro.request"

    def _fetch_proof(self, client):
        if not self.date_from:
            now = fields.Datetime.now()
            self.write(
                {
                    "date_from": now - timedelta(days=PROOF_DAYS),
                    "date_to": now - _ON_ITS_WAY,
                }
            )
        return self._fetch_listed(client)

    def _take_proof(self, fetched):
        """Compare a piece of Allegro's list with what is here."""
        self.done_count += len(fetched)
        account = self.account_id
        ids = [answer.checkout_form_id for answer in fetched]
        known = self.env["sale.order"]._allegro_known(account, ids)
        waiting = self._waiting_rows(ids)
        missing = []
        for answer in fetched:
            form_id = answer.checkout_form_id
            order = known.get(form_id, self.env["sale.order"])
            form = answer.form
            if not form:
                exception = {"reason": "unreadable", "detail": str(answer.error)}
                self._proof_of(account.company_id.currency_id.name)._add(
                    exceptions=[{"checkout_form_id": form_id, **exception}]
                )
                continue
            if not rules.is_importable(form):
                continue
            reason, detail = self._difference(form, order, waiting.get(form_id))
            if reason == "missing":
                missing.append(form_id)
            exception = {
                "checkout_form_id": form_id,
                "reason": reason,
                "detail": detail,
                "listed_total": float(form.total_to_pay.amount),
                "here_total": order.amount_total,
                "order_id": order.id,
            }
            self._proof_of(form.total_to_pay.currency)._add(
                listed=[form.total_to_pay.amount],
                here=order,
                exceptions=[exception] if reason else [],
            )
        self._fetch_missing(missing)
        self._remember_position(fetched)
        self._remember_known(known.values())

    def _waiting_rows(self, form_ids):
        """Dict of the inbox's rows by form id."""
        rows = self.env["allegro.incoming.order"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("checkout_form_id", "in", form_ids),
            ]
        )
        return {row.checkout_form_id: row for row in rows}

    def _difference(self, form, order, row):
        """Why an order that Allegro lists is not, or not so, in Odoo.

        :return: pair of a reason and a detail, both False when all is equal
        """
        if order:
            if order.state == "cancel":
                return "cancelled", False
            total = float(form.total_to_pay.amount)
            if not order.currency_id.compare_amounts(order.amount_total, total):
                return False, False
            if order.allegro_has_unmanaged:
                return "part", order.allegro_unmanaged_items
            return "total", False
        if row:
            return ("failed", row.error) if row.error else ("waiting", False)
        if not self.account_id._is_since_start(form):
            return "before_start", False
        offer_ids = {line.offer_id for line in form.lines}
        unmanaged = self.env["allegro.offer"].search_count(
            [
                ("account_id", "=", self.account_id.id),
                ("offer_id", "in", list(offer_ids)),
                ("product_id", "=", False),
            ]
        )
        if unmanaged == len(offer_ids):
            return "unmanaged", ", ".join(line.offer_name for line in form.lines)
        return "missing", False

    def _fetch_missing(self, form_ids):
        """Let the inbox bring in what the journal and the sweep both missed."""
        if form_ids:
            self.env["allegro.incoming.order"]._add(
                self.account_id, form_ids, only_new=True
            )
            self.account_id._wake("sync")

    def _remember_known(self, orders):
        position = self.sudo().position or {}
        ids = position.get("known", []) + [order.id for order in orders]
        self.sudo().position = {**position, "known": ids}

    def _proof_of(self, code):
        """This request's comparison in a currency."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", code)], limit=1)
        found = self.proof_ids.filtered(lambda proof: proof.currency_id == currency)
        return found or self.env["allegro.daily.proof"].create(
            {
                "request_id": self.id,
                "account_id": self.account_id.id,
                "currency_id": currency.id,
                "day": fields.Date.context_today(self),
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
        )

    def _finish(self):
        if self.kind == "proof":
            self._add_unlisted()
        return super()._finish()

    def _add_unlisted(self):
        """The other direction: orders here that Allegro does not list."""
        known = (self.sudo().position or {}).get("known", [])
        orders = self.env["sale.order"].search(
            [
                ("allegro_account_id", "=", self.account_id.id),
                ("date_order", ">=", self.date_from),
                ("date_order", "<=", self.date_to),
                ("allegro_status", "=", rules.READY),
                ("state", "=", "sale"),
                ("id", "not in", known),
            ]
        )
        for order in orders:
            self._proof_of(order.currency_id.name)._add(
                exceptions=[
                    {
                        "checkout_form_id": order.allegro_checkout_form_id,
                        "reason": "unlisted",
                        "here_total": order.amount_total,
                        "order_id": order.id,
                    }
                ]
            )
        self._fetch_missing(orders.mapped("allegro_checkout_form_id"))
        # a quiet week is a result as well
        self._proof_of(self.account_id.company_id.currency_id.name)
