from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    allegro_audit_days = fields.Integer(
        "Days for checking parts",
        default=3,
        help="A part in the Parts stock audit that waits longer is marked.",
    )

    _allegro_audit_days_positive = models.Constraint(
        "CHECK(allegro_audit_days IS NULL OR allegro_audit_days >= 0)",
        "The days for checking parts can't be negative.",
    )
