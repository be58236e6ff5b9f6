"""The simulator's authorization server: both flows, rotation, expiry."""

import base64
import hashlib
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.simulator.driver import USER_AGENT
from tests.simulator.tokens import MOST_SESSIONS

CLIENT = ("simulator-client-id", "simulator-client-secret")
REDIRECT = "http://localhost:8069/allegro/callback"
SCOPE = "allegro:api:orders:read allegro:api:profile:read"
HEADERS = {"User-Agent": USER_AGENT}


class _Browser:
    def __init__(self, url):
        self.address = f"{url}/auth/oauth/authorize"
        self.query = {
            "response_type": "code",
            "client_id": CLIENT[0],
            "redirect_uri": REDIRECT,
            "scope": SCOPE,
            "state": "st&te",
        }

    def page(self, **query):
        return requests.get(self.address, params=self.query | query)

    def decide(self, decision="allow", seller="czesci_pewne", **query):
        """
        :return: what came back to the application's redirect address
        """
        page = self.page(**query)
        assert page.status_code == 200, page.text
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)">', page.text))
        hidden = {
            name: value.replace("&amp;", "&")
            for name, value in hidden.items()
            if name != "decision"
        }
        response = requests.post(
            self.address,
            data=hidden | {"decision": decision, "seller": seller},
            allow_redirects=False,
        )
        assert response.status_code == 302
        target = urlsplit(response.headers["Location"])
        assert target._replace(query="").geturl() == REDIRECT
        return {name: values[0] for name, values in parse_qs(target.query).items()}


@pytest.fixture
def browser(simulator):
    return _Browser(simulator.url)


@pytest.fixture
def token(simulator):
    """Posts to the token endpoint: the status and the answer."""

    def post(auth=CLIENT, **fields):
        response = requests.post(
            f"{simulator.url}/auth/oauth/token", data=fields, auth=auth, headers=HEADERS
        )
        return response.status_code, response.json()

    return post


@pytest.fixture
def exchange(token):
    def post(code, **fields):
        fields = {"redirect_uri": REDIRECT} | fields
        return token(grant_type="authorization_code", code=code, **fields)

    return post


@pytest.fixture
def refresh(token):
    def post(refresh_token, **fields):
        return token(grant_type="refresh_token", refresh_token=refresh_token, **fields)

    return post


