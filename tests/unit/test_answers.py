"""What an answer means, where no network is needed to ask."""

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from allegro import errors
from allegro.answers import (
    DEFAULT_RETRY_AFTER,
    LONGEST_RETRY_AFTER,
    read_answer,
    trace_id_of,
)


def _response(status=200, **headers):
    response = requests.Response()
    response.status_code = status
    response.headers.update({k.replace("_", "-"): v for k, v in headers.items()})
    return response


def _read(body, status=200, is_read=True, secrets=(), **headers):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return read_answer(_response(status, **headers), body, is_read, secrets)


def _error(body, status=400, **kwargs):
    with pytest.raises(errors.AllegroError) as caught:
        _read(body, status, **kwargs)
    return caught.value


def _errors(*items):
    return {"errors": list(items)}


# The words


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (_errors({"code": "A", "userMessage": "x", "message": "y"}), "A", "x"),
        (_errors({"code": "A", "userMessage": None, "message": "y"}), "A", "y"),
        (_errors({"code": "A", "message": "x"}, {"message": "y"}), "A", "x; y"),
        (_errors(None, "text", {"code": "A", "message": "x"}), "A", "x"),
        ({"error": "invalid_grant", "error_description": "x"}, "invalid_grant", "x"),
    ],
)
def test_allegros_words(body, code, message):
    error = _error(body)
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_errors({"code": "A", "message": None}), "A"),
        (_errors(None, {"code": "A", "message": ["x"]}), "A"),
        ({"error": "slow_down"}, "slow_down"),
    ],
)
def test_without_words_the_status_speaks(body, code):
    error = _error(body, status=400)
    assert type(error) is errors.AllegroRejectedError
    assert error.code == code
    assert error.message.startswith("Allegro answered 400")


def test_every_sample_of_an_error_is_typed(samples):
    seen = 0
    for path in sorted(samples.glob("error.*.json")):
        error = _error(path.read_bytes())
        assert type(error) is errors.AllegroRejectedError, path.name
        seen += 1
    assert seen > 20


def test_words_are_cut_and_cleaned():
    error = _error(_errors({"code": "A\x00", "message": "\ud83d" + "x" * 10_000}))
    assert error.code == "A"
    assert error.message.startswith("\ufffdx")
    assert len(error.message) == 500


def test_tokens_and_secrets_are_hidden_before_the_words_are_cut():
    words = "x" * 490 + " my-secret-value eyJhbGciOiJSUzI1NiJ9.abc.def-_"
    error = _error(_errors({"message": words}), secrets=["my-secret-value", "", None])
    assert "my-s" not in error.message
    error = _error(_errors({"message": words[480:]}), secrets=["my-secret-value"])
    assert error.message == "x" * 10 + " *** ***"


# Whose answer it is


def test_json_that_says_nothing_is_no_answer():
    assert type(_error(b"null", status=200)) is errors.AllegroUnavailableError


@pytest.mark.parametrize("body", [{}, [], False, 0, ""])
def test_json_that_is_empty_is_an_answer(body):
    assert _read(body).body == body


@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_empty_answer_is_enough_for_a_write_only(status):
    assert _read(b"", status, is_read=False).body is None
    assert type(_error(b"", status)) is errors.AllegroUnavailableError


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"\xff", b"{", b'{"a": 01}', b"<html>"]
)
def test_what_is_no_json_is_an_outage(body):
    assert type(_error(body, status=200)) is errors.AllegroUnavailableError


def test_numbers_too_large_for_anything_do_no_harm():
    body = b'{"a": 1e99999999999999999999999, "b": %s}' % (b"9" * 100_000)
    assert set(_read(body).body) == {"a", "b"}


@pytest.mark.parametrize("status", [301, 302, 304, 307, 407, 408, 500, 599])
def test_a_proxy_or_an_outage_speaks(status):
    body = _errors({"code": "X", "message": "y"})
    assert type(_error(body, status)) is errors.AllegroUnavailableError
    assert _error(body, status, is_read=False).outcome_unknown is True


