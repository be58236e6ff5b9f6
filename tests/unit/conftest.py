"""Fixtures of the tests of the pure package."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from allegro.client import AllegroClient
from allegro.oauth import OAuth
from tests.gates import NotingGate
from tests.simulator.driver import USER_AGENT

# neither chance nor a busy machine decides whether the tests pass
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def samples():
    place = os.environ.get("ALLEGRO_SAMPLES")
    if not place:
        pytest.skip("ALLEGRO_SAMPLES does not name a folder of real answers of Allegro")
    return Path(place)


@pytest.fixture
def client(simulator):
    token = simulator.issue_tokens()["access_token"]
    with AllegroClient(simulator.url, token, USER_AGENT, gate=NotingGate()) as client:
        yield client


@pytest.fixture
def oauth(simulator):
    return OAuth(
        f"{simulator.url}/auth/oauth",
        "simulator-client-id",
        "simulator-client-secret",
        USER_AGENT,
    )
