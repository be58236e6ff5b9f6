"""Money, time and checked reading of JSON."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal

from .errors import AllegroDataError

#: Enough to quote a wrong value in an error, too little to flood a log.
_QUOTED_LENGTH = 60
#: Far more than any name or id of Allegro's, little enough for a database index.
LONGEST_TEXT = 1000
#: Far more than Allegro ever lists in one place, little enough to go through.
LONGEST_LIST = 1000
#: PostgreSQL's integer, which is what a whole number ends up in.
_LARGEST_WHOLE = 2**31 - 1
#: Plain digits, and so few that no sum of an order loses one: Decimal itself also
#: takes "1e400", "1_0", "NaN" and the digits of every script.
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TOKEN = re.compile(r"[\x21-\x7e]+")
#: Python 3.10 reads neither "Z" nor fractions of other than 3 or 6 digits.
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-]\d\d):?(\d\d))", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: What is outside is a mistake, and overflows as soon as it meets a time zone.
_YEARS = range(1970, 3000)
#: NUL is refused by PostgreSQL, the others by XML (and so by PDF and e-invoices).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
#: Half of a character, left where somebody cut a text: no encoding can write it.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text):
    """The text without what a database, an XML or a log can't take."""
    return _LONE_SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", text))


def is_token(value):
    """Can it be a token, and stand in an HTTP header?"""
    return isinstance(value, str) and bool(_TOKEN.fullmatch(value))


@dataclass(frozen=True)
class Money:
    """An amount as Allegro gives it: gross, exact, with its currency."""

    amount: Decimal
    currency: str

    def __mul__(self, quantity):
        return Money(self.amount * quantity, self.currency)

    def __str__(self):
        return f"{self.amount} {self.currency}"


