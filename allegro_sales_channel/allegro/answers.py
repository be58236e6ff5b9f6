"""What an HTTP answer of Allegro, or of whatever stands before it, means.

Source: https://developer.allegro.pl/tutorials/informacje-podstawowe-b21569boAI1
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from . import errors
from .values import storable

#: Allegro blocks a client id for one minute when it is over the limit.
DEFAULT_RETRY_AFTER = 60
LONGEST_RETRY_AFTER = 3600

#: Enough for Allegro's words, too little for a page of HTML.
_LONGEST_WORDS = 500
#: Allegro's errors repeat the token they complain of.
_TOKEN = re.compile(r"eyJ[\w.-]{10,}", re.ASCII)
_HIDDEN = "***"
_ERROR_KEYS = {"code", "message", "details", "path", "userMessage"}
_OAUTH_CODE = re.compile("[a-z_]+")
_NOT_IN_HEADER = re.compile(r"[^\x21-\x7e]")
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class Answer:
    """What Allegro answered, when it did not refuse.

    :ivar status: 200, 201, 202 (accepted, not done yet), 204, or 303 (what was accepted
        is done, and to be seen at ``location``)
    :ivar body: the parsed JSON, fractions as ``Decimal``; None when empty
    :ivar location: the header, an address anywhere: nothing follows it by itself
    :ivar retry_after: seconds after which Allegro wants to be asked, None when unsaid
    :ivar is_read: whether it answers a call that changes nothing
    :ivar clock_off: seconds by which this machine's clock is ahead of the server's
    """

    status: int
    body: object
    location: str | None
    retry_after: int | None
    trace_id: str | None
    is_read: bool
    clock_off: float | None = None

    def done(self):
        """The body, of a call that Allegro carries out at once.

        :raises AllegroUnavailableError: when it is put off, or to be seen elsewhere: so
            speaks a server before Allegro
        """
        if self.status in (202, 303):
            raise errors.AllegroUnavailableError(
                f"A server before Allegro answered {self.status}",
                status=self.status,
                trace_id=self.trace_id,
                outcome_unknown=not self.is_read,
            )
        return self.body

    @property
    def location_path(self):
        """Where ``location`` is to be asked for with the client; None when there is
        none.

        The client asks Allegro alone, so the host that is named does not matter.
        """
        try:
            parts = urlsplit(self.location or "")
        except ValueError:
            return None
        if not parts.path.startswith("/"):
            return None
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def trace_id_of(response):
    """Allegro's name for the request, None when it gave none."""
    return _header(response, "trace-id", 64)


def _header(response, name, longest):
    return _NOT_IN_HEADER.sub("", response.headers.get(name, ""))[:longest] or None


def read_answer(response, body, is_read, secrets=()):
    """What an answer says.

    :param response: of ``requests``; its body was read by the caller
    :param is_read: False for a request that changes something
    :param secrets: what was sent and must not show in an error that repeats it
    :return: :class:`Answer`
    :raises AllegroError: a subclass that tells how to react
    """
    status = response.status_code
    parsed = _load(body)
    if not _is_good(response):
        raise _error_for(response, parsed, secrets, is_read)
    # A read that brings nothing is an outage: as an answer it would spoil an order.
    # Only of what is not done yet, or is elsewhere, there may be nothing to say.
    may_be_empty = not is_read or status in (202, 303)
    if parsed is None and (body or not may_be_empty):
        # a proxy's page, or half an answer, or none; a write may well have taken effect
        raise errors.AllegroUnavailableError(
            "Allegro's answer is not JSON",
            status=status,
            trace_id=trace_id_of(response),
            outcome_unknown=not is_read,
        )
    return Answer(
        status=status,
        body=parsed,
        location=_header(response, "Location", _LONGEST_ADDRESS),
        retry_after=_retry_after(response),
        trace_id=trace_id_of(response),
        is_read=is_read,
        clock_off=_clock_off(response),
    )


def _is_good(response):
    """Any other redirect is a proxy's: Allegro has moved nowhere."""
    status = response.status_code
    return status < 300 or (status == 303 and "Location" in response.headers)


def _load(body):
    """What the JSON says; None when it is none."""
    try:
        return json.loads(body, parse_float=_fraction, parse_int=_whole)
    except (ValueError, RecursionError):
        return None


def _fraction(digits):
    try:
        return Decimal(digits)
    except InvalidOperation:
        # an exponent of many digits: no reader of values takes a float
        return float("nan")


def _whole(digits):
    # int() of thousands of digits is slow, and refused by Python
    return int(digits) if len(digits) < 20 else _fraction(digits)


