"""The settings of a company for its Allegro orders, and its local time."""

import pytz

from odoo import fields, models

#: Allegro's statuses from which an order's automatic invoice is due.
INVOICE_AFTER = {
    "processing": (
        "PROCESSING",
        "READY_FOR_SHIPMENT",
        "READY_FOR_PICKUP",
        "SENT",
        "PICKED_UP",
    ),
    "handed_over": ("SENT", "PICKED_UP"),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    allegro_order_email = fields.Boolean(
        "Allegro order e-mail notification",
        help="Send an e-mail for each new Allegro order, to the people chosen on its"
        " Allegro account.",
    )
    allegro_auto_invoice = fields.Boolean(
        "Automatic invoices for Allegro orders",
        help="Create and post the invoice of each Allegro order, and put it on Allegro"
        " when the buyer asked for one.",
    )
    allegro_auto_invoice_when = fields.Selection(
        [
            ("handed_over", "When the order is handed over to the courier"),
            ("processing", "When processing starts"),
        ],
        string="Invoice Allegro orders",
        required=True,
        default="handed_over",
    )

    def write(self, vals):
        result = super().write(vals)
        if "allegro_auto_invoice" in vals and not vals["allegro_auto_invoice"]:
            # off means off, also for what was due and not made yet
            self.env["sale.order"].sudo().search(
                [
                    ("company_id", "in", self.ids),
                    ("allegro_invoice_due", "=", True),
                ]
            ).allegro_invoice_due = False
        return result

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
