"""Invoices as files on an order, against the simulator and a server of older days."""

import json
from datetime import datetime, timezone

import pytest

from allegro import errors
from allegro.documents import BillingDocument, is_document_link
from allegro.lists import read_each
from allegro.values import JsonObject

PDF = b"%PDF-1.4 an invoice"


@pytest.fixture
def form_id(simulator):
    return simulator.create_order("company-invoice")["id"]


def _stored(simulator, form_id):
    return simulator.order(form_id)["invoices"]


def test_uploaded_in_one_call_and_read_back(simulator, client, form_id):
    assert client.billing_documents(form_id) == []
    client.upload_invoice(form_id, "FV/2026/1", "FV_2026_1.pdf", PDF)
    [document] = client.billing_documents(form_id)
    assert (document.number, document.file_name) == ("FV/2026/1", "FV_2026_1.pdf")
    assert document.uploaded_at <= datetime.now(timezone.utc)
    assert document.is_waiting
    assert not document.is_rejected
    sent = [
        entry["path"] for entry in simulator.requests() if entry["method"] == "POST"
    ]
    assert sent == [f"/order/{form_id}/billing-documents/files"]


def test_the_same_name_twice_is_a_conflict(client, simulator, form_id):
    client.upload_invoice(form_id, "FV/1", "FV_1.pdf", PDF)
    with pytest.raises(errors.AllegroConflictError):
        client.upload_invoice(form_id, "FV/1", "FV_1.pdf", PDF)


@pytest.mark.parametrize("status", [404, 405])
def test_where_the_one_call_is_unknown_there_are_two(
    simulator, client, form_id, status
):
    body = {"errors": [{"code": "NotFoundException", "message": "no such address"}]}
    path = "billing-documents"
    simulator.fault("status", status=status, body=body, path_pattern=path)
    client.upload_invoice(form_id, "FV/1", "FV_1.pdf", PDF)
    [document] = client.billing_documents(form_id)
    assert document.uploaded_at
    methods = [entry["method"] for entry in simulator.requests()]
    assert methods == ["POST", "POST", "PUT", "GET"]


def test_an_order_without_a_wish_for_an_invoice_takes_none(simulator, client):
    form = simulator.create_order("courier")
    with pytest.raises(errors.AllegroRejectedError) as caught:
        client.upload_invoice(form["id"], "FV/1", "FV_1.pdf", PDF)
    assert caught.value.status == 422


def test_what_is_no_pdf_is_refused_and_not_sent_again(simulator, client, form_id):
    with pytest.raises(errors.AllegroRejectedError):
        client.upload_invoice(form_id, "FV/1", "FV_1.pdf", b"<html>")
    assert len(simulator.requests()) == 1


def test_a_lost_answer_says_that_nothing_is_known(simulator, client, form_id):
    simulator.fault("lost_answer", path_pattern="billing-documents")
    with pytest.raises(errors.AllegroUnavailableError) as caught:
        client.upload_invoice(form_id, "FV/1", "FV_1.pdf", PDF)
    assert caught.value.outcome_unknown
    assert len(simulator.requests()) == 1


# Reading them


def _document(**values):
    document = {"id": "1", "invoiceNumber": "FV/1", "file": {"name": "a.pdf"}, **values}
    return BillingDocument.from_json(JsonObject(document))


@pytest.mark.parametrize(
    ("values", "waiting", "rejected"),
    [
        ({}, False, False),
        ({"file": None}, False, False),
        ({"file": {"securityVerification": {"status": "WAITING"}}}, True, False),
        ({"file": {"securityVerification": {"status": "ACCEPTED"}}}, False, False),
        ({"file": {"securityVerification": {"status": "REJECTED"}}}, False, True),
        # beside the file, as on the wire
        ({"verification": {"status": "REJECTED"}}, False, True),
        ({"verification": {"status": "NOT_APPLICABLE"}}, False, False),
        # inside it, as in the specification
        ({"file": {"verification": {"status": "WAITING"}}}, True, False),
        ({"file": {"verification": {"status": "INVENTED_TOMORROW"}}}, False, False),
    ],
)
def test_what_became_of_a_document(values, waiting, rejected):
    document = _document(**values)
    assert (document.is_waiting, document.is_rejected) == (waiting, rejected)


def test_a_real_answer(samples):
    path = next(iter(sorted(samples.glob("invoices.*.json"))))
    answer = JsonObject(json.loads(path.read_text(encoding="utf-8")))
    for document in read_each(answer, "invoices", BillingDocument.from_json):
        assert document.id


def test_an_order_without_documents(simulator, client):
    simulator.fault("status", status=200, body={"invoices": [], "links": []})
    assert client.billing_documents("form-1") == []


# Addresses of documents that lie elsewhere


def test_an_address_is_put_there_and_read_back(simulator, client):
    # also on an order whose buyer wants no invoice: it is for receipts
    form_id = simulator.create_order("courier")["id"]
    assert client.billing_links(form_id) == []
    client.add_billing_link(form_id, "https://paragony.pl/1")
    assert client.billing_links(form_id) == ["https://paragony.pl/1"]
    with pytest.raises(errors.AllegroConflictError):
        client.add_billing_link(form_id, "https://paragony.pl/1")
    with pytest.raises(errors.AllegroRejectedError):
        client.add_billing_link(form_id, "https://elsewhere.invalid/1")


@pytest.mark.parametrize("links", [None, [], [{"id": "1"}]])
def test_addresses_that_are_missing_or_odd_are_none(simulator, client, form_id, links):
    simulator.fault("status", status=200, body={"invoices": [], "links": links})
    assert client.billing_links(form_id) == []


@pytest.mark.parametrize(
    "url", ["https://paragony.pl/1", "https://a.example.com/r?id=1&x=2#page"]
)
def test_what_is_an_address_of_a_document(url):
    assert is_document_link(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://paragony.pl/1",
        "javascript:alert(1)",
        "https://paragony.pl",
        "https://paragony.pl/",
        "https://localhost/1",
        "https://[::1/1",
        "https://paragony.pl:99999/1",
        "https://me:secret@paragony.pl/1",
        "https://paragony.pl/a b",
        "https://paragony.pl\\@evil.example.com/1",
        "https://paragony.pl/" + 2000 * "1",
    ],
)
def test_what_is_none(url):
    assert not is_document_link(url)
