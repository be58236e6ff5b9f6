"""The settings of a company for the invoices of its Allegro orders."""

from odoo import fields, models

from .sale_order_deadline import REMINDED_BEFORE


class ResCompany(models.Model):
    _inherit = "res.company"

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
    allegro_tax_difference = fields.Selection(
        [
            ("wait", "Wait until somebody has looked at it"),
            ("invoice", "Invoice with Odoo's tax"),
        ],
        string="When the VAT differs from Allegro's",
        required=True,
        default="wait",
        help="What becomes of the automatic invoice of an order with another VAT rate"
        " than its offer has on Allegro.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "allegro_tax_difference" in vals:
            # of all orders, only these ask for the setting
            differing = (
                self.env["sale.order"]
                .sudo()
                .search(
                    [
                        ("company_id", "in", self.ids),
                        ("allegro_tax_differs", "=", True),
                    ]
                )
            )
            differing.modified(["allegro_tax_differs"])
            self.env["allegro.account"]._wake("invoice")
        if "allegro_auto_invoice" in vals and not vals["allegro_auto_invoice"]:
            # off means off, also for what was due and not made yet
            self.env["sale.order"].sudo().search(
                [
                    ("company_id", "in", self.ids),
                    ("allegro_invoice_due", "=", True),
                ]
            ).allegro_invoice_due = False
        return result

    def _allegro_urgency(self, deadline):
        """
        :param deadline: a date, or nothing
        :return: ``late``, ``near``, or False
        """
        today = self._allegro_today()
        if not deadline or deadline > today + REMINDED_BEFORE:
            return False
        return "near" if deadline >= today else "late"
