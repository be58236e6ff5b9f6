"""One file that was handed over, and what KSeF makes of it."""

import base64
import functools
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

UNDER_WAY = {"code": 150, "description": "Trwa przetwarzanie"}
ACCEPTED = {"code": 200, "description": "Sukces"}
DUPLICATE = {"code": 440, "description": "Duplikat faktury"}
WRONG = {"code": 450, "description": "Błąd weryfikacji semantyki dokumentu faktury"}


@dataclass
class Invoice:
    reference: str
    session: str
    content: bytes
    status: dict = field(default_factory=lambda: dict(UNDER_WAY))
    ksef_number: str | None = None
    asked: int = 0

    def __post_init__(self):
        self.root = etree.fromstring(self.content)

    def text(self, name):
        return self.root.findtext(f".//{{*}}{name}")

    @property
    def key(self):
        """By what KSeF knows a document again."""
        return self.text("NIP"), self.text("RodzajFaktury"), self.text("P_2")

    @property
    def digest(self):
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()

    def as_json(self):
        return {
            "referenceNumber": self.reference,
            "invoiceNumber": self.text("P_2"),
            "invoiceHash": self.digest,
            "ksefNumber": self.ksef_number,
            "status": self.status,
        }


class _BesideTheSchema(etree.Resolver):
    def resolve(self, system_url, public_id, context):
        here = _folder() / "bazowe" / system_url.rpartition("/")[2]
        return self.resolve_filename(str(here), context) if here.exists() else None


def _folder():
    return Path(os.environ["KSEF_SCHEMAS"])


@functools.cache
def _schema():
    [main] = _folder().glob("schemat_FA*.xsd")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_BesideTheSchema())
    return etree.XMLSchema(etree.fromstring(main.read_bytes(), parser))


def why_wrong(invoice):
    """What the schema has against a file; nothing where it is not at hand."""
    if "KSEF_SCHEMAS" not in os.environ:
        return []
    schema = _schema()
    schema.validate(invoice.root)
    return [error.message for error in schema.error_log]
