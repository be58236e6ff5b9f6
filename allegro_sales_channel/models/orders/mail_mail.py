from odoo import Command, api, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_normalize_all, email_split_and_format


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if self.env.context.get("allegro_automatic"):
            for mail in mails:
                mail._allegro_spare_buyers()
        return mails

    def _allegro_spare_buyers(self):
        """Take Allegro's buyers off a mail that nobody wrote to them."""
        self.ensure_one()
        named = f"{self.email_to or ''},{self.email_cc or ''}"
        emails = {
            *filter(None, self.recipient_ids.mapped("email_normalized")),
            *email_normalize_all(named),
        }
        record = self
        if self.model and self.model in self.env:
            record = self.env[self.model].browse(self.res_id).exists()
        spared = emails and self.env["res.partner"]._allegro_spared(record, emails)
        if not spared:
            return
        others = self.recipient_ids.filtered(
            lambda partner: partner.email_normalized not in spared
        )
        kept = {
            name: ",".join(
                address
                for address in email_split_and_format(self[name])
                if email_normalize(address) not in spared
            )
            for name in ("email_to", "email_cc")
        }
        if others or kept["email_to"]:
            self.write({**kept, "recipient_ids": [Command.set(others.ids)]})
            return
        self.write(
            {
                "state": "cancel",
                "failure_reason": self.env._(
                    "It was for a buyer on Allegro, to whom only people write."
                ),
            }
        )
