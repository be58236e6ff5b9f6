from odoo import fields, models
from odoo.exceptions import UserError

from ..allegro.errors import AllegroAuthorisationPending, AllegroError


class AllegroDeviceWizard(models.TransientModel):
    """The device flow as the user sees it: a code, a link, and "Done"."""

    _name = "allegro.device.wizard"
    _description = "Connect Allegro by a code"
    _inherit = ["allegro.dialog"]

    account_id = fields.Many2one("allegro.account", required=True, readonly=True)
    user_code = fields.Char("Your code", required=True, readonly=True)
    verification_url = fields.Char("Allegro's page", required=True, readonly=True)
    device_code = fields.Char(required=True, readonly=True, groups="base.group_system")
    expires_at = fields.Datetime("Valid until", required=True, readonly=True)
    message = fields.Char(readonly=True)

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect by a code"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_check(self):
        """Ask Allegro whether the seller has consented; then the account is connected.

        :raises UserError: in Allegro's words when the consent was refused or too late
        """
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        try:
            connected = account._finish_connect_device(self.sudo().device_code)
        except AllegroAuthorisationPending as pending:
            # sudo: it is Allegro's answer, nobody else's
            self.sudo().message = (
                self.env._("That was a bit fast: wait five seconds, then try again.")
                if pending.slow_down
                else self.env._(
                    "Allegro has no consent yet. Open the page, allow the access, and"
                    " press the button again."
                )
            )
            return self._open()
        except AllegroError as error:
            raise UserError(
                self.env._(
                    "Allegro did not connect the account: %(error)s", error=error
                )
            ) from error
        return connected
