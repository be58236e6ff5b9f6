"""Allegro's authorization server, in memory: what it would answer, and a log."""

from datetime import datetime, timedelta, timezone

from ..allegro.errors import AllegroConsentLostError
from ..allegro.oauth import DeviceCode, Tokens

#: What the addon itself asks for.
SCOPES = (
    "allegro:api:profile:read",
    "allegro:api:orders:read",
    "allegro:api:orders:write",
    "allegro:api:sale:offers:read",
)


class FakeOAuth:
    """Refresh tokens are taken once, as Allegro does.

    ``failure`` is raised instead of the next answers; ``calls`` lists what was asked.
    """

    def __init__(self, refresh_token="test-refresh-token"):
        self.valid = refresh_token
        self.scopes = SCOPES
        self.failure = None
        self.calls = []

    def authorize_url(self, redirect_uri, state, challenge, scopes):
        self.redirect_uri, self.state, self.challenge = redirect_uri, state, challenge
        return "http://127.0.0.1:1/auth/oauth/authorize"

    def check_keys(self):
        if self.failure:
            raise self.failure

    def exchange_code(self, code, redirect_uri, verifier):
        return self._answer("code", code, verifier)

    def refresh(self, refresh_token):
        if not self.failure and refresh_token != self.valid:
            self.failure = AllegroConsentLostError("Invalid refresh token")
        return self._answer("refresh", refresh_token)

    def start_device(self, scopes):
        self._answer("device")
        return DeviceCode(
            "the-device-code", "ABC-DEF", "https://x.test/ABC-DEF", 5, _in(minutes=60)
        )

    def poll_device(self, device_code):
        return self._answer("poll", device_code)

    def _answer(self, *call):
        self.calls.append(call)
        if self.failure:
            raise self.failure
        number = len(self.calls)
        self.valid = f"refresh-{number}"
        return Tokens(
            access_token=f"access-{number}",
            refresh_token=self.valid,
            expires_at=_in(hours=12),
            lifetime=timedelta(hours=12),
            scopes=tuple(self.scopes),
        )


def _in(**period):
    return datetime.now(timezone.utc) + timedelta(**period)