_REFUSALS = {
    400: errors.AllegroRejectedError,
    401: errors.AllegroAuthorisationError,
    403: errors.AllegroForbiddenError,
    404: errors.AllegroNotFoundError,
    405: errors.AllegroRejectedError,
    406: errors.AllegroRejectedError,
    409: errors.AllegroConflictError,
    413: errors.AllegroRejectedError,
    415: errors.AllegroRejectedError,
    422: errors.AllegroRejectedError,
}
_STRANGERS = {
    "captcha": {"url": "https://geo.captcha-delivery.com/captcha/?initialCid=AHrlqAAA"},
    "page": b"<html><body><h1>Forbidden</h1></body></html>",
    "nothing": b"",
    "half": b'{"errors": [{"code": "Check',
    "message": {"message": "no route"},
    "no list": {"errors": "x"},
    "no errors": {"errors": []},
    "errors of another": {"errors": ["no route"]},
    "errors without words": {"errors": [{"code": 5, "message": ["x"]}, None]},
    "error object": {"error": {"code": 1}},
    "spring": {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/x"},
    "list": [],
    "text": "no",
    "null": b"null",
    "bytes": b"\xff\xfe",
}


@pytest.mark.parametrize("status", _REFUSALS)
@pytest.mark.parametrize("name", _STRANGERS)
def test_a_gatekeepers_word_is_not_allegros(name, status):
    for is_read in (True, False):
        error = _error(_STRANGERS[name], status, is_read=is_read)
        assert type(error) is errors.AllegroUnavailableError
        assert error.retryable
        assert error.outcome_unknown is not is_read
        assert error.code is None
        assert error.message.startswith(f"A server before Allegro answered {status}")


@pytest.mark.parametrize("status", _REFUSALS)
@pytest.mark.parametrize(
    "item",
    [
        {"code": "A", "message": None, "userMessage": None},
        {"code": None, "message": "no", "path": None, "metadata": {}},
        {"userMessage": "nie"},
    ],
)
def test_a_refusal_of_allegro_is_one_whatever_is_null_in_it(status, item):
    assert type(_error(_errors(item), status)) is _REFUSALS[status]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"error": "invalid_token", "error_description": "Invalid access token"}),
        (401, {"error": "unauthorized"}),
        # for a wrong secret, as Allegro has it
        (401, {"error": "Unauthorized", "error_description": "Unauthorized"}),
        (400, {"error": "authorization_pending"}),
        (400, {"error": "Invalid device code"}),
        (400, {"error": "invalid_grant", "error_description": "Invalid refresh token"}),
        (403, {"error": "insufficient_scope", "error_description": "no"}),
    ],
)
def test_a_refusal_of_oauth_is_one(status, body):
    error = _error(body, status)
    assert type(error) is _REFUSALS[status]
    assert error.code == body["error"]


@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_oauth_says_nothing_about_an_order(status):
    error = _error({"error": "forbidden"}, status)
    assert type(error) is errors.AllegroUnavailableError


def test_a_bare_401_is_the_apis_when_it_asks_for_a_token():
    error = _error(b"", 401, WWW_Authenticate='Bearer realm="x"')
    assert type(error) is errors.AllegroAuthorisationError
    assert error.code is None
    error = _error(b"", 401, WWW_Authenticate='Basic realm="proxy"')
    assert type(error) is errors.AllegroUnavailableError


def test_too_many_requests_are_that_whoever_says_so():
    error = _error(b"<html>", 429)
    assert type(error) is errors.AllegroTooManyRequestsError
    assert "<html>" not in str(error)


# What is answered beside the JSON


def test_an_answer_tells_what_matters():
    answer = _read(
        {"id": "1"},
        202,
        is_read=False,
        Location="https://api.allegro.pl/sale/product-offers/1/operations/2?x=y",
        Retry_After="5",
        trace_id="ab12",
    )
    assert (answer.status, answer.body) == (202, {"id": "1"})
    assert answer.location.startswith("https://api.allegro.pl/")
    assert answer.location_path == "/sale/product-offers/1/operations/2?x=y"
    assert (answer.retry_after, answer.trace_id) == (5, "ab12")


