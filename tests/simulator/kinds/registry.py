"""Names, descriptions and weights of the kinds of orders."""

from collections.abc import Callable
from dataclasses import dataclass

KINDS = {}


@dataclass(frozen=True)
class Kind:
    """
    :param weight: how likely a random order is of this kind
    :param marketplace: where it is bought unless asked otherwise
    """

    name: str
    description: str
    build: Callable
    weight: int
    marketplace: str


def kind(name, description, weight=0, marketplace="allegro-pl"):
    """Registers a function that puts the draft of an order together."""

    def register(build):
        KINDS[name] = Kind(name, description, build, weight, marketplace)
        return build

    return register


def kinds_for(marketplace=None):
    """Those that a random order may be of; abroad the ordinary ones serve anywhere."""
    likely = [kind for kind in KINDS.values() if kind.weight]
    local = [kind for kind in likely if marketplace in (None, kind.marketplace)]
    return local or [kind for kind in likely if kind.marketplace == "allegro-pl"]
