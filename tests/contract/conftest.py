"""The published contract and real samples, where they are at hand."""

import os
from pathlib import Path

import pytest

from tests.contract.spec import Contract


def _place(variable, what):
    place = os.environ.get(variable)
    if not place:
        pytest.skip(f"{variable} does not name {what}")
    return Path(place)


@pytest.fixture(scope="session")
def contract():
    return Contract(_place("ALLEGRO_OPENAPI", "Allegro's OpenAPI file"))


@pytest.fixture(scope="session")
def samples():
    return _place("ALLEGRO_SAMPLES", "a folder of real answers of Allegro")
