"""What becomes of an account's orders."""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...allegro import rules
from ..door.seams import Tile
from . import (  # noqa: F401 - what it inherits
    allegro_account_journal,
    allegro_account_silence,
    allegro_account_sweep,
)

#: What the overview's graph looks back on.
GRAPH_DAYS = 28


class AllegroAccount(models.Model):
    _name = "allegro.account"
    _inherit = [
        "allegro.account",
        "allegro.account.journal",
        "allegro.account.silence",
        "allegro.account.sweep",
    ]

    # What becomes of the orders
    order_import_start = fields.Datetime(
        "Import orders from",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        tracking=True,
        help="Orders bought before this moment are not imported.",
    )
    sales_channel_id = fields.Many2one(
        "sales.channel",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "allegro_sales_channel.sales_channel_allegro", raise_if_not_found=False
        ),
        help="The channel shown on the orders of this account.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        ondelete="restrict",
        help="The warehouse that ships. Empty: the company's first one.",
    )
    team_id = fields.Many2one("crm.team", "Sales team", check_company=True)
    order_email_partner_ids = fields.Many2many(
        "res.partner",
        "allegro_account_order_email_partner_rel",
        string="Order e-mails to",
        domain=[("email", "!=", False)],
        help="Who gets an e-mail for each new order, when the company's settings say"
        " so. Empty: the company's own address.",
    )
    connected_at = fields.Datetime(
        "Connected since",
        copy=False,
        readonly=True,
        help="Orders bought before this moment come in without an e-mail and without an"
        " automatic invoice: they were dealt with elsewhere.",
    )

    # How the synchronisation does
    event_cursor = fields.Char(
        "Last event read",
        copy=False,
        readonly=True,
        help="Allegro's journal of orders is read from behind this event.",
    )
    last_sync_at = fields.Datetime("Last synchronisation", copy=False, readonly=True)
    last_sweep_at = fields.Datetime("Last comparison", copy=False, readonly=True)
    sweep_started_at = fields.Datetime(copy=False, readonly=True)
    sweep_reached = fields.Datetime(
        copy=False,
        readonly=True,
        help="Purchases are compared from the newest to the oldest: a comparison that"
        " was interrupted goes on from here.",
    )
    sweep_from = fields.Datetime(
        copy=False,
        readonly=True,
        help="How far the next comparison looks back, when that is more than usual.",
    )

    order_ids = fields.One2many(
        "sale.order", "allegro_account_id", groups="sales_team.group_sale_salesman"
    )
    incoming_order_ids = fields.One2many(
        "allegro.incoming.order",
        "account_id",
        groups="allegro_sales_channel.group_allegro_user",
    )
    order_count = fields.Integer(
        "Orders", compute="_compute_order_count", compute_sudo=True
    )
    waiting_count = fields.Integer(
        "Waiting", compute="_compute_waiting_count", compute_sudo=True
    )
    orders_per_day = fields.Text(
        compute="_compute_orders_per_day",
        groups="allegro_sales_channel.group_allegro_user",
    )

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = self.env["sale.order"]._read_group(
            [("allegro_account_id", "in", self.ids)],
            ["allegro_account_id"],
            ["__count"],
        )
        by_account = {account.id: count for account, count in counts}
        for account in self:
            account.order_count = by_account.get(account.id, 0)

    @api.depends("incoming_order_ids")
    def _compute_waiting_count(self):
        counts = self.env["allegro.incoming.order"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        by_account = {account.id: count for account, count in counts}
        for account in self:
            account.waiting_count = by_account.get(account.id, 0)

    @api.constrains("company_id")
    def _check_company_of_orders(self):
        for account in self:
            if any(
                company != account.company_id
                for company in account.order_ids.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(account)s has orders already, so its company can't change.",
                        account=account.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_orders(self):
        for account in self:
            if account.order_ids:
                raise UserError(
                    self.env._(
                        "%(account)s has orders; archive it instead of deleting it.",
                        account=account.name,
                    )
                )

    def _note_connected_since(self):
        """A lost consent that is renewed is no new beginning: its orders are news."""
        now = fields.Datetime.now()
        self.filtered(
            lambda account: account.state == "connected" and not account.connected_at
        ).sudo().connected_at = now
        self.filtered(
            lambda account: account.state == "draft"
        ).sudo().connected_at = False

    def _look_back_to_start(self):
        for account in self:
            account._look_back(account.order_import_start)

    def _wants(self, form):
        """Is a form that is not here yet to become an order?"""
        return rules.is_importable(form) and self._is_since_start(form)

    def _is_since_start(self, form):
        """Was it bought at the import's start or after it?"""
        self.ensure_one()
        return form.bought_at.replace(tzinfo=None) >= self.order_import_start

    # On the overview

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_orders_per_day(self):
        """How many orders were bought on each of the last days, as Odoo's graph."""
        today = fields.Date.context_today(self)
        days = [today - timedelta(days=ago) for ago in reversed(range(GRAPH_DAYS))]
        counts = self.env["sale.order"]._read_group(
            [
                ("allegro_account_id", "in", self.ids),
                ("date_order", ">=", f"today -{GRAPH_DAYS - 1}d"),
            ],
            ["allegro_account_id", "date_order:day"],
            ["__count"],
        )
        by_day = {(owner.id, day.date()): count for owner, day, count in counts}
        for account in self:
            values = [
                {
                    "label": format_date(self.env, day, date_format="d MMM"),
                    "value": by_day.get((account.id, day), 0),
                    "type": "future" if day == today else "past",
                }
                for day in days
            ]
            graph = {"key": self.env._("Orders"), "values": values}
            account.orders_per_day = json.dumps([graph])

    @api.model
    def _order_tiles(self):
        """What is to be begun."""
        return [
            Tile(
                "to_start",
                self.env._("To start"),
                "allegro_sales_channel.action_allegro_sale_order",
                "allegro_account_id",
                ("allegro_to_process",),
            ),
        ]

    @api.model
    def _inbox_tiles(self):
        """What did not become an order, or not all of it."""
        inbox = "allegro_sales_channel.action_allegro_incoming_order"
        return [
            Tile(
                "unmanaged",
                self.env._("With items not in Odoo"),
                "allegro_sales_channel.action_allegro_sale_order",
                "allegro_account_id",
                ("allegro_unmanaged", "allegro_open"),
            ),
            Tile(
                "orders_waiting",
                self.env._("Being imported"),
                inbox,
                "account_id",
                ("waiting",),
            ),
            Tile(
                "orders_failed",
                self.env._("Not imported"),
                inbox,
                "account_id",
                ("failed",),
                is_alarming=True,
            ),
        ]

    # Buttons

    def _page(self):
        """The path of where the account is worked on: at first, the guided start."""
        self.ensure_one()
        is_new = not self.last_sync_at
        page = "allegro-start" if is_new else "allegro-accounts"
        return f"/odoo/{page}/{self.id}"

    def action_sync_now(self):
        """Read the journal and look for missed orders now, not in some minutes."""
        self._check_is_user()
        self.check_access("read")
        self._wake("sync")
        self._wake("sweep")
        now = fields.Datetime.now()
        paused = [time for time in self.mapped("paused_until") if time and time > now]
        if paused:
            # Allegro blocks a client for longer when it does not wait
            message = self.env._(
                "Allegro asked for a pause (too many requests). The orders come in"
                " about %(seconds)s seconds.",
                seconds=int((max(paused) - now).total_seconds()) + 1,
            )
        else:
            message = self.env._("Allegro is being asked; new orders appear soon.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["domain"] = [("allegro_account_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_open_incoming(self):
        return self._open_own("allegro_sales_channel.action_allegro_incoming_order")
