"""For which reason parts of the audit are written off."""

from odoo import fields, models


class AllegroWriteOffWizard(models.TransientModel):
    _name = "allegro.write.off.wizard"
    _description = "Write off parts of the audit"
    _inherit = ["allegro.dialog"]

    audit_ids = fields.Many2many("allegro.stock.audit", string="Parts", required=True)
    scrap_reason_tag_id = fields.Many2one(
        "stock.scrap.reason.tag",
        string="Reason",
        required=True,
        default=lambda self: self._default_scrap_reason_tag_id(),
    )
    note = fields.Text(help="Kept on each part.")

    def _default_scrap_reason_tag_id(self):
        return self.env.ref(
            "allegro_sales_channel.scrap_reason_damaged", raise_if_not_found=False
        )

    def action_confirm(self):
        """Write the parts off for this reason."""
        self.ensure_one()
        values = {"scrap_reason_tag_id": self.scrap_reason_tag_id.id}
        if self.note:
            values["note"] = self.note
        self.audit_ids.filtered(lambda audit: audit.state == "to_check").write(values)
        self.audit_ids.action_write_off()
        return {"type": "ir.actions.act_window_close"}
