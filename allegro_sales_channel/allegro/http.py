"""One way to talk to Allegro over HTTP: everything that is sent goes through ``send``.

Source: https://developer.allegro.pl/tutorials/informacje-podstawowe-b21569boAI1
"""

import json
import logging
import time
from decimal import Decimal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from . import errors

_logger = logging.getLogger(__name__)

#: Seconds to connect and to wait for an answer. Allegro's lists may take several.
TIMEOUT = (5, 30)
#: Parallel connections to Allegro, per account: well below any of its limits.
CONNECTIONS = 6
#: Allegro blocks a client id for one minute when it is over the limit.
DEFAULT_RETRY_AFTER = 60
#: The longest order is some 100 kB; more than this is not an answer of Allegro.
MAX_ANSWER_BYTES = 32 * 1024 * 1024


def new_session(user_agent):
    """A pool of connections.

    Reads that broke on the way are repeated at once (a kept-alive connection may have
    been closed meanwhile). Nothing else is: repeating a write, or insisting on a server
    that answers "not now", is for the caller to decide.

    :param user_agent: ``Name/Version (+https://address)``, as Allegro wants it
    """
    session = requests.Session()
    retry = Retry(
        total=2,
        status=0,
        redirect=False,
        backoff_factor=0.2,
        allowed_methods={"GET"},
        respect_retry_after_header=False,
        raise_on_status=False,
    )
    adapter = HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=retry)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = user_agent
    return session


def send(session, method, url, **kwargs):
    """Send one request and return what its JSON says.

    :param session: from :func:`new_session`
    :param kwargs: as for ``requests``: params, json, data, headers, auth
    :return: the parsed JSON, numbers as ``Decimal``; None for an empty answer
    :raises AllegroError: a subclass that tells how to react
    """
    started = time.monotonic()
    path = urlsplit(url).path
    try:
        # never follow a redirect: the token would travel to wherever it points
        with session.request(
            method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **kwargs
        ) as response:
            body = _read_body(response)
    except requests.RequestException as error:
        _logger.info("%s %s failed: %s", method, path, type(error).__name__)
        raise errors.AllegroUnavailableError(
            f"Allegro could not be reached ({type(error).__name__})",
            # it is known for sure only when not even a connection was made
            outcome_unknown=method != "GET"
            and not isinstance(error, requests.exceptions.ConnectTimeout),
        ) from error
    trace_id = response.headers.get("trace-id")
    milliseconds = (time.monotonic() - started) * 1000
    _logger.info(
        "%s %s -> %s in %.0f ms, trace-id %s",
        method,
        path,
        response.status_code,
        milliseconds,
        trace_id,
    )
    return _parse(response, body, trace_id, is_read=method == "GET")


def _read_body(response):
    """The body, as long as it is of a sane size."""
    chunks, size = [], 0
    for chunk in response.iter_content(64 * 1024):
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise requests.exceptions.ContentDecodingError("answer too large")
        chunks.append(chunk)
    return b"".join(chunks)


def _parse(response, body, trace_id, is_read):
    status = response.status_code
    if status == 204 or (status < 300 and not body):
        return None
    try:
        parsed = json.loads(body, parse_float=Decimal)
    except ValueError:
        parsed = None
    if status < 300 and parsed is not None:
        return parsed
    if status < 300:
        # a proxy's page or half an answer; a write may well have taken effect
        raise errors.AllegroUnavailableError(
            "Allegro's answer is not JSON",
            status=status,
            trace_id=trace_id,
            outcome_unknown=not is_read,
        )
    raise _error_for(response, parsed, trace_id, is_read)


def _error_for(response, parsed, trace_id, is_read):
    status = response.status_code
    code, message = _allegro_words(parsed)
    message = message or f"Allegro answered {status} {response.reason or ''}".strip()
    details = {"code": code, "status": status, "trace_id": trace_id}
    if status == 429:
        return errors.AllegroTooManyRequestsError(
            message, retry_after=_retry_after(response), **details
        )
    if status >= 500:
        return errors.AllegroUnavailableError(
            message, outcome_unknown=not is_read, **details
        )
    simple = {
        401: errors.AllegroAuthorisationError,
        403: errors.AllegroForbiddenError,
        404: errors.AllegroNotFoundError,
        409: errors.AllegroConflictError,
    }
    return simple.get(status, errors.AllegroRejectedError)(message, **details)


def _allegro_words(parsed):
    """Allegro's code and message, of both shapes in which it reports errors."""
    if not isinstance(parsed, dict):
        return None, None
    if isinstance(parsed.get("error"), str):  # OAuth
        return parsed["error"], _text(parsed.get("error_description"))
    listed = parsed.get("errors")
    found = [item for item in listed or [] if isinstance(item, dict)]
    if not isinstance(listed, list) or not found:
        return None, None
    words = [
        _text(item.get("userMessage")) or _text(item.get("message")) for item in found
    ]
    return _text(found[0].get("code")), "; ".join(word for word in words if word)


def _text(value):
    return value if isinstance(value, str) else None


def _retry_after(response):
    try:
        seconds = int(response.headers.get("Retry-After", ""))
    except ValueError:
        return DEFAULT_RETRY_AFTER
    return min(max(seconds, 1), 3600)
