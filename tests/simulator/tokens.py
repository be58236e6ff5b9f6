"""Access and refresh tokens, authorization codes and device codes.

Lives and rotation follow digest section 1 and Allegro's tutorial on authorization.
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ACCESS_LIFE = timedelta(hours=12)
REFRESH_LIFE = timedelta(days=90)
#: a used refresh token is accepted again for this long
REFRESH_GRACE = timedelta(seconds=60)
CODE_LIFE = timedelta(seconds=10)
DEVICE_LIFE = timedelta(hours=1)
DEVICE_INTERVAL = 5
#: the oldest consent of a user dies with the next one above this
MOST_SESSIONS = 20


@dataclass
class Session:
    """What one consent gave; all tokens refreshed from it belong to it.

    :param seller: login, None for a token of the application itself
    """

    client_id: str
    seller: str | None
    scopes: tuple[str, ...]
    alive: bool = True


@dataclass
class AccessToken:
    session: Session
    expires_at: datetime


@dataclass
class RefreshToken:
    session: Session
    expires_at: datetime
    used_at: datetime | None = None


@dataclass
class Code:
    """An authorization code: what must be the same when it is exchanged."""

    client_id: str
    redirect_uri: str
    challenge: str | None
    seller: str
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass
class Device:
    """``decision`` is None until the user decides, then True or False."""

    client_id: str
    user_code: str
    scopes: tuple[str, ...]
    expires_at: datetime
    decision: bool | None = None
    seller: str | None = None
    last_poll: datetime | None = None


@dataclass
class Tokens:
    clock: object
    random: object
    #: when set, nothing beyond these is granted
    scope_limit: tuple[str, ...] | None = None
    _sessions: list = field(default_factory=list)
    _access: dict = field(default_factory=dict)
    _refresh: dict = field(default_factory=dict)
    _codes: dict = field(default_factory=dict)
    _devices: dict = field(default_factory=dict)

    # Issuing

    def new_session(self, client_id, seller, scopes):
        if self.scope_limit is not None:
            scopes = tuple(scope for scope in scopes if scope in self.scope_limit)
        session = Session(client_id, seller, tuple(scopes))
        self._sessions.append(session)
        living = [s for s in self._sessions if s.alive and s.seller == seller]
        if seller and len(living) > MOST_SESSIONS:
            living[0].alive = False
        return session

    def issue(self, session, user_id=None):
        """A pair of tokens as ``POST /token`` answers them.

        :param user_id: of the seller; without one there is no refresh token
        """
        now = self.clock.now()
        expires_at = now + ACCESS_LIFE
        claims = {
            "scope": list(session.scopes),
            "allegro_api": True,
            "iss": "https://allegro.pl",
            "exp": int(expires_at.timestamp()),
            "jti": self._uuid(),
            "client_id": session.client_id,
        }
        if user_id:
            claims["user_name"] = user_id
        access = self._jwt(claims)
        self._access[access] = AccessToken(session, expires_at)
        answer = {
            "access_token": access,
            "token_type": "bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()) - 1,
            "scope": " ".join(session.scopes),
            "allegro_api": True,
            "iss": "https://allegro.pl",
            "jti": claims["jti"],
        }
        if user_id:
            refresh = self._jwt(claims | {"ati": claims["jti"], "jti": self._uuid()})
            self._refresh[refresh] = RefreshToken(session, now + REFRESH_LIFE)
            answer["refresh_token"] = refresh
        return answer

    def new_code(self, **details):
        code = "".join(self.random.choices(_CODE_LETTERS, k=32))
        self._codes[code] = Code(expires_at=self.clock.now() + CODE_LIFE, **details)
        return code

    def new_device(self, client_id, scopes):
        """
        :return: the device code and its :class:`Device`
        """
        device_code = "".join(self.random.choices(_CODE_LETTERS, k=32))
        user_code = "".join(self.random.choices("bcdfghjkmnpqrstvwxz23456789", k=9))
        device = Device(
            client_id, user_code, tuple(scopes), self.clock.now() + DEVICE_LIFE
        )
        self._devices[device_code] = device
        return device_code, device

    # Using

    def take_code(self, code):
        """The code's details once, and only while it is young; else None."""
        found = self._codes.pop(code, None)
        return found if found and self.clock.now() < found.expires_at else None

    def access(self, token):
        """
        :return: the living session of the token; None when unknown or over
        """
        found = self._access.get(token)
        if not found or not found.session.alive:
            return None
        return found.session if self.clock.now() < found.expires_at else None

    def seller_of(self, token):
        """Login of whom the access or refresh token was for, living or not."""
        found = self._access.get(token) or self._refresh.get(token)
        return found and found.session.seller

    def take_refresh(self, token):
        """Single use, with 60 seconds of grace after the first.

        :return: the session to issue a new pair for; None when refused
        """
        found, now = self._refresh.get(token), self.clock.now()
        if not found or not found.session.alive or now >= found.expires_at:
            return None
        if found.used_at and now - found.used_at > REFRESH_GRACE:
            return None
        found.used_at = found.used_at or now
        return found.session

    def device(self, device_code):
        return self._devices.get(device_code)

    def forget_device(self, device_code):
        self._devices.pop(device_code, None)

    def device_of_user_code(self, user_code):
        wanted = user_code.strip().replace(" ", "").replace("-", "").lower()
        return next(
            (d for d in self._devices.values() if d.user_code == wanted),
            None,
        )

    # Ending

    def expire_access(self, seller=None):
        """
        :param seller: login; None for everybody's
        """
        for token in self._access.values():
            if seller in (None, token.session.seller):
                token.expires_at = self.clock.now()

    def revoke(self, seller=None):
        """As when the seller logs out everywhere: access and refresh tokens die."""
        for session in self._sessions:
            if seller in (None, session.seller):
                session.alive = False

    def living_sessions(self):
        return [session for session in self._sessions if session.alive]

    def _uuid(self):
        bits = f"{self.random.getrandbits(128):032x}"
        return "-".join(
            (bits[:8], bits[8:12], "4" + bits[13:16], "a" + bits[17:20], bits[20:])
        )

    def _jwt(self, claims):
        parts = (
            json.dumps({"alg": "RS256", "typ": "JWT"}).encode(),
            json.dumps(claims).encode(),
            self.random.randbytes(256),
        )
        encoded = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        return b".".join(encoded).decode()


_CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
