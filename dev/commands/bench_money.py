"""``python3 -m dev bench money``: is it the same money everywhere?"""

import argparse

from .. import money, postgres
from ..odoo_process import Odoo


def run(arguments):
    """:return: 0 when there was no exception"""
    parser = argparse.ArgumentParser(
        prog="python3 -m dev bench money",
        description="Random orders, sold, invoiced and corrected: order, Allegro,"
        " invoice, KSeF file and ledger have to agree to the cent.",
    )
    parser.add_argument("--orders", type=int, default=3000, help="3000 unless told")
    parser.add_argument("--seed", default="1", help="of the orders (1 unless told)")
    told = parser.parse_args(arguments)
    with postgres.running() as server:
        return 1 if money.bench(Odoo.prepare(server), told.orders, told.seed) else 0
