"""``python3 -m dev soak``: nothing is lost or doubled, whatever fails."""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from .. import console, postgres, stage
from ..odoo_process import Odoo
from ..soak import people, servers, verdict

#: A tenth of all requests, shared out among these.
_FAULTS = (
    ("status", {"status": 503}),
    ("status", {"status": 429, "retry_after": 2}),
    ("status", {"status": 500, "takes_effect": True}),
    ("drop", {}),
    ("lost_answer", {}),
    ("garbage", {}),
    ("garbage", {"truncated": True}),
    ("gatekeeper", {}),
    ("html", {"status": 502}),
    ("latency", {"seconds": 3}),
)
_JOURNAL = (
    ("duplicated", {}),
    ("missing", {}),
    ("disordered", {"seconds": 20}),
)
_SHARE = 0.1
_SETTLE_ROUNDS = 40
_ACTIONS = ("requests", "sweep", "sync", "push", "invoice")


def run(arguments):
    """:return: 0 when nothing was lost or doubled"""
    parser = argparse.ArgumentParser(prog="python3 -m dev soak")
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20, help="of a worker, with -9")
    parser.add_argument("--stops", type=int, default=5, help="of PostgreSQL")
    parser.add_argument("--minutes", type=float, default=30, help="of trouble")
    parser.add_argument("--seed", type=int, default=2026)
    wish = parser.parse_args(arguments)
    random.seed(wish.seed)
    with (
        postgres.own("postgres-soak") as (server, restart),
        tempfile.TemporaryDirectory() as logs,
    ):
        odoo = Odoo.prepare(server)
        with stage.set_up(odoo, "soak") as shop:
            return _soak(shop, restart, Path(logs), wish)


def _soak(shop, restart, logs, wish):
    start = _last_line(shop.odoo.script(shop.database, verdict.START))
    began = time.monotonic()
    with servers.running(shop.odoo, shop.database, logs) as running:
        buyers = people.Buyers(shop.allegro, stage.SELLER)
        staff = people.Staff(running.addresses, shop.database)
        _make_faults(shop.allegro)
        trouble = servers.Trouble(
            running,
            restart,
            kills=wish.kills,
            stops=wish.stops,
            seconds=wish.minutes * 60,
        )
        with console.step(f"{wish.orders} orders, with trouble"):
            _live(buyers, staff, trouble, wish)
        shop.allegro.control("DELETE", "/faults")
        errors = running.errors()
    with console.step("Letting it settle"):
        _settle(shop)
    here = json.loads(
        _last_line(shop.odoo.script(shop.database, verdict.SCRIPT, START=start))
    )
    there = shop.allegro.control("GET", "/orders")["orders"]
    whole = [shop.allegro.control("GET", f"/orders/{row['id']}") for row in there]
    found = {
        **verdict.judge(whole, here),
        "faults seen by people": staff.errors,
        "errors of ours": errors,
    }
    _print(found, len(whole), running.kills, time.monotonic() - began)
    return 1 if any(found.values()) else 0


def _print(found, orders, kills, seconds):
    console.say(f"\n{orders} orders, {kills} kills, {seconds / 60:.0f} minutes")
    for name, items in found.items():
        console.say(f"{name:24} {len(items):6}")
        for item in items[:3]:
            console.say(f"    {item}")


def _make_faults(allegro):
    for kind, more in _FAULTS:
        allegro.fault(
            kind, path_pattern="^/(?!auth)", probability=_SHARE / len(_FAULTS), **more
        )
    for kind, more in _JOURNAL:
        allegro.fault(kind, probability=_SHARE / len(_JOURNAL), **more)


def _live(buyers, staff, trouble, wish):
    """Purchases spread over the time, people at work, and the trouble."""
    began, seconds = time.monotonic(), wish.minutes * 60
    while True:
        passed = time.monotonic() - began
        due = min(wish.orders, int(wish.orders * (passed / seconds) + 1))
        if due > buyers.bought:
            buyers.buy(due - buyers.bought)
        staff.work(20)
        trouble.go_on()
        if buyers.bought >= wish.orders and trouble.is_over():
            return
        time.sleep(1)


def _settle(shop):
    code = f"""
for name in {_ACTIONS!r}:
    env.ref("allegro_sales_channel.ir_cron_allegro_" + name).method_direct_trigger()
env.cr.commit()
wish = ("allegro_fulfillment_target", "!=", False)
waiting = env["sale.order"].search_count([wish, ("allegro_sync_error", "=", False)])
print(env["allegro.incoming.order"].search_count([]) + waiting)
"""
    shop.odoo.script(
        shop.database,
        'env["allegro.incoming.order"].search([]).action_retry()\nenv.cr.commit()',
    )
    for _round in range(_SETTLE_ROUNDS):
        shop.allegro.advance(600)
        if _last_line(shop.odoo.script(shop.database, code)) == "0":
            return


def _last_line(text):
    return text.strip().splitlines()[-1]
