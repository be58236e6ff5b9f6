from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _allegro_has_ksef(self):
        self.ensure_one()
        # sudo: who sells need not see the company's certificate
        return self.sudo().l10n_pl_edi_register

    def _allegro_document_settings(self):
        return super()._allegro_document_settings() | {"l10n_pl_edi_certificate"}
