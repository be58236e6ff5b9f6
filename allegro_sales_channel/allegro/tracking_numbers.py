"""Tracking numbers, and which carrier a number or a delivery method belongs to."""

import re

from .shipments import LONGEST_WAYBILL

_BETWEEN_NUMBERS = re.compile(r"[,;\r\n]+")
_NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]")

TOO_LONG = "too_long"
CHARACTERS = "characters"


def split_waybills(text):
    """The tracking numbers of a text: one a line, or with commas between them.

    Blanks within a number are how people group its digits, and not part of it.
    """
    parts = (re.sub(r"\s+", "", part) for part in _BETWEEN_NUMBERS.split(text or ""))
    return [part for part in parts if part]


def waybill_problem(waybill):
    """:data:`TOO_LONG`, :data:`CHARACTERS`, or None when it may be a number."""
    if len(waybill) > LONGEST_WAYBILL:
        return TOO_LONG
    return CHARACTERS if _NOT_PRINTABLE.search(waybill) else None


#: Numbers that belong to one carrier only. The plain 10 to 15 digits of GLS, DHL,
#: FedEx or ORLEN tell nothing, so they are not here.
_FORMS = (
    ("INPOST", re.compile(r"[5-6]\d{23}")),
    ("DPD", re.compile(r"\d{13}[A-Z]")),
    ("UPS", re.compile(r"1Z[0-9A-Z]{16}")),
    ("DHL", re.compile(r"JJD\d{12,22}|JD\d{18}")),
    ("POCZTA_POLSKA", re.compile(r"[A-Z]{2}\d{9}PL|00\d5900773\d{10}")),
    ("PACKETA", re.compile(r"Z\d{10}")),
    ("YUN_EXPRESS", re.compile(r"YT\d{16}")),
)


def carrier_of_waybill(waybill):
    """The code of the one carrier whose numbers look so, None when none or several."""
    number = waybill.upper()
    return next((code for code, form in _FORMS if form.fullmatch(number)), None)


#: Words in the name of a delivery method, the more telling ones first: "One Box, DPD".
_NAMES = (
    ("INPOST", ("inpost", "paczkomat")),
    ("DPD", ("dpd",)),
    ("ORLEN", ("orlen",)),
    ("DHL", ("dhl",)),
    ("UPS", ("ups",)),
    ("GLS", ("gls",)),
    ("FEDEX", ("fedex",)),
    ("PACKETA", ("packeta", "zásilkovna", "zasilkovna")),
    ("POCZTA_POLSKA", ("poczta polska", "pocztex")),
)


def carrier_of_method(name):
    """The code of the carrier that a delivery method names, None when it names none."""
    words = (name or "").lower()
    for code, names in _NAMES:
        if any(re.search(rf"\b{re.escape(word)}", words) for word in names):
            return code
    return None