def _error_for(response, parsed, secrets, is_read):
    status = response.status_code
    is_allegros = _is_allegros(response, parsed)
    code, message = _allegro_words(parsed) if is_allegros else (None, None)
    who = "Allegro" if is_allegros or status >= 500 else "A server before Allegro"
    fallback = f"{who} answered {status} {response.reason or ''}".strip()
    details = {
        "code": _without_secrets(code, secrets),
        "status": status,
        "trace_id": trace_id_of(response),
    }
    message = _without_secrets(message or fallback, secrets)
    if status == 429:
        return errors.AllegroTooManyRequestsError(
            message,
            retry_after=_retry_after(response) or DEFAULT_RETRY_AFTER,
            **details,
        )
    if not is_allegros or status < 400 or status >= 500 or status in (407, 408):
        return errors.AllegroUnavailableError(
            message, outcome_unknown=not is_read, **details
        )
    if code == "NotFoundException":
        # the address does not exist at Allegro; that says nothing about an order
        return errors.AllegroRejectedError(message, **details)
    simple = {
        401: errors.AllegroAuthorisationError,
        403: errors.AllegroForbiddenError,
        404: errors.AllegroNotFoundError,
        409: errors.AllegroConflictError,
    }
    return simple.get(status, errors.AllegroRejectedError)(message, **details)


def _is_allegros(response, parsed):
    """Does Allegro speak, rather than a gatekeeper or a proxy before it?

    What they say is no word about an order: a 404 taken for Allegro's would mean that
    it is gone, a 403 that the seller's consent is.

    Source: ErrorsHolder and AuthError of https://developer.allegro.pl/swagger.yaml
    """
    if response.status_code == 401 and _asks_for_a_token(response):
        return True
    if not isinstance(parsed, dict):
        return False
    if _is_oauths(parsed, response.status_code):
        return True
    return any(map(_is_an_error, _listed(parsed)))


def _listed(parsed):
    """The errors of an answer; one may come without the list around it."""
    if parsed.keys() >= _ERROR_KEYS:
        return [parsed]
    listed = parsed.get("errors")
    return listed if isinstance(listed, list) else []


def _asks_for_a_token(response):
    """A bare 401 is the API's own when it names the scheme (RFC 6750)."""
    return response.headers.get("WWW-Authenticate", "").lower().startswith("bearer")


def _is_oauths(parsed, status):
    """Many a server's own page has an "error", too.

    Allegro's is a code of OAuth, or ``Unauthorized`` described as such, or ``Invalid
    device code`` alone; with 403 it is described.
    """
    code = parsed.get("error")
    if not isinstance(code, str) or status not in (400, 401, 403):
        return False
    if isinstance(parsed.get("error_description"), str):
        return True
    is_oauths = len(parsed) == 1 or bool(_OAUTH_CODE.fullmatch(code))
    return is_oauths and status != 403


def _is_an_error(item):
    return isinstance(item, dict) and any(
        _text(item.get(key)) for key in ("code", "message", "userMessage")
    )


def _allegro_words(parsed):
    """Allegro's code and message, of both shapes in which it reports errors."""
    if not isinstance(parsed, dict):
        return None, None
    if isinstance(parsed.get("error"), str):
        return parsed["error"], _text(parsed.get("error_description"))
    found = [item for item in _listed(parsed) if isinstance(item, dict)]
    words = [
        _text(item.get("userMessage")) or _text(item.get("message")) for item in found
    ]
    code = _text(found[0].get("code")) if found else None
    return code, "; ".join(word for word in words if word)


def _text(value):
    return value if isinstance(value, str) else None


def _without_secrets(text, secrets):
    """Allegro's words as they may be shown and stored."""
    if text is None:
        return None
    for secret in filter(None, secrets):
        text = text.replace(secret, _HIDDEN)
    text = _TOKEN.sub(_HIDDEN, storable(text))
    return text[:_LONGEST_WORDS]


def _retry_after(response):
    """Seconds to wait, which the header gives as a number or as a date, else None."""
    header = response.headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", header):
        seconds = int(header)
    else:
        seconds = _seconds_until(header)
    if seconds is None:
        return None
    return min(max(seconds, 1), LONGEST_RETRY_AFTER)


def _clock_off(response):
    """To a second: servers say no more. None when the header says nothing."""
    left = _seconds_until(response.headers.get("Date", ""))
    return None if left is None else -left


def _seconds_until(http_date):
    try:
        moment = parsedate_to_datetime(http_date)
    except (TypeError, ValueError, OverflowError):
        return None
    # an HTTP date is always GMT, whether or not it says so
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return int((moment - datetime.now(timezone.utc)).total_seconds())
