"""The trail: what Allegro was told, or would have been, and what came of it."""

from datetime import timedelta

from odoo import api, fields, models

from ...allegro import gate, writers

#: Lines swept in one transaction.
_SWEPT_AT_ONCE = 10_000


class AllegroTrail(models.Model):
    """One call that changes something at Allegro. Only the system writes it.

    A line that stays *unknown* tells that the server died, or the connection broke,
    while Allegro was being told: Allegro is asked before anything is sent again.
    """

    _name = "allegro.trail"
    _description = "Trail of what Allegro was told"
    _inherit = ["allegro.guarded"]
    _order = "id desc"
    _rec_name = "summary"

    account_id = fields.Many2one(
        "allegro.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    writer = fields.Selection(
        [
            (writers.STATUS, "Status"),
            (writers.PARCEL, "Tracking number"),
            (writers.INVOICE, "Invoice"),
            (writers.STOCK, "Stock"),
            (writers.PRICE, "Price"),
            (writers.SHIPMENT, "Shipment"),
            (writers.REFUND, "Refund"),
            (writers.MESSAGE, "Message"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    mode = fields.Selection(
        [(gate.SHADOW, "Shadow"), (gate.ON, "On")], required=True, readonly=True
    )
    state = fields.Selection(
        [
            (gate.SHADOW, "Would have been sent"),
            (gate.DONE, "Done"),
            (gate.REFUSED, "Refused"),
            (gate.UNKNOWN, "Unknown"),
        ],
        string="Result",
        required=True,
        readonly=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        "Sales order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    res_model = fields.Char("Document's model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", "Wanted by", readonly=True, ondelete="set null"
    )
    method = fields.Char(readonly=True)
    path = fields.Char("Address", readonly=True)
    content = fields.Json(readonly=True, help="What was sent, without people.")
    summary = fields.Char("What was sent", compute="_compute_summary", store=True)
    answer = fields.Char("Allegro's answer", readonly=True)
    trace_id = fields.Char(
        "Trace id", readonly=True, help="Allegro's support always asks for it."
    )

    _account_date_idx = models.Index("(account_id, create_date)")

    @api.depends("content")
    def _compute_summary(self):
        for line in self:
            line.summary = ", ".join(_words(line.content or {}))

    @api.autovacuum
    def _gc_old(self):
        """Forget what is older than its account keeps it."""
        swept = 0
        # each account that has a line, archived or not
        for [account] in self._read_group([], ["account_id"]):
            limit = fields.Datetime.now() - timedelta(days=account.trail_days)
            old = self.search(
                [("account_id", "=", account.id), ("create_date", "<", limit)],
                limit=_SWEPT_AT_ONCE,
            )
            swept = max(swept, len(old))
            old.unlink()
        return swept, swept == _SWEPT_AT_ONCE


def _words(content, prefix=""):
    """The texts of a nested content, with their names."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _words(value, name)
    elif isinstance(content, list):
        for value in content:
            yield from _words(value, prefix)
    elif content is not None:
        yield f"{prefix}: {content}" if prefix else str(content)
