from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..allegro import rules


class AllegroPeriodWizard(models.TransientModel):
    """Load what was bought in a period: as sales orders, or as read-only history."""

    _name = "allegro.period.wizard"
    _description = "Load Allegro orders of a period"
    _inherit = ["allegro.dialog"]

    account_id = fields.Many2one(
        "allegro.account",
        required=True,
        domain=[("state", "=", "connected")],
        default=lambda self: self.env["allegro.account"]._default_connected(),
    )
    kind = fields.Selection(
        [
            ("period", "Sales orders that are missing or have changed"),
            ("history", "Older orders, to look at only"),
        ],
        "What to load",
        required=True,
        default="period",
    )
    date_from = fields.Date(
        "From", required=True, compute="_compute_dates", store=True, readonly=False
    )
    date_to = fields.Date(
        "To", required=True, compute="_compute_dates", store=True, readonly=False
    )
    order_import_start = fields.Datetime(
        related="account_id.order_import_start", related_sudo=False
    )

    @api.model
    def _today(self):
        return fields.Date.context_today(self)

    @api.depends("kind", "account_id")
    def _compute_dates(self):
        """The last week; of older orders, the last month before the import."""
        for wizard in self:
            start = wizard.account_id.order_import_start
            if wizard.kind == "history" and start:
                wizard.date_to = fields.Datetime.context_timestamp(wizard, start).date()
                wizard.date_from = wizard.date_to - timedelta(days=30)
            else:
                wizard.date_to = wizard._today()
                wizard.date_from = wizard.date_to - timedelta(days=7)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(self.env._("The period ends before it begins."))
            if self._today() - wizard.date_from > rules.KEPT_BY_ALLEGRO:
                raise ValidationError(
                    self.env._("Allegro keeps orders for 12 months, not longer.")
                )

    def action_confirm(self):
        self.ensure_one()
        self.account_id.check_access("read")
        request = self.env["allegro.request"].sudo()
        return request._want(
            self.account_id,
            self.kind,
            date_from=self._utc(self.date_from, time.min),
            date_to=self._utc(self.date_to, time.max),
        )._open()

    def _utc(self, day, clock):
        """The beginning or the end of a day as the person knows it, in naive UTC."""
        zone = pytz.timezone(
            self.env.user.tz or self.account_id.company_id.partner_id.tz or "UTC"
        )
        local = zone.localize(datetime.combine(day, clock.replace(microsecond=0)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)