def test_what_is_not_said_is_none():
    answer = _read({})
    told = (answer.location, answer.location_path, answer.retry_after, answer.trace_id)
    assert told == (None, None, None, None)


@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize("status", [202, 303])
def test_what_is_put_off_or_elsewhere_may_have_no_body(status, is_read):
    answer = _read(b"", status, is_read, Location="/sale/product-offers/1")
    assert (answer.status, answer.body) == (status, None)
    assert answer.location_path == "/sale/product-offers/1"
    with pytest.raises(errors.AllegroUnavailableError) as caught:
        answer.done()
    assert caught.value.outcome_unknown is not is_read


def test_what_is_done_at_once_has_its_body():
    assert _read({"a": 1}, 201, is_read=False).done() == {"a": 1}
    assert _read(b"", 204, is_read=False).done() is None


def test_a_303_without_a_place_is_no_answer():
    assert type(_error(b"", 303)) is errors.AllegroUnavailableError


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/a/b?c=d#e", "/a/b?c=d"),
        ("https://evil.example/a", "/a"),
        ("//evil.example/a", "/a"),
        ("https://api.allegro.pl", None),
        ("a/b", None),
        ("http://[::1", None),
        ("\x00/a\r\nX: y", "/aX:y"),
        ("https://@evil/a", "/a"),
    ],
)
def test_a_place_is_asked_for_at_allegro_alone(location, path):
    assert _read({}, Location=location).location_path == path


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_whatever_the_place_its_path_begins_with_a_slash(location):
    path = _read({}, Location=location).location_path
    assert path is None or (path.startswith("/") and path.isascii())


# Headers


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ab12", "ab12"),
        (" a\x00b\n1\x7f2 ż", "ab12"),
        ("x" * 1000, "x" * 64),
        ("", None),
        (" ", None),
    ],
)
def test_the_trace_id_is_clean_and_short(given, told):
    assert trace_id_of(_response(trace_id=given)) == told


def test_there_may_be_no_trace_id():
    assert trace_id_of(_response()) is None


def _retry_after(header):
    return _error({}, 429, Retry_After=header).retry_after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5),
        (" 5 ", 5),
        ("0", 1),
        ("999999999", LONGEST_RETRY_AFTER),
        ("9" * 5000, DEFAULT_RETRY_AFTER),
        ("-5", DEFAULT_RETRY_AFTER),
        ("1.5", DEFAULT_RETRY_AFTER),
        ("٥", DEFAULT_RETRY_AFTER),
        ("soon", DEFAULT_RETRY_AFTER),
        ("", DEFAULT_RETRY_AFTER),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Fri, 31 Dec 2999 23:59:59 GMT", LONGEST_RETRY_AFTER),
        ("Fri, 31 Dec 99999 23:59:59 GMT", DEFAULT_RETRY_AFTER),
        ("Fri, 31 Dec 2026 23:59:59 +9999999999999999999999", DEFAULT_RETRY_AFTER),
    ],
)
def test_how_long_to_wait(header, seconds):
    assert _retry_after(header) == seconds


@pytest.mark.parametrize("zone", [timezone.utc, None])
def test_how_long_to_wait_may_be_a_moment(zone):
    moment = datetime.now(timezone.utc) + timedelta(minutes=5)
    header = format_datetime(moment.replace(tzinfo=zone))
    assert 290 <= _retry_after(header) <= 300


_LIKE_DATES = st.from_regex(
    r"[A-Za-z, ]{0,5}[0-9: -]{1,20}( [A-Z+-][A-Z0-9:]{0,6})?", fullmatch=True
)


@given(st.text(st.characters(max_codepoint=255), max_size=40) | _LIKE_DATES)
def test_whatever_the_header_there_is_a_time_to_wait(header):
    assert 1 <= _retry_after(header) <= LONGEST_RETRY_AFTER
