"""Does Odoo have what Allegro has? Every day, by number and by total."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

#: Days that are compared each time.
PROOF_DAYS = 7
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
    ("shadow_status", "Shadow: another status"),
    ("shadow_parcel", "Shadow: tracking number not there"),
    ("shadow_invoice", "Shadow: invoice not there"),
]
#: These need somebody's attention, the others are as they should be.
ALARMING = ("missing", "failed", "unreadable", "unlisted", "total")


class AllegroDailyProof(models.Model):
    """The comparison of one day, for the orders of one currency."""

    _name = "allegro.daily.proof"
    _description = "Daily comparison with Allegro"
    _inherit = ["allegro.guarded"]
    _order = "day desc, id desc"

    request_id = fields.Many2one("allegro.request", readonly=True, ondelete="set null")
    account_id = fields.Many2one(
        "allegro.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    day = fields.Date("Compared on", required=True, readonly=True)
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
    shadow_same_count = fields.Integer(
        "As in shadow mode",
        readonly=True,
        help="Statuses, tracking numbers and invoices that shadow mode would have sent"
        " and that are on Allegro.",
    )
    shadow_different_count = fields.Integer(
        "Otherwise than in shadow mode",
        readonly=True,
        help="What shadow mode would have sent, and is not on Allegro.",
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
        self.env["allegro.account"]._check_is_user()
        self.check_access("read")
        accounts = self.env["allegro.account"].search([("state", "=", "connected")])
        requests = self.env["allegro.request"].sudo()
        for account in accounts:
            requests |= requests._want(account, "proof")
        return requests._open()

    def _add(self, *, listed=None, here=None, same=0, exceptions=()):
        """Add orders to this comparison.

        :param listed: list of the totals that Allegro lists
        :param here: sale orders that are their counterparts
        :param same: how much of what shadow mode would have sent is on Allegro
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
                "shadow_same_count": self.shadow_same_count + same,
                "shadow_different_count": self.shadow_different_count
                + sum(e["reason"].startswith("shadow_") for e in exceptions),
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
    _inherit = ["allegro.order.link", "allegro.guarded"]
    _order = "is_alarming desc, id"
    _rec_name = "checkout_form_id"

    proof_id = fields.Many2one(
        "allegro.daily.proof",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    account_id = fields.Many2one(related="proof_id.account_id")
    company_id = fields.Many2one(related="proof_id.company_id", store=True)
    currency_id = fields.Many2one(related="proof_id.currency_id")
    checkout_form_id = fields.Char("Allegro order", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    is_alarming = fields.Boolean(compute="_compute_is_alarming", store=True)
    detail = fields.Char(readonly=True)
    wanted = fields.Char("Shadow mode would have sent", readonly=True)
    wanted_at = fields.Datetime("Would have been sent", readonly=True)
    there = fields.Char("On Allegro instead", readonly=True)
    # a text: lists show all of it, over several lines
    words = fields.Text("Detail", compute="_compute_words")
    listed_total = fields.Monetary("On Allegro", readonly=True)
    here_total = fields.Monetary("In Odoo", readonly=True)
    order_id = fields.Many2one(
        "sale.order", "Sales order", readonly=True, ondelete="set null"
    )

    @api.depends("detail", "wanted", "wanted_at", "there")
    def _compute_words(self):
        field = self.env["sale.order"]._fields["allegro_fulfillment_status"]
        statuses = dict(field._description_selection(self.env))
        for exception in self:
            if not exception.wanted:
                exception.words = exception.detail
                continue
            wanted, there = exception.wanted, exception.there
            exception.words = self.env._(
                "Odoo would have sent %(wanted)s on %(time)s; on Allegro: %(there)s",
                wanted=statuses.get(wanted, wanted),
                time=format_datetime(self.env, exception.wanted_at, dt_format="short"),
                there=statuses.get(there, there) or self.env._("nothing"),
            )

    @api.depends("reason")
    def _compute_is_alarming(self):
        for exception in self:
            exception.is_alarming = exception.reason in ALARMING
