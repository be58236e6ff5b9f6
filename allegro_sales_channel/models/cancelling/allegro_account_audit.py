"""How many parts of an account's cancelled orders are still to be checked."""

from odoo import fields, models


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    stock_audit_ids = fields.One2many(
        "allegro.stock.audit",
        "allegro_account_id",
        # as those who may read the audit: everybody in the company sees the account
        groups="allegro_sales_channel.group_allegro_user,stock.group_stock_user",
    )
    to_check_count = fields.Integer("Parts to check", compute="_compute_to_check")
    overdue_check_count = fields.Integer(
        "Parts waiting too long", compute="_compute_to_check"
    )

    def _compute_to_check(self):
        # employees of all kinds see accounts, few of them the audit
        audits = self.env["allegro.stock.audit"].sudo()
        for name, domain in (
            ("to_check_count", ("state", "=", "to_check")),
            ("overdue_check_count", ("is_overdue", "=", True)),
        ):
            counts = dict(
                audits._read_group(
                    [("allegro_account_id", "in", self.ids), domain],
                    ["allegro_account_id"],
                    ["__count"],
                )
            )
            for account in self:
                account[name] = counts.get(account, 0)

    def action_open_stock_audit(self):
        """Show the parts of this account that are to be checked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_stock_audit"
        )
        action["domain"] = [("allegro_account_id", "=", self.id)]
        return action
