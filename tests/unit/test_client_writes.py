"""``get`` and ``send``: what other addons call, and what every call goes through."""

import ast
import inspect

import pytest

from allegro import client as client_module
from allegro import errors, writers
from allegro.client import MEDIA_TYPE, AllegroClient
from tests.gates import NotingGate
from tests.simulator.driver import USER_AGENT

from .wire import Wire, http_answer

_OPERATION = "/sale/product-offers/1/operations/2"


@pytest.fixture
def told():
    """Ask a server that gives one answer; gives back what it answered and heard."""

    def told(answer, call):
        with (
            Wire(answer) as wire,
            AllegroClient(wire.url, "token", USER_AGENT, gate=NotingGate()) as client,
        ):
            return call(client), wire.heads

    return told


def _patch(client, body=None, **how):
    path = "/sale/product-offers/1"
    return client.send(writers.STOCK, "PATCH", path, body, **how)


# Who writes


def test_the_writers_are_those_that_a_seller_can_switch():
    assert writers.WRITERS == (
        "status",
        "parcel",
        "invoice",
        "stock",
        "price",
        "shipment",
        "refund",
        "message",
    )


@pytest.mark.parametrize("writer", ["statuses", "", None, "STATUS"])
def test_what_is_no_writer_writes_nothing(simulator, client, writer):
    with pytest.raises(ValueError, match="none of the writers"):
        client.send(writer, "PUT", "/me", {})
    assert simulator.requests() == []


def test_nobody_writes_without_saying_who():
    with pytest.raises(TypeError):
        AllegroClient("http://localhost", "token", USER_AGENT).send("PUT", "/me")


def test_a_writer_does_not_read(client):
    with pytest.raises(ValueError, match="only reads"):
        client.send(writers.STOCK, "GET", "/me")


def _methods():
    (tree,) = [
        node
        for node in ast.parse(inspect.getsource(client_module)).body
        if isinstance(node, ast.ClassDef) and node.name == "AllegroClient"
    ]
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _calls(method, name):
    return [
        node
        for node in ast.walk(method)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name
    ]


def test_every_call_goes_through_get_or_send():
    methods = _methods()
    assert {name for name in methods if _calls(methods[name], "http.send")} == {"_call"}
    users = {name for name in methods if _calls(methods[name], "self._call")}
    assert users == {"get", "send"}
    assert "_session" not in {
        node.attr
        for name in methods.keys() - {"__init__", "__exit__", "_call"}
        for node in ast.walk(methods[name])
        if isinstance(node, ast.Attribute)
    }


def test_every_write_of_the_client_names_its_writer():
    writes = [call for m in _methods().values() for call in _calls(m, "self.send")]
    named = {ast.unparse(call.args[0]) for call in writes}
    assert named == {"writers.STATUS", "writers.PARCEL", "writers.INVOICE"}
    methods = {ast.literal_eval(call.args[1]) for call in writes}
    assert methods == {"PUT", "POST"}


# What is sent


def test_what_becomes_json(told):
    _answer, (head,) = told(http_answer(), lambda c: _patch(c, {"stock": 1}))
    assert head.startswith("PATCH /sale/product-offers/1 HTTP/1.1\r\n")
    assert f"Content-Type: {MEDIA_TYPE}\r\n" in head
    assert f"Accept: {MEDIA_TYPE}\r\n" in head
    assert head.endswith('{"stock": 1}')


def test_other_headers_win(told):
    beta = "application/vnd.allegro.beta.v1+json"
    headers = {"Accept": beta, "Content-Type": beta}
    _answer, (head,) = told(http_answer(), lambda c: _patch(c, {}, headers=headers))
    assert f"Content-Type: {beta}\r\n" in head
    assert f"Accept: {beta}\r\n" in head
    assert MEDIA_TYPE not in head


def test_bytes_go_as_they_are(told):
    headers = {"Content-Type": "application/pdf"}
    _answer, (head,) = told(
        http_answer(), lambda c: _patch(c, b"%PDF", headers=headers)
    )
    assert "Content-Type: application/pdf\r\n" in head
    assert head.endswith("\r\n\r\n%PDF")


def test_files_are_a_form_with_its_other_fields(told):
    files = {"file": ("a.pdf", b"%PDF", "application/pdf")}
    _answer, (head,) = told(http_answer(), lambda c: _patch(c, {"n": "1"}, files=files))
    assert "Content-Type: multipart/form-data; boundary=" in head
    assert 'name="n"\r\n\r\n1\r\n' in head
    assert 'filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF' in head


