"""Fields that decide nothing: taken as they come, or left out with a note.

An order is worth more than its dispatch time: what is only shown or compared must not
keep it out. Amounts, quantities, ids and the time of purchase are read by
:class:`JsonObject` itself, which refuses.
"""

from dataclasses import dataclass

from .errors import AllegroDataError
from .values import LONGEST_TEXT, JsonObject, storable

#: More notes than that tell nobody anything.
MOST_NOTES = 50


@dataclass(frozen=True)
class Note:
    """What was left out. It names the place and the problem, never the value."""

    path: str
    problem: str

    def __str__(self):
        return f"{self.path}: {self.problem}"


class Notes:
    """Collects the notes about one order."""

    def __init__(self):
        self._notes = []

    def add(self, path, problem):
        note = Note(path, problem)
        if note not in self._notes and len(self._notes) < MOST_NOTES:
            self._notes.append(note)

    def as_tuple(self):
        return tuple(self._notes)


class SideObject:
    """A :class:`JsonObject` read so that nothing raises: it notes, and gives nothing.

    :param data: :class:`JsonObject`
    :param notes: :class:`Notes`
    """

    def __init__(self, data, notes):
        self._data = data
        self._notes = notes

    def _read(self, reader, *args):
        try:
            return reader(*args)
        except AllegroDataError as error:
            self._notes.add(error.path, error.problem)
            return None

    def text(self, key, longest=LONGEST_TEXT):
        """The text, or a whole number in its digits; None when there is none.

        :param longest: what is behind so many characters is cut off; None for nothing
        """
        value = self._data.raw(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        text = self._read(self._data.optional_text, key, None)
        if text and longest and len(text) > longest:
            self._notes.add(self._data.path_of(key), f"is cut to {longest} characters")
            return text[:longest]
        return text

    def flag(self, key):
        return bool(self._read(self._data.flag, key))

    def number_or_word(self, key, longest):
        """:return: (number, None), or of a text that is none (None, that text)"""
        try:
            return self._data.optional_decimal(key), None
        except AllegroDataError:
            return None, self.text(key, longest)

    def time(self, key):
        return self._read(self._data.optional_time, key)

    def date(self, key):
        return self._read(self._data.optional_date, key)

    def money(self, key):
        return self._read(self._data.optional_money, key)

    def object(self, key, short_for=None):
        """The object under a key; None when absent, null or something else.

        :param short_for: the key that a plain text in place of the object stands for
        """
        return self._object(self._data.raw(key), self._data.path_of(key), short_for)

    def objects(self, key, short_for=None):
        """Those items of a list that are objects; none of a list that is too long."""
        return self._items(key, lambda item, path: self._object(item, path, short_for))

    def texts(self, key):
        return tuple(self._items(key, self._text_item))

    def _object(self, value, path, short_for):
        if value is None:
            return None
        if short_for and isinstance(value, str):
            value = {short_for: value}
        if not isinstance(value, dict):
            self._notes.add(path, "is not an object")
            return None
        return SideObject(JsonObject(value, path), self._notes)

    def _text_item(self, value, path):
        if isinstance(value, str):
            return storable(value)
        self._notes.add(path, "is not a text")
        return None

    def _items(self, key, read):
        items = self._read(self._data.optional_list, key) or []
        found = (
            read(item, self._data.path_of_item(key, index))
            for index, item in enumerate(items)
        )
        return [item for item in found if item is not None]


def side_of(data):
    """The side fields of something whose notes nobody keeps.

    :param data: :class:`JsonObject`
    """
    return SideObject(data, Notes())
