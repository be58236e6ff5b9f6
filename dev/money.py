"""Random orders, sold, invoiced and corrected in Odoo: is it the same money everywhere?

The orders and the checks are those of a test of the KSeF addon, which runs a few; here
it runs thousands, on two databases at once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import console
from .places import REPOSITORY

_TEST = REPOSITORY / "allegro_sales_channel_pl_edi" / "tests" / "test_money.py"
#: So many runs at once, for two cores.
_HANDS = 2
#: What pytest answers when the test ran, whatever came of it.
_RAN = (0, 1)


def bench(odoo, orders, seed):
    """Run them, and print what came of it: a table, and every exception.

    :param odoo: an :class:`.odoo_process.Odoo`
    :param orders: how many
    :param seed: a text; the same orders for the same seed
    :return: how many exceptions there were
    """
    begun = time.monotonic()
    databases = odoo.new_databases("money", _HANDS)
    try:
        with ThreadPoolExecutor(_HANDS) as pool:
            reports = list(
                pool.map(
                    lambda hand: _run(odoo, databases[hand], hand, orders, seed),
                    range(_HANDS),
                )
            )
    finally:
        for database in databases:
            odoo.drop(database)
    tried, wrong = Counter(), {}
    for report in reports:
        tried.update(report["tried"])
        wrong.update(report["wrong"])
    _print(tried, wrong)
    count = sum(map(len, wrong.values()))
    console.say(
        f"\n{tried.total()} orders, {count} exceptions"
        f" ({time.monotonic() - begun:.0f} s, seed {seed})."
    )
    return count


def _run(odoo, database, hand, orders, seed):
    """One hand's share of the orders.

    :return: dict: ``tried`` and ``wrong``, by kind of order
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *odoo.pytest_options(database)]
            + ["-q", "--override-ini=pythonpath=", str(_TEST)],
            cwd=REPOSITORY,
            env={
                **odoo.environment(),
                "MONEY_FIRST": str(hand),
                "MONEY_STEP": str(_HANDS),
                "MONEY_ORDERS": str(orders),
                "MONEY_SEED": seed,
                "MONEY_REPORT": os.fspath(report),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if done.returncode not in _RAN or not report.exists():
            raise console.Problem(
                f"The orders were not run:\n{done.stdout[-3000:]}",
                "See what it says above.",
            )
        return json.loads(report.read_text())


def _print(tried, wrong):
    """A row for each setting and rounding, a column for each currency."""
    currencies = list(dict.fromkeys(kind.split(" | ")[2] for kind in sorted(tried)))
    console.say(
        f"\n{'exceptions / orders':34}{''.join(f'{c:>11}' for c in currencies)}"
    )
    for row in sorted({kind.rpartition(" | ")[0] for kind in tried}):
        cells = [
            f"{len(wrong.get(f'{row} | {code}', ()))} / {tried[f'{row} | {code}']}"
            for code in currencies
        ]
        console.say(f"{row:34}{''.join(f'{cell:>11}' for cell in cells)}")
    for kind, found in sorted(wrong.items()):
        for number, smallest, said in found:
            console.say(f"\n{kind}, order {number}: {said}\n  {smallest}")
