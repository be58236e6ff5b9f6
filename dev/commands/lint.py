"""``python3 -m dev lint``: whether the code is as clean as it has to be."""

import subprocess
import sys

from lxml import etree

from .. import console
from ..places import ADDONS, REPOSITORY

#: pylint-odoo's optional checks that make sense outside OCA's own repositories.
_DISABLED = ("missing-readme", "manifest-required-author", "C8114", "W8150", "R8180")


def run(arguments):
    """:return: 0 when nothing was found"""
    if arguments:
        raise console.Problem("lint takes no arguments.", "Call: python3 -m dev lint")
    checks = {
        "ruff": _ruff("check"),
        "ruff format": _ruff("format", "--check"),
        "pylint-odoo": _pylint(),
        "XML": _xml(),
    }
    for name, failed in checks.items():
        console.say(f"{name}: {'see above' if failed else 'clean'}")
    return 1 if any(checks.values()) else 0


def _ruff(*words):
    return _call("-m", "ruff", *words, ".")


def _pylint():
    return _call(
        "-m",
        "pylint",
        "--load-plugins=pylint_odoo",
        "--disable=all",
        "--enable=odoolint",
        f"--disable={','.join(_DISABLED)}",
        "--valid-odoo-versions=19.0",
        "--score=n",
        *ADDONS,
    )


def _call(*words):
    return bool(subprocess.run([sys.executable, *words], cwd=REPOSITORY).returncode)


def _xml():
    """Well formed, and indented by spaces: Odoo checks the rest at installation."""
    wrong = []
    folders = [REPOSITORY / addon for addon in ADDONS]
    for file in sorted(file for folder in folders for file in folder.rglob("*.xml")):
        place = file.relative_to(REPOSITORY)
        try:
            etree.parse(str(file))
        except etree.XMLSyntaxError as error:
            wrong.append(f"{place}: {error}")
            continue
        lines = file.read_text().splitlines()
        wrong += [
            f"{place}:{number}: a tab"
            for number, line in enumerate(lines, 1)
            if "\t" in line
        ]
    for line in wrong:
        console.say(line)
    return wrong
