"""The settings of a company for the invoices of its Allegro orders."""

from odoo import api, fields, models

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

    allegro_person_document = fields.Selection(
        [
            ("invoice", "An invoice"),
            ("receipt", "A receipt of the cash register"),
            ("none", "Nothing, unless they ask"),
        ],
        string="Private persons on Allegro get",
        required=True,
        default="invoice",
        help="What a private person gets who asked for no invoice. Who asked gets one.",
    )
    allegro_persons_in_ksef = fields.Boolean(
        "Invoices of private persons go to KSeF",
        help="They need not; those of companies do as soon as KSeF is connected.",
    )

    def _allegro_has_ksef(self):
        """Is the company connected to KSeF? Said by the addon that knows."""
        self.ensure_one()
        return False

    @api.model
    def _allegro_document_settings(self):
        """Names of the fields by which it is decided which document an order gets."""
        return {"allegro_person_document", "allegro_persons_in_ksef"}

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
        if self._allegro_document_settings() & vals.keys():
            self.env["sale.order"]._allegro_decide_anew(
                [("company_id", "in", self.ids)]
            )
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
