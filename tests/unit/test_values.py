"""Money, time and the checked reading of JSON."""

import json
from dataclasses import FrozenInstanceError
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro.errors import AllegroDataError
from allegro.values import LONGEST_LIST, JsonObject, Money, is_token, storable

#: What the reader of an answer makes of any JSON at all.
_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=80),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
    ),
    max_leaves=8,
)
_READERS = [
    "optional_text",
    "text",
    "secret",
    "flag",
    "optional_whole",
    "positive_whole",
    "optional_decimal",
    "optional_time",
    "optional_date",
    "optional_object",
    "object",
    "optional_money",
    "money",
    "objects",
    "optional_list",
    "list",
    "texts",
]
_REQUIRED = ["text", "secret", "positive_whole", "object", "money", "list"]
_OPTIONAL = {
    "optional_text": None,
    "flag": False,
    "optional_whole": None,
    "optional_decimal": None,
    "optional_time": None,
    "optional_date": None,
    "optional_object": None,
    "optional_money": None,
    "optional_list": None,
    "objects": [],
    "texts": (),
}


def _read(reader, value):
    return getattr(JsonObject({"key": value}, "here"), reader)("key")


def _error_of(reader, value):
    with pytest.raises(AllegroDataError) as caught:
        _read(reader, value)
    return caught.value


# All readers


@given(st.sampled_from(_READERS), _ANYTHING)
def test_whatever_the_value_the_only_error_is_ours_and_names_the_path(reader, value):
    try:
        _read(reader, value)
    except AllegroDataError as error:
        assert error.path.startswith("here.key")
        assert len(str(error)) < 200


@pytest.mark.parametrize("reader", _REQUIRED)
@pytest.mark.parametrize("data", [{}, {"key": None}])
def test_what_must_be_there_is_missed_by_its_path(reader, data):
    with pytest.raises(AllegroDataError, match="is missing") as caught:
        getattr(JsonObject(data, "lineItems[2]"), reader)("key")
    assert caught.value.path == "lineItems[2].key"


@pytest.mark.parametrize("reader", _OPTIONAL)
@pytest.mark.parametrize("data", [{}, {"key": None}])
def test_null_and_absent_are_the_same(reader, data):
    assert getattr(JsonObject(data), reader)("key") == _OPTIONAL[reader]


def test_every_reader_is_either_required_or_optional():
    assert sorted(_READERS) == sorted([*_REQUIRED, *_OPTIONAL])


@pytest.mark.parametrize("data", [None, [], "text", 1, True])
def test_only_an_object_is_an_object(data):
    with pytest.raises(AllegroDataError, match="is not an object") as caught:
        JsonObject(data)
    assert caught.value.path == "answer"


def test_an_answer_that_is_no_object_is_not_quoted():
    with pytest.raises(AllegroDataError) as caught:
        JsonObject("a-token-perhaps")
    assert "a-token-perhaps" not in str(caught.value)


def test_paths_grow_through_objects_and_lists():
    data = JsonObject({"a": {"b": [{}, {"c": {"d": 1}}]}})
    inner = data.object("a").objects("b")[1].object("c")
    with pytest.raises(AllegroDataError) as caught:
        inner.text("d")
    assert caught.value.path == "a.b[1].c.d"


def test_an_item_of_a_list_of_objects_must_be_one():
    assert _error_of("objects", [{}, 5]).path == "here.key[1]"


def test_the_items_of_a_list_are_not_looked_at():
    assert _read("list", [1, None, "x"]) == [1, None, "x"]


@pytest.mark.parametrize("reader", ["list", "optional_list", "objects", "texts"])
def test_a_list_that_nobody_could_go_through_is_refused(reader):
    item = {} if reader == "objects" else ""
    assert len(_read(reader, [item] * LONGEST_LIST)) == LONGEST_LIST
    error = _error_of(reader, [item] * (LONGEST_LIST + 1))
    assert str(error) == f"here.key: has more than {LONGEST_LIST} items"


@pytest.mark.parametrize("reader", ["list", "optional_list", "objects"])
def test_how_many_items_make_sense_is_for_the_caller_to_say(reader):
    data = JsonObject({"key": [{}, {}]}, "here")
    assert len(getattr(data, reader)("key", most=2)) == 2
    with pytest.raises(AllegroDataError, match="more than 1 items"):
        getattr(data, reader)("key", most=1)


