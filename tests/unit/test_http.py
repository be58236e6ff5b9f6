"""``http.send`` against the simulator: each fault and how it is told."""

import logging
import socket
import ssl
import time
import traceback
from decimal import Decimal
from http.client import IncompleteRead

import pytest
import requests
import urllib3

from allegro import body, errors, http
from allegro.client import MEDIA_TYPE
from tests.simulator.driver import USER_AGENT

from .wire import Wire, http_answer

_READ, _WRITE = "GET", "PUT"
_SECRET = "eyJsecret.of.mine-0123456789"


@pytest.fixture
def session():
    with http.new_session(USER_AGENT) as session:
        session.headers["Accept"] = MEDIA_TYPE
        yield session


@pytest.fixture
def send(simulator, session):
    """Send to a path of the simulator as a connected seller."""
    session.auth = http.BearerAuth(simulator.issue_tokens()["access_token"])

    def send(method, path, **kwargs):
        return http.send(session, method, simulator.url + path, **kwargs)

    return send


@pytest.fixture
def put_status(simulator, send):
    """A write: set a fulfilment status. Has ``path`` and ``reached()``."""
    form_id = simulator.create_order()["id"]

    class Put:
        path = f"/order/checkout-forms/{form_id}/fulfillment"

        def __call__(self):
            return send(
                _WRITE,
                self.path,
                json={"status": "SENT"},
                headers={"Content-Type": MEDIA_TYPE},
            )

        def reached(self):
            shown = simulator.control("GET", f"/orders/{form_id}")
            return shown["form"]["fulfillment"]["status"] == "SENT"

    return Put()


@pytest.fixture
def impatient(monkeypatch):
    """Waits for an answer no longer than a test may take."""
    monkeypatch.setattr(http, "TIMEOUT", (5, 0.1))


def _sent(simulator, method):
    return [entry for entry in simulator.requests() if entry["method"] == method]