class JsonObject:
    """A JSON object that knows its path, so that an error can name the field.

    Keys that are not asked for are ignored. Optional values may be absent or null:
    on the wire Allegro sends null where its specification has nothing nullable.

    :param data: what ``json`` made of the answer
    :param path: where the object stands in the answer, empty for the whole
    :raises AllegroDataError: by every reader, when a value is missing or malformed
    """

    def __init__(self, data, path=""):
        self.path = path
        if not isinstance(data, dict):
            # not quoted: the answer as a whole may be a token
            raise AllegroDataError(path or "answer", "is not an object")
        self._data = data

    def path_of(self, key):
        """Where a key of this object stands in the whole answer."""
        return f"{self.path}.{key}" if self.path else key

    def raw(self, key):
        """What ``json`` made of the value, whatever it is; None when absent."""
        return self._data.get(key)

    def _required(self, key, value):
        if value is None:
            raise AllegroDataError(self.path_of(key), "is missing")
        return value

    def _of_type(self, key, kinds, name):
        value = self._data.get(key)
        # bool is an int for Python, never for Allegro
        wrong_bool = isinstance(value, bool) and kinds is not bool
        if value is not None and (wrong_bool or not isinstance(value, kinds)):
            raise self._not(key, value, name)
        return value

    def _not(self, key, value, name):
        return self.broken(key, f"is not {name}", quoted=_quote(value))

    def optional_text(self, key, longest=LONGEST_TEXT):
        """The text with surrounding blanks removed; None when absent or empty.

        :param longest: how many characters make sense; None for a message of any length
        """
        value = self._of_type(key, str, "a text")
        text = storable(value or "").strip() or None
        if text and longest and len(text) > longest:
            raise self.broken(key, f"is longer than {longest} characters")
        return text

    def text(self, key):
        """As :meth:`optional_text`, and it must be there."""
        return self._required(key, self.optional_text(key))

    def secret(self, key):
        """A token: never quoted, and fit for an HTTP header."""
        value = self._required(key, self._data.get(key))
        if not is_token(value):
            raise AllegroDataError(self.path_of(key), "is not a token")
        return value

    def flag(self, key):
        """True only when Allegro says so."""
        return bool(self._of_type(key, bool, "true or false"))

    def optional_whole(self, key):
        """A whole number; ``2.0`` is one in JSON."""
        value = self._of_type(key, (int, Decimal), "a whole number")
        if value is None:
            return None
        if not -_LARGEST_WHOLE <= value <= _LARGEST_WHOLE or value != int(value):
            raise self._not(key, value, "a whole number")
        return int(value)

    def positive_whole(self, key):
        """A whole number above zero, which must be there."""
        value = self._required(key, self.optional_whole(key))
        if value < 1:
            raise self.broken(key, "is not above zero", quoted=value)
        return value

    def optional_decimal(self, key):
        """An exact number; Allegro writes them as texts, some as bare numbers."""
        value = self._of_type(key, (str, int, Decimal), "a number")
        if value is None:
            return None
        digits = str(value).strip()
        if not _DECIMAL.fullmatch(digits):
            raise self._not(key, value, "a number")
        return Decimal(digits)

    def optional_time(self, key):
        """An aware time in UTC."""
        value = self.optional_text(key)
        if value is None:
            return None
        moment = _time(value)
        if moment is None:
            raise self._not(key, value, "a time with its zone")
        return moment

    def optional_date(self, key):
        """A date; of a time it is the day that is written there."""
        value = self.optional_text(key)
        if value is None:
            return None
        moment = _TIME.fullmatch(value)
        day = _date(moment[1] if moment else value)
        if day is None:
            raise self._not(key, value, "a date")
        return day

    def optional_object(self, key):
        """The object under a key, knowing its path; None when absent or null."""
        value = self._data.get(key)
        return None if value is None else JsonObject(value, self.path_of(key))

    def object(self, key):
        """As :meth:`optional_object`, and it must be there."""
        return self._required(key, self.optional_object(key))

    def optional_money(self, key):
        """An amount, zero or more, with its currency."""
        price = self.optional_object(key)
        if price is None:
            return None
        amount = price._required("amount", price.optional_decimal("amount"))
        if amount < 0:
            raise price.broken("amount", "is below zero", quoted=amount)
        currency = price.text("currency")
        if not _CURRENCY.fullmatch(currency):
            raise price._not("currency", currency, "a currency")
        return Money(amount, currency)

    def money(self, key):
        """As :meth:`optional_money`, and it must be there."""
        return self._required(key, self.optional_money(key))

    def optional_list(self, key, most=LONGEST_LIST):
        """The items as ``json`` parsed them; None when absent or null.

        :param most: how many items make sense: somebody has to go through them
        """
        items = self._of_type(key, list, "a list")
        if items and len(items) > most:
            raise self.broken(key, f"has more than {most} items")
        return items

    def objects(self, key, most=LONGEST_LIST):
        """The objects of a list; empty when the list is absent or null."""
        items = enumerate(self.optional_list(key, most) or ())
        return [
            JsonObject(item, self.path_of_item(key, index)) for index, item in items
        ]

    def list(self, key, most=LONGEST_LIST):
        """As :meth:`optional_list`, and it must be there."""
        return self._required(key, self.optional_list(key, most))

    def texts(self, key):
        """The texts of a list; empty when the list is absent or null."""
        values = self.optional_list(key) or ()
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise self._not(f"{key}[{index}]", value, "a text")
        return tuple(storable(value) for value in values)

    def path_of_item(self, key, index):
        return f"{self.path_of(key)}[{index}]"

    def broken(self, key, problem, quoted=None):
        """The error for a value that is well formed but makes no sense."""
        return AllegroDataError(self.path_of(key), problem, quoted=quoted)


def _time(text):
    """The moment that a text names, in UTC; None when it names none."""
    parts = _TIME.fullmatch(text)
    if not parts:
        return None
    day, clock, fraction, hours, minutes = parts.groups()
    fraction = (fraction or "")[:6].ljust(6, "0")
    zone = f"{hours or '+00'}:{minutes or '00'}"
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{fraction}{zone}")
    except ValueError:
        return None
    return moment.astimezone(timezone.utc) if moment.year in _YEARS else None


def _date(text):
    """The date that a text names; None when it names none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _quote(value):
    """A wrong value in short; not what is in an object or a list, which may be deep."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = repr(value[: _QUOTED_LENGTH + 1] if isinstance(value, str) else value)
    if len(text) <= _QUOTED_LENGTH:
        return text
    return text[:_QUOTED_LENGTH] + "..."
