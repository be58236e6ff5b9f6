"""``python3 -m dev test [PART ...] [-- PYTEST ARGUMENTS]``: all tests.

``python3 -m dev test core [SUITE ...] [-- PYTEST ARGUMENTS]``: Odoo's own.
"""

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from .. import console, core_tests, postgres, programs
from ..odoo_process import Odoo
from ..places import ADDONS, COMPANIONS, REPOSITORY

_PARTS = ("pure", "odoo", "end_to_end")
_CORE = "python3 -m dev test core"
_SEAMS = REPOSITORY / "tests" / "seams"
#: What pytest answers when there was nothing to run, as with ``-k``.
_NOTHING = 5
#: The base, and what installs itself beside it.
_OF_BASE = [addon for addon in ADDONS if addon not in COMPANIONS]
#: So many runs at once, for two cores: the one from outside waits a good deal.
_AT_ONCE = 3
#: The tests in Odoo are dealt out to so many runs, with databases of their own.
_HANDS = 5
#: And those of the addons that a seller ticks on to so many, with all of them.
_COMPANIONS_HANDS = 3
#: What those work with where it is installed: tills, a web shop, batches of deliveries.
_BESIDE = ("point_of_sale", "website_sale", "stock_picking_batch")


@dataclass(frozen=True)
class Job:
    """One run of pytest."""

    name: str
    arguments: list[str]
    environment: dict[str, str] | None = None
    output: BinaryIO = field(default_factory=tempfile.TemporaryFile)

    def run(self):
        """:return: whether it passed"""
        console.say(f"-> {self.name} ...")
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *self.arguments],
            cwd=REPOSITORY,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        ).returncode
        self.output.seek(0)
        said = self.output.read().decode(errors="replace")
        console.say(f"\n== {self.name}\n{said}")
        return code in (0, _NOTHING)


def run(arguments):
    """:return: 0 when every part passed"""
    own, pytest_arguments = _split(arguments)
    if own[:1] == ["core"]:
        return _core(own[1:], pytest_arguments)
    parser = argparse.ArgumentParser(
        prog="python3 -m dev test",
        usage="%(prog)s [PART ...] [-- PYTEST ARGUMENTS]",
        description=f"All tests of this project, or some parts: {', '.join(_PARTS)}.",
        epilog=f"Odoo's own tests with the addon installed: {_CORE} [SUITE ...]",
    )
    parser.add_argument("parts", nargs="*", choices=[[], *_PARTS], metavar="PART")
    parts = parser.parse_args(own).parts or _PARTS
    if set(parts) == {"pure"}:
        failed = _failed([_pure(pytest_arguments)])
    else:
        # said before anything long begins
        programs.browser()
        programs.pdf_renderer()
        with postgres.running() as server:
            failed = _with_odoo(Odoo.prepare(server), parts, pytest_arguments)
    console.say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll tests passed.")
    return 1 if failed else 0


def _core(suites, pytest_arguments):
    parser = argparse.ArgumentParser(
        prog=_CORE,
        usage="%(prog)s [SUITE ...] [-- PYTEST ARGUMENTS]",
        description="Odoo's own tests with the addon installed; names those that hold"
        f" without it and fail with it. Suites: {', '.join(core_tests.SUITES)}.",
    )
    parser.add_argument(
        "suites", nargs="*", choices=[[], *core_tests.SUITES], metavar="SUITE"
    )
    suites = parser.parse_args(suites).suites or core_tests.SUITES
    programs.browser()
    with postgres.running() as server:
        held = core_tests.hold(Odoo.prepare(server), suites, pytest_arguments)
    return 0 if held else 1


def _split(arguments):
    if "--" in arguments:
        place = arguments.index("--")
        return arguments[:place], arguments[place + 1 :]
    return arguments, []


def _with_odoo(odoo, parts, arguments):
    jobs, databases = [], []
    try:
        if "end_to_end" in parts:
            jobs.append(_end_to_end(odoo, arguments))
        if "odoo" in parts:
            databases += odoo.new_databases("test", _HANDS)
            jobs += _odoo(odoo, _OF_BASE, databases, arguments)
            if COMPANIONS:
                whole = odoo.new_databases(
                    "whole", _COMPANIONS_HANDS, addons=ADDONS, beside=_BESIDE
                )
                databases += whole
                jobs += _odoo(odoo, COMPANIONS, whole, arguments)
            with_example = replace(odoo, more_addons=(_SEAMS,))
            databases.append(with_example.new_database("seams"))
            with_example.once(databases[-1], "-i", "allegro_seams_example")
            jobs.append(_seams(with_example, databases[-1], arguments))
        if "pure" in parts:
            jobs.append(_pure(arguments))
        return _failed(jobs)
    finally:
        for database in databases:
            odoo.drop(database)


def _failed(jobs):
    """Run jobs, the first ones first; the names of those that failed."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        passed = pool.map(Job.run, jobs)
        return [job.name for job, ok in zip(jobs, passed, strict=True) if not ok]


def _pure(arguments):
    return Job(
        "Without Odoo",
        [
            *("-p", "no:odoo", "tests"),
            *("--ignore=tests/end_to_end", f"--ignore={_SEAMS}", *arguments),
        ],
    )


def _odoo(odoo, addons, databases, arguments):
    """The tests of some addons in Odoo, dealt out in about equal parts."""
    files = sorted(
        (
            file
            for addon in addons
            for file in (REPOSITORY / addon).glob("tests/test_*")
        ),
        key=lambda file: file.stat().st_size,
        reverse=True,
    )
    for number, database in enumerate(databases):
        hand = [str(file) for file in files[number :: len(databases)]]
        whose = f"{addons[0]} ({number + 1} of {len(databases)})"
        yield Job(
            f"In Odoo, browser tours too: {whose}",
            [
                *odoo.pytest_options(database),
                # the pure tests' path would hide the addon's own package "tests"
                "--override-ini=pythonpath=",
                *hand,
                *arguments,
            ],
            odoo.environment(),
        )


def _seams(odoo, database, arguments):
    """What other addons may add to, by an addon that adds to each of it."""
    return Job(
        "An example addon on the seams",
        [
            *odoo.pytest_options(database),
            "--override-ini=pythonpath=",
            *map(str, _SEAMS.glob("*/tests")),
            str(REPOSITORY / "allegro_sales_channel" / "tests" / "test_seams.py"),
            *arguments,
        ],
        odoo.environment(),
    )


def _end_to_end(odoo, arguments):
    return Job(
        "Odoo and Allegro's simulator, from outside",
        ["-p", "no:odoo", "tests/end_to_end", *arguments],
        {**odoo.environment(), "PYTHONPATH": str(REPOSITORY)},
    )
