"""A stage to act on: a company with products and stock, connected to a simulator."""

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.simulator.driver import Driver

from . import console
from .odoo_process import Odoo
from .places import REPOSITORY

#: What the simulator takes for a registered application.
CLIENT = {"client_id": "simulator-client-id", "secret": "simulator-client-secret"}
SELLER = "czesci_pewne"
#: The password of every user of a stage is the user's name.
USERS = ("admin", "seller", "warehouse")
_IMPORT = """
env["allegro.account"]._cron_sweep()
env["allegro.account"]._cron_sync()
"""
#: What a browser loads first takes Odoo half a minute to put together.
_WARM = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""
_SCRIPT = Path(__file__).with_name("stage_script.py")


@dataclass(frozen=True)
class Stage:
    """
    :param odoo: the :class:`Odoo` it stands in
    :param database: the database's name
    :param allegro: the simulator's :class:`Driver`
    """

    odoo: Odoo
    database: str
    allegro: Driver

    def import_orders(self):
        """Look for missed orders and import them, as the scheduled actions would."""
        self.odoo.script(self.database, _IMPORT)

    def warm_up(self):
        """Make the style sheets and scripts before a browser waits for them."""
        self.odoo.script(self.database, _WARM)


@contextmanager
def set_up(odoo, purpose, *, past_orders=0, connect=True):
    """A database and a simulator, both gone afterwards.

    :param purpose: of the database; one of a name at a time
    :param past_orders: how many orders of the last days there are to begin with
    :param connect: whether the account is connected already
    """
    with running_simulator() as allegro:
        database = odoo.new_database(purpose)
        try:
            if past_orders:
                allegro.post("/history", count=past_orders, days=3, seller=SELLER)
                for unmanaged in ("some", "some", "all"):
                    allegro.post("/orders", seller=SELLER, unmanaged=unmanaged)
            with console.step("Setting up the company, its products and account"):
                _fill(odoo, database, allegro, connect)
            yield Stage(odoo, database, allegro)
        finally:
            odoo.drop(database)


@contextmanager
def running_simulator(*arguments):
    """A :class:`Driver` of a simulator in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise console.Problem(
                "The simulator of Allegro did not start.",
                "Its error is above; python3 -m tests.simulator shows it again.",
            )
        driver = Driver(url)
        yield driver
        driver.close()
    finally:
        process.terminate()
        process.wait()


def _fill(odoo, database, allegro, connect):
    offers = allegro.control("GET", "/catalogue")["offers"]
    plan = {
        "allegro_url": allegro.url,
        "client": CLIENT,
        "tokens": allegro.issue_tokens(SELLER) if connect else None,
        "offers": [offer for offer in offers if offer["seller"] == SELLER],
        "users": USERS,
    }
    odoo.script(database, _SCRIPT.read_text(), STAGE=json.dumps(plan))
