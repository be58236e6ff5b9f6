"""An account's offers, and how many of them have a product."""

from odoo import api, fields, models

from ..door.seams import Tile


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    offer_ids = fields.One2many(
        "allegro.offer", "account_id", groups="allegro_sales_channel.group_allegro_user"
    )
    offer_count = fields.Integer(
        "Offers", compute="_compute_offer_count", compute_sudo=True
    )
    offer_coverage = fields.Char(
        "Offers with a product",
        compute="_compute_offer_coverage",
        groups="allegro_sales_channel.group_allegro_user",
    )
    offers_read_at = fields.Datetime("Offers read", copy=False, readonly=True)

    @api.depends("offer_ids")
    def _compute_offer_count(self):
        counts = self.env["allegro.offer"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        by_account = {account.id: count for account, count in counts}
        for account in self:
            account.offer_count = by_account.get(account.id, 0)

    @api.depends("offer_ids")
    def _compute_offer_coverage(self):
        counts = self.env["allegro.offer"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("is_live", "=", True),
                ("mapping", "!=", "ignored"),
            ],
            ["account_id", "mapping"],
            ["__count"],
        )
        for account in self:
            mine = {mapping: n for owner, mapping, n in counts if owner == account}
            account.offer_coverage = account._coverage_text(
                sum(mine.values()), mine.get("mapped", 0)
            )

    def _coverage_text(self, live, mapped):
        if not live:
            return False
        missing = live - mapped
        # 999 of 1000 are not yet all
        percent = 100 * mapped // live
        if not missing:
            return self.env._(
                "100 %%: all %(live)s live offers have a product", live=live
            )
        return self.env._(
            "%(percent)s %%: %(missing)s live offers have no product",
            percent=percent,
            missing=missing,
        )

    @api.model
    def _offer_tiles(self):
        """What of the offers needs somebody."""
        return [
            Tile(
                "offers_without_product",
                self.env._("Bought offers without product"),
                "allegro_sales_channel.action_allegro_offer",
                "account_id",
                ("without_product", "waiting"),
                is_alarming=True,
            )
        ]

    def action_open_offers(self):
        return self._open_own("allegro_sales_channel.action_allegro_offer")