def _challenge(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# Authorization code


def test_consent_gives_tokens_of_the_chosen_seller(simulator, browser, exchange):
    back = browser.decide(seller="demontaz_kos")
    assert back["state"] == "st&te"
    status, tokens = exchange(back["code"])
    assert status == 200
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 43199
    assert tokens["scope"] == SCOPE
    assert tokens["allegro_api"] is True
    assert {"jti", "refresh_token"} <= set(tokens)
    claims = tokens["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert claims["scope"] == SCOPE.split()
    me = requests.get(
        f"{simulator.url}/me",
        headers=HEADERS
        | {
            "Accept": "application/vnd.allegro.public.v1+json",
            "Authorization": f"Bearer {tokens['access_token']}",
        },
    )
    assert me.json()["login"] == "demontaz_kos"


def test_cancelling_comes_back_as_access_denied(browser):
    assert browser.decide("cancel") == {"error": "access_denied", "state": "st&te"}


def test_code_is_good_once(browser, exchange):
    code = browser.decide()["code"]
    assert exchange(code)[0] == 200
    status, answer = exchange(code)
    assert status == 400
    assert answer == {
        "error": "invalid_grant",
        "error_description": f"Invalid authorization code: {code}",
    }


def test_code_lives_ten_seconds(simulator, browser, exchange):
    young, old = browser.decide()["code"], browser.decide()["code"]
    simulator.advance(9)
    assert exchange(young)[0] == 200
    simulator.advance(1)
    assert exchange(old)[0] == 400


def test_redirect_address_must_be_the_same(browser, exchange):
    code = browser.decide()["code"]
    assert exchange(code, redirect_uri=f"{REDIRECT}/")[0] == 400


def test_code_verifier_must_fit(browser, exchange):
    asked = {"code_challenge": _challenge("v" * 43), "code_challenge_method": "S256"}
    code = browser.decide(**asked)["code"]
    assert exchange(code, code_verifier="w" * 43)[0] == 400
    code = browser.decide(**asked)["code"]
    assert exchange(code)[0] == 400
    code = browser.decide(**asked)["code"]
    assert exchange(code, code_verifier="v" * 43)[0] == 200


def test_code_verifier_stands_for_the_secret(browser, exchange):
    public = {"auth": None, "client_id": CLIENT[0]}
    asked = {"code_challenge": _challenge("v" * 43), "code_challenge_method": "S256"}
    code = browser.decide(**asked)["code"]
    assert exchange(code, code_verifier="v" * 43, **public)[0] == 200
    assert exchange(browser.decide()["code"], **public)[0] == 401


def test_wrong_secret(exchange, browser):
    status, answer = exchange(browser.decide()["code"], auth=(CLIENT[0], "wrong"))
    assert status == 401
    assert answer["error"] == "Unauthorized"


def test_another_application_can_not_use_the_code(exchange, browser):
    other = ("simulator-client-id-2", "simulator-client-secret-2")
    assert exchange(browser.decide()["code"], auth=other)[0] == 400


@pytest.mark.parametrize(
    "query",
    [{"client_id": "unknown"}, {"redirect_uri": "https://example.com/callback"}],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(browser, query):
    assert browser.page(**query).status_code == 400


def test_registered_address_must_match_exactly(simulator, browser):
    simulator.post(
        "/apps", client_id="mine", client_secret="s", redirect_uris=[REDIRECT]
    )
    assert browser.page(client_id="mine").status_code == 200
    assert (
        browser.page(client_id="mine", redirect_uri=REDIRECT + "?x=1").status_code
        == 400
    )


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        (
            {"code_challenge": "c", "code_challenge_method": "plain"},
            "invalid_request",
        ),
    ],
)
def test_requests_that_are_sent_back(browser, query, error):
    response = requests.get(
        browser.address, params=browser.query | query, allow_redirects=False
    )
    assert response.status_code == 302
    assert f"error={error}" in response.headers["Location"]


def test_page_shows_hostile_input_as_text(browser):
    page = browser.page(state='"><script>alert(1)</script>', scope="<b>")
    assert "<script>" not in page.text
    assert "<b>" not in page.text


def test_scopes_can_be_limited(simulator, browser, exchange):
    simulator.post(
        "/tokens", action="limit-scopes", scopes=["allegro:api:profile:read"]
    )
    tokens = exchange(browser.decide()["code"])[1]
    assert tokens["scope"] == "allegro:api:profile:read"


# Refreshing


@pytest.fixture
def tokens(browser, exchange):
    return exchange(browser.decide()["code"])[1]


def test_refreshing_gives_a_new_pair(tokens, refresh):
    status, renewed = refresh(tokens["refresh_token"])
    assert status == 200
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert renewed["access_token"] != tokens["access_token"]
    assert renewed["scope"] == tokens["scope"]


def test_used_refresh_token_has_a_minute_of_grace(simulator, tokens, refresh):
    refresh(tokens["refresh_token"])
    simulator.advance(59)
    assert refresh(tokens["refresh_token"])[0] == 200
    simulator.advance(2)
    status, answer = refresh(tokens["refresh_token"])
    assert status == 400
    assert answer["error"] == "invalid_grant"
    assert answer["error_description"].startswith("Invalid refresh token: ")


def test_refresh_token_lives_three_months(simulator, tokens, refresh):
    simulator.advance(89 * 86400)
    renewed = refresh(tokens["refresh_token"])[1]
    simulator.advance(91 * 86400)
    assert refresh(renewed["refresh_token"])[0] == 400


def test_refresh_token_of_another_application(tokens, refresh):
    other = ("simulator-client-id-2", "simulator-client-secret-2")
    assert refresh(tokens["refresh_token"], auth=other)[0] == 400


def test_access_token_lives_twelve_hours(simulator):
    api = simulator.api()
    simulator.advance(12 * 3600 - 5)
    assert api.get("/me").status_code == 200
    simulator.advance(10)
    refused = api.get("/me")
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_token"


def test_access_tokens_can_be_expired_alone(simulator, tokens, refresh):
    api = simulator.api()
    simulator.post("/tokens", action="expire-access")
    assert api.get("/me").status_code == 401
    assert refresh(tokens["refresh_token"])[0] == 200


def test_revoking_ends_everything_of_one_seller(simulator, tokens, refresh):
    first, second = simulator.api(), simulator.api(seller="demontaz_kos")
    simulator.post("/tokens", action="revoke", seller="czesci_pewne")
    assert first.get("/me").status_code == 401
    assert second.get("/me").status_code == 200
    assert refresh(tokens["refresh_token"])[0] == 400


def test_oldest_session_dies_above_the_limit(simulator):
    first = simulator.api()
    for _ in range(MOST_SESSIONS - 1):
        simulator.issue_tokens()
    assert first.get("/me").status_code == 200
    simulator.issue_tokens()
    assert first.get("/me").status_code == 401


# Device flow

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def device(simulator):
    response = requests.post(
        f"{simulator.url}/auth/oauth/device",
        data={"client_id": CLIENT[0], "scope": SCOPE},
        auth=CLIENT,
        headers=HEADERS,
    )
    assert response.status_code == 200
    return response.json()


def _confirm(device, decision, seller="czesci_pewne"):
    page = requests.get(device["verification_uri_complete"])
    assert device["user_code"] in page.text
    return requests.post(
        device["verification_uri_complete"],
        data={"decision": decision, "seller": seller},
    )


def test_device_flow(simulator, token, device):
    assert device["interval"] == 5
    assert device["expires_in"] == 3600
    poll = {"grant_type": DEVICE_GRANT, "device_code": device["device_code"]}
    assert token(**poll) == (400, {"error": "authorization_pending"})
    assert token(**poll) == (400, {"error": "slow_down"})
    simulator.advance(5)
    assert token(**poll) == (400, {"error": "authorization_pending"})
    _confirm(device, "allow", seller="demontaz_kos")
    simulator.advance(5)
    status, tokens = token(**poll)
    assert status == 200
    assert tokens["scope"] == SCOPE
    assert token(**poll) == (400, {"error": "Invalid device code"})


def test_device_refused(token, device):
    _confirm(device, "cancel")
    poll = {"grant_type": DEVICE_GRANT, "device_code": device["device_code"]}
    assert token(**poll) == (400, {"error": "access_denied"})


def test_device_code_expires(simulator, token, device):
    simulator.advance(3600)
    assert _confirm(device, "allow").status_code == 400
    poll = {"grant_type": DEVICE_GRANT, "device_code": device["device_code"]}
    assert token(**poll) == (400, {"error": "Invalid device code"})


def test_code_typed_by_hand(device):
    page = requests.get(device["verification_uri"])
    assert 'name="user_code"' in page.text
    typed = {"user_code": f" {device['user_code'].upper()} ", "decision": "allow"}
    typed["seller"] = "czesci_pewne"
    assert "connected" in requests.post(device["verification_uri"], data=typed).text


# Application tokens and odd requests


def test_application_token_reads_carriers_only(simulator, token):
    _, tokens = token(grant_type="client_credentials")
    assert "refresh_token" not in tokens
    headers = HEADERS | {
        "Accept": "application/vnd.allegro.public.v1+json",
        "Authorization": f"Bearer {tokens['access_token']}",
    }
    statuses = [
        requests.get(simulator.url + path, headers=headers).status_code
        for path in ("/order/carriers", "/order/events", "/me")
    ]
    assert statuses == [200, 403, 500]


def test_unknown_grant(token):
    assert token(grant_type="password")[1]["error"] == "unsupported_grant_type"


def test_parameters_may_stand_in_the_address(simulator, browser):
    code = browser.decide()["code"]
    response = requests.post(
        f"{simulator.url}/auth/oauth/token",
        params={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
        },
        auth=CLIENT,
        headers=HEADERS,
    )
    assert response.status_code == 200


def test_user_agent_is_demanded(simulator):
    response = requests.post(f"{simulator.url}/auth/oauth/token", auth=CLIENT)
    assert response.status_code == 403


def test_no_secret_gets_into_the_log(simulator, tokens, refresh, device):
    refresh(tokens["refresh_token"])
    logged = json.dumps(simulator.requests())
    for secret in (*tokens.values(), CLIENT[1], device["device_code"]):
        if isinstance(secret, str) and len(secret) > 12 and secret != SCOPE:
            assert secret not in logged