def test_what_is_sent_may_have_no_body(told):
    _answer, (head,) = told(http_answer(), lambda c: _patch(c, params={"a": "b c"}))
    assert head.startswith("PATCH /sale/product-offers/1?a=b+c HTTP/1.1\r\n")
    assert "Content-Type" not in head
    assert head.endswith("\r\n\r\n")


@pytest.mark.parametrize("path", ["@evil.example/", ".evil.example/", "", "me"])
def test_a_path_is_no_part_of_the_hosts_name(client, path):
    for call in (client.get, lambda path: client.send(writers.STOCK, "PUT", path)):
        with pytest.raises(ValueError, match="slash"):
            call(path)


# What is answered


def test_what_is_accepted_is_an_answer(told):
    accepted = http_answer(
        b'{"id": "1"}',
        f"Location: https://api.allegro.pl{_OPERATION}",
        "Retry-After: 5",
        "trace-id: ab12",
        status="202 Accepted",
    )
    answer, _heads = told(accepted, _patch)
    assert (answer.status, answer.body) == (202, {"id": "1"})
    assert (answer.location_path, answer.retry_after) == (_OPERATION, 5)
    assert answer.trace_id == "ab12"


@pytest.mark.parametrize("call", [_patch, lambda client: client.get(_OPERATION)])
def test_what_is_done_elsewhere_is_an_answer_and_not_followed(told, call):
    with Wire(http_answer(b'{"stolen": true}')) as elsewhere:
        location = f"Location: {elsewhere.url}/sale/product-offers/1"
        answer, heads = told(http_answer(b"", location, status="303 See Other"), call)
    assert (answer.status, answer.body) == (303, None)
    assert answer.location_path == "/sale/product-offers/1"
    assert len(heads) == 1
    assert elsewhere.heads == []


def test_reading_tells_status_and_headers_too(told):
    answer, (head,) = told(
        http_answer(b"[]", "Retry-After: 1"),
        lambda c: c.get("/order/carriers", {"a": 1}, {"Accept-Language": "pl-PL"}),
    )
    assert (answer.status, answer.body, answer.retry_after) == (200, [], 1)
    assert head.startswith("GET /order/carriers?a=1 HTTP/1.1\r\n")
    assert "Accept-Language: pl-PL\r\n" in head


#: What a server before Allegro may say, that sends people to its own page.
_PORTAL = http_answer(b"", "Location: /login", status="303 See Other")
_LATER = http_answer(b"{}", status="202 Accepted")


@pytest.mark.parametrize("answer", [_PORTAL, _LATER])
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.seller(),
        lambda client: client.checkout_form("form-1"),
        lambda client: list(client.iter_event_pages(None)),
        lambda client: client.shipments("form-1"),
        lambda client: client.offers(),
        lambda client: client.billing_documents("form-1"),
    ],
)
def test_an_order_is_not_read_from_what_is_elsewhere(told, answer, call):
    with pytest.raises(errors.AllegroUnavailableError) as caught:
        told(answer, call)
    assert caught.value.outcome_unknown is False


@pytest.mark.parametrize("answer", [_PORTAL, _LATER])
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.set_fulfillment_status("form-1", "SENT"),
        lambda client: client.add_shipment("form-1", "DPD", "1"),
        lambda client: client.upload_invoice("form-1", "1", "a.pdf", b"%PDF"),
        lambda client: client.upload_invoice_file("form-1", "1", b"%PDF"),
    ],
)
def test_nothing_is_taken_for_told_that_was_put_off(told, answer, call):
    with pytest.raises(errors.AllegroUnavailableError) as caught:
        told(answer, call)
    assert caught.value.outcome_unknown is True


# Ids in addresses


@pytest.mark.parametrize(
    "call",
    [
        lambda client, odd: client.set_fulfillment_status(odd, "SENT"),
        lambda client, odd: client.shipments(odd),
        lambda client, odd: client.add_shipment(odd, "DPD", "1"),
        lambda client, odd: client.billing_documents(odd),
        lambda client, odd: client.upload_invoice(odd, "1", "a.pdf", b"%PDF"),
        lambda client, odd: client.upload_invoice_file(odd, "1", b"%PDF"),
        lambda client, odd: client.upload_invoice_file("form-1", odd, b"%PDF"),
    ],
)
@pytest.mark.parametrize("odd", ["", "../me", "a/b", "a?b", "%2e%2e"])
def test_what_can_be_no_id_never_travels(simulator, client, call, odd):
    with pytest.raises(errors.AllegroDataError):
        call(client, odd)
    assert simulator.requests() == []
