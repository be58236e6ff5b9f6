"""One way to talk to Allegro over HTTP: everything that is sent goes through ``send``.

Source: https://developer.allegro.pl/tutorials/informacje-podstawowe-b21569boAI1
"""

import http.client
import logging
import time
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3

from . import deadline
from .answers import read_answer, trace_id_of
from .body import UselessBodyError, read_body
from .errors import AllegroUnavailableError
from .values import storable

_logger = logging.getLogger(__name__)

#: Seconds to connect and to wait for an answer. Allegro's lists may take several.
TIMEOUT = (5, 30)
#: Seconds for all of it, repetitions too: an invoice of 3 MB on a slow line needs some.
LONGEST_EXCHANGE = 120
#: Parallel connections to Allegro, per account: well below any of its limits.
CONNECTIONS = 6
#: How often a read is sent when the connection breaks on the way.
READ_ATTEMPTS = 3
#: What requests lets through: its own errors, and now and then those below it.
_BROKEN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
_NOT_CONNECTED = (
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
)


class BearerAuth(requests.auth.AuthBase):
    """Sends the access token, and keeps ~/.netrc from replacing it."""

    def __init__(self, access_token):
        self._access_token = access_token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._access_token}"
        return request


class _Session(requests.Session):
    def get_redirect_target(self, response):
        """None: where a redirect points is not even looked at."""
        return None


def new_session(user_agent):
    """A pool of connections, to be shared by threads.

    :param user_agent: ``Name/Version (+https://address)``, as Allegro wants it
    """
    session = _Session()
    # ``send`` repeats reads itself: urllib3 would repeat a write too when TLS breaks,
    # and no read whose body breaks
    adapter = deadline.TimedAdapter(pool_maxsize=CONNECTIONS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = user_agent
    session.headers["Accept-Encoding"] = "gzip"  # what read_body unpacks
    # of no use here, and the one part of a session that threads can't share
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def send(session, method, url, *, secrets=(), **kwargs):
    """Send one request and return what is answered.

    A read that broke on the way is repeated at once. Nothing else is: repeating a
    write, or insisting on a server that answers "not now", is for the caller to decide.

    :param session: from :func:`new_session`
    :param secrets: what was sent and must not show in an error that repeats it
    :param kwargs: as for ``requests``: params, json, data, headers, auth
    :return: :class:`Answer`
    :raises AllegroError: a subclass that tells how to react
    """
    is_read = method == "GET"
    with deadline.within(LONGEST_EXCHANGE):
        for _attempt in range(READ_ATTEMPTS if is_read else 1):
            response, body, failure = _exchange(session, method, url, kwargs)
            if failure is None:
                return read_answer(response, body, is_read, secrets)
            if not _is_worth_repeating(failure) or deadline.time_left() <= 0:
                break
    # not "from failure": it holds the request, and with it the token
    raise AllegroUnavailableError(
        f"Allegro could not be reached ({_reason(failure)})",
        outcome_unknown=not is_read and not _never_connected(failure),
    )


def _exchange(session, method, url, kwargs):
    """One request: (response, body, None), or (None, None, what went wrong)."""
    started = time.monotonic()
    path = "/" + url.split("/", 3)[-1]
    try:
        # never follow a redirect: the token would travel to wherever it points
        with session.request(
            method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **kwargs
        ) as response:
            body = read_body(response)
    except _BROKEN as failure:
        _logger.info("%s %s failed: %s", method, path, _reason(failure))
        return None, None, failure
    _logger.info(
        "%s %s -> %s in %.0f ms, trace-id %s",
        method,
        path,
        response.status_code,
        (time.monotonic() - started) * 1000,
        trace_id_of(response),
    )
    return response, body, None


def _is_worth_repeating(failure):
    """Did the connection break, rather than Allegro take too long or talk nonsense?"""
    hopeless = (
        UselessBodyError,
        requests.Timeout,
        urllib3.exceptions.TimeoutError,
        ValueError,
    )
    return not isinstance(failure, hopeless)


def _never_connected(failure):
    """True when the request can't have reached Allegro."""
    inner = failure.args[0] if failure.args else None
    reason = getattr(inner, "reason", inner)
    return isinstance(failure, requests.ConnectTimeout) or isinstance(
        reason, _NOT_CONNECTED
    )


def _reason(failure):
    """What went wrong in the operating system's words, without the request."""
    name = type(failure).__name__
    seen = failure
    while seen is not None:
        if isinstance(seen, OSError) and seen.strerror:
            return f"{name}: {storable(str(seen.strerror))}"
        seen = seen.__cause__ or seen.__context__
    return name
