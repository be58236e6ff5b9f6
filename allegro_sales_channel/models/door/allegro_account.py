"""THE DOOR: the only model that talks to Allegro."""

import re
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import remove_accents

from ...allegro import gate, rules
from ...allegro.client import AllegroClient
from ...allegro.oauth import OAuth
from ...allegro.trusted_url import is_trusted_url
from . import (  # noqa: F401 - what it inherits
    allegro_account_alarms,
    allegro_account_check,
    allegro_account_consent,
    allegro_account_lanes,
    allegro_account_overview,
    allegro_account_runner,
    allegro_account_support,
    allegro_account_writers,
    allegro_guarded,
)
from .seams import MODES

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

#: What may stand in a header, and in a name that Allegro registers.
APPLICATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{1,48}[A-Za-z0-9]")

#: The fields by which it is said where keys and tokens are sent.
_ADDRESS = {"environment", "api_url", "auth_url"}

#: An access token is renewed when this part of its life is left.
TOKEN_MARGIN = 0.1


class AllegroAccount(models.Model):
    """What an account is, and the ways to Allegro.

    How a seller lets it in, and how its scheduled actions run, stand in the files
    beside this one; what it does for each wing stands in that wing.
    """

    _name = "allegro.account"
    _description = "Allegro account"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "allegro.account.alarms",
        "allegro.account.check",
        "allegro.account.consent",
        "allegro.account.lanes",
        "allegro.account.overview",
        "allegro.account.runner",
        "allegro.account.support",
        "allegro.account.writers",
        "allegro.guarded",
    ]
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
            ("production", "Allegro (live)"),
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
    application_name = fields.Char(
        default=lambda self: self._default_application_name(),
        copy=False,
        tracking=True,
        help="The name under which the application is registered at Allegro. Odoo gives"
        " it with everything it asks: Allegro turns away who doesn't say who he is.",
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

    overview = fields.Json(
        compute="_compute_overview", groups="allegro_sales_channel.group_allegro_user"
    )

    # How it does
    paused_until = fields.Datetime(
        copy=False,
        readonly=True,
        help="Allegro asked to be left in peace until then (too many requests).",
    )
    last_error = fields.Char("Last problem", copy=False, readonly=True)
    last_error_at = fields.Datetime(copy=False, readonly=True)
    consent_given_at = fields.Datetime(
        "Consent given on",
        copy=False,
        readonly=True,
        help="When the seller last let the account in.",
    )
    consent_ends_at = fields.Datetime(
        "Consent ends on",
        copy=False,
        readonly=True,
        help="Unless it is renewed before, which happens by itself about twice a day.",
    )
    clock_off = fields.Integer(
        "Clock ahead of Allegro's", copy=False, readonly=True, help="In seconds."
    )
    alarm_codes = fields.Char(
        "Alarms",
        copy=False,
        readonly=True,
        help="What somebody has to look at: codes apart by blanks.",
    )
    alarms = fields.Json(copy=False, readonly=True)

    # What it may tell Allegro
    status_mode = fields.Selection(
        MODES,
        "Statuses",
        required=True,
        default=gate.ON,
        tracking=True,
        help="In progress, sent, cancelled: what your buttons tell Allegro.",
    )
    parcel_mode = fields.Selection(
        MODES,
        "Tracking numbers",
        required=True,
        default=gate.ON,
        tracking=True,
        help="The numbers of parcels that are entered here.",
    )
    invoice_mode = fields.Selection(
        MODES,
        "Invoices on Allegro",
        required=True,
        default=gate.ON,
        tracking=True,
        help="The PDFs that are put on Allegro. Invoices are made in Odoo all the"
        " same.",
    )
    trail_days = fields.Integer(
        "Keep the trail for (days)",
        required=True,
        default=90,
        tracking=True,
        help="So long it can be seen what Allegro was told, when and by whom.",
    )

    _seller_unique = models.UniqueIndex(
        "(seller_id, api_url) WHERE seller_id IS NOT NULL",
        "This Allegro seller is connected already.",
    )

    _trail_days_positive = models.Constraint(
        "CHECK (trail_days > 0)", "The trail has to be kept for a day at the least."
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
        for account in self:
            account.missing_scope_text = account.scopes_granted and "\n".join(
                f"{scope.name}: {scope.loss}" for scope in account._missing_scopes()
            )

    @api.depends("scopes_granted")
    def _compute_scope_overview(self):
        icons = {
            "granted": "fa-check text-success",
            "missing": "fa-times text-danger",
            "off": "fa-minus text-muted",
        }
        words = {
            "granted": self.env._("Granted"),
            "missing": self.env._("Needs a new consent"),
            "off": self.env._("Switched off"),
        }
        for account in self:
            granted = (account.scopes_granted or "").split()
            rows = []
            for scope in account._scopes():
                is_granted = scope.name in granted
                asked = "missing" if scope.is_wanted else "off"
                state = "granted" if is_granted else asked
                rows.append(
                    Markup(
                        '<li><i class="fa %s me-1" role="img" title="%s"/>'
                        '%s <span class="text-muted">%s</span></li>'
                    )
                    % (icons[state], words[state], scope.use, scope.name)
                )
            account.scope_overview = account.scopes_granted and (
                Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(rows)
            )

    def _compute_redirect_uri(self):
        for account in self:
            account.redirect_uri = f"{account.get_base_url()}/allegro/oauth/callback"

    @api.model
    def _default_application_name(self):
        """The company's, in the letters that may be sent."""
        name = self.env.company.name.translate({ord("ł"): "l", ord("Ł"): "L"})
        plain = remove_accents(f"Odoo {name}")
        words = re.findall(r"[A-Za-z0-9]+", plain)
        return " ".join(words)[:50].strip()

    # Constraints

    @api.constrains("application_name")
    def _check_application_name(self):
        for account in self:
            if account.application_name and not APPLICATION_NAME.fullmatch(
                account.application_name
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” can't be sent as the application's name: use 3 to"
                        " 50 letters without accents, digits, blanks, dots and hyphens,"
                        " and name the application at Allegro so too.",
                        name=account.application_name,
                    )
                )

    @api.constrains("api_url", "auth_url")
    def _check_urls(self):
        for account in self:
            for url in (account.api_url, account.auth_url):
                if not is_trusted_url(url):
                    raise ValidationError(
                        self.env._(
                            "%(url)s must begin with https://: keys and tokens are sent"
                            " there.",
                            url=url,
                        )
                    )

    # Records

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._toggle_scheduled_actions()
        return accounts

    def write(self, vals):
        named = self if _ADDRESS & vals.keys() else self.browse()
        before = {account: account._addresses() for account in named}
        drafts = named.filtered(lambda account: account.state == "draft")
        result = super().write(vals)
        moved = named.filtered(lambda account: account._addresses() != before[account])
        (moved - drafts)._refuse_to_move()
        moved._forget_secrets(vals)
        for names, step in self._steps_on_change():
            if names & vals.keys():
                getattr(self, step)()
        return result

    @api.model
    def _steps_on_change(self):
        """What follows when fields of accounts are written.

        :return: list of (set of fields, name of a method of these accounts)
        """
        return [
            ({"state", "active"}, "_toggle_scheduled_actions"),
            ({"state"}, "_note_connected_since"),
            ({"order_import_start"}, "_look_back_to_start"),
            ({"parcel_mode"}, "_look_at_held_parcels"),
            ({"invoice_mode"}, "_look_at_held_documents"),
            # last: what is still wanted is sent from now on
            ({"status_mode", "parcel_mode", "invoice_mode"}, "_wake_writers"),
        ]

    def _addresses(self):
        """Where the keys and tokens of this account are sent."""
        self.ensure_one()
        return self.environment, self.api_url, self.auth_url

    def _refuse_to_move(self):
        for account in self:
            raise UserError(
                self.env._(
                    "Disconnect %(account)s before changing its addresses.",
                    account=account.name,
                )
            )

    def _forget_secrets(self, vals):
        """What one address was trusted with must never travel to another.

        :param vals: what is written together with the new addresses: a secret among it
            is theirs
        """
        if not self:
            return
        secrets = {
            name
            for name, field in self._fields.items()
            if field.store and field.groups == "base.group_system"
        }
        if vals.get("client_secret_entry"):
            secrets.discard("client_secret")
        # sudo: whoever may change an address need not be one who may see the secrets
        self.sudo().write(dict.fromkeys(secrets - vals.keys(), False))
        wizards = self.env["allegro.device.wizard"].sudo()
        wizards.search([("account_id", "in", self.ids)]).unlink()

    @api.model
    def _check_is_user(self):
        """Asking Allegro for something is for those who work with it.

        :raises AccessError: for other employees, who may only look at the accounts
        """
        if not self.env.user.has_group("allegro_sales_channel.group_allegro_user"):
            raise AccessError(
                self.env._(
                    "This is reserved to the users of the Allegro integration. Ask an"
                    " administrator for the right."
                )
            )

    # Buttons

    def _open_own(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    # What other addons add to

    @api.model
    def _overview_tiles(self):
        """The numbers about each account that people want to see first.

        :return: list of :class:`Tile`
        """
        steps = (
            "_order_tiles",
            "_shipping_tiles",
            "_inbox_tiles",
            "_offer_tiles",
            "_audit_tiles",
            "_document_tiles",
        )
        return [tile for step in steps for tile in getattr(self, step)()]

    # Ways to Allegro

    def _user_agent(self):
        """As Allegro demands: name, version and an address that explains them."""
        manifest = modules.Manifest.for_addon("allegro_sales_channel")
        name = self.application_name or "OdooAllegroSalesChannel"
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
            self.api_url,
            self.sudo().access_token,
            self._user_agent(),
            language,
            gate=self._gate(),
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
