"""What stands above every Allegro page when something needs a person."""

from odoo import api, models


class AllegroAccountWarnings(models.AbstractModel):
    """The part of ``allegro.account`` that says what is wrong with it."""

    _name = "allegro.account.warnings"
    _description = "Warnings about Allegro accounts"

    @api.model
    def get_warnings(self):
        """What the user must know, for the banner of the web client.

        :return: list of dicts: ``account_id`` to open, ``text`` to show
        """
        if not self.env.user.has_group("allegro_sales_channel.group_allegro_user"):
            return []
        return [
            {
                "account_id": account.id,
                "text": self.env._(
                    'Account "%(account)s" is disconnected: no orders come in and'
                    " nothing is sent until it is reconnected.",
                    account=account.name,
                ),
            }
            for account in self.search([("state", "=", "reconnect")])
        ]
