"""Answers that are none of Allegro's, never end, or are more than anybody can hold."""

import gzip
import json
import socket
import threading
import time
import zlib

import pytest
import requests

from tests.simulator import Simulator, bad_answers
from tests.simulator.driver import USER_AGENT, Driver

PARCEL = {"carrierId": "DPD", "waybill": "1234567890123U"}
SLOW_SELLER = "demontaz_kos"
#: requests has another error for a body that does not come
_TIRED_OF_WAITING = (requests.Timeout, requests.ConnectionError)


@pytest.fixture
def api(simulator):
    return simulator.api()


@pytest.fixture
def path(simulator):
    return f"/order/checkout-forms/{simulator.create_order()['id']}"


def _code(response):
    return response.json()["errors"][0]["code"]


# The gatekeeper


def test_gatekeeper_speaks_json_without_allegros_words(simulator, api, path):
    simulator.fault("gatekeeper", path_pattern="/fulfillment$", method="PUT", times=1)
    answer = api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert answer.status_code == 403
    assert set(answer.json()) == {"url"}
    assert answer.json()["url"].startswith("https://geo.captcha-delivery.com/captcha/?")
    assert "%2Ffulfillment" in answer.json()["url"]
    assert "trace-id" not in answer.headers
    assert api.get(path).json()["fulfillment"]["status"] == "NEW"
    answer = api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert answer.status_code == 204


def test_gatekeepers_page(simulator, api):
    simulator.fault("gatekeeper", page=True)
    answer = api.get("/me")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "captcha-delivery.com" in answer.text


def test_gatekeeper_stands_before_the_authorization_server_too(simulator):
    simulator.fault("gatekeeper", path_pattern="/auth/oauth/token")
    answer = requests.post(f"{simulator.url}/auth/oauth/token")
    assert answer.status_code == 403
    assert "url" in answer.json()


