"""Getting and renewing tokens, against the simulator."""

import base64
import hashlib
import json
import secrets
import traceback
from datetime import datetime, timedelta, timezone
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from allegro import errors
from allegro.client import AllegroClient
from allegro.oauth import CodeVerifier, DeviceCode, OAuth, Tokens
from tests.scopes import SCOPES
from tests.simulator.driver import USER_AGENT

_REDIRECT = "http://localhost:8069/allegro/callback"
_ALLOW = {"decision": "allow", "seller": "demontaz_kos"}


def _consent(url, **decision):
    """What the seller's browser brings back to the redirect address."""
    redirected = requests.post(url, data=_ALLOW | decision, allow_redirects=False)
    target = urlsplit(redirected.headers["Location"])
    assert target._replace(query="").geturl() == _REDIRECT
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def _login_of(simulator, tokens):
    with AllegroClient(simulator.url, tokens.access_token, USER_AGENT) as client:
        return client.seller().login


def _error(call, *args):
    with pytest.raises(errors.AllegroError) as caught:
        call(*args)
    return caught.value


@pytest.fixture
def verifier():
    return CodeVerifier.new()


@pytest.fixture
def code(oauth, verifier):
    page = oauth.authorize_url(_REDIRECT, "state", verifier.challenge, SCOPES)
    return _consent(page)["code"]


@pytest.fixture
def tokens(oauth, code, verifier):
    return oauth.exchange_code(code, _REDIRECT, verifier.verifier)


@pytest.fixture
def strangers(simulator):
    """The same application with a wrong secret."""
    url = f"{simulator.url}/auth/oauth"
    return OAuth(url, "simulator-client-id", "wrong-secret", USER_AGENT)


# Authorization code with PKCE


def test_the_verifier_is_long_random_and_answers_its_challenge():
    first, second = CodeVerifier.new(), CodeVerifier.new()
    assert 43 <= len(first.verifier) <= 128
    assert first.verifier != second.verifier
    digest = hashlib.sha256(first.verifier.encode()).digest()
    assert base64.urlsafe_b64decode(first.challenge + "=") == digest


def test_the_address_of_the_consent_asks_for_what_is_wanted(oauth):
    redirect = f"{_REDIRECT}?db=a&b"
    page = urlsplit(oauth.authorize_url(redirect, "st&te", "challenge", SCOPES))
    assert page.path == "/auth/oauth/authorize"
    query = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert query == {
        "response_type": "code",
        "client_id": "simulator-client-id",
        "redirect_uri": redirect,
        "state": "st&te",
        "scope": " ".join(SCOPES),
        "code_challenge": "challenge",
        "code_challenge_method": "S256",
        "prompt": "confirm",
    }


def test_the_state_comes_back(oauth, verifier):
    page = oauth.authorize_url(_REDIRECT, "st&te", verifier.challenge, SCOPES)
    assert _consent(page)["state"] == "st&te"
    assert _consent(page, decision="cancel") == {
        "error": "access_denied",
        "state": "st&te",
    }


def test_a_slash_behind_the_address_does_no_harm(simulator, verifier):
    oauth = OAuth(
        f"{simulator.url}/auth/oauth/",
        "simulator-client-id",
        "simulator-client-secret",
        USER_AGENT,
    )
    assert "/oauth/authorize?" in oauth.authorize_url(_REDIRECT, "s", "c", SCOPES)
    assert oauth.start_device(SCOPES).device_code


def test_the_code_gives_tokens_of_the_seller_who_consented(simulator, tokens):
    assert _login_of(simulator, tokens) == "demontaz_kos"
    assert tokens.scopes == SCOPES
    assert tokens.lifetime == timedelta(seconds=43_199)


def test_tokens_never_look_younger_than_they_are(oauth, code, verifier):
    before = datetime.now(timezone.utc)
    tokens = oauth.exchange_code(code, _REDIRECT, verifier.verifier)
    after = datetime.now(timezone.utc)
    asked_at = tokens.expires_at - tokens.lifetime
    assert before <= asked_at <= after


