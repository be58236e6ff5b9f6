"""Which product an offer may be, best first, and why."""

import pytest

from allegro.suggestions import (
    NAME_ALIKE,
    REFERENCE_ALIKE,
    REFERENCE_IN_NAME,
    SAME_EAN,
    SAME_REFERENCE,
    Candidate,
    pattern,
    rank,
)

EAN = "5907000000019"
OFFER = "Alternator Bosch ALT-0124525 VW Golf VII"


def _candidate(key, reference="", barcode="", name="Something else"):
    return Candidate(key, reference, barcode, name)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (_candidate(1, reference="SIG-1"), SAME_REFERENCE),
        (_candidate(1, barcode="SIG-1"), SAME_REFERENCE),
        (_candidate(1, barcode=EAN), SAME_EAN),
        (_candidate(1, reference="sig 1"), REFERENCE_ALIKE),
        (_candidate(1, reference="ALT0124525"), REFERENCE_IN_NAME),
        (_candidate(1, name="ALTERNATOR Bosch, golf VII"), NAME_ALIKE),
    ],
)
def test_each_reason(candidate, reason):
    [found] = rank(OFFER, "SIG-1", [EAN], [candidate])
    assert (found.key, found.reason) == (1, reason)


def test_the_surest_comes_first_and_nothing_that_is_no_match():
    candidates = [
        _candidate(1, name="Alternator Bosch VW Golf"),
        _candidate(2, reference="ALT-0124525"),
        _candidate(3, name="Radio"),
        _candidate(4, barcode=EAN),
        _candidate(5, reference="SIG-1"),
        _candidate(6, reference="SIG.1"),
    ]
    found = rank(OFFER, "SIG-1", [EAN], candidates)
    assert [suggestion.key for suggestion in found] == [5, 4, 6, 2, 1]
    scores = [suggestion.score for suggestion in found]
    assert scores == sorted(scores, reverse=True)


def test_empty_texts_match_nothing():
    assert rank("", "", [], [_candidate(1, name=""), _candidate(2)]) == []
    assert rank("Golf", "", [""], [_candidate(1, name="")]) == []


def test_a_short_reference_in_a_name_is_chance():
    assert rank("Komplet VII do Golfa", "", [], [_candidate(1, reference="VII")]) == []


@pytest.mark.parametrize(
    ("reference", "expected"),
    [("alt 0124525", "alt%0124525"), ("ALT-0124525/X", "ALT%0124525%X"), ("", "")],
)
def test_a_pattern_finds_what_is_written_with_other_separators(reference, expected):
    assert pattern(reference) == expected
