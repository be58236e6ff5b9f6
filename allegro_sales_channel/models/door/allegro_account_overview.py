"""The first page: what is to be done for each account, and the lists behind it."""

import ast

from lxml import etree

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AllegroAccountOverview(models.AbstractModel):
    """The part of ``allegro.account`` that counts what needs somebody."""

    _name = "allegro.account.overview"
    _description = "Overview of Allegro accounts"

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_overview(self):
        """The tiles, as the page shows them; those that the user may see."""
        counted = [(tile, self._count_tile(tile)) for tile in self._overview_tiles()]
        for account in self:
            account.overview = [
                {
                    "code": tile.code,
                    "label": tile.label,
                    "count": counts.get(account.id, 0),
                    "is_alarming": tile.is_alarming,
                }
                for tile, counts in counted
                if counts is not None
            ]

    def _count_tile(self, tile):
        """Count for all these accounts in one query.

        :param tile: a :class:`Tile`
        :return: dict of numbers by the account's id; None when the list is not for
            this user
        """
        action = self._action_of(tile)
        records = self.env[action["res_model"]]
        if not records.has_access("read"):
            return None
        domain = Domain(tile.account, "in", self.ids) & self._domain_of(action)
        for condition in self._filters_of(tile, action):
            domain &= condition
        groups = records._read_group(domain, [tile.account], ["__count"])
        return {account.id: count for account, count in groups}

    def action_open_tile(self, code):
        """Open the list behind a number.

        :param code: of one of :meth:`_overview_tiles`
        """
        self.ensure_one()
        [tile] = [t for t in self._overview_tiles() if t.code == code] or [None]
        if not tile:
            raise UserError(self.env._("There is no such number: %(code)s.", code=code))
        action = self._action_of(tile)
        of_account = Domain(tile.account, "=", self.id)
        context = {
            key: value
            for key, value in ast.literal_eval(action["context"] or "{}").items()
            if not key.startswith("search_default_")
        }
        return action | {
            "name": tile.label,
            "domain": list(self._domain_of(action) & of_account),
            "context": context
            | {f"search_default_{name}": True for name in tile.filters},
        }

    def action_open_account(self):
        """Open the account; one that is not connected yet, where it is connected."""
        self.ensure_one()
        name = "start" if self.state == "draft" else "account"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"allegro_sales_channel.action_allegro_{name}"
        )
        form = [view for view in action["views"] if view[1] == "form"]
        return action | {"views": form, "res_id": self.id}

    def action_open_overview(self):
        """The end of the guided start: what comes in is seen on the first page."""
        self._check_is_user()
        self._wake("sync")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_overview"
        )
        return action | {"target": "main"}

    @api.model
    def _action_of(self, tile):
        return self.env["ir.actions.act_window"]._for_xml_id(tile.action)

    @api.model
    def _domain_of(self, action):
        return Domain(ast.literal_eval(action["domain"] or "[]"))

    @api.model
    def _filters_of(self, tile, action):
        """The domains of a tile's filters, as the list's search view has them."""
        if not tile.filters:
            return []
        view_id = action["search_view_id"] and action["search_view_id"][0]
        view = self.env[action["res_model"]].get_view(view_id or None, "search")
        arch = etree.fromstring(view["arch"])
        found = {node.get("name"): node for node in arch.iter("filter")}
        return [
            Domain(ast.literal_eval(found[name].get("domain").strip()))
            for name in tile.filters
        ]