def test_a_code_is_good_once(oauth, code, verifier, tokens):
    error = _error(oauth.exchange_code, code, _REDIRECT, verifier.verifier)
    assert type(error) is errors.AllegroRejectedError
    assert error.code == "invalid_grant"


def test_a_code_is_good_for_ten_seconds(simulator, oauth, code, verifier):
    simulator.advance(11)
    error = _error(oauth.exchange_code, code, _REDIRECT, verifier.verifier)
    assert error.code == "invalid_grant"


def test_a_stolen_code_is_no_use_without_the_verifier(oauth, code):
    error = _error(oauth.exchange_code, code, _REDIRECT, CodeVerifier.new().verifier)
    assert type(error) is errors.AllegroRejectedError


def test_wrong_keys_of_the_application_are_not_a_lost_consent(strangers, tokens):
    for call, *arguments in (
        (strangers.refresh, tokens.refresh_token),
        (strangers.start_device, SCOPES),
        (strangers.check_keys,),
    ):
        error = _error(call, *arguments)
        assert type(error) is errors.AllegroKeysRefusedError
        assert error.status == 401


@pytest.mark.parametrize("secret", ["zażółć", "with:colon", "", "💥"])
def test_mistyped_keys_are_allegros_to_refuse(simulator, secret):
    oauth = OAuth(f"{simulator.url}/auth/oauth", "клиент", secret, USER_AGENT)
    error = _error(oauth.start_device, SCOPES)
    assert type(error) is errors.AllegroKeysRefusedError


def test_the_right_keys_are_known(oauth):
    assert oauth.check_keys() is None


# Refreshing


def test_a_refresh_gives_a_new_pair_of_the_same_consent(simulator, oauth, tokens):
    renewed = oauth.refresh(tokens.refresh_token)
    assert renewed.access_token != tokens.access_token
    assert renewed.refresh_token != tokens.refresh_token
    assert renewed.scopes == tokens.scopes
    assert _login_of(simulator, renewed) == "demontaz_kos"


def test_pairs_can_be_renewed_again_and_again(simulator, oauth, tokens):
    for _ in range(5):
        simulator.advance(12 * 3600)
        tokens = oauth.refresh(tokens.refresh_token)
    assert _login_of(simulator, tokens) == "demontaz_kos"


def test_a_refresh_whose_answer_was_lost_may_be_repeated(simulator, oauth, tokens):
    simulator.fault("lost_answer", path_pattern="token", times=1)
    error = _error(oauth.refresh, tokens.refresh_token)
    assert type(error) is errors.AllegroUnavailableError
    assert error.outcome_unknown is True
    # sent once only: it is for the caller to come again, within a minute
    sent = [entry for entry in simulator.requests() if entry["fault"]]
    assert len(sent) == 1
    assert oauth.refresh(tokens.refresh_token).access_token


@pytest.mark.parametrize(
    "lose",
    [
        lambda simulator: simulator.post("/tokens", action="revoke"),
        lambda simulator: simulator.advance(91 * 24 * 3600),
    ],
)
def test_only_a_new_consent_helps_when_the_token_is_refused(simulator, oauth, lose):
    refresh_token = simulator.issue_tokens()["refresh_token"]
    lose(simulator)
    error = _error(oauth.refresh, refresh_token)
    assert type(error) is errors.AllegroConsentLostError
    assert (error.code, error.status) == ("invalid_grant", 400)
    assert error.trace_id
    assert not error.retryable


def test_a_used_token_is_refused_after_a_minute(simulator, oauth, tokens):
    oauth.refresh(tokens.refresh_token)
    simulator.advance(61)
    error = _error(oauth.refresh, tokens.refresh_token)
    assert type(error) is errors.AllegroConsentLostError


def test_a_token_of_the_other_environment_is_a_lost_consent(simulator, oauth):
    # as Allegro's tutorial has it
    words = {
        "error": "invalid_token",
        "error_description": "Cannot convert access token to JSON",
    }
    simulator.fault("status", status=401, body=words, times=1)
    error = _error(oauth.refresh, "x")
    assert type(error) is errors.AllegroConsentLostError


