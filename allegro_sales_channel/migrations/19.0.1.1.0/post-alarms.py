"""When a consent ends was not kept: Allegro gives it three months from each renewal.

Warnings about lost consents were activities of their own; the watch says them anew.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    cr.execute(
        """
        UPDATE allegro_account
           SET consent_ends_at = token_expires_at
                   - token_lifetime * interval '1 second' + interval '90 days'
         WHERE token_expires_at IS NOT NULL
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    accounts = env["allegro.account"].with_context(active_test=False).search([])
    accounts.activity_unlink(["mail.mail_activity_data_warning"])
    accounts._toggle_scheduled_actions()
