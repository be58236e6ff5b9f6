"""What each status means, and what is told from which."""

import pytest

from allegro import statuses
from allegro.statuses import MEANINGS

#: Words that are no status of Allegro's, or of none yet.
_UNKNOWN = ("INVENTED_LATER", "new", "", None, False)


def test_every_status_has_its_steps():
    for status in MEANINGS:
        following = statuses.next_step(status, has_parcel=True, is_delivered=True)
        assert following is None or following in statuses.possible_steps(status)


@pytest.mark.parametrize(
    ("status", "has_parcel", "is_delivered", "step"),
    [
        ("NEW", False, False, "start"),
        ("NEW", True, False, "start"),
        ("SUSPENDED", False, False, "start"),
        ("PROCESSING", False, False, "tracking"),
        ("PROCESSING", True, False, "hand_over"),
        ("READY_FOR_SHIPMENT", True, True, "hand_over"),
        ("SENT", True, True, None),
        ("SENT", True, False, "hand_over"),
        ("CANCELLED", False, False, None),
        ("RETURNED", False, True, None),
    ],
)
def test_next_step(status, has_parcel, is_delivered, step):
    assert statuses.next_step(status, has_parcel, is_delivered) == step


@pytest.mark.parametrize("status", MEANINGS)
def test_nothing_is_told_that_is_there(status):
    assert statuses.is_reached(status, status)


@pytest.mark.parametrize(
    ("wanted", "status", "reached"),
    [
        ("PROCESSING", "NEW", False),
        ("PROCESSING", "SENT", True),
        ("PROCESSING", "SUSPENDED", False),
        ("SENT", "PROCESSING", False),
        ("SENT", "PICKED_UP", True),
        ("SENT", "CANCELLED", True),
        ("CANCELLED", "SENT", False),
        ("CANCELLED", "RETURNED", True),
    ],
)
def test_what_is_farther_is_not_set_back(wanted, status, reached):
    assert statuses.is_reached(wanted, status) is reached


# The table


def test_what_the_table_says():
    assert statuses.LEFT_THE_HOUSE == ("SENT", "PICKED_UP", "RETURNED")
    assert statuses.ENDED == ("SENT", "PICKED_UP", "RETURNED", "CANCELLED")
    assert statuses.HANDED_OVER == ("SENT", "PICKED_UP")
    assert statuses.INVOICE_AFTER == {
        "processing": (
            "PROCESSING",
            "READY_FOR_SHIPMENT",
            "READY_FOR_PICKUP",
            "SENT",
            "PICKED_UP",
        ),
        "handed_over": ("SENT", "PICKED_UP"),
    }


def test_what_has_ended_is_farther_than_what_is_in_work():
    farthest = max(MEANINGS[status].progress for status in statuses.IN_WORK)
    assert all(MEANINGS[status].progress > farthest for status in statuses.ENDED)


# Words that nobody knows


@pytest.mark.parametrize("word", _UNKNOWN)
def test_nothing_can_be_done_from_an_unknown_word(word):
    assert statuses.possible_steps(word) == frozenset()
    assert statuses.next_step(word, has_parcel=True, is_delivered=False) is None


@pytest.mark.parametrize("word", _UNKNOWN)
@pytest.mark.parametrize("status", MEANINGS)
def test_an_unknown_word_is_neither_farther_nor_behind(word, status):
    assert statuses.is_reached(status, word) is False
    assert statuses.is_reached(word, status) is False
    assert statuses.is_reached(word, word) is True
