from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allegro_audit_days = fields.Integer(
        related="company_id.allegro_audit_days", readonly=False
    )
