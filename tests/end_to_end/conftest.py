"""A whole Odoo server beside the simulator, driven as its users drive it."""

import pytest

from dev import odoo_process, postgres, stage
from tests.end_to_end.client import OdooClient


@pytest.fixture(scope="session")
def odoo():
    with postgres.running() as server:
        yield odoo_process.Odoo.prepare(server)


@pytest.fixture(scope="session")
def running_shop(odoo, tmp_path_factory):
    """A stage and the address of the Odoo server that acts on it."""
    log = tmp_path_factory.mktemp("odoo") / "odoo.log"
    with (
        stage.set_up(odoo, "end_to_end") as shop,
        odoo.serve(shop.database, log) as address,
    ):
        yield shop, address


@pytest.fixture
def allegro(running_shop):
    """The simulator, with no faults left over from another test."""
    shop, _address = running_shop
    shop.allegro.control("DELETE", "/faults")
    shop.allegro.control("DELETE", "/requests")
    return shop.allegro


@pytest.fixture(scope="session")
def admin(running_shop):
    shop, address = running_shop
    return OdooClient(address, shop.database, "admin")


@pytest.fixture(scope="session")
def seller(running_shop):
    shop, address = running_shop
    return OdooClient(address, shop.database, "seller")
