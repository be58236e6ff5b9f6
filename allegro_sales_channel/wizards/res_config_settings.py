from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allegro_account_count = fields.Integer(
        "Connected Allegro accounts", compute="_compute_allegro_account_count"
    )
    allegro_order_email = fields.Boolean(
        related="company_id.allegro_order_email", readonly=False
    )
    allegro_auto_invoice = fields.Boolean(
        related="company_id.allegro_auto_invoice", readonly=False
    )
    allegro_auto_invoice_when = fields.Selection(
        related="company_id.allegro_auto_invoice_when", readonly=False
    )
    allegro_tax_difference = fields.Selection(
        related="company_id.allegro_tax_difference", readonly=False
    )

    allegro_person_document = fields.Selection(
        related="company_id.allegro_person_document", readonly=False
    )
    allegro_persons_in_ksef = fields.Boolean(
        related="company_id.allegro_persons_in_ksef", readonly=False
    )
    allegro_has_ksef = fields.Boolean(compute="_compute_allegro_has_ksef")

    allegro_audit_days = fields.Integer(
        related="company_id.allegro_audit_days", readonly=False
    )

    @api.depends("company_id")
    def _compute_allegro_has_ksef(self):
        for settings in self:
            settings.allegro_has_ksef = settings.company_id._allegro_has_ksef()

    def _compute_allegro_account_count(self):
        count = self.env["allegro.account"].search_count(
            [("state", "=", "connected"), ("company_id", "=", self.env.company.id)]
        )
        self.allegro_account_count = count

    def action_allegro_open_email_template(self):
        """Open the template of the e-mail about a new order, to be edited."""
        template = self.env.ref("allegro_sales_channel.mail_template_allegro_order")
        return template.get_formview_action()
