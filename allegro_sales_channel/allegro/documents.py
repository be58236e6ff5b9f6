"""What lies on an order as its invoices.

Source: https://developer.allegro.pl/documentation,
``GET /order/checkout-forms/{id}/invoices``.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from .side_fields import side_of

#: The largest file that Allegro takes.
LARGEST_FILE_BYTES = 3 * 1024 * 1024

WAITING = "WAITING"
REJECTED = "REJECTED"


#: Allegro names no limit; this is as long as browsers and servers agree upon.
LONGEST_LINK = 2000
#: Blanks, controls and what others may read as another host.
_DOUBTFUL = re.compile(r"[^\x21-\x7e]|[\\@<>\"]")


def is_document_link(url):
    """May this be the address of a document: ``https``, a host, and a page there?"""
    if not url or len(url) > LONGEST_LINK or _DOUBTFUL.search(url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return False
    is_host = bool(host) and "." in host
    return parts.scheme == "https" and is_host and port is None and len(parts.path) > 1


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
        side = side_of(data)
        file = side.object("file", short_for="name")
        scan = file and file.object("securityVerification", short_for="status")
        # beside the file on the wire, inside it in the specification
        verification = side.object("verification", short_for="status") or (
            file and file.object("verification", short_for="status")
        )
        return cls(
            id=data.text("id"),
            number=side.text("invoiceNumber"),
            file_name=file and file.text("name"),
            uploaded_at=file and file.time("uploadedAt"),
            scan=scan and scan.text("status"),
            verification=verification and verification.text("status"),
        )

    @property
    def is_rejected(self):
        return REJECTED in (self.scan, self.verification)

    @property
    def is_waiting(self):
        """Allegro still looks at it; meanwhile it takes no further file."""
        return WAITING in (self.scan, self.verification)
