"""Fields that decide nothing: read, or left out with a note."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro.side_fields import MOST_NOTES, Note, Notes, SideObject, side_of
from allegro.values import LONGEST_LIST, JsonObject, Money

from .test_values import _ANYTHING

_NOTHING = {
    "text": None,
    "flag": False,
    "time": None,
    "date": None,
    "money": None,
    "object": None,
    "objects": [],
    "texts": (),
}


def _side(value):
    notes = Notes()
    return SideObject(JsonObject({"key": value}, "here"), notes), notes


def _read(reader, value, *args, **kwargs):
    side, notes = _side(value)
    return getattr(side, reader)("key", *args, **kwargs), notes.as_tuple()


@given(st.sampled_from(sorted(_NOTHING)), _ANYTHING)
def test_whatever_the_value_nothing_is_raised(reader, value):
    found, notes = _read(reader, value)
    assert len(notes) <= MOST_NOTES
    assert all(note.path.startswith("here.key") for note in notes)
    if notes and reader not in ("objects", "texts"):
        assert found == _NOTHING[reader] or reader == "text"


@given(_ANYTHING)
def test_a_note_quotes_no_value(value):
    secret = "Jan-Kowalski-5252674798"
    for wrong in (secret, [secret, value], {secret: value}):
        for reader in _NOTHING:
            _found, notes = _read(reader, wrong)
            assert not any(secret in str(note) for note in notes)


@pytest.mark.parametrize("reader", _NOTHING)
def test_absent_and_null_are_nothing_without_a_note(reader):
    assert _read(reader, None) == (_NOTHING[reader], ())


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        ("text", " a ", "a"),
        ("text", 48123, "48123"),
        ("flag", True, True),
        ("date", "2026-09-01T00:00:00Z", date(2026, 9, 1)),
        ("money", {"amount": "1.50", "currency": "PLN"}, Money(Decimal("1.5"), "PLN")),
        ("texts", ["a", "b"], ("a", "b")),
    ],
)
def test_what_can_be_read_is_read(reader, value, expected):
    assert _read(reader, value) == (expected, ())


@pytest.mark.parametrize("value", [True, 1.5, Decimal("1.5"), ["x"], {"a": 1}])
def test_what_is_no_text_is_noted(value):
    assert _read("text", value) == (None, (Note("here.key", "is not a text"),))


def test_a_long_text_is_cut_and_noted():
    note = Note("here.key", "is cut to 1000 characters")
    assert _read("text", "x" * 1001) == ("x" * 1000, (note,))
    assert _read("text", "x" * 1000) == ("x" * 1000, ())
    assert _read("text", "x" * 5000, longest=None) == ("x" * 5000, ())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("23.00", (Decimal("23.00"), None)),
        (23, (Decimal(23), None)),
        (None, (None, None)),
        ("EXEMPT", (None, "EXEMPT")),
        ("x" * 20, (None, "x" * 9)),
    ],
)
def test_a_number_or_the_word_in_its_place(value, expected):
    assert _read("number_or_word", value, 9)[0] == expected


def test_what_is_neither_a_number_nor_a_word_is_noted():
    found, notes = _read("number_or_word", ["23"], 9)
    assert found == (None, None)
    assert [note.path for note in notes] == ["here.key"]


def test_a_text_stands_for_an_object_where_one_value_says_it_all():
    found, notes = _read("object", "WAW01A", short_for="id")
    assert (found.text("id"), notes) == ("WAW01A", ())
    assert _read("object", "WAW01A")[0] is None


def test_one_bad_item_does_not_hide_the_others():
    found, notes = _read("objects", [{"a": "1"}, 5, None, {"a": "2"}])
    assert [item.text("a") for item in found] == ["1", "2"]
    assert [note.path for note in notes] == ["here.key[1]"]
    found, notes = _read("texts", ["a", 5, "b"])
    assert (found, [note.path for note in notes]) == (("a", "b"), ["here.key[1]"])


def test_a_list_too_long_to_go_through_is_left_out():
    for reader in ("objects", "texts"):
        found, notes = _read(reader, [{}] * (LONGEST_LIST + 1))
        assert found == _NOTHING[reader]
        assert [note.path for note in notes] == ["here.key"]


def test_objects_know_their_place():
    side, notes = _side({"inner": [{"at": "x"}]})
    assert side.object("key").objects("inner")[0].time("at") is None
    assert [note.path for note in notes.as_tuple()] == ["here.key.inner[0].at"]


def test_the_same_is_noted_once_and_not_without_end():
    side, notes = _side(5)
    assert side.object("key") is side.object("key") is None
    assert len(notes.as_tuple()) == 1
    for number in range(1000):
        notes.add(str(number), "is odd")
    assert len(notes.as_tuple()) == MOST_NOTES


def test_where_nobody_keeps_notes_none_are_needed():
    assert side_of(JsonObject({"a": 1.5})).text("a") is None
