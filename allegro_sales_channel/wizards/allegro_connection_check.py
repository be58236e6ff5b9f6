from odoo import api, fields, models


class AllegroConnectionCheck(models.TransientModel):
    """What *Check connection* found, one line for each thing."""

    _name = "allegro.connection.check"
    _description = "Check of an Allegro connection"
    _inherit = ["allegro.dialog"]

    account_id = fields.Many2one("allegro.account", required=True, readonly=True)
    line_ids = fields.One2many(
        "allegro.connection.check.line", "check_id", readonly=True
    )

    @api.model
    def _show(self, account, findings):
        """
        :param findings: list of :class:`Finding`
        :return: the action that opens the dialog
        """
        # sudo: it says what was found, so it is the system's
        check = self.sudo().create(
            {
                "account_id": account.id,
                "line_ids": [
                    fields.Command.create(
                        {
                            "label": finding.label,
                            "result": finding.result,
                            "text": finding.text,
                        }
                    )
                    for finding in findings
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check connection"),
            "res_model": self._name,
            "res_id": check.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_check_again(self):
        self.ensure_one()
        return self.account_id.action_check_connection()


class AllegroConnectionCheckLine(models.TransientModel):
    _name = "allegro.connection.check.line"
    _description = "Finding about an Allegro connection"
    _inherit = ["allegro.dialog"]

    check_id = fields.Many2one(
        "allegro.connection.check", required=True, readonly=True, ondelete="cascade"
    )
    label = fields.Char("What", required=True, readonly=True)
    result = fields.Selection(
        [("fine", "Fine"), ("warning", "Look at it"), ("bad", "Not working")],
        required=True,
        readonly=True,
    )
    text = fields.Text("How it is, and what to do", required=True, readonly=True)
