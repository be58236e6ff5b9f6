"""``python3 -m dev bench``: what an import costs.

``python3 -m dev bench money``: is it the same money everywhere?
``python3 -m dev bench watch``: what the watch finds.
"""

import argparse
import json

from .. import console, postgres, stage
from ..odoo_process import Odoo
from . import bench_money, bench_watch

_SCRIPT = """
import json, os, resource, time

account = env["allegro.account"].search([])
queries, started = env.cr.sql_log_count, time.monotonic()
getattr(env["allegro.account"], os.environ["STEP"])()
print(json.dumps({
    "seconds": time.monotonic() - started,
    "queries": env.cr.sql_log_count - queries,
    "orders": env["sale.order"].search_count([("allegro_account_id", "=", account.id)]),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


_OTHERS = {"money": bench_money.run, "watch": bench_watch.run}


def run(arguments):
    """:return: 0, unless money differs: other figures are for people to judge"""
    if arguments[:1] and arguments[0] in _OTHERS:
        return _OTHERS[arguments[0]](arguments[1:])
    parser = argparse.ArgumentParser(prog="python3 -m dev bench")
    parser.add_argument(
        "--orders", type=int, default=500, help="to import (500 unless told)"
    )
    count = parser.parse_args(arguments).orders
    with postgres.running() as server:
        odoo = Odoo.prepare(server)
        with stage.set_up(odoo, "bench") as bench:
            bench.allegro.post(
                "/orders", template="courier", count=count, seller=stage.SELLER
            )
            console.say("\n                     orders  ms/order  SQL/order  calls  MB")
            _measure(bench, "first import", "_cron_sync")
            _measure(bench, "nothing new", "_cron_sync")
            _measure(bench, "sweep of the same", "_cron_sweep")
    return 0


def _measure(bench, name, step):
    bench.allegro.control("DELETE", "/requests")
    said = bench.odoo.script(bench.database, _SCRIPT, STEP=step)
    figures = json.loads(said.strip().splitlines()[-1])
    orders = figures["orders"] or 1
    console.say(
        f"{name:20} {figures['orders']:6}"
        f"  {figures['seconds'] * 1000 / orders:8.1f}"
        f"  {figures['queries'] / orders:9.1f}"
        f"  {len(bench.allegro.requests()):5}"
        f"  {figures['megabytes']:.0f}"
    )
