"""Getting and renewing Allegro's tokens.

Source: https://developer.allegro.pl/tutorials/uwierzytelnianie-i-autoryzacja-zlq9e75GdIR
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

from . import errors, http
from .values import JsonObject

#: Seconds between two questions of the device flow when Allegro names none (RFC 8628).
_DEFAULT_INTERVAL = 5
#: Allegro's words for a refresh token that will never be taken again: used, expired,
#: withdrawn, or of the other environment.
_CONSENT_LOST = ("invalid_grant", "invalid_token")
_PENDING = ("authorization_pending", "slow_down")
_SECRET_FIELDS = ("code", "code_verifier", "refresh_token", "device_code")
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True)
class Tokens:
    """A pair of tokens. Neither shows in a repr, so neither gets into a log."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    lifetime: timedelta
    scopes: tuple[str, ...]

    @classmethod
    def from_json(cls, json_data, now):
        data = JsonObject(json_data)
        access_token = data.secret("access_token")
        lifetime = timedelta(seconds=data.positive_whole("expires_in"))
        return cls(
            access_token=access_token,
            refresh_token=data.secret("refresh_token"),
            expires_at=now + lifetime,
            lifetime=lifetime,
            scopes=_granted_scopes(data, access_token),
        )


@dataclass(frozen=True)
class DeviceCode:
    """What the seller has to open, and what we ask with meanwhile."""

    device_code: str = field(repr=False)
    user_code: str
    verification_url: str
    interval: int
    expires_at: datetime


@dataclass(frozen=True)
class CodeVerifier:
    """The secret of one authorization (PKCE), and its public half."""

    verifier: str = field(repr=False)
    challenge: str

    @classmethod
    def new(cls):
        verifier = secrets.token_urlsafe(64)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return cls(verifier, challenge)


class OAuth:
    """Allegro's authorization server as seen by one registered application.

    :param auth_url: for instance ``https://allegro.pl/auth/oauth``
    :param client_id: of the application registered at Allegro
    :param client_secret: of the same
    :param user_agent: see :func:`http.new_session`
    """

    def __init__(self, auth_url, client_id, client_secret, user_agent):
        self._auth_url = auth_url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._user_agent = user_agent

    def authorize_url(self, redirect_uri, state, challenge, scopes):
        """Where the seller's browser must go to give its consent.

        :param scopes: what is asked for: a consent, once given, does not grow
        """
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": " ".join(scopes),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            # an account already logged in at Allegro must still be asked which one
            "prompt": "confirm",
        }
        return f"{self._auth_url}/authorize?{urlencode(query)}"

    def check_keys(self):
        """Ask whether Allegro knows the application; harmless to repeat.

        Its token, for which no seller is asked, is thrown away.

        :raises AllegroKeysRefusedError: it does not
        :raises AllegroError: it could not be asked, or gives this application none
        """
        self._post("token", {"grant_type": "client_credentials"})

    def exchange_code(self, code, redirect_uri, verifier):
        """Turn the code of the redirect into tokens; it lives 10 seconds.

        :raises AllegroError: when Allegro does not accept the code
        """
        return self._tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            }
        )

    def refresh(self, refresh_token):
        """A new pair of tokens. The old refresh token dies with this call.

        :raises AllegroConsentLostError: when only a new consent of the seller helps
        :raises AllegroKeysRefusedError: the application's own keys are not accepted
        :raises AllegroUnavailableError: when the outcome is unknown; the old refresh
            token may be used again for 60 seconds
        """
        try:
            return self._tokens(
                {"grant_type": "refresh_token", "refresh_token": refresh_token}
            )
        except errors.AllegroError as error:
            if error.code not in _CONSENT_LOST:
                raise
            raise errors.AllegroConsentLostError(
                error.message,
                code=error.code,
                status=error.status,
                trace_id=error.trace_id,
            ) from error

    def start_device(self, scopes):
        """Begin the device flow, for an Odoo that Allegro's redirect can't reach.

        :param scopes: what is asked for
        """
        now = datetime.now(timezone.utc)
        form = {"client_id": self._client_id, "scope": " ".join(scopes)}
        data = JsonObject(self._post("device", form))
        return DeviceCode(
            device_code=data.secret("device_code"),
            user_code=data.text("user_code"),
            verification_url=data.text("verification_uri_complete"),
            interval=data.optional_whole("interval") or _DEFAULT_INTERVAL,
            expires_at=now + timedelta(seconds=data.positive_whole("expires_in")),
        )

    def poll_device(self, device_code):
        """Ask whether the seller has consented.

        :raises AllegroAuthorisationPending: not yet, ask again
        :raises AllegroRejectedError: refused by the seller, or the code is too old
        """
        try:
            return self._tokens(
                {"grant_type": _DEVICE_GRANT, "device_code": device_code}
            )
        except errors.AllegroError as error:
            if error.code not in _PENDING:
                raise
            raise errors.AllegroAuthorisationPending(
                error.message,
                slow_down=error.code == "slow_down",
                code=error.code,
                status=error.status,
                trace_id=error.trace_id,
            ) from error

    def _tokens(self, form):
        # taken before the call: a token must never look younger than it is
        now = datetime.now(timezone.utc)
        return Tokens.from_json(self._post("token", form), now)

    def _post(self, endpoint, form):
        try:
            return self._send(endpoint, form).done()
        except errors.AllegroAuthorisationError as error:
            # whatever was asked for, it is the application that is not let in
            raise errors.AllegroKeysRefusedError(
                error.message,
                code=error.code,
                status=error.status,
                trace_id=error.trace_id,
            ) from error

    def _send(self, endpoint, form):
        with http.new_session(self._user_agent) as session:
            return http.send(
                session,
                "POST",
                f"{self._auth_url}/{endpoint}",
                secrets=[self._client_secret]
                + [value for key, value in form.items() if key in _SECRET_FIELDS],
                data=form,
                # bytes: a mistyped letter is Allegro's to refuse, not the codec's
                auth=(self._client_id.encode(), self._client_secret.encode()),
                headers={"Accept": "application/json"},
            )


def _granted_scopes(answer, access_token):
    """The scopes granted: from the answer, else from inside the token (a JWT).

    Nothing is decided by them but hints to the user, so the signature needs no check.
    """
    named = (answer.optional_text("scope", longest=None) or "").split()
    # "allegro_api" alone names the API as a whole
    scopes = tuple(scope for scope in named if ":" in scope)
    return scopes or _scopes_inside(access_token)


def _scopes_inside(access_token):
    try:
        payload = access_token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        return JsonObject(claims).texts("scope")
    except (IndexError, ValueError, RecursionError, errors.AllegroDataError):
        return ()
