"""Allegro's carriers and delivery methods, read once a day."""

from datetime import timedelta

from odoo import fields, models

#: How old the lists may become.
_MOST_AGE = timedelta(hours=23)


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    carriers_read_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="When Allegro's lists of carriers and delivery methods were last read.",
    )

    def _sweep(self):
        result = super()._sweep()
        account = self.browse(self.id)
        read_at = account.carriers_read_at
        if not read_at or read_at < fields.Datetime.now() - _MOST_AGE:
            account._read_carriers()
        return result

    def _read_carriers(self):
        """Take over Allegro's lists. If that fails, the old ones stand.

        The lists are Allegro's, not the account's; the sandbox's may differ, so they
        are read from it only when it is all there is.
        """
        first = self.search(
            [("state", "=", "connected"), ("environment", "=", "production")], limit=1
        )
        self.env["ir.cron"]._commit_progress()
        if not first or first.environment == self.environment:
            with self._client() as client:
                carriers = client.carriers()
                methods = client.delivery_methods()
            self.env["allegro.carrier"].sudo()._take_over(carriers)
            self.env["allegro.delivery.method"].sudo()._take_over(methods)
        self.sudo().carriers_read_at = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
