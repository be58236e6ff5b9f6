"""Money, time and checked reading of JSON."""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation

from .errors import AllegroDataError

#: Enough to quote a wrong value in an error, too little to flood a log.
_QUOTED_LENGTH = 60


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
            raise AllegroDataError(path or "answer", f"{_quote(data)} is not an object")
        self._data = data

    def _at(self, key):
        return f"{self.path}.{key}" if self.path else key

    def _required(self, key, value):
        if value is None:
            raise AllegroDataError(self._at(key), "is missing")
        return value

    def _of_type(self, key, kinds, name):
        value = self._data.get(key)
        # bool is an int for Python, never for Allegro
        wrong_bool = isinstance(value, bool) and kinds is not bool
        if value is not None and (wrong_bool or not isinstance(value, kinds)):
            raise AllegroDataError(self._at(key), f"{_quote(value)} is not {name}")
        return value

    def optional_text(self, key):
        """The text with surrounding blanks removed; None when absent or empty."""
        value = self._of_type(key, str, "a text")
        # PostgreSQL refuses NUL in a text, and nobody can see one
        return (value or "").replace("\x00", "").strip() or None

    def text(self, key):
        return self._required(key, self.optional_text(key))

    def flag(self, key):
        """True only when Allegro says so."""
        return bool(self._of_type(key, bool, "true or false"))

    def optional_whole(self, key):
        return self._of_type(key, int, "a whole number")

    def positive_whole(self, key):
        value = self._required(key, self.optional_whole(key))
        if value < 1:
            raise AllegroDataError(self._at(key), f"{value} is not above zero")
        return value

    def optional_decimal(self, key):
        """An exact number; Allegro writes them as texts, some as bare numbers."""
        value = self._of_type(key, (str, int, Decimal), "a number")
        if value is None:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise AllegroDataError(self._at(key), f"{_quote(value)} is not a number")
        return number

    def optional_time(self, key):
        """An aware time in UTC."""
        value = self.optional_text(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            moment = _time_with_odd_fraction(value)
        if moment is None or moment.tzinfo is None:
            problem = f"{_quote(value)} is not a time with its zone"
            raise AllegroDataError(self._at(key), problem)
        return moment.astimezone(timezone.utc)

    def time(self, key):
        return self._required(key, self.optional_time(key))

    def optional_date(self, key):
        value = self.optional_text(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            problem = f"{_quote(value)} is not a date"
            raise AllegroDataError(self._at(key), problem) from None

    def optional_object(self, key):
        value = self._data.get(key)
        return None if value is None else JsonObject(value, self._at(key))

    def object(self, key):
        return self._required(key, self.optional_object(key))

    def optional_money(self, key):
        price = self.optional_object(key)
        if price is None:
            return None
        amount = price._required("amount", price.optional_decimal("amount"))
        if amount < 0:
            raise AllegroDataError(price._at("amount"), f"{amount} is below zero")
        return Money(amount, price.text("currency"))

    def money(self, key):
        return self._required(key, self.optional_money(key))

    def _list(self, key):
        return self._of_type(key, list, "a list") or []

    def objects(self, key):
        """The objects of a list; empty when the list is absent or null."""
        return [
            JsonObject(value, f"{self._at(key)}[{index}]")
            for index, value in enumerate(self._list(key))
        ]

    def raw_items(self, key):
        """The items of a list, unchecked: for lists in which one may be malformed."""
        return self._list(key)

    def texts(self, key):
        values = self._list(key)
        for index, value in enumerate(values):
            if not isinstance(value, str):
                path = f"{self._at(key)}[{index}]"
                raise AllegroDataError(path, f"{_quote(value)} is not a text")
        return tuple(values)

    def broken(self, key, problem):
        """The error for a value that is well formed but makes no sense."""
        return AllegroDataError(self._at(key), problem)


def _time_with_odd_fraction(value):
    """Python 3.10 reads only 3 or 6 digits of a second; None when it is no time."""
    head, dot, tail = value.replace("Z", "+00:00").partition(".")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    if not dot or not digits:
        return None
    fraction, zone = tail[:digits][:6].ljust(6, "0"), tail[digits:]
    try:
        return datetime.fromisoformat(f"{head}.{fraction}{zone}")
    except ValueError:
        return None


def _quote(value):
    text = repr(value)
    if len(text) <= _QUOTED_LENGTH:
        return text
    return text[:_QUOTED_LENGTH] + "..."