def test_a_proxy_asks_for_its_own_password(simulator, api):
    simulator.fault("html", status=401, times=1)
    answer = api.get("/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="proxy"'
    assert answer.headers["Content-Type"].startswith("text/html")
    assert api.get("/me").status_code == 200


# Allegro's own words for a refusal that comes without a reason


def test_a_form_that_is_there_is_not_found_for_a_while(simulator, api, path):
    simulator.fault("status", status=404, path_pattern=path, for_seconds=3600)
    for _ in range(2):
        answer = api.get(path)
        assert (answer.status_code, _code(answer)) == (
            404,
            "CheckoutFormNotFoundException",
        )
        assert path.rsplit("/", 1)[1] in answer.json()["errors"][0]["message"]
    simulator.advance(3601)
    assert api.get(path).status_code == 200
    assert simulator.control("GET", "/faults") == {"faults": []}


@pytest.mark.parametrize(("takes_effect", "count"), [(True, 1), (False, 0)])
def test_a_number_refused_as_there_already(simulator, api, path, takes_effect, count):
    simulator.fault(
        "status",
        status=409,
        path_pattern="/shipments$",
        method="POST",
        takes_effect=takes_effect,
        times=1,
    )
    answer = api.post(f"{path}/shipments", json=PARCEL)
    assert (answer.status_code, _code(answer)) == (409, "WaybillUsageLimitReached")
    assert len(api.get(f"{path}/shipments").json()["shipments"]) == count


def test_usual_refusals(simulator, api, path):
    order = path.rsplit("/", 1)[1]
    files = f"/order/{order}/billing-documents/files"
    expected = [
        ("PUT", f"{path}/fulfillment", 409, "SellerOrdersStoreConflictException"),
        (
            "PUT",
            f"{path}/fulfillment",
            422,
            "SellerOrdersStoreUnprocessableEntityException",
        ),
        ("POST", files, 409, "FILE-IN-SCANNING"),
        ("POST", f"{path}/invoices", 409, "FILE-IN-SCANNING"),
        ("GET", path, 403, "AccessDenied"),
        ("GET", "/me", 404, "ERROR"),
        ("GET", "/no/such/address", 503, "SERVICE_UNAVAILABLE"),
        ("POST", "/auth/oauth/token", 500, "ERROR"),
    ]
    for method, where, status, code in expected:
        simulator.fault("status", status=status, times=1)
        answer = api.request(method, where)
        assert (answer.status_code, _code(answer)) == (status, code), where


@pytest.mark.parametrize("when", [30, "30", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_retry_after_as_seconds_and_as_a_date(simulator, api, when):
    simulator.fault("status", status=429, retry_after=when)
    answer = api.get("/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(when))


@pytest.mark.parametrize(
    "text", ["null", "[]", '"text"', "1e999999", "NaN", "[" * 100_000, '{"id": "a"']
)
def test_any_text_as_an_answer(simulator, api, text):
    simulator.fault("status", status=200, body=text)
    assert api.get("/me").text == text


# Answers that never end


def _open(simulator, api, path):
    """A connection on which the answer is on its way."""
    host, port = simulator.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=5)
    head = [f"GET {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {USER_AGENT}"]
    head += [f"{name}: {api.headers[name]}" for name in ("Accept", "Authorization")]
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    return connection


def _receive(connection, count):
    received = b""
    while len(received) < count:
        piece = connection.recv(4096)
        assert piece, "it has ended"
        received += piece
    return received


def test_dripping_body(simulator, api):
    true_answer = api.get("/me").content
    simulator.fault("drip", seconds=0.0001)
    with _open(simulator, api, "/me") as connection:
        received = _receive(connection, 2000)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"content-length" not in head.lower()
        assert b"trace-id: " in head
        while len(body) < len(true_answer) + 100:
            body += _receive(connection, 1)
    assert json.loads(body) == json.loads(true_answer)


def test_dripping_head(simulator, api):
    simulator.fault("drip", part="head", seconds=0.0001)
    with _open(simulator, api, "/me") as connection:
        received = _receive(connection, 500)
    assert received.startswith(b"HTTP/1.1 200 OK\r\nX-Padding: xxxx")
    assert b"\n" not in received[20:]


def test_bytes_come_at_their_pace(simulator, api):
    simulator.fault("drip", seconds=0.1)
    with _open(simulator, api, "/me") as connection:
        head = _receive(connection, 1)
        while not head.endswith(b"\r\n\r\n"):
            head += _receive(connection, 1)
        started = time.monotonic()
        _receive(connection, 5)
        assert 0.4 < time.monotonic() - started < 5


@pytest.mark.parametrize("how", ["lift", "clear", "reset"])
def test_who_waits_is_let_go(simulator, api, how):
    fault = simulator.fault("drip", seconds=60)
    with _open(simulator, api, "/me") as connection:
        _receive(connection, 1)
        if how == "lift":
            simulator.lift(fault)
        elif how == "clear":
            simulator.control("DELETE", "/faults")
        else:
            simulator.post("/reset")
        deadline = time.monotonic() + 5
        while connection.recv(4096):
            assert time.monotonic() < deadline


def test_who_waits_is_let_go_when_the_simulator_stops():
    with Simulator() as simulator:
        driver = Driver(simulator.url)
        driver.fault("drip", seconds=60)
        api = driver.api()
        connection = _open(driver, api, "/me")
        _receive(connection, 1)
        driver.close()
    with connection:
        while connection.recv(4096):
            pass


def test_a_late_answer_comes_when_the_fault_is_lifted(simulator, api):
    fault = simulator.fault("latency", seconds=60)
    statuses = []
    waiting = threading.Thread(
        target=lambda: statuses.append(api.get("/me").status_code)
    )
    waiting.start()
    time.sleep(0.1)
    assert statuses == []
    simulator.lift(fault)
    waiting.join(5)
    assert statuses == [200]


def test_a_write_whose_answer_drips_is_done(simulator, api, path):
    simulator.fault("drip", method="PUT", seconds=60, times=1)
    with pytest.raises(_TIRED_OF_WAITING):
        api.put(f"{path}/fulfillment", json={"status": "SENT"}, timeout=(5, 0.3))
    assert api.get(path).json()["fulfillment"]["status"] == "SENT"


# One account of several


@pytest.mark.parametrize(
    "fault", [{"kind": "latency"}, {"kind": "drip"}, {"kind": "drip", "part": "head"}]
)
def test_one_account_is_slow_and_the_others_are_well(simulator, api, fault):
    kind = fault["kind"]
    slow = simulator.api(seller=SLOW_SELLER)
    more = {key: fault[key] for key in fault if key != "kind"}
    simulator.fault(kind, seller=SLOW_SELLER, seconds=60, **more)
    for path in ("/me", "/order/events"):
        with pytest.raises(_TIRED_OF_WAITING):
            slow.get(path, timeout=(5, 0.2))
        assert api.get(path, timeout=(5, 5)).status_code == 200


def test_a_sellers_refreshing_is_met_too(simulator):
    simulator.fault("status", seller=SLOW_SELLER)
    for seller, status in ((SLOW_SELLER, 503), (None, 200)):
        tokens = simulator.issue_tokens(seller)
        answer = requests.post(
            f"{simulator.url}/auth/oauth/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": tokens["refresh_token"],
            },
            auth=("simulator-client-id", "simulator-client-secret"),
            headers={"User-Agent": USER_AGENT},
        )
        assert answer.status_code == status


def test_a_journal_loses_the_events_of_one_seller(simulator):
    simulator.fault("missing", seller=SLOW_SELLER)
    for seller, count in ((SLOW_SELLER, 0), ("czesci_pewne", 3)):
        simulator.create_order(seller=seller)
        events = simulator.api(seller=seller).get("/order/events").json()["events"]
        assert len(events) == count


def test_read_lag_of_one_seller(simulator):
    simulator.fault("read_lag", seconds=30, seller=SLOW_SELLER)
    for seller, read in ((SLOW_SELLER, "NEW"), ("czesci_pewne", "SENT")):
        api = simulator.api(seller=seller)
        path = f"/order/checkout-forms/{simulator.create_order(seller=seller)['id']}"
        api.put(f"{path}/fulfillment", json={"status": "SENT"})
        assert api.get(path).json()["fulfillment"]["status"] == read


# Answers that nobody can hold


def _bomb(api):
    answer = api.get("/me", stream=True)
    assert answer.headers["Content-Encoding"] == "gzip, gzip"
    return answer.raw.read(decode_content=False)


def test_a_bomb_is_small_and_unpacks_to_much(simulator, api):
    simulator.fault("bomb")
    raw = _bomb(api)
    assert len(raw) < 20_000
    inner = gzip.decompress(raw)
    first = zlib.decompressobj(zlib.MAX_WBITS | 16)
    piece = first.decompress(inner)
    packed = len(inner) - len(first.unused_data)
    assert len(piece) * (len(inner) // packed) >= 3 * 1024**3 - len(piece)


def test_a_bomb_is_good_json(simulator, api):
    simulator.fault("bomb", unpacks_to=9 * 1024**2)
    unpacked = gzip.decompress(gzip.decompress(_bomb(api)))
    assert len(unpacked) > 8 * 1024**2
    assert json.loads(unpacked) == {}


def test_oversized_lists(simulator, api, path):
    simulator.fault("oversized", items=800)
    for resource, name in (
        ("/order/checkout-forms?limit=1", "checkoutForms"),
        ("/order/events?limit=1", "events"),
        ("/order/carriers", "carriers"),
    ):
        assert len(api.get(resource).json()[name]) == 800
    # nothing to repeat
    assert api.get(f"{path}/shipments").json() == {"shipments": []}
    assert api.get(path).json()["id"]


def test_an_oversized_list_can_still_be_held(simulator, api, monkeypatch):
    monkeypatch.setattr(bad_answers, "_LARGEST_LIST", 50_000)
    simulator.fault("oversized")
    size = len(api.get("/order/carriers").content)
    assert 40_000 < size < 60_000


# Faults that come and go


def test_a_fault_is_lifted_by_its_id(simulator, api):
    first, second = (simulator.fault("status", status=s) for s in (500, 503))
    assert api.get("/me").status_code == 500
    simulator.lift(first)
    assert api.get("/me").status_code == 503
    simulator.lift(second)
    assert api.get("/me").status_code == 200
    with pytest.raises(requests.HTTPError, match="no fault has the id"):
        simulator.lift(second)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "drip", "part": "middle"}, 400),
        ({"kind": "drop", "seller": "nobody"}, 404),
        ({"kind": "drop", "for_seconds": "long"}, 400),
    ],
)
def test_faults_that_make_no_sense(simulator, fault, status):
    answer = requests.post(f"{simulator.url}/_control/faults", json=fault)
    assert answer.status_code == status