def test_the_sample_of_a_lost_consent_is_one(simulator, oauth, samples):
    name = "error.issue-2881.oauth-invalid-grant.json"
    words = json.loads((samples / name).read_text(encoding="utf-8"))
    simulator.fault("status", status=400, body=words, times=1)
    error = _error(oauth.refresh, "x")
    assert type(error) is errors.AllegroConsentLostError


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 503}, errors.AllegroUnavailableError),
        ({"kind": "status", "status": 429}, errors.AllegroTooManyRequestsError),
        ({"kind": "status", "status": 403}, errors.AllegroForbiddenError),
        ({"kind": "html", "status": 502}, errors.AllegroUnavailableError),
        ({"kind": "html", "status": 400}, errors.AllegroUnavailableError),
        ({"kind": "garbage"}, errors.AllegroDataError),
        ({"kind": "drop"}, errors.AllegroUnavailableError),
    ],
)
def test_trouble_is_not_a_lost_consent(simulator, oauth, tokens, fault, kind):
    fault = fault | {"path_pattern": "token", "times": 1}
    if fault["kind"] == "garbage":
        fault |= {"kind": "status", "status": 200, "body": "{}"}
    simulator.fault(fault.pop("kind"), **fault)
    assert type(_error(oauth.refresh, tokens.refresh_token)) is kind
    assert oauth.refresh(tokens.refresh_token).access_token


# Device flow


def test_the_device_flow(simulator, oauth):
    before = datetime.now(timezone.utc)
    device = oauth.start_device(SCOPES)
    assert device.interval == 5
    assert device.user_code in device.verification_url
    assert timedelta(0) <= device.expires_at - before - timedelta(hours=1)
    pending = _error(oauth.poll_device, device.device_code)
    assert type(pending) is errors.AllegroAuthorisationPending
    assert (pending.slow_down, pending.code) == (False, "authorization_pending")
    assert pending.retryable
    requests.post(device.verification_url, data=_ALLOW)
    tokens = oauth.poll_device(device.device_code)
    assert _login_of(simulator, tokens) == "demontaz_kos"
    assert tokens.scopes == SCOPES


def test_who_asks_too_often_is_told(simulator, oauth):
    device = oauth.start_device(SCOPES)
    _error(oauth.poll_device, device.device_code)
    error = _error(oauth.poll_device, device.device_code)
    assert type(error) is errors.AllegroAuthorisationPending
    assert error.slow_down is True
    simulator.advance(device.interval)
    assert _error(oauth.poll_device, device.device_code).slow_down is False


def test_a_seller_who_refuses_is_asked_no_more(oauth):
    device = oauth.start_device(SCOPES)
    requests.post(device.verification_url, data={"decision": "cancel"})
    error = _error(oauth.poll_device, device.device_code)
    assert type(error) is errors.AllegroRejectedError
    assert error.code == "access_denied"


def test_a_device_code_gets_too_old(simulator, oauth):
    device = oauth.start_device(SCOPES)
    simulator.advance(3601)
    error = _error(oauth.poll_device, device.device_code)
    assert type(error) is errors.AllegroRejectedError
    assert not error.retryable


_DEVICE = {
    "device_code": "abc",
    "user_code": "xyz",
    "verification_uri_complete": "https://allegro.pl/skojarz-aplikacje?code=xyz",
    "expires_in": 3600,
}


@pytest.mark.parametrize(("given", "used"), [(None, 5), (0, 5), (10, 10)])
def test_without_an_interval_it_is_the_standards(simulator, oauth, given, used):
    body = _DEVICE | {"interval": given}
    simulator.fault("status", status=200, body=body, times=1)
    assert oauth.start_device(SCOPES).interval == used


@pytest.mark.parametrize("key", _DEVICE)
def test_a_device_answer_that_lacks_something_is_named(simulator, oauth, key):
    body = {name: value for name, value in _DEVICE.items() if name != key}
    simulator.fault("status", status=200, body=body, times=1)
    error = _error(oauth.start_device, SCOPES)
    assert type(error) is errors.AllegroDataError
    assert error.path == key


