"""Messages that nobody wrote: they go to people of the seller, not to Allegro's buyers.

A coupon, a confirmation, a delivery notice of a shop is not for the buyer of a
marketplace, whose address is an alias of Allegro's. What a person writes to him goes.
"""

import logging

from odoo import models

from ..door.fault import attempt, in_log

_logger = logging.getLogger(__name__)

#: Kinds of messages that are made by what happens, not by a person who writes.
_AUTOMATIC = ("notification", "auto_comment", "user_notification")


def unattended(env, nothing, work, *arguments, **options):
    """Make a mail; while orders come in, one that can't be made stops nothing.

    Templates are made by people and other addons, also into ones that fail.

    :param nothing: what to answer when it can't be made
    :param work: function that makes the mail
    """
    if not env.context.get("allegro_unattended"):
        return work(*arguments, **options)
    answers = []
    error = attempt(env, lambda: answers.append(work(*arguments, **options)))
    if error:
        _logger.warning("A mail about an Allegro order failed: %s", in_log(error))
        return nothing
    return answers[0]


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        kind = (msg_vals or {}).get("message_type") or message.sudo().message_type
        emails = {
            person["email_normalized"]
            for person in recipients
            if person["share"] and person["email_normalized"]
        }
        if kind not in _AUTOMATIC or not emails:
            return recipients
        spared = self.env["res.partner"]._allegro_spared(self, emails)
        return [
            person for person in recipients if person["email_normalized"] not in spared
        ]

    def message_post_with_source(self, source_ref, **kwargs):
        return unattended(
            self.env,
            self.env["mail.message"],
            super().message_post_with_source,
            source_ref,
            **kwargs,
        )

    def message_mail_with_source(self, source_ref, **kwargs):
        automatic = self.with_context(allegro_automatic=True)
        return unattended(
            self.env,
            self.env["mail.mail"].sudo(),
            super(MailThread, automatic).message_mail_with_source,
            source_ref,
            **kwargs,
        )