def test_an_error_says_where_and_what():
    error = JsonObject({}, "buyer").broken("id", "makes no sense")
    assert (error.path, str(error)) == ("buyer.id", "buyer.id: makes no sense")


def test_what_goes_into_a_log_names_the_place_and_no_value():
    error = _error_of("optional_whole", "Jan Kowalski")
    assert "Jan Kowalski" in str(error)
    assert error.for_log == "AllegroDataError at here.key"
    assert error.problem == "is not a whole number"


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ({"deep": "secret"}, "an object is not"),
        (["deep"], "a list is not"),
        (True, "True is not"),
        (1.5, "1.5 is not"),
    ],
)
def test_a_wrong_value_is_quoted_in_short(value, quoted):
    assert quoted in str(_error_of("text", value))


def test_a_long_wrong_value_is_cut():
    message = str(_error_of("optional_decimal", "x" * 10_000))
    assert "xxx..." in message
    assert len(message) < 120


# Texts


@pytest.mark.parametrize("value", ["", "   ", "\t\n", "\x00"])
def test_an_empty_text_is_none(value):
    assert _read("optional_text", value) is None
    assert _error_of("text", value).path == "here.key"


def test_a_text_loses_its_outer_blanks_only():
    assert _read("text", "  ul. Długa  7 \n") == "ul. Długa  7"


@pytest.mark.parametrize("value", [1, True, 1.5, [], {}])
def test_only_a_text_is_a_text(value):
    assert "is not a text" in str(_error_of("optional_text", value))


@given(st.text())
def test_what_is_storable_can_be_encoded_and_holds_nothing_unprintable(text):
    kept = storable(text)
    kept.encode()
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in kept)
    assert storable(kept) == kept


def test_ordinary_and_astral_letters_stay_and_halves_are_marked():
    assert storable("Zażółć\n😀") == "Zażółć\n😀"
    assert storable("a\x00b\ufffe\x7f") == "ab"
    assert storable(json.loads('"cut \\ud83d"')) == "cut \ufffd"


def test_texts_are_a_tuple_and_each_is_checked():
    assert _read("texts", ["a", "b\x00"]) == ("a", "b")
    error = _error_of("texts", ["a", 1])
    assert error.path == "here.key[1]"


# Secrets


@pytest.mark.parametrize("value", ["", "a b", "zażółć", "a\nb", "a\x00", 5, [], {}])
def test_a_secret_fits_a_header_and_is_never_quoted(value):
    error = _error_of("secret", value)
    assert str(error) == "here.key: is not a token"
    assert not is_token(value)


def test_a_secret_is_taken_as_it_is():
    assert _read("secret", "eyJ.abc-_~") == "eyJ.abc-_~"


# Flags and numbers


@pytest.mark.parametrize(("value", "expected"), [(True, True), (False, False)])
def test_a_flag_is_what_it_says(value, expected):
    assert _read("flag", value) is expected


@pytest.mark.parametrize("value", ["true", 1, 0, [], {}])
def test_only_true_and_false_are_flags(value):
    assert "is not true or false" in str(_error_of("flag", value))


@pytest.mark.parametrize("value", [7, Decimal("7"), Decimal("7.0"), Decimal("0.7E1")])
def test_a_whole_number_may_be_written_as_a_fraction(value):
    whole = _read("optional_whole", value)
    assert (whole, type(whole)) == (7, int)


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.5"),
        2**31,
        -(2**31),
        10**30,
        Decimal("1e999999"),
        True,
        "7",
        float("nan"),
        float("inf"),
    ],
)
def test_no_whole_number(value):
    assert "is not a whole number" in str(_error_of("optional_whole", value))


@pytest.mark.parametrize("value", [0, -1])
def test_a_positive_number_is_above_zero(value):
    assert "is not above zero" in str(_error_of("positive_whole", value))


def test_a_positive_number_may_be_the_largest_of_the_database():
    assert _read("positive_whole", 2**31 - 1) == 2**31 - 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("23.00", "23.00"),
        (" 23 ", "23"),
        (23, "23"),
        (Decimal("24.0"), "24.0"),
        ("-1.5", "-1.5"),
    ],
)
def test_a_decimal_keeps_its_digits(value, expected):
    assert str(_read("optional_decimal", value)) == expected