def _wait_for(condition):
    """So that a late answer is not taken for one to the next test."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _error(call, *args, **kwargs):
    with pytest.raises(errors.AllegroError) as caught:
        call(*args, **kwargs)
    return caught.value


# What is sent and what comes back


def test_a_read_gives_the_json(send):
    assert send(_READ, "/me").body["login"] == "czesci_pewne"


def test_a_write_without_an_answer_gives_none(put_status):
    assert put_status().body is None
    assert put_status.reached()


def test_fractions_are_exact_and_whole_numbers_whole(simulator, send):
    body = '{"rate": 0.1, "count": 3, "huge": 12345678901234567890123}'
    simulator.fault("status", status=200, body=body, times=1)
    answer = send(_READ, "/me").body
    assert answer["rate"] == Decimal("0.1")
    assert (answer["count"], type(answer["count"])) == (3, int)
    assert answer["huge"] == Decimal("12345678901234567890123")


def test_the_name_of_the_addon_is_sent(simulator, send):
    send(_READ, "/me")
    assert simulator.requests()[-1]["headers"]["User-Agent"] == USER_AGENT


def test_netrc_does_not_replace_the_token(monkeypatch, tmp_path, send):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert send(_READ, "/me").body["login"] == "czesci_pewne"


def test_cookies_are_not_kept(session):
    with Wire(http_answer(b"{}", "Set-Cookie: who=me; Path=/")) as wire:
        http.send(session, _READ, wire.url)
        http.send(session, _READ, wire.url)
    assert not session.cookies
    assert not any("Cookie:" in head for head in wire.heads)


# Typed errors


@pytest.mark.parametrize("method", [_READ, _WRITE])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.AllegroRejectedError),
        (401, errors.AllegroAuthorisationError),
        (403, errors.AllegroForbiddenError),
        (404, errors.AllegroNotFoundError),
        (405, errors.AllegroRejectedError),
        (406, errors.AllegroRejectedError),
        (408, errors.AllegroUnavailableError),
        (409, errors.AllegroConflictError),
        (413, errors.AllegroRejectedError),
        (415, errors.AllegroRejectedError),
        (422, errors.AllegroRejectedError),
        (429, errors.AllegroTooManyRequestsError),
        (500, errors.AllegroUnavailableError),
        (502, errors.AllegroUnavailableError),
        (503, errors.AllegroUnavailableError),
        (504, errors.AllegroUnavailableError),
    ],
)
def test_each_status_has_its_error_and_is_sent_once(
    simulator, send, put_status, method, status, kind
):
    simulator.fault("status", status=status)
    error = _error(put_status if method == _WRITE else send, *_args_of(method))
    assert type(error) is kind
    assert error.status == status
    (entry,) = _sent(simulator, method)
    assert error.trace_id == entry["trace_id"]
    assert f"trace-id {entry['trace_id']}" in str(error)
    assert f"HTTP {status}" in str(error)


def _args_of(method):
    return () if method == _WRITE else (_READ, "/me")


@pytest.mark.parametrize("status", [408, 500, 503])
def test_an_outage_leaves_only_writes_in_doubt(simulator, send, put_status, status):
    simulator.fault("status", status=status)
    assert _error(send, _READ, "/me").outcome_unknown is False
    assert _error(put_status).outcome_unknown is True


def test_retryable_is_what_may_pass_by_itself():
    retryable = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and getattr(kind, "retryable", False)
    }
    assert retryable == {
        errors.AllegroAuthorisationPending,
        errors.AllegroTooManyRequestsError,
        errors.AllegroUnavailableError,
    }


def test_allegros_own_words_are_told(simulator, send):
    missing = "/order/checkout-forms/00000000-0000-0000-0000-000000000000"
    error = _error(send, _READ, missing)
    assert isinstance(error, errors.AllegroNotFoundError)
    assert error.code == "CheckoutFormNotFoundException"
    assert error.code in str(error)
    assert len(error.message) > 10


def test_an_address_that_allegro_does_not_have_is_not_a_missing_order(send):
    assert type(_error(send, _READ, "/nowhere")) is errors.AllegroRejectedError


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        # that of a proxy: no order is gone, and no consent lost, because of it
        (403, errors.AllegroUnavailableError),
        (404, errors.AllegroUnavailableError),
        (502, errors.AllegroUnavailableError),
    ],
)
def test_the_page_of_a_proxy_is_not_quoted(simulator, send, status, kind):
    simulator.fault("html", status=status, times=1)
    error = _error(send, _READ, "/me")
    assert type(error) is kind
    assert error.code is None
    assert "<html>" not in str(error)
    assert str(status) in error.message


@pytest.mark.parametrize(("given", "told"), [(7, 7), (0, 1), (10**6, 3600), (None, 60)])
def test_too_many_requests_tells_how_long_to_wait(simulator, send, given, told):
    simulator.fault("status", status=429, retry_after=given, times=1)
    assert _error(send, _READ, "/me").retry_after == told


# What is no answer


@pytest.mark.parametrize("method", [_READ, _WRITE])
@pytest.mark.parametrize("kind", ["garbage", "html"])
def test_a_good_status_without_json_is_an_outage(
    simulator, send, put_status, method, kind
):
    simulator.fault(kind, status=200, takes_effect=True)
    error = _error(put_status if method == _WRITE else send, *_args_of(method))
    assert type(error) is errors.AllegroUnavailableError
    assert "not JSON" in error.message
    assert error.outcome_unknown is (method == _WRITE)
    assert len(_sent(simulator, method)) == 1
    assert error.trace_id


def test_an_empty_answer_to_a_read_is_an_outage_not_an_order(simulator, send):
    simulator.fault("status", status=200, body="", times=1)
    error = _error(send, _READ, "/me")
    assert type(error) is errors.AllegroUnavailableError


def test_an_answer_that_is_too_large_is_not_read(monkeypatch, simulator, send):
    monkeypatch.setattr(body, "MAX_BYTES", 20)
    error = _error(send, _READ, "/me")
    assert type(error) is errors.AllegroUnavailableError
    assert len(_sent(simulator, _READ)) == 1


def test_a_real_order_is_far_from_too_large(simulator, send):
    form = simulator.create_order()
    assert send(_READ, f"/order/checkout-forms/{form['id']}").body["id"] == form["id"]


def test_an_answer_that_can_not_be_unpacked_is_not_asked_for_again(session):
    with Wire(http_answer(b"not gzip", "Content-Encoding: gzip")) as wire:
        error = _error(http.send, session, _READ, wire.url)
    assert type(error) is errors.AllegroUnavailableError
    assert len(wire.heads) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 999\r\n\r\n",
    ],
)
def test_a_server_that_is_none_is_an_outage(session, answer):
    with Wire(answer) as wire:
        error = _error(http.send, session, _READ, wire.url)
    assert type(error) is errors.AllegroUnavailableError
    assert error.outcome_unknown is False


@pytest.mark.parametrize("is_counted", [True, False])
def test_half_an_answer_is_asked_for_again(monkeypatch, session, is_counted):
    if not is_counted:
        # as urllib3 before 2.0, which does not compare what came with what should
        monkeypatch.setattr(
            urllib3.response.HTTPResponse, "_init_length", lambda *_: None
        )
    half = b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"'
    with Wire(half) as wire:
        error = _error(http.send, session, _READ, wire.url)
    assert type(error) is errors.AllegroUnavailableError
    assert len(wire.heads) == http.READ_ATTEMPTS


# Broken connections


@pytest.mark.parametrize("kind", ["drop", "lost_answer"])
def test_a_read_that_breaks_is_repeated(simulator, send, kind):
    simulator.fault(kind, times=http.READ_ATTEMPTS - 1)
    assert send(_READ, "/me").body["login"] == "czesci_pewne"
    assert len(_sent(simulator, _READ)) == http.READ_ATTEMPTS


def test_half_an_answer_of_the_simulator_is_repeated_too(simulator, send):
    simulator.fault("garbage", truncated=True, times=1)
    assert send(_READ, "/me").body["login"] == "czesci_pewne"


def test_a_read_that_always_breaks_is_given_up(simulator, send):
    simulator.fault("drop")
    error = _error(send, _READ, "/me")
    assert type(error) is errors.AllegroUnavailableError
    assert error.outcome_unknown is False
    assert (error.status, error.trace_id) == (None, None)
    assert len(_sent(simulator, _READ)) == http.READ_ATTEMPTS


@pytest.mark.parametrize(("kind", "arrived"), [("drop", False), ("lost_answer", True)])
def test_a_write_that_breaks_is_never_repeated(simulator, put_status, kind, arrived):
    simulator.fault(kind)
    error = _error(put_status)
    assert type(error) is errors.AllegroUnavailableError
    assert error.outcome_unknown is True
    assert len(_sent(simulator, _WRITE)) == 1
    assert put_status.reached() is arrived


def test_a_write_is_not_repeated_on_a_connection_that_was_closed(
    simulator, send, put_status
):
    # a connection out of the pool is where urllib3 would try again by itself
    send(_READ, "/me")
    simulator.fault("drop", method=_WRITE)
    _error(put_status)
    assert len(_sent(simulator, _WRITE)) == 1


@pytest.mark.parametrize("method", [_READ, _WRITE, "POST", "PATCH", "DELETE"])
def test_nothing_is_in_doubt_when_nobody_listened(session, method):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    error = _error(http.send, session, method, f"http://127.0.0.1:{port}/me")
    assert type(error) is errors.AllegroUnavailableError
    assert error.outcome_unknown is False
    assert "refused" in error.message


class _Breaks(requests.adapters.BaseAdapter):
    """Stands for a network that no test can bring about."""

    def __init__(self, failure):
        super().__init__()
        self._failure = failure
        self.attempts = 0

    def send(self, request, **_kwargs):
        self.attempts += 1
        raise self._failure

    def close(self):
        pass


@pytest.mark.parametrize("method", [_READ, _WRITE])
def test_connecting_that_takes_too_long_is_not_tried_again(session, method):
    network = _Breaks(requests.ConnectTimeout())
    session.mount("http://", network)
    error = _error(http.send, session, method, "http://allegro.example/")
    # nor is anything in doubt
    assert error.outcome_unknown is False
    assert network.attempts == 1


@pytest.mark.parametrize(
    ("failure", "attempts"),
    [
        (urllib3.exceptions.ProtocolError("broken"), http.READ_ATTEMPTS),
        (IncompleteRead(b"half"), http.READ_ATTEMPTS),
        (OSError(113, "No route to host"), http.READ_ATTEMPTS),
        (ssl.SSLError(1, "record layer failure"), http.READ_ATTEMPTS),
        (UnicodeError("label too long"), 1),
        (requests.exceptions.InvalidURL("http://"), 1),
    ],
)
def test_whatever_requests_lets_through_is_an_outage(session, failure, attempts):
    network = _Breaks(failure)
    session.mount("http://", network)
    error = _error(http.send, session, _READ, "http://allegro.example/")
    assert type(error) is errors.AllegroUnavailableError
    assert type(failure).__name__ in error.message
    assert network.attempts == attempts
    error = _error(http.send, session, _WRITE, "http://allegro.example/")
    assert error.outcome_unknown is True
    assert network.attempts == attempts + 1


# Time


def test_every_request_has_a_time_limit():
    connect, answer = http.TIMEOUT
    assert 0 < connect <= 10
    assert 0 < answer <= 60


@pytest.mark.parametrize("method", [_READ, _WRITE])
def test_a_late_answer_is_not_waited_for_again(
    simulator, send, put_status, impatient, method
):
    simulator.fault("latency", seconds=0.2, method=method)
    error = _error(put_status if method == _WRITE else send, *_args_of(method))
    assert type(error) is errors.AllegroUnavailableError
    assert "Timeout" in error.message
    assert error.outcome_unknown is (method == _WRITE)
    assert simulator.control("GET", "/faults")["faults"][0]["struck"] == 1
    _wait_for(lambda: _sent(simulator, method))


def test_a_body_that_stops_halfway_is_not_waited_for_again(session, impatient):
    half = b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"'
    with Wire(half, hold=True) as wire:
        error = _error(http.send, session, _READ, wire.url)
    assert type(error) is errors.AllegroUnavailableError
    assert len(wire.heads) == 1


# Redirects


@pytest.mark.parametrize("method", [_READ, "POST"])
def test_a_redirect_is_not_followed(session, method):
    with Wire(http_answer()) as elsewhere:
        moved = http_answer(
            b"", f"Location: {elsewhere.url}/steal", status="307 Temporary Redirect"
        )
        session.auth = http.BearerAuth(_SECRET)
        with Wire(moved) as wire:
            error = _error(http.send, session, method, wire.url)
    assert type(error) is errors.AllegroUnavailableError
    assert error.status == 307
    assert error.outcome_unknown is (method != _READ)
    assert elsewhere.heads == []
    assert len(wire.heads) == 1


def test_a_redirect_that_can_not_be_read_is_a_redirect_all_the_same(session):
    moved = http_answer(b"", "Location: http://[::1", status="302 Found")
    with Wire(moved) as wire:
        assert _error(http.send, session, _READ, wire.url).status == 302


# Secrets


def _everything_of(error):
    """What a log or a screen could show of an error, attributes and causes too."""
    shown = [*traceback.format_exception(type(error), error, error.__traceback__)]
    while error is not None:
        shown += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return "\n".join(shown)


def _fail_by_status(simulator):
    words = {"errors": [{"code": _SECRET, "userMessage": f"Bad token {_SECRET}!"}]}
    simulator.fault("status", status=400, body=words)


def _fail_by_oauth_words(simulator):
    words = {"error": "invalid_token", "error_description": f"Bad {_SECRET}"}
    simulator.fault("status", status=401, body=words)


@pytest.mark.parametrize(
    "fail",
    [
        _fail_by_status,
        _fail_by_oauth_words,
        lambda simulator: simulator.fault("drop"),
        lambda simulator: simulator.fault("garbage"),
    ],
)
@pytest.mark.parametrize("method", [_READ, "POST"])
def test_secrets_are_in_no_error_and_in_no_log(
    simulator, session, caplog, fail, method
):
    fail(simulator)
    session.auth = http.BearerAuth(_SECRET)
    with caplog.at_level(logging.DEBUG, "allegro"):
        error = _error(
            http.send,
            session,
            method,
            f"{simulator.url}/me",
            params={"code": "query-secret"},
            data={"refresh_token": "form-secret"},
            secrets=[_SECRET, "query-secret", "form-secret"],
        )
    for text in (_everything_of(error), caplog.text):
        assert _SECRET not in text
        assert "query-secret" not in text
        assert "form-secret" not in text


def test_an_error_holds_no_request(simulator, send):
    simulator.fault("drop")
    error = _error(send, _READ, "/me")
    assert error.__cause__ is None
    assert error.__context__ is None


def test_the_log_tells_what_support_asks_for(simulator, send, caplog):
    with caplog.at_level(logging.INFO, "allegro.http"):
        send(_READ, "/me")
    (entry,) = _sent(simulator, _READ)
    (record,) = caplog.records
    assert record.getMessage().startswith("GET /me -> 200 in ")
    assert entry["trace_id"] in record.getMessage()


def test_the_log_tells_each_attempt(simulator, send, caplog):
    simulator.fault("drop", times=1)
    with caplog.at_level(logging.INFO, "allegro.http"):
        send(_READ, "/me")
    failed, answered = [record.getMessage() for record in caplog.records]
    assert failed.startswith("GET /me failed: ConnectionError")
    assert answered.startswith("GET /me -> 200")
