"""``python3 -m dev demo``: a running Odoo with orders from a simulated Allegro."""

import argparse
import signal
import tempfile
from pathlib import Path

from .. import console, postgres, stage
from ..odoo_process import Odoo

_PAST_ORDERS = 25
_SECONDS_BETWEEN_ORDERS = 20
#: How many of the new orders have items that Odoo doesn't know.
_UNMANAGED_SHARE = 0.2


def run(arguments):
    """:return: 0 after Ctrl-C"""
    argparse.ArgumentParser(prog="python3 -m dev demo").parse_args(arguments)
    with postgres.running() as server, tempfile.TemporaryDirectory() as folder:
        odoo = Odoo.prepare(server)
        with stage.set_up(odoo, "demo", past_orders=_PAST_ORDERS) as demo:
            # a server looks for waiting work only a minute after its start
            with console.step("Importing the first orders"):
                demo.import_orders()
            with console.step("Preparing the pages"):
                demo.warm_up()
            _show(demo, Path(folder) / "odoo.log")
    console.say("Stopped. Everything of the demonstration is gone.")
    return 0


def _show(demo, log):
    with (
        console.step("Starting Odoo"),
        demo.odoo.serve(demo.database, log) as address,
    ):
        demo.allegro.post(
            "/feed",
            every_seconds=_SECONDS_BETWEEN_ORDERS,
            seller=stage.SELLER,
            unmanaged_share=_UNMANAGED_SHARE,
        )
        console.say(
            f"""
   Odoo                 {address}/odoo/allegro
   user, password       {", ".join(f"{name} / {name}" for name in stage.USERS)}
   Allegro (simulated)  {demo.allegro.url}
                        a new order about every {_SECONDS_BETWEEN_ORDERS} seconds; Odoo
                        asks for them every minute
   Odoo's log           {log}

   Ctrl-C stops it all.
"""
        )
        try:
            signal.pause()
        except KeyboardInterrupt:
            console.say("\nStopping ...")
