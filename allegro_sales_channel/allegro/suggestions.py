"""Which product an offer may be: candidates, best first, each with the reason."""

import re
from dataclasses import dataclass

SAME_REFERENCE = "reference"
SAME_EAN = "ean"
REFERENCE_ALIKE = "reference_alike"
REFERENCE_IN_NAME = "reference_in_name"
NAME_ALIKE = "name"

#: Below this part of common words two names are about different things.
_LEAST_ALIKE = 0.4
#: A shorter reference stands in too many names by chance.
_LEAST_REFERENCE = 4
_WORD = re.compile(r"[^\W_]{2,}")
_GROUP = re.compile(r"[^\W\d_]+|\d+")
_NOT_IN_REFERENCE = re.compile(r"[\W_]")


@dataclass(frozen=True)
class Candidate:
    """What is known of a product; empty texts are unknown."""

    key: int
    reference: str
    barcode: str
    name: str


@dataclass(frozen=True)
class Suggestion:
    """``score``: from 0 to 100, how sure it is. ``reason``: one of the constants."""

    key: int
    score: int
    reason: str


def rank(name, signature, eans, candidates):
    """
    :param name: of the offer
    :param signature: the seller's own reference on the offer, empty when none
    :param eans: the EANs that Allegro's catalogue knows for it
    :param candidates: iterable of :class:`Candidate`
    :return: list of :class:`Suggestion`, best first, without what is no match at all
    """
    found = (_judge(name, signature, set(eans), candidate) for candidate in candidates)
    return sorted(
        (suggestion for suggestion in found if suggestion),
        key=lambda suggestion: (-suggestion.score, suggestion.key),
    )


def words(text):
    """The words of a name by which others like it can be looked for."""
    return _WORD.findall(text.casefold())


def pattern(reference):
    """A pattern for LIKE that finds references written with other separators."""
    return "%".join(_GROUP.findall(reference))


def _judge(name, signature, eans, candidate):
    reference = candidate.reference
    if signature and signature in (reference, candidate.barcode):
        return Suggestion(candidate.key, 100, SAME_REFERENCE)
    if candidate.barcode and candidate.barcode in eans:
        return Suggestion(candidate.key, 95, SAME_EAN)
    plain = _plain(reference)
    if plain and plain == _plain(signature):
        return Suggestion(candidate.key, 85, REFERENCE_ALIKE)
    if len(plain) >= _LEAST_REFERENCE and plain in {_plain(w) for w in name.split()}:
        return Suggestion(candidate.key, 75, REFERENCE_IN_NAME)
    alike = _alike(name, candidate.name)
    if alike >= _LEAST_ALIKE:
        return Suggestion(candidate.key, round(70 * alike), NAME_ALIKE)
    return None


def _plain(reference):
    """A reference without what people write differently each time."""
    return _NOT_IN_REFERENCE.sub("", reference or "").casefold()


def _alike(one, other):
    """The part of their words that two names share, from 0 to 1."""
    first, second = set(words(one)), set(words(other))
    return len(first & second) / len(first | second) if first and second else 0
