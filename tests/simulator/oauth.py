"""Allegro's authorization server: ``/auth/oauth/{authorize,token,device}``.

Source: digest section 1 and
https://developer.allegro.pl/tutorials/uwierzytelnianie-i-autoryzacja-zlq9e75GdIR
"""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect

from .answers import html, plain_json
from .consent import consent_page, message_page
from .headers import check_user_agent
from .tokens import DEVICE_INTERVAL, DEVICE_LIFE

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
#: What is granted when an application names no scopes: all that Allegro has here.
ALL_SCOPES = (
    "allegro:api:billing:read",
    "allegro:api:fulfillment:read",
    "allegro:api:orders:read",
    "allegro:api:orders:write",
    "allegro:api:payments:read",
    "allegro:api:payments:write",
    "allegro:api:profile:read",
    "allegro:api:sale:offers:read",
    "allegro:api:sale:offers:write",
    "allegro:api:shipments:read",
    "allegro:api:shipments:write",
)


class OAuthError(Exception):
    """RefusedError in OAuth's own shape."""

    def __init__(self, error, description=None, status=400):
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def as_answer(self):
        body = {"error": self.error}
        if self.description:
            body["error_description"] = self.description
        return plain_json(body, self.status)


# In the seller's browser


def authorize(world, request):
    """``GET /auth/oauth/authorize``: ask; ``POST``: the seller's decision."""
    fields = request.values
    app = world.apps.get(fields.get("client_id", ""))
    if app is None:
        return html(message_page("Error", "Unknown client_id"), 400)
    redirect_uri = fields.get("redirect_uri", "")
    if not _is_allowed(app, redirect_uri):
        return html(message_page("Error", "Invalid redirect_uri"), 400)
    if fields.get("response_type") != "code":
        return _back(redirect_uri, fields, error="unsupported_response_type")
    if fields.get("code_challenge") and fields.get("code_challenge_method") != "S256":
        return _back(redirect_uri, fields, error="invalid_request")
    scopes = _asked_scopes(fields)
    if request.method == "GET":
        return html(consent_page(app, scopes, world.sellers, fields.to_dict()))
    if fields.get("decision") != "allow":
        return _back(redirect_uri, fields, error="access_denied")
    seller = fields.get("seller")
    if seller not in world.sellers:
        return html(message_page("Error", "Unknown seller"), 400)
    code = world.tokens.new_code(
        client_id=app.client_id,
        redirect_uri=redirect_uri,
        challenge=fields.get("code_challenge"),
        seller=seller,
        scopes=scopes,
    )
    return _back(redirect_uri, fields, code=code)


def link_device(world, request):
    """``/skojarz-aplikacje``: the page on which a device's code is confirmed."""
    user_code = request.values.get("code") or request.values.get("user_code") or ""
    device = world.tokens.device_of_user_code(user_code)
    if request.method == "GET":
        app = world.apps[device.client_id] if device else None
        return html(
            consent_page(
                app,
                device.scopes if device else (),
                world.sellers,
                {"user_code": user_code} if device else {},
                ask_user_code=device is None,
            )
        )
    if device is None or world.clock.now() >= device.expires_at:
        return html(message_page("Error", "Unknown or expired code"), 400)
    device.decision = request.form.get("decision") == "allow"
    if device.decision:
        if request.form.get("seller") not in world.sellers:
            return html(message_page("Error", "Unknown seller"), 400)
        device.seller = request.form["seller"]
        return html(message_page("Done", "The application is connected."))
    return html(message_page("Cancelled", "The application was not connected."))


# From the application


def start_device(world, request):
    """``POST /auth/oauth/device``"""
    check_user_agent(request)
    app = _authenticated_app(world, request)
    scopes = _asked_scopes(request.values)
    device_code, device = world.tokens.new_device(app.client_id, scopes)
    page = f"{request.host_url}skojarz-aplikacje"
    return plain_json(
        {
            "user_code": device.user_code,
            "device_code": device_code,
            "expires_in": int(DEVICE_LIFE.total_seconds()),
            "interval": DEVICE_INTERVAL,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?code={device.user_code}",
        }
    )


