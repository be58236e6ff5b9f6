from odoo import models

from .mail_thread import unattended


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail(self, res_id, *args, **kwargs):
        work = super().send_mail
        return unattended(self.env, False, work, res_id, *args, **kwargs)

    def send_mail_batch(self, res_ids, *args, **kwargs):
        # people write with the composer, which does not come this way
        automatic = self.with_context(allegro_automatic=True)
        return super(MailTemplate, automatic).send_mail_batch(res_ids, *args, **kwargs)
