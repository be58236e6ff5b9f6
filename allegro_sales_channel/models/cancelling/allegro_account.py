"""How many parts of an account's cancelled orders are still to be checked."""

from odoo import api, fields, models

from ..door.seams import Tile, Words


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

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

    @api.model
    def _audit_tiles(self):
        """What of the cancelled orders' parts needs somebody."""
        audit = "allegro_sales_channel.action_allegro_stock_audit"
        return [
            Tile(
                "parts_to_check",
                self.env._("Parts to check"),
                audit,
                "allegro_account_id",
                ("to_check",),
            ),
            Tile(
                "parts_overdue",
                self.env._("Parts waiting too long"),
                audit,
                "allegro_account_id",
                ("overdue",),
                is_alarming=True,
            ),
        ]

    def _find_audit_overdue(self):
        # whose parts are overdue depends on the companies that are looked at
        account = self.with_company(self.company_id)
        count = account.with_context(
            allowed_company_ids=self.company_id.ids
        ).overdue_check_count
        return {"count": count} if count else None

    def _say_audit_overdue(self, facts):
        return Words(
            self.env._("Parts of cancelled orders wait to be checked"),
            self.env._(
                "%(count)s parts of cancelled orders of %(account)s have waited too"
                " long to be checked. Until then they are not for sale.",
                count=facts["count"],
                account=self.name,
            ),
            "action_open_stock_audit",
            self.env._("Open the parts"),
        )

    def action_open_stock_audit(self):
        """Show the parts of this account that are to be checked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_stock_audit"
        )
        action["domain"] = [("allegro_account_id", "=", self.id)]
        return action
