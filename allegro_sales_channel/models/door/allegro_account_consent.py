"""Consent and tokens of an Allegro account."""

import logging
import secrets
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, LockError, UserError

from ...allegro.client import AllegroClient
from ...allegro.errors import (
    AllegroConsentLostError,
    AllegroError,
    AllegroKeysRefusedError,
    AllegroRejectedError,
)
from ...allegro.oauth import CodeVerifier
from .fault import in_log, in_words
from .seams import Scope

_logger = logging.getLogger(__name__)

_STATE_SCOPE = "allegro_sales_channel.oauth"
#: Time that a seller has to give the consent at Allegro.
_STATE_LIFETIME = timedelta(minutes=15)
#: How long a consent lives that is not renewed: three months by Allegro's word.
CONSENT_LIFETIME = timedelta(days=90)


class AllegroAccountConsent(models.AbstractModel):
    """The part of ``allegro.account`` by which a seller lets it in."""

    _name = "allegro.account.consent"
    _description = "Consent of an Allegro account"

    # What is asked for

    def _scopes(self):
        """Every permission that some feature of this account needs.

        :return: list of :class:`Scope`
        """
        self.ensure_one()
        return [
            Scope(
                "allegro:api:profile:read",
                use=self.env._("identify the account"),
                loss=self.env._("the account can't be checked"),
            ),
            Scope(
                "allegro:api:orders:read",
                use=self.env._("importing orders"),
                loss=self.env._("no orders come in"),
            ),
            Scope(
                "allegro:api:orders:write",
                use=self.env._("sending statuses and tracking numbers"),
                loss=self.env._("statuses and tracking numbers are not sent"),
            ),
            Scope(
                "allegro:api:sale:offers:read",
                use=self.env._("listing offers"),
                loss=self.env._("offers can't be listed"),
            ),
        ]

    def _wanted_scopes(self):
        """The names of what the seller is asked for: of features that are on."""
        return [scope.name for scope in self._scopes() if scope.is_wanted]

    def _missing_scopes(self):
        """The permissions of features that are on, which the seller has not given."""
        granted = (self.scopes_granted or "").split()
        return [
            scope
            for scope in self._scopes()
            if scope.is_wanted and scope.name not in granted
        ]

    # Browser: authorization code with PKCE

    def action_connect(self):
        """Send the user's browser to Allegro's consent page."""
        self.ensure_one()
        self.check_access("write")
        oauth = self._oauth()
        self._check_keys(oauth)
        verifier = CodeVerifier.new()
        nonce = secrets.token_urlsafe(32)
        self.sudo().write({"oauth_nonce": nonce, "oauth_verifier": verifier.verifier})
        state = tools.hash_sign(
            self.env(su=True),
            _STATE_SCOPE,
            [self.id, self.env.uid, nonce],
            expiration=_STATE_LIFETIME,
        )
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": oauth.authorize_url(
                self.redirect_uri, state, verifier.challenge, self._wanted_scopes()
            ),
        }

    def _check_keys(self, oauth):
        """Wrong keys are told here: at Allegro the seller would be left standing.

        Asking is harmless to repeat, so it may stand in the user's transaction.

        :raises UserError: when Allegro doesn't know them, or can't be asked
        """
        try:
            oauth.check_keys()
        except AllegroRejectedError:
            return  # it knows them, but has no token without a seller for them
        except AllegroError as error:
            raise UserError(self._words_of(error)) from error

    @api.model
    def _words_of(self, error):
        """What to tell people of an exception, in their language where it has one."""
        if isinstance(error, AllegroKeysRefusedError):
            return self.env._(
                "Allegro doesn't know this Client ID and Secret. Check both."
            )
        return in_words(error)

    def _from_oauth_state(self, state):
        """The account for which a consent comes back.

        The state must be ours, fresh, of this very user, and not yet used: otherwise a
        stranger could connect his own Allegro account to somebody else's Odoo.

        :raises AccessError: for any state that is not
        """
        refused = AccessError(
            self.env._(
                "This answer of Allegro does not belong to a connection that you have"
                " begun, or it came too late. Please connect the account again."
            )
        )
        try:
            signed = tools.verify_hash_signed(
                self.env(su=True), _STATE_SCOPE, state or ""
            )
        except ValueError:
            signed = None
        if not signed:
            raise refused
        account_id, user_id, nonce = signed
        account = self.browse(account_id).exists()
        if not account or user_id != self.env.uid:
            raise refused
        account.check_access("write")
        expected = account.sudo().oauth_nonce
        if not expected or not tools.consteq(expected, nonce):
            raise refused
        return account

    def _finish_connect(self, code):
        """Turn the consent into a connection.

        :param code: from Allegro's redirect
        :raises UserError: in Allegro's words when it refuses, or when the account is
            being worked on
        """
        self.ensure_one()
        # Locked before the call: a serialization failure after it would make Odoo
        # replay this request, and the code can be used only once.
        self._lock_for_tokens()
        secret = self.sudo()
        verifier = secret.oauth_verifier
        secret.write({"oauth_nonce": False, "oauth_verifier": False})
        try:
            tokens = self._oauth().exchange_code(code, self.redirect_uri, verifier)
            self._connected(tokens)
        except AllegroError as error:
            raise UserError(
                self.env._(
                    "Allegro did not connect the account: %(error)s",
                    error=self._words_of(error),
                )
            ) from error

    def _finish_callback(self, code, error):
        """What the browser brought back: a code, or Allegro's word for "no".

        :raises UserError: when the account is not connected by it
        """
        if code:
            self._finish_connect(code)
        elif error == "access_denied":
            raise UserError(self.env._("You did not allow the access at Allegro."))
        else:
            raise UserError(
                self.env._("Allegro gave no consent: %(error)s", error=error or "-")
            )

    def _connection_refused(self, error):
        """Show on the account why it was not connected; the consent is used up."""
        self.sudo().write({"oauth_nonce": False, "oauth_verifier": False})
        self._note_problem(error)

    # Device flow

    def action_connect_device(self):
        """Connect by a code that the seller types at Allegro, on any device.

        For an Odoo which Allegro's redirect can't reach. Asking twice for a code is
        harmless, so the call may stand in the user's transaction.
        """
        self.ensure_one()
        self.check_access("write")
        try:
            device = self._oauth().start_device(self._wanted_scopes())
        except AllegroError as error:
            raise UserError(
                self.env._(
                    "The code could not be requested: %(error)s",
                    error=self._words_of(error),
                )
            ) from error
        # sudo: the device code is a secret, which the user keeps without seeing it
        wizards = self.env["allegro.device.wizard"].sudo()
        wizard = wizards.create(
            {
                "account_id": self.id,
                "user_code": device.user_code,
                "verification_url": device.verification_url,
                "device_code": device.device_code,
                "expires_at": device.expires_at.replace(tzinfo=None),
            }
        )
        return wizard.sudo(self.env.su)._open()

    def _finish_connect_device(self, device_code):
        """Connect if the seller has consented meanwhile.

        :raises AllegroAuthorisationPending: not yet
        :raises AllegroError: refused, or too late
        """
        self.ensure_one()
        # locked first, for the same reason as with the browser's code
        self._lock_for_tokens()
        self._connected(self._oauth().poll_device(device_code))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # Both

    @api.model
    def _connected_steps(self):
        """What is done when a seller has let the account in, in this order.

        :return: list of names of methods that take the client
        """
        return [
            "_begin_journal",
            "_ask_for_offers",
        ]

    def _connected(self, tokens):
        """Store the tokens and who the seller is.

        :raises UserError: when this seller is connected elsewhere, or is another one
            than the account's orders belong to
        :raises AllegroError: when Allegro does not tell who the seller is
        """
        self.ensure_one()
        with AllegroClient(
            self.api_url, tokens.access_token, self._user_agent()
        ) as client:
            seller = client.seller()
            self._check_seller(seller)
            self._store_tokens(tokens)
            self.sudo().write(
                {
                    "state": "connected",
                    "consent_given_at": fields.Datetime.now(),
                    "seller_id": seller.id,
                    "seller_login": seller.login,
                    "marketplace": seller.base_marketplace,
                    "last_error": False,
                    "last_error_at": False,
                    "paused_until": False,
                }
            )
            for step in self._connected_steps():
                getattr(self, step)(client)
        self._review_alarms(["consent_ending"])

    def _check_seller(self, seller):
        self.ensure_one()
        if self.seller_id and self.seller_id != seller.id:
            raise UserError(
                self.env._(
                    "This account belongs to the seller %(old)s, but Allegro was asked"
                    " as %(new)s. Log in at Allegro as %(old)s, or make another account"
                    " here for %(new)s.",
                    old=self.seller_login,
                    new=seller.login,
                )
            )
        # accounts of other companies, archived ones too, are not visible to the user
        other = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("seller_id", "=", seller.id),
                    ("api_url", "=", self.api_url),
                    ("id", "!=", self.id),
                ],
                limit=1,
            )
        )
        if other:
            raise UserError(
                self.env._(
                    "The seller %(seller)s is connected already, as “%(account)s” of"
                    " %(company)s. Twice would import every order twice.",
                    seller=seller.login,
                    account=other.name,
                    company=other.company_id.name,
                )
            )

    def action_disconnect(self):
        """Forget the tokens. Orders, offers and the place in the journal stay."""
        for account in self:
            account.check_access("write")
            account.sudo().write(account._forgotten_tokens() | {"state": "draft"})

    @api.model
    def _forgotten_tokens(self):
        """The values of an account that no longer has a consent."""
        return dict.fromkeys(
            (
                "access_token",
                "refresh_token",
                "token_expires_at",
                "token_lifetime",
                "consent_ends_at",
                "scopes_granted",
                "oauth_nonce",
                "oauth_verifier",
            ),
            False,
        )

    # Tokens

    def _lock_for_tokens(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "%(account)s is being synchronised. Try again in a few seconds.",
                    account=self.name,
                )
            ) from None

    def _store_tokens(self, tokens):
        self.sudo().write(
            {
                "access_token": tokens.access_token,
                "refresh_token": tokens.refresh_token,
                "token_expires_at": tokens.expires_at.replace(tzinfo=None),
                "token_lifetime": int(tokens.lifetime.total_seconds()),
                "consent_ends_at": fields.Datetime.now() + CONSENT_LIFETIME,
                "scopes_granted": " ".join(tokens.scopes) or self.scopes_granted,
            }
        )

    def _ensure_token(self):
        """Renew the access token when little of its life is left. Commits.

        To be called at the beginning of a transaction, by a scheduled action.

        :return: False when another worker is just renewing it
        :raises AllegroError: when Allegro does not renew it
        """
        self.ensure_one()
        if not self._token_needs_refresh():
            return True
        # A fresh view of the database: locking a row that another worker has changed
        # since this transaction began would fail.
        self.env["ir.cron"]._commit_progress()
        # One refresh at a time: Allegro takes a refresh token once, a second worker
        # with the same one would lose the connection for good.
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        # what was read before the lock may be another worker's past
        self.invalidate_recordset()
        if self._token_needs_refresh():
            try:
                tokens = self._oauth().refresh(self.sudo().refresh_token)
            except AllegroConsentLostError as error:
                self._consent_lost(error)
                self.env["ir.cron"]._commit_progress()
                raise
            self._store_tokens(tokens)
        # At once: the old refresh token is dead, so losing the new one to a rollback
        # would cost the connection. This also releases the lock.
        self.env["ir.cron"]._commit_progress()
        return True

    def _access_token_refused(self):
        """Allegro answered 401: the next run renews the token whatever its age."""
        self.sudo().token_expires_at = fields.Datetime.now()

    def _consent_lost(self, error):
        """Only the seller can help: tell the managers, leave the journal's place."""
        self.ensure_one()
        _logger.warning(
            "Allegro account %s must be reconnected: %s", self.id, in_log(error)
        )
        self.sudo().state = "reconnect"
        self._note_problem(error)
        self._review_alarms(["consent_ending"])