# What the tokens say


def _tokens(**changes):
    answer = {
        "access_token": "access",
        "refresh_token": "refresh",
        "expires_in": 43_199,
        "scope": "allegro:api:orders:read",
    }
    now = datetime(2026, 7, 2, tzinfo=timezone.utc)
    return Tokens.from_json(answer | changes, now)


def _jwt(claims):
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    return f"head.{payload.decode()}.signature"


def test_tokens_out_of_an_answer():
    tokens = _tokens()
    assert (tokens.access_token, tokens.refresh_token) == ("access", "refresh")
    assert tokens.expires_at == datetime(2026, 7, 2, 11, 59, 59, tzinfo=timezone.utc)
    assert tokens.scopes == ("allegro:api:orders:read",)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("access_token", None),
        ("access_token", ""),
        ("access_token", "two words"),
        ("refresh_token", None),
        ("refresh_token", 5),
        ("expires_in", None),
        ("expires_in", 0),
        ("expires_in", "soon"),
        ("expires_in", 10**12),
    ],
)
def test_half_a_pair_is_none_and_what_was_there_is_not_told(key, value):
    with pytest.raises(errors.AllegroDataError) as caught:
        _tokens(**{key: value})
    assert caught.value.path == key
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize("scope", [None, "", "allegro_api"])
def test_scopes_are_looked_for_inside_the_token(scope):
    claims = {"scope": ["allegro:api:orders:read", "allegro:api:profile:read"]}
    tokens = _tokens(scope=scope, access_token=_jwt(claims))
    assert tokens.scopes == tuple(claims["scope"])


def test_the_answers_own_scopes_come_first():
    tokens = _tokens(scope="a:b c:d", access_token=_jwt({"scope": ["e:f"]}))
    assert tokens.scopes == ("a:b", "c:d")


@pytest.mark.parametrize(
    "access_token",
    [
        "opaque",
        "a.b.c",
        "a.!!!.c",
        _jwt([]),
        _jwt({"scope": 5}),
        _jwt({"scope": [5]}),
        _jwt({}),
        "a." + base64.urlsafe_b64encode(b"[" * 100_000).decode() + ".c",
    ],
)
def test_a_token_that_can_not_be_read_has_no_known_scopes(access_token):
    assert _tokens(scope=None, access_token=access_token).scopes == ()


def test_the_sample_of_a_token_is_read(samples):
    answer = json.loads((samples / "token.tutorial.json").read_text(encoding="utf-8"))
    tokens = Tokens.from_json(answer, datetime.now(timezone.utc))
    assert tokens.lifetime == timedelta(seconds=answer["expires_in"])


# Secrets


def test_nothing_secret_shows_in_a_repr(verifier):
    tokens = _tokens(access_token="access-1", refresh_token="refresh-1")
    device = DeviceCode("device-1", "user-1", "url", 5, datetime.now(timezone.utc))
    for value, hidden in (
        (tokens, tokens.access_token),
        (tokens, tokens.refresh_token),
        (device, device.device_code),
        (verifier, verifier.verifier),
    ):
        assert hidden not in repr(value)


def test_allegros_words_about_a_token_do_not_repeat_it(simulator, oauth):
    simulator.post("/tokens", action="revoke")
    exchange = partial(oauth.exchange_code, redirect_uri=_REDIRECT, verifier="v")
    for call in (oauth.refresh, exchange):
        # not a literal, which a traceback would show
        secret = secrets.token_hex()
        error = _error(call, secret)
        # the simulator, as Allegro, quotes what it refuses
        assert "***" in str(error)
        assert secret not in "".join(traceback.format_exception(error))
        assert secret not in repr(vars(error))


def test_the_secret_travels_in_the_header_only(simulator, oauth, tokens):
    oauth.refresh(tokens.refresh_token)
    for entry in simulator.requests():
        if entry["path"].endswith("/token"):
            assert entry["headers"]["Authorization"].startswith("Basic ")
            assert entry["query"] == []
            assert "client_secret" not in json.dumps(entry["body"])
