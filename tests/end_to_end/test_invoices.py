"""Invoices of real orders: made, posted, and lying on Allegro as real PDFs."""

import shutil

import pytest

pytestmark = pytest.mark.skipif(
    not shutil.which("wkhtmltopdf"), reason="wkhtmltopdf is not installed"
)


@pytest.fixture
def invoicing(admin):
    [account] = admin.read("allegro.account", [], "company_id")
    company = account["company_id"][0]
    admin.call("res.company", "write", [company], {"allegro_auto_invoice": True})
    yield
    admin.call("res.company", "write", [company], {"allegro_auto_invoice": False})


def _handed_over(allegro, admin, template, **values):
    form = allegro.create_order(template, **values)
    admin.run_action("sync")
    allegro.act(form, "panel-status", status="SENT")
    admin.run_action("sync")
    return form


def _invoices(admin, form):
    domain = [("allegro_order_id.allegro_checkout_form_id", "=", form["id"])]
    names = ("name", "state", "amount_total", "allegro_document_state")
    return admin.read("account.move", domain, *names)


@pytest.mark.parametrize("template", ["company-invoice", "person-invoice"])
def test_an_invoice_lies_on_allegro_once(allegro, admin, invoicing, template):
    form = _handed_over(allegro, admin, template)
    # the answer to the first upload gets lost, though the file has arrived
    allegro.fault("lost_answer", path_pattern="billing-documents", times=1)
    for _time in range(3):
        admin.run_action("invoice")
        allegro.advance(5)
    [invoice] = _invoices(admin, form)
    assert invoice["state"] == "posted"
    assert f"{invoice['amount_total']:.2f}" == form["summary"]["totalToPay"]["amount"]
    assert invoice["allegro_document_state"] == "accepted"
    [on_allegro] = allegro.control("GET", f"/orders/{form['id']}")["invoices"]
    assert on_allegro["invoiceNumber"] == invoice["name"]
    assert on_allegro["file"]["securityVerification"]["status"] == "ACCEPTED"


def test_nobody_asked_for_one_on_allegro(allegro, admin, invoicing):
    form = _handed_over(allegro, admin, "courier")
    admin.run_action("invoice")
    [invoice] = _invoices(admin, form)
    assert invoice["state"] == "posted"
    assert not allegro.control("GET", f"/orders/{form['id']}")["invoices"]


def test_off_means_off(allegro, admin):
    form = _handed_over(allegro, admin, "company-invoice")
    admin.run_action("invoice")
    assert not _invoices(admin, form)