@pytest.mark.parametrize(
    "value",
    [
        "1e5",
        "1_0",
        "NaN",
        "Infinity",
        "١",
        "1,5",
        ".5",
        "5.",
        "+1",
        "",
        "1234567890",
        "0.1234567",
        Decimal("1e400"),
        10**9,
        1.5,
        True,
    ],
)
def test_no_decimal(value):
    assert "is not a number" in str(_error_of("optional_decimal", value))


# Money


def _price(amount, currency="PLN"):
    return {"amount": amount, "currency": currency}


@given(st.integers(0, 999_999_999), st.integers(0, 99), st.integers(0, 10_000))
def test_money_is_exact(whole, cents, quantity):
    money = _read("money", _price(f"{whole}.{cents:02}"))
    assert money == Money(Decimal(whole * 100 + cents) / 100, "PLN")
    assert (money * quantity).amount * 100 == (whole * 100 + cents) * quantity


def test_money_is_equal_whatever_its_zeros():
    assert _read("money", _price("24.0")) == Money(Decimal("24.00"), "PLN")


def test_money_reads_well_and_does_not_change():
    money = Money(Decimal("5.50"), "CZK")
    assert str(money) == "5.50 CZK"
    assert money * 2 == Money(Decimal("11.00"), "CZK")
    with pytest.raises(FrozenInstanceError):
        money.amount = Decimal(1)


@pytest.mark.parametrize(
    ("price", "path"),
    [
        ({}, "here.key.amount"),
        (_price(None), "here.key.amount"),
        (_price("-0.01"), "here.key.amount"),
        (_price("abc"), "here.key.amount"),
        (_price(1.5), "here.key.amount"),
        (_price("1", None), "here.key.currency"),
        (_price("1", "zł"), "here.key.currency"),
        (_price("1", "pln"), "here.key.currency"),
        (_price("1", 985), "here.key.currency"),
        ("12.00", "here.key"),
        (12, "here.key"),
    ],
)
def test_malformed_money_is_named(price, path):
    assert _error_of("optional_money", price).path == path


# Time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-02T09:22:33Z", (9, 22, 33, 0)),
        ("2026-07-02T09:22:33.1Z", (9, 22, 33, 100_000)),
        ("2026-07-02T09:22:33.135Z", (9, 22, 33, 135_000)),
        ("2026-07-02T09:22:33.123456789Z", (9, 22, 33, 123_456)),
        ("2026-07-02T11:22:33+02:00", (9, 22, 33, 0)),
        ("2026-07-02T11:22:33.5+0200", (9, 22, 33, 500_000)),
        ("2026-07-02T03:52:33-05:30", (9, 22, 33, 0)),
    ],
)
def test_a_time_becomes_utc(text, expected):
    moment = _read("optional_time", text)
    assert moment == datetime(2026, 7, 2, *expected, tzinfo=timezone.utc)
    assert moment.tzinfo is timezone.utc


@given(
    st.datetimes(
        datetime(1970, 1, 2),
        datetime(2999, 12, 30),
        timezones=st.integers(-14 * 60, 14 * 60).map(
            lambda minutes: timezone(timedelta(minutes=minutes))
        ),
    )
)
def test_every_time_that_python_writes_is_read_back(moment):
    assert _read("optional_time", moment.isoformat()) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-02",
        "2026-07-02T09:22:33",
        "2026-07-02 09:22:33Z",
        "2026-13-02T09:22:33Z",
        "2026-02-30T09:22:33Z",
        "2026-07-02T25:22:33Z",
        "2026-07-02T09:22:33+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1969-12-31T23:59:59Z",
        "٢٠٢٦-07-02T09:22:33Z",
        "yesterday",
        1_782_983_753,
    ],
)
def test_no_time(text):
    assert _error_of("optional_time", text).path == "here.key"


@given(st.dates(date(1970, 1, 1), date(2999, 12, 31)))
def test_every_date_that_python_writes_is_read_back(day):
    assert _read("optional_date", day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T00:00:00Z",
        "2026-09-01T00:00:00.000+02:00",
        "2026-09-01T23:59:59-0500",
    ],
)
def test_of_a_time_a_date_is_the_day_that_is_written_there(text):
    assert _read("optional_date", text) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["2026-7-2", "2026-02-30", "2026-02-30T00:00:00Z", "0001-01-01", "2026-07-02T", 5],
)
def test_no_date(text):
    assert _error_of("optional_date", text).path == "here.key"


def test_an_empty_date_is_none():
    assert _read("optional_date", "") is None
