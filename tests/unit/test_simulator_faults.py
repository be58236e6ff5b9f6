"""Faults on request, and the control interface itself."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
import requests

from tests.simulator import Simulator
from tests.simulator.driver import Driver
from tests.simulator.request_log import KEPT


@pytest.fixture
def api(simulator):
    return simulator.api()


@pytest.fixture
def path(simulator):
    return f"/order/checkout-forms/{simulator.create_order()['id']}"


def _status_of(simulator, path):
    form_id = path.rsplit("/", 1)[1]
    shown = simulator.control("GET", f"/orders/{form_id}")
    return shown["form"]["fulfillment"]["status"]


# Faults


@pytest.mark.parametrize("status", [401, 429, 500, 502, 503])
def test_status(simulator, api, path, status):
    simulator.fault("status", status=status, retry_after=7, times=1, method="PUT")
    answer = api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert answer.status_code == status
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["trace-id"]
    assert _status_of(simulator, path) == "NEW"
    assert api.put(f"{path}/fulfillment", json={"status": "SENT"}).status_code == 204


def test_status_with_a_body_of_its_own(simulator, api):
    body = {"errors": [{"code": "X", "message": "Y"}]}
    simulator.fault("status", status=422, body=body, times=1)
    assert api.get("/me").json() == body


def test_drop_happens_before_and_lost_answer_after(simulator, api, path):
    for kind, expected in (("drop", "NEW"), ("lost_answer", "SENT")):
        simulator.fault(kind, times=1)
        with pytest.raises(requests.ConnectionError):
            api.put(f"{path}/fulfillment", json={"status": "SENT"})
        assert _status_of(simulator, path) == expected
    logged = [entry for entry in simulator.requests() if entry["method"] == "PUT"]
    assert [(e["status"], e["fault"]) for e in logged] == [
        (None, "drop"),
        (None, "lost_answer"),
    ]


def test_garbage(simulator, api, path):
    simulator.fault("garbage", times=1)
    answer = api.get(path)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting"):
        answer.json()
    simulator.fault("garbage", truncated=True, times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.get(path)
    assert api.get(path).json()["id"]


def test_html(simulator, api, path):
    simulator.fault("html", status=502, times=1)
    answer = api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert _status_of(simulator, path) == "NEW"
    simulator.fault("html", status=502, times=1, takes_effect=True)
    api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert _status_of(simulator, path) == "SENT"


def test_latency_meets_other_faults_too(simulator, api):
    simulator.fault("latency", seconds=0.2)
    simulator.fault("status", status=503)
    started = time.monotonic()
    assert api.get("/me").status_code == 503
    assert time.monotonic() - started >= 0.2


def test_latency_does_not_hold_up_others(simulator, api):
    simulator.fault("latency", seconds=0.5, path_pattern="/me")
    slow = threading.Thread(target=lambda: simulator.api().get("/me"))
    slow.start()
    started = time.monotonic()
    assert api.get("/order/events").status_code == 200
    assert time.monotonic() - started < 0.4
    slow.join()


def test_path_method_and_times(simulator, api):
    simulator.fault("status", path_pattern="^/order/events$", method="GET", times=2)
    statuses = [api.get("/order/events").status_code for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert api.get("/me").status_code == 200


def test_probability(simulator, api):
    simulator.fault("status", probability=0.5)
    statuses = {api.get("/me").status_code for _ in range(40)}
    assert statuses == {200, 503}


def test_faults_reach_the_authorization_server(simulator):
    simulator.fault("status", path_pattern="/auth/oauth/token", times=1)
    assert requests.post(f"{simulator.url}/auth/oauth/token").status_code == 503


def test_faults_are_listed_and_cleared(simulator, api):
    simulator.fault("status")
    assert simulator.control("GET", "/faults")["faults"][0]["kind"] == "status"
    simulator.control("DELETE", "/faults")
    assert api.get("/me").status_code == 200


@pytest.mark.parametrize(
    "fault", [{"kind": "earthquake"}, {"kind": "drop", "path_pattern": "("}, {}]
)
def test_faults_that_make_no_sense(simulator, fault):
    response = requests.post(f"{simulator.url}/_control/faults", json=fault)
    assert response.status_code == 400


# Control


def test_reset(simulator, api):
    simulator.create_order()
    simulator.fault("drop")
    simulator.advance(1000)
    state = simulator.post("/reset", seed=5)
    assert state["seed"] == 5
    assert [seller["orders"] for seller in state["sellers"]] == [0, 0]
    assert api.get("/me").status_code == 401
    assert simulator.control("GET", "/faults") == {"faults": []}


def test_request_log(simulator, api, path):
    simulator.control("DELETE", "/requests")
    api.get("/order/events", params={"limit": 5, "type": ["BOUGHT", "FILLED_IN"]})
    answer = api.put(f"{path}/fulfillment", json={"status": "SENT"})
    first, second = simulator.requests()
    assert first["query"] == [
        ["limit", "5"],
        ["type", "BOUGHT"],
        ["type", "FILLED_IN"],
    ]
    assert first["headers"]["Authorization"] == "Bearer ***"
    assert second["body"] == {"status": "SENT"}
    assert second["status"] == 204
    assert second["trace_id"] == answer.headers["trace-id"]
    assert KEPT <= 100_000


def test_feed(simulator):
    simulator.post("/feed", every_seconds=0.02, templates=["courier"])
    deadline = time.monotonic() + 5
    while not simulator.control("GET", "/orders")["orders"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert simulator.control("DELETE", "/feed") == {"feed": False}
    count = len(simulator.control("GET", "/orders")["orders"])
    time.sleep(0.1)
    assert len(simulator.control("GET", "/orders")["orders"]) == count


def test_new_seller_and_offers(simulator):
    simulator.post("/sellers", login="nowy")
    created = simulator.post(
        "/offers",
        seller="nowy",
        offers=[{"name": "Reflektor", "external_id": "R-1", "price": "10.00"}],
    )["offers"]
    simulator.post("/offers", seller="nowy", count=3)
    form = simulator.create_order(
        seller="nowy", lines=[{"offer_id": created[0]["offer_id"]}]
    )
    assert form["lineItems"][0]["price"]["amount"] == "10.00"
    api = simulator.api(seller="nowy")
    assert api.get("/sale/offers").json()["totalCount"] == 4


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/orders", {"template": "nonsense"}, 400),
        ("POST", "/orders", {"count": 0}, 400),
        ("POST", "/orders", {"marketplace": "allegro-de"}, 400),
        ("POST", "/orders", {"unmanaged": "few"}, 400),
        ("POST", "/orders", {"seller": "nobody"}, 404),
        ("POST", "/orders", {"lines": [{"offer_id": "1"}]}, 400),
        ("POST", "/orders", {"typo": 1}, 400),
        ("POST", "/orders", {"bought_at": "yesterday"}, 400),
        ("POST", "/orders/unknown/cancel", {}, 404),
        ("POST", "/clock", {"advance_seconds": -1}, 400),
        ("POST", "/tokens", {"action": "steal"}, 400),
        ("POST", "/feed", {"every_seconds": 1, "templates": ["x"]}, 400),
        ("GET", "/nothing", {}, 404),
        ("PATCH", "/state", {}, 405),
    ],
)
def test_wrong_control_calls(simulator, method, path, body, status):
    response = requests.request(method, f"{simulator.url}/_control{path}", json=body)
    assert response.status_code == status
    assert response.json()["error"]


def test_unknown_act(simulator):
    form = simulator.create_order()
    with pytest.raises(requests.HTTPError, match="act must be one of"):
        simulator.act(form, "dance")


def test_templates_are_described(simulator):
    templates = simulator.control("GET", "/templates")["templates"]
    assert all(template["description"] for template in templates)
    assert len({template["name"] for template in templates}) == len(templates)


def test_many_threads(simulator):
    def buy():
        driver = Driver(simulator.url)
        api = driver.api()
        for _ in range(10):
            form = driver.create_order()
            url = f"/order/checkout-forms/{form['id']}/fulfillment"
            assert api.put(url, json={"status": "SENT"}).status_code == 204

    threads = [threading.Thread(target=buy) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = simulator.control("GET", "/state")["sellers"][0]
    assert (state["orders"], state["events"]) == (80, 320)


def test_two_simulators_are_two_worlds(simulator):
    with Simulator() as other:
        Driver(other.url).create_order()
        assert simulator.control("GET", "/orders") == {"orders": []}


def test_command_line():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", "--port", "0", "--seed", "3"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=os.getcwd(),
    )
    try:
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert requests.get(f"{url}/_control/state").json()["seed"] == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()


def test_all_that_is_said_is_json(simulator):
    for path in ("/state", "/catalogue", "/templates", "/requests", "/orders"):
        json.dumps(simulator.control("GET", path))
