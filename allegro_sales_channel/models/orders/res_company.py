"""A company's e-mail setting for Allegro orders, and its local time."""

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "allegro.guarded"]

    allegro_order_email = fields.Boolean(
        "Allegro order e-mail notification",
        help="Send an e-mail for each new Allegro order, to the people chosen on its"
        " Allegro account.",
    )

    # Local time: documents bear the date of the place where the company is

    def _allegro_timezone(self):
        """Name of the time zone: the company's own, else its country's only one."""
        self.ensure_one()
        zones = pytz.country_timezones.get(self.country_id.code or "", [])
        country_zone = zones[0] if len(zones) == 1 else None
        calendar_zone = self.resource_calendar_id.tz
        return self.partner_id.tz or country_zone or calendar_zone or "UTC"

    def _allegro_local_date(self, moment):
        """The company's date at a moment.

        :param moment: naive UTC, as stored
        """
        zone = pytz.timezone(self._allegro_timezone())
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _allegro_today(self):
        return self._allegro_local_date(fields.Datetime.now())
