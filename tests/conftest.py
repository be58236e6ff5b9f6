"""Fixtures for everything that talks to the simulator."""

import pytest


@pytest.fixture(scope="session")
def _running_simulator():
    from tests.simulator import Simulator

    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(_running_simulator):
    """A fake Allegro with a fresh world: a :class:`tests.simulator.driver.Driver`."""
    from tests.simulator.driver import Driver

    _running_simulator.reset()
    driver = Driver(_running_simulator.url)
    yield driver
    driver.close()
