import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models, modules
from odoo.exceptions import UserError, ValidationError

from ...allegro import rules
from ...allegro.client import AllegroClient
from ...allegro.oauth import SCOPES, OAuth

_logger = logging.getLogger(__name__)

#: Allegro's addresses of each environment: API, authorization, the site itself.
ENVIRONMENTS = {
    "production": (
        "https://api.allegro.pl",
        "https://allegro.pl/auth/oauth",
        "https://allegro.pl",
    ),
    "sandbox": (
        "https://api.allegro.pl.allegrosandbox.pl",
        "https://allegro.pl.allegrosandbox.pl/auth/oauth",
        "https://allegro.pl.allegrosandbox.pl",
    ),
}

#: An access token is renewed when this part of its life is left.
TOKEN_MARGIN = 0.1


class AllegroAccount(models.Model):
    """THE DOOR: the only model that talks to Allegro.

    Its files: this one (what an account is), ``allegro_account_connect`` (consent and
    tokens) and ``allegro_account_sync`` (the scheduled steps).
    """

    _name = "allegro.account"
    _description = "Allegro account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.company,
    )
    environment = fields.Selection(
        [
            ("production", "Allegro"),
            ("sandbox", "Allegro sandbox (for trying)"),
            ("custom", "Another address (simulator)"),
        ],
        required=True,
        default="production",
        tracking=True,
    )
    api_url = fields.Char(
        "API address",
        compute="_compute_urls",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    auth_url = fields.Char(
        "Authorization address",
        compute="_compute_urls",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("connected", "Connected"),
            ("reconnect", "Must be reconnected"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )

    # Secrets: administrators only, never copied, never in a log or an export
    client_id = fields.Char(
        "Client ID", copy=False, groups="allegro_sales_channel.group_allegro_manager"
    )
    client_secret = fields.Char(copy=False, groups="base.group_system")
    client_secret_entry = fields.Char(
        "Client Secret",
        compute="_compute_client_secret_entry",
        inverse="_inverse_client_secret_entry",
        groups="allegro_sales_channel.group_allegro_manager",
        help="Can be entered, never read. Leave it empty to keep the stored one.",
    )
    access_token = fields.Text(copy=False, readonly=True, groups="base.group_system")
    refresh_token = fields.Text(copy=False, readonly=True, groups="base.group_system")
    token_expires_at = fields.Datetime(
        copy=False, readonly=True, groups="base.group_system"
    )
    token_lifetime = fields.Integer(
        copy=False, readonly=True, groups="base.group_system", help="In seconds."
    )
    oauth_nonce = fields.Char(copy=False, readonly=True, groups="base.group_system")
    oauth_verifier = fields.Char(copy=False, readonly=True, groups="base.group_system")
    has_application = fields.Boolean(compute="_compute_has_application")

    # What Allegro said when the account was connected
    seller_id = fields.Char("Seller number", copy=False, readonly=True)
    seller_login = fields.Char("Seller", copy=False, readonly=True, tracking=True)
    marketplace = fields.Char("Home marketplace", copy=False, readonly=True)
    scopes_granted = fields.Char(copy=False, readonly=True)
    missing_scope_text = fields.Text(compute="_compute_missing_scope_text")
    scope_overview = fields.Html("Permissions", compute="_compute_scope_overview")
    redirect_uri = fields.Char("Redirect address", compute="_compute_redirect_uri")

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
        help="The warehouse that ships. Empty: the company's first one.",
    )
    team_id = fields.Many2one("crm.team", "Sales team", check_company=True)
    delivery_product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "service")],
        default=lambda self: self.env.ref(
            "allegro_sales_channel.product_delivery", raise_if_not_found=False
        ),
        help="The product of the delivery line. Its tax applies; when it has none,"
        " the company's default sales tax.",
    )

    # How the synchronisation does
    event_cursor = fields.Char(
        "Last event read",
        copy=False,
        readonly=True,
        help="Allegro's journal of orders is read from behind this event.",
    )
    last_sync_at = fields.Datetime("Last success", copy=False, readonly=True)
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
    paused_until = fields.Datetime(
        copy=False,
        readonly=True,
        help="Allegro asked to be left in peace until then (too many requests).",
    )
    last_error = fields.Char("Last problem", copy=False, readonly=True)
    last_error_at = fields.Datetime(copy=False, readonly=True)

    order_ids = fields.One2many(
        "sale.order", "allegro_account_id", groups="sales_team.group_sale_salesman"
    )
    incoming_order_ids = fields.One2many(
        "allegro.incoming.order",
        "account_id",
        groups="allegro_sales_channel.group_allegro_user",
    )
    offer_ids = fields.One2many(
        "allegro.offer", "account_id", groups="allegro_sales_channel.group_allegro_user"
    )
    order_count = fields.Integer(
        "Orders", compute="_compute_order_count", compute_sudo=True
    )
    waiting_count = fields.Integer(
        "Waiting", compute="_compute_waiting_count", compute_sudo=True
    )
    offer_count = fields.Integer(
        "Offers", compute="_compute_offer_count", compute_sudo=True
    )

    _seller_unique = models.UniqueIndex(
        "(seller_id, api_url) WHERE seller_id IS NOT NULL",
        "This Allegro seller is connected already.",
    )

    # Computed

    @api.depends("environment")
    def _compute_urls(self):
        for account in self:
            if account.environment in ENVIRONMENTS:
                api_url, auth_url, _site = ENVIRONMENTS[account.environment]
                account.api_url, account.auth_url = api_url, auth_url

    @api.depends("client_id", "client_secret")
    def _compute_has_application(self):
        # whether there are keys is no secret, what they are is
        for account in self:
            secret = account.sudo()
            account.has_application = bool(secret.client_id and secret.client_secret)

    def _compute_client_secret_entry(self):
        self.client_secret_entry = False

    def _inverse_client_secret_entry(self):
        for account in self:
            if account.client_secret_entry:
                account.sudo().client_secret = account.client_secret_entry
        # not even the answer to saving it holds it
        self.invalidate_recordset(["client_secret_entry"])

    @api.depends("scopes_granted")
    def _compute_missing_scope_text(self):
        lost = {
            "seller": self.env._("the account can't be checked"),
            "orders": self.env._("no orders come in"),
            "fulfilment": self.env._("statuses and tracking numbers are not sent"),
            "offers": self.env._("offers can't be listed"),
        }
        for account in self:
            account.missing_scope_text = account.scopes_granted and "\n".join(
                f"{scope}: {lost[rules.FEATURE_OF_SCOPE[scope]]}"
                for scope, is_granted in account._scopes()
                if not is_granted
            )

    @api.depends("scopes_granted")
    def _compute_scope_overview(self):
        uses = {
            "seller": self.env._("whose account it is"),
            "orders": self.env._("importing orders"),
            "fulfilment": self.env._("sending statuses and tracking numbers"),
            "offers": self.env._("listing offers"),
        }
        granted_word, missing_word = self.env._("Granted"), self.env._("Missing")
        for account in self:
            rows = [
                Markup(
                    '<li><i class="fa %s me-1" role="img" title="%s"/>'
                    '%s <span class="text-muted">%s</span></li>'
                )
                % (
                    "fa-check text-success" if is_granted else "fa-times text-danger",
                    granted_word if is_granted else missing_word,
                    uses[rules.FEATURE_OF_SCOPE[scope]],
                    scope,
                )
                for scope, is_granted in account._scopes()
            ]
            account.scope_overview = account.scopes_granted and (
                Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(rows)
            )

    def _scopes(self):
        """List of (needed scope, whether the seller granted it)."""
        self.ensure_one()
        granted = (self.scopes_granted or "").split()
        return [(scope, scope in granted) for scope in SCOPES]

    def _compute_redirect_uri(self):
        for account in self:
            account.redirect_uri = f"{account.get_base_url()}/allegro/oauth/callback"

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

    @api.depends("offer_ids")
    def _compute_offer_count(self):
        counts = self.env["allegro.offer"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        by_account = {account.id: count for account, count in counts}
        for account in self:
            account.offer_count = by_account.get(account.id, 0)

    # Constraints

    @api.constrains("api_url", "auth_url")
    def _check_urls(self):
        for account in self:
            for url in (account.api_url, account.auth_url):
                if not url.startswith(
                    ("https://", "http://127.0.0.1", "http://localhost")
                ):
                    raise ValidationError(
                        self.env._(
                            "%(url)s must begin with https://: keys and tokens are sent"
                            " there.",
                            url=url,
                        )
                    )

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

    # Records

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._toggle_scheduled_actions()
        return accounts

    def write(self, vals):
        if {"api_url", "auth_url", "environment"} & vals.keys():
            self._forget_secret_of_address()
        result = super().write(vals)
        if "order_import_start" in vals:
            for account in self:
                account._look_back(account.order_import_start)
        if {"state", "active"} & vals.keys():
            self._toggle_scheduled_actions()
        return result

    def _forget_secret_of_address(self):
        """What one address was trusted with must never travel to another."""
        self.check_access("write")
        for account in self:
            if account.state != "draft":
                raise UserError(
                    self.env._(
                        "Disconnect %(account)s before changing its addresses.",
                        account=account.name,
                    )
                )
        # whoever may change the address need not be one who may see the secret
        self.sudo().client_secret = False

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

    def _toggle_scheduled_actions(self):
        """The actions run only while there is an account to run them for."""
        for name in ("sync", "sweep", "push", "requests", "daily"):
            action = self.env.ref(
                f"allegro_sales_channel.ir_cron_allegro_{name}",
                raise_if_not_found=False,
            )
            if action:
                action.sudo().toggle(self._name, [("state", "=", "connected")])

    # Buttons

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["domain"] = [("allegro_account_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_open_incoming(self):
        return self._open_own("allegro_sales_channel.action_allegro_incoming_order")

    def action_open_offers(self):
        return self._open_own("allegro_sales_channel.action_allegro_offer")

    def _open_own(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    # Ways to Allegro

    def _user_agent(self):
        """As Allegro demands: name, version and an address that explains them."""
        manifest = modules.Manifest.for_addon("allegro_sales_channel")
        name = "OdooAllegroSalesChannel"
        return f"{name}/{manifest['version']} (+{manifest['website']})"

    def _oauth(self):
        """The authorization server, with the keys of the seller's own application."""
        self.ensure_one()
        secret = self.sudo()
        if not secret.client_id or not secret.client_secret:
            raise UserError(
                self.env._(
                    "Enter the Client ID and the Client Secret of your application"
                    " first. You find them at apps.developer.allegro.pl."
                )
            )
        return OAuth(
            self.auth_url,
            secret.client_id.strip(),
            secret.client_secret.strip(),
            self._user_agent(),
        )

    def _client(self):
        """A client with the token at hand; use it as a context manager."""
        self.ensure_one()
        language = "pl-PL" if (self.env.user.lang or "").startswith("pl") else "en-US"
        return AllegroClient(
            self.api_url, self.sudo().access_token, self._user_agent(), language
        )

    def _site_url(self):
        """The address of the marketplace's site, for links to offers."""
        self.ensure_one()
        if self.environment in ENVIRONMENTS:
            return ENVIRONMENTS[self.environment][2]
        return self.api_url

    def _order_url(self, checkout_form_id):
        """Where the seller sees an order on Allegro."""
        self.ensure_one()
        orders = rules.SALES_CENTER.get(self.environment, f"{self.api_url}/orders")
        return f"{orders}/{checkout_form_id}"

    def _token_needs_refresh(self):
        self.ensure_one()
        secret = self.sudo()
        if not secret.access_token or not secret.token_expires_at:
            return True
        margin = timedelta(seconds=(secret.token_lifetime or 0) * TOKEN_MARGIN)
        return fields.Datetime.now() >= secret.token_expires_at - margin
