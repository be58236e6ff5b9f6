"""What an HTTP answer of Allegro, or of whatever stands before it, means.

Source: https://developer.allegro.pl/tutorials/informacje-podstawowe-b21569boAI1
"""

import json
import re
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime

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


def trace_id_of(response):
    """Allegro's name for the request, None when it gave none."""
    trace_id = response.headers.get("trace-id", "")
    return re.sub(r"[^\x21-\x7e]", "", trace_id)[:64] or None


def read_answer(response, body, is_read, secrets=()):
    """What the JSON of an answer says.

    :param response: of ``requests``; its body was read by the caller
    :param is_read: False for a request that changes something
    :param secrets: what was sent and must not show in an error that repeats it
    :return: the parsed JSON, fractions as ``Decimal``; None for an empty answer to a
        request that changes something
    :raises AllegroError: a subclass that tells how to react
    """
    status = response.status_code
    # a read that brings nothing is an outage: as an answer it would spoil an order
    if status < 300 and not body and not is_read:
        return None
    parsed = _load(body)
    if status < 300 and parsed is not None:
        return parsed
    if status < 300:
        # a proxy's page, or half an answer, or none; a write may well have taken effect
        raise errors.AllegroUnavailableError(
            "Allegro's answer is not JSON",
            status=status,
            trace_id=trace_id_of(response),
            outcome_unknown=not is_read,
        )
    raise _error_for(response, parsed, secrets, is_read)


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
    code, message = _allegro_words(parsed)
    fallback = f"Allegro answered {status} {response.reason or ''}".strip()
    details = {
        "code": _without_secrets(code, secrets),
        "status": status,
        "trace_id": trace_id_of(response),
    }
    message = _without_secrets(message or fallback, secrets)
    if status == 429:
        return errors.AllegroTooManyRequestsError(
            message, retry_after=_retry_after(response), **details
        )
    if _is_from_elsewhere(status, parsed):
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


def _is_from_elsewhere(status, parsed):
    """Is it an outage, or a proxy speaking, rather than Allegro's own refusal?

    A 404 above all: taken for Allegro's, it would mean that an order is gone.
    """
    is_allegros = isinstance(parsed, dict) and isinstance(parsed.get("errors"), list)
    return (
        status < 400
        or status >= 500
        or status in (407, 408)
        or (status == 404 and not is_allegros)
    )


def _allegro_words(parsed):
    """Allegro's code and message, of both shapes in which it reports errors."""
    if not isinstance(parsed, dict):
        return None, None
    if isinstance(parsed.get("error"), str):  # OAuth
        return parsed["error"], _text(parsed.get("error_description"))
    listed = parsed.get("errors")
    if not isinstance(listed, list):
        return None, None
    found = [item for item in listed if isinstance(item, dict)]
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
    """Seconds to wait, which the header gives as a number or as a date."""
    header = response.headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", header):
        seconds = int(header)
    else:
        seconds = _seconds_until(header)
    if seconds is None:
        return DEFAULT_RETRY_AFTER
    return min(max(seconds, 1), LONGEST_RETRY_AFTER)


def _seconds_until(http_date):
    try:
        moment = parsedate_to_datetime(http_date)
    except (TypeError, ValueError, OverflowError):
        return None
    # an HTTP date is always GMT, whether or not it says so
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return int((moment - datetime.now(timezone.utc)).total_seconds())
