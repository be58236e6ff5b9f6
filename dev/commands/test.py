"""``python3 -m dev test [PART ...] [-- PYTEST ARGUMENTS]``: all tests."""

import argparse
import subprocess
import sys

from .. import console, postgres, programs
from ..odoo_process import Odoo
from ..places import REPOSITORY

_PARTS = ("pure", "odoo", "end_to_end")
#: What pytest answers when there was nothing to run, as with ``-k``.
_NOTHING = 5


def run(arguments):
    """:return: 0 when every part passed"""
    parser = argparse.ArgumentParser(prog="python3 -m dev test")
    parser.add_argument("parts", nargs="*", choices=[[], *_PARTS], metavar="PART")
    own, pytest_arguments = _split(arguments)
    parts = parser.parse_args(own).parts or _PARTS
    failed = []
    if "pure" in parts:
        failed += _failed("pure", _pure(pytest_arguments))
    if {"odoo", "end_to_end"} & set(parts):
        # said before anything long begins
        programs.browser()
        programs.pdf_renderer()
        with postgres.running() as server:
            odoo = Odoo.prepare(server)
            if "odoo" in parts:
                failed += _failed("odoo", _odoo(odoo, pytest_arguments))
            if "end_to_end" in parts:
                failed += _failed("end_to_end", _end_to_end(odoo, pytest_arguments))
    console.say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll tests passed.")
    return 1 if failed else 0


def _split(arguments):
    if "--" in arguments:
        place = arguments.index("--")
        return arguments[:place], arguments[place + 1 :]
    return arguments, []


def _failed(part, code):
    return [] if code in (0, _NOTHING) else [part]


def _pytest(arguments, **kwargs):
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=REPOSITORY, **kwargs
    ).returncode


def _pure(arguments):
    console.say("\n== Without Odoo")
    return _pytest(["-p", "no:odoo", "tests", "--ignore=tests/end_to_end", *arguments])


def _odoo(odoo, arguments):
    console.say("\n== In Odoo, browser tours too")
    database = odoo.new_database("test")
    try:
        return _pytest(
            [
                "--odoo-config=",
                f"--odoo-database={database}",
                "--odoo-http",
                *(f"--odoo-extra={option[2:]}" for option in odoo.options(database)),
                # the pure tests' path would hide the addon's own package "tests"
                "--override-ini=pythonpath=",
                "allegro_sales_channel/tests",
                "allegro_sales_channel_pl_edi/tests",
                *arguments,
            ],
            env=odoo.environment(),
        )
    finally:
        odoo.drop(database)


def _end_to_end(odoo, arguments):
    console.say("\n== Odoo and Allegro's simulator, from outside")
    return _pytest(
        ["-p", "no:odoo", "tests/end_to_end", *arguments],
        env={**odoo.environment(), "PYTHONPATH": str(REPOSITORY)},
    )