def token(world, request):
    """``POST /auth/oauth/token``; parameters in the body or in the query."""
    check_user_agent(request)
    grants = {
        "authorization_code": _by_code,
        "refresh_token": _by_refresh_token,
        "client_credentials": _by_client_credentials,
        _DEVICE_GRANT: _by_device_code,
    }
    grant_type = request.values.get("grant_type", "")
    if grant_type not in grants:
        raise OAuthError(
            "unsupported_grant_type", f"Unsupported grant type: {grant_type}"
        )
    session = grants[grant_type](world, request)
    seller = world.sellers.get(session.seller)
    return plain_json(world.tokens.issue(session, seller and seller.id))


def _by_code(world, request):
    given = request.values.get("code", "")
    code = world.tokens.take_code(given)
    invalid = OAuthError("invalid_grant", f"Invalid authorization code: {given}")
    if code is None:
        _authenticated_app(world, request, secret_optional=True)
        raise invalid
    app = _authenticated_app(world, request, secret_optional=code.challenge is not None)
    if app.client_id != code.client_id:
        raise invalid
    if request.values.get("redirect_uri") != code.redirect_uri:
        raise OAuthError("invalid_grant", "Redirect URI mismatch.")
    if code.challenge and code.challenge != _challenge(request.values):
        raise OAuthError("invalid_grant", "Invalid code verifier.")
    return world.tokens.new_session(app.client_id, code.seller, code.scopes)


def _by_refresh_token(world, request):
    app = _authenticated_app(world, request, secret_optional=True)
    given = request.values.get("refresh_token", "")
    session = world.tokens.take_refresh(given)
    if session is None or session.client_id != app.client_id:
        raise OAuthError("invalid_grant", f"Invalid refresh token: {given}")
    return session


def _by_client_credentials(world, request):
    app = _authenticated_app(world, request)
    scopes = _asked_scopes(request.values)
    return world.tokens.new_session(app.client_id, None, scopes)


def _by_device_code(world, request):
    app = _authenticated_app(world, request)
    device_code, now = request.values.get("device_code", ""), world.clock.now()
    device = world.tokens.device(device_code)
    if not device or device.client_id != app.client_id or now >= device.expires_at:
        raise OAuthError("Invalid device code")
    too_soon = device.last_poll and now - device.last_poll < _INTERVAL
    device.last_poll = now
    if device.decision is None:
        raise OAuthError("slow_down" if too_soon else "authorization_pending")
    world.tokens.forget_device(device_code)
    if not device.decision:
        raise OAuthError("access_denied")
    return world.tokens.new_session(app.client_id, device.seller, device.scopes)


#: a little less than told, so that a client that waits exactly is not too early
_INTERVAL = timedelta(seconds=DEVICE_INTERVAL - 0.5)


def _authenticated_app(world, request, secret_optional=False):
    """By Basic credentials; ``client_id`` alone where a code verifier stands for it."""
    basic = request.authorization
    if basic and basic.type == "basic":
        app = world.apps.get(basic.username)
        if app and basic.password == app.client_secret:
            return app
    elif secret_optional:
        app = world.apps.get(request.values.get("client_id", ""))
        if app:
            return app
    raise OAuthError("Unauthorized", "Unauthorized", status=401)


def _challenge(values):
    digest = hashlib.sha256(values.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _asked_scopes(values):
    return tuple(values.get("scope", "").split()) or ALL_SCOPES


def _is_allowed(app, redirect_uri):
    """The exact address as registered; of the simulator's own apps any local one."""
    if app.redirect_uris is not None:
        return redirect_uri in app.redirect_uris
    return urlsplit(redirect_uri).hostname in _LOCAL_HOSTS


def _back(redirect_uri, fields, **answer):
    if fields.get("state"):
        answer["state"] = fields["state"]
    separator = "&" if urlsplit(redirect_uri).query else "?"
    return redirect(f"{redirect_uri}{separator}{urlencode(answer)}")
