"""A year of older orders is loaded, and the server dies in the middle of it."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg2
import pytest

from dev import stage

ORDERS = 10_000
#: Where the worker is killed.
ENOUGH = 3_000
_PATIENCE = 240
#: Loading must not keep in memory what it has stored.
_MOST_GROWTH_MB = 120

_ASK = """
from datetime import timedelta
from odoo import fields
account = env["allegro.account"].search([])
now = fields.Datetime.now()
account.order_import_start = now + timedelta(minutes=5)
env["allegro.request"].search([]).action_stop()
env["allegro.request"]._want(
    account, "history", date_from=now - timedelta(days=330), date_to=now
)
env.cr.commit()
"""

_WORK = """
import resource
def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
action = env.ref("allegro_sales_channel.ir_cron_allegro_requests")
request = env["allegro.request"].search([("kind", "=", "history")])
before = memory()
while request.state in ("waiting", "running"):
    action.method_direct_trigger()
    # it works in a transaction of its own, whose result this one can't see
    env.cr.rollback()
print("grown:", memory() - before)
"""

_RESULT = """
import json
older = env["allegro.historic.order"].search([])
request = env["allegro.request"].search([("kind", "=", "history")])
print("result:", json.dumps({
    "state": request.state,
    "counts": [request.done_count, request.new_count, request.failed_count],
    "skipped": sorted(set(request.line_ids.mapped("reason"))),
    "stored": len(older),
    "different": len(set(older.mapped("checkout_form_id"))),
    "sale orders": env["sale.order"].search_count([]),
    "buyers": env["res.partner"].search_count([("allegro_buyer_id", "!=", False)]),
}))
"""


@pytest.fixture(scope="module")
def shop(odoo):
    with stage.set_up(odoo, "older_orders") as shop:
        shop.allegro.post("/history", count=ORDERS, days=300, seller=stage.SELLER)
        yield shop


def test_ten_thousand_with_a_kill_in_the_middle(odoo, shop):
    odoo.script(shop.database, _ASK)
    began = time.monotonic()
    _kill_when_enough(odoo, shop.database)
    killed_at = _stored(odoo, shop.database)
    assert ENOUGH <= killed_at < ORDERS

    said = odoo.script(shop.database, _WORK)
    grown = int(said.split("grown:")[1].split()[0])
    taken = time.monotonic() - began
    print(f"{ORDERS} older orders in {taken:.0f} s, killed at {killed_at}, +{grown} MB")

    said = odoo.script(shop.database, _RESULT)
    result = json.loads(said.split("result:")[1].strip().splitlines()[0])
    assert result["state"] == "done"
    # each once, wherever the knife fell
    assert result["counts"][0] == ORDERS
    assert result["counts"][2] == 0
    assert result["stored"] == result["different"] == result["counts"][1]
    # what is not there has its reason: the buyer has not completed it
    assert all("not completed" in reason for reason in result["skipped"])
    assert result["stored"] > ORDERS * 0.9
    assert result["sale orders"] == result["buyers"] == 0
    assert grown < _MOST_GROWTH_MB


def _kill_when_enough(odoo, database):
    """Let a process work, and kill it without a warning."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "odoo", "shell", *odoo.options(database)]
        + ["--no-http", "--log-level=warn", "--shell-interface=python"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=odoo.environment(),
        start_new_session=True,
    )
    try:
        worker.stdin.write(_WORK.encode())
        worker.stdin.close()
        deadline = time.monotonic() + _PATIENCE
        while _stored(odoo, database) < ENOUGH:
            assert worker.poll() is None, "the worker ended too early"
            assert time.monotonic() < deadline, "too slow"
            time.sleep(0.1)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _stored(odoo, database):
    known = {
        "host": odoo.server.host,
        "port": odoo.server.port,
        "user": odoo.server.user,
    }
    connection = psycopg2.connect(
        dbname=database, **{key: value for key, value in known.items() if value}
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM allegro_historic_order")
            return cursor.fetchone()[0]
    finally:
        connection.close()
