"""What lies on an order as its invoices.

Source: https://developer.allegro.pl/documentation,
``GET /order/checkout-forms/{id}/invoices``.
"""

from dataclasses import dataclass
from datetime import datetime

from .values import JsonObject

#: The largest file that Allegro takes.
LARGEST_FILE_BYTES = 3 * 1024 * 1024

WAITING = "WAITING"
REJECTED = "REJECTED"


@dataclass(frozen=True)
class BillingDocument:
    """One invoice on an order.

    ``uploaded_at`` is None while Allegro knows of it but has no file. ``scan`` is the
    virus scan, ``verification`` the check by the provider of an extended payment term:
    WAITING, ACCEPTED or REJECTED, or another word of Allegro's, or None.
    """

    id: str
    number: str | None
    file_name: str | None
    uploaded_at: datetime | None
    scan: str | None
    verification: str | None

    @classmethod
    def from_json(cls, data):
        file = data.optional_object("file")
        scan = file and file.optional_object("securityVerification")
        # beside the file on the wire, inside it in the specification
        verification = data.optional_object("verification") or (
            file and file.optional_object("verification")
        )
        return cls(
            id=data.text("id"),
            number=data.optional_text("invoiceNumber"),
            file_name=file and file.optional_text("name"),
            uploaded_at=file and file.optional_time("uploadedAt"),
            scan=scan and scan.optional_text("status"),
            verification=verification and verification.optional_text("status"),
        )

    @property
    def is_rejected(self):
        return REJECTED in (self.scan, self.verification)

    @property
    def is_waiting(self):
        """Allegro still looks at it; meanwhile it takes no further file."""
        return WAITING in (self.scan, self.verification)


def documents_from_json(json):
    """The invoices on an order, oldest first as Allegro lists them."""
    return [
        BillingDocument.from_json(item) for item in JsonObject(json).objects("invoices")
    ]
