"""Odoo's own tests beside the addon: none may fail that holds without it.

They run by pytest, as ours do, and all of them with the addon's fields and views in
place. Odoo's own ``--test-tags`` would run many of them (those tagged *at_install*)
before the addon is loaded, and prove nothing by them.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from . import console, odoo_source
from .odoo_process import Odoo
from .places import REPOSITORY

#: Odoo's addons whose documents ours extend; what takes longest begins first.
SUITES = (
    "sale",
    "stock",
    "sale_stock",
    "sale_mrp",
    "sale_management",
    "stock_delivery",
    "delivery",
)
#: So many runs at once, for two cores.
_AT_ONCE = 2
#: What pytest answers when all passed, some failed, or there was nothing to run.
_ANSWERS = (0, 1, 5)
#: Lines of a failure that are worth showing.
_TAIL = 15


def hold(odoo, suites, arguments):
    """Run suites with the addon; then the files in which a test failed once more, with
    the addon and without it, in databases that are otherwise alike.

    What holds with the addon needs no run without it: it can't be a difference. And a
    browser test that failed because the machine was busy holds the second time.

    :param odoo: an :class:`.odoo_process.Odoo`
    :param suites: names of Odoo's addons
    :param arguments: pytest's own
    :return: whether all holds with the addon that holds without it
    """
    begun = time.monotonic()
    with _dropped(odoo, odoo.new_databases("core", len(suites))) as names:
        failed = {}
        runs = [
            _Run(odoo, suite, name, (_folder(odoo.root, suite) / "tests",), arguments)
            for suite, name in zip(suites, names, strict=True)
        ]
        for failures in _side_by_side(runs):
            failed.update(failures)
    differences = _differences(odoo, failed, arguments) if failed else {}
    for test, said in sorted(differences.items()):
        console.say(f"\n{test}\n{said}")
    console.say(
        f"\n{len(differences)} of Odoo's tests hold without the addon and fail with it"
        f" ({time.monotonic() - begun:.0f} s)."
    )
    for test in sorted(differences):
        console.say(f"  {test}")
    return not differences


def _differences(odoo, failed, arguments):
    """Of tests that failed with the addon those that fail for its sake.

    :param failed: {test: a :class:`_Failure`}
    :return: {test: what it said}
    """
    files = tuple(sorted({failure.file for failure in failed.values()}))
    console.say(f"{len(failed)} failed; the {len(files)} files they are in once more:")
    pair = [
        odoo.new_database("core"),
        odoo.new_database("core_without", addons=()),
    ]
    with _dropped(odoo, pair) as names:
        again, without = _side_by_side(
            _Run(odoo, title, name, files, arguments)
            for title, name in zip(("with it", "without it"), names, strict=True)
        )
    both = again.keys() & without.keys()
    console.say(
        f"{len(both)} fail with the addon and without it,"
        f" {len(failed.keys() - again.keys())} did not fail again."
    )
    return {test: again[test].said for test in again.keys() - both}


@dataclass(frozen=True)
class _Failure:
    """Of one test.

    :param file: path of the file it is in
    :param said: the end of what it said
    """

    file: Path
    said: str


@dataclass(frozen=True)
class _Run:
    """One run of pytest over some of Odoo's tests."""

    odoo: Odoo
    title: str
    database: str
    paths: tuple[Path, ...]
    arguments: list[str]

    def failures(self):
        """:return: {test: :class:`_Failure`}"""
        console.say(f"-> {self.title} ...")
        begun = time.monotonic()
        with tempfile.NamedTemporaryFile(suffix=".xml") as report:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *self._options(report.name)],
                cwd=REPOSITORY,
                env=self.odoo.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            if done.returncode not in _ANSWERS:
                raise console.Problem(
                    f"{self.title}: pytest stopped:\n{done.stdout[-3000:]}",
                    "See what it says above.",
                )
            cases = list(etree.parse(report.name).iter("testcase"))
        failed = dict(filter(None, map(self._failure, cases)))
        console.say(
            f"   {self.title}: {len(cases)} tests, {len(failed)} failed"
            f" ({time.monotonic() - begun:.0f} s)"
        )
        return failed

    def _options(self, report):
        return [
            *self.odoo.pytest_options(self.database),
            # neither our settings nor traces in Odoo's folders
            f"--config-file={os.devnull}",
            f"--rootdir={self.odoo.root}",
            "-pno:cacheprovider",
            "-pdev.odoo_collection",
            "--continue-on-collection-errors",
            f"--junit-xml={report}",
            "--tb=short",
            *map(str, self.paths),
            *self.arguments,
        ]

    def _failure(self, case):
        wrong = case.find("failure")
        if wrong is None:
            wrong = case.find("error")
        if wrong is None:
            return None
        # a file that can't be imported has its own name and no class
        place, name = case.get("classname"), case.get("name")
        module = place.rpartition(".")[0] or name
        file = self.odoo.root / f"{module.replace('.', '/')}.py"
        said = "\n".join((wrong.text or "").splitlines()[-_TAIL:])
        return ".".join(filter(None, (place, name))), _Failure(file, said)


def _side_by_side(runs):
    """:return: the failures of each"""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_Run.failures, runs))


@contextmanager
def _dropped(odoo, databases):
    """Databases that go when they were used."""
    try:
        yield databases
    finally:
        for database in databases:
            odoo.drop(database)


def _folder(root, addon):
    # a git checkout has most addons beside the package
    folders = [root / "odoo" / "addons", *odoo_source.addons_folders(root)]
    return next(
        (folder / addon for folder in folders if (folder / addon).exists()), None
    )
