"""Billing documents of an order: invoices as files, and links (digest section 9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from .answers import answer, empty
from .clock import wire_time
from .errors import SAME, ApiError, bad_payload, invoice_still_scanned
from .headers import check_content_type

LARGEST_FILE = 3 * 1024 * 1024
MOST_INVOICES = 10
MOST_LINKS = 10
#: The virus scan of a real upload took 4.4 s.
SCAN_TIME = timedelta(seconds=4)
#: Metadata without a file yet: the next may come after this.
_PAUSE = timedelta(seconds=5)
#: In a file: the scan will reject it, as it would the EICAR test file.
_VIRUS = b"EICAR"
#: Allegro does not publish its list; these stand for it.
LINK_HOSTS = ("paragony.pl", "fakturownia.pl", "infakt.pl", "example.com")


@dataclass
class Invoice:
    id: str
    number: str | None
    file_name: str
    created_at: datetime
    uploaded_at: datetime | None = None
    infected: bool = False

    def is_scanning(self, now):
        return self.uploaded_at is not None and now < self.uploaded_at + SCAN_TIME

    def as_json(self, now):
        """``verification`` stands beside ``file``, as on the wire."""
        return {
            "id": self.id,
            "invoiceNumber": self.number,
            "createdAt": wire_time(self.created_at),
            "file": {
                "name": self.file_name,
                "uploadedAt": self.uploaded_at and wire_time(self.uploaded_at),
                "securityVerification": self.uploaded_at and self._scan(now),
            },
            "verification": {"status": "NOT_APPLICABLE", "details": []},
        }

    def _scan(self, now):
        if self.is_scanning(now):
            return {"status": "WAITING", "verifiedAt": None}
        return {
            "status": "REJECTED" if self.infected else "ACCEPTED",
            "verifiedAt": wire_time(self.uploaded_at + SCAN_TIME),
        }


def list_invoices(call, form_id):
    order = call.order(form_id)
    delivery = order.form.get("delivery") or {}
    country = (delivery.get("address") or {}).get("countryCode")
    return answer(
        {
            "hasExternalInvoices": False,
            "invoices": [invoice.as_json(call.now) for invoice in order.invoices],
            "links": order.links,
            "orderMode": "UKRAINE_EXPORT" if country == "UA" else "REGULAR",
        }
    )


def add_metadata(call, form_id):
    """The first of two steps; deprecated since October 2026."""
    order = call.order(form_id)
    body = call.json_object()
    file = body.get("file")
    if not isinstance(file, dict) or not isinstance(file.get("name"), str):
        raise bad_payload(call.path)
    invoice = _new_invoice(call, order, body.get("invoiceNumber"), file["name"])
    order.invoices.append(invoice)
    return answer({"id": invoice.id}, 201)


def upload_file(call, form_id, invoice_id):
    """The second step: the raw bytes of the PDF."""
    order = call.order(form_id)
    check_content_type(call.request, "application/pdf")
    invoice = next((i for i in order.invoices if i.id == invoice_id), None)
    if invoice is None:
        raise _refusal(
            call, 404, "INVOICE-NOT-FOUND", f"Invoice {invoice_id} not found"
        )
    if invoice.uploaded_at:
        raise _refusal(
            call, 409, "INVOICE-FILE-EXISTS", "Invoice already has a file uploaded"
        )
    _put_file(call, order, invoice, call.request.get_data())
    return empty(200)


def upload_in_one(call, form_id):
    """``POST /order/{id}/billing-documents/files``: multipart, since October 2026."""
    order = call.order(form_id)
    check_content_type(call.request, "multipart/form-data")
    file = call.request.files.get("file")
    if file is None:
        raise bad_payload(call.path)
    number = call.request.form.get("invoiceNumber")
    invoice = _new_invoice(call, order, number, file.filename)
    _put_file(call, order, invoice, file.read())
    order.invoices.append(invoice)
    return answer({"id": invoice.id}, 201)


def add_link(call, form_id):
    order = call.order(form_id)
    url = call.json_object().get("url")
    if not isinstance(url, str):
        raise bad_payload(call.path)
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname not in LINK_HOSTS:
        raise _refusal(call, 422, "INVALID-URL", "The given URL is invalid")
    if url in (link["url"] for link in order.links):
        raise _refusal(call, 409, "URL-EXISTS", "The given URL already exists")
    if len(order.links) >= MOST_LINKS:
        raise _refusal(call, 422, "LINKS-LIMIT-REACHED", "Too many links")
    order.links.append(
        {"id": call.world.new_id(), "url": url, "createdAt": wire_time(call.now)}
    )
    return empty(201)


def _new_invoice(call, order, number, file_name):
    invoices, now = order.invoices, call.now
    if not order.form["invoice"]["required"]:
        raise _refusal(
            call, 422, "INVOICE-NOT-ALLOWED", "Order does not allow an invoice"
        )
    if file_name in (invoice.file_name for invoice in invoices):
        raise _refusal(
            call,
            409,
            "INVOICE-EXISTS",
            "Order already has an invoice of this file name",
        )
    if any(invoice.is_scanning(now) for invoice in invoices):
        raise invoice_still_scanned(order.id, call.path, 422)
    unfinished = [i for i in invoices if i.uploaded_at is None]
    if any(now - invoice.created_at < _PAUSE for invoice in unfinished):
        raise _refusal(
            call, 429, "TOO-MANY-INVOICES", "Wait a few seconds before adding the next"
        )
    if len(invoices) >= MOST_INVOICES:
        raise _refusal(
            call, 422, "INVOICES-LIMIT-REACHED", "Maximum number of invoices reached"
        )
    return Invoice(call.world.new_id(), number, file_name, now)


def _put_file(call, order, invoice, content):
    which = f"order [{order.id}] and invoice [{invoice.id}]"
    if len(content) > LARGEST_FILE:
        raise _refusal(call, 413, "FILE-TOO-LARGE", "Max file size is 3MB")
    if not content:
        raise _refusal(
            call,
            422,
            "EMPTY-ATTACHMENT",
            f"Attachment for given {which} must not be empty",
        )
    if not content.startswith(b"%PDF-"):
        raise _refusal(
            call,
            422,
            "FILE-CONTENT-INVALID",
            f"File for given {which} must have a PDF content",
        )
    invoice.uploaded_at = call.now
    invoice.infected = _VIRUS in content


def _refusal(call, status, code, message):
    return ApiError(status, code, message, path=call.path, user_message=SAME)
