from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allegro_account_count = fields.Integer(
        "Connected Allegro accounts", compute="_compute_allegro_account_count"
    )

    def _compute_allegro_account_count(self):
        count = self.env["allegro.account"].search_count(
            [("state", "=", "connected"), ("company_id", "=", self.env.company.id)]
        )
        self.allegro_account_count = count
