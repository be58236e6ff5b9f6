"""``python3 -m dev lint``: whether the code is as clean as it has to be."""

import re
import subprocess
import sys
from pathlib import Path

from lxml import etree

from .. import console
from ..places import ADDONS, REPOSITORY

#: Checks of pylint-odoo that are off, each with its reason.
_DISABLED = {
    "missing-readme": "the repository has one README for all addons",
    "manifest-required-author": "it asks for OCA's name, who did not write this",
}
#: On, but for the wings of models/: each wing opens a model once, and says there what
#: it is to that wing (tests/unit/test_house.py). Two in one wing are a finding.
_MERGING = "consider-merging-classes-inherited"
_PLACE = re.compile(r"([\w/.-]+\.py):\d+")


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
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "pylint",
            "--load-plugins=pylint_odoo",
            "--disable=all",
            "--enable=odoolint",
            f"--disable={','.join(_DISABLED)}",
            "--valid-odoo-versions=19.0",
            "--score=n",
            "--msg-template={path}:{line}: {msg_id} {msg} ({symbol})",
            *ADDONS,
        ],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = [
        line
        for line in said.stdout.splitlines()
        if not line.startswith("****") and not _is_of_wings(line)
    ]
    for line in found:
        console.say(line)
    # 32: pylint could not run at all
    return bool(found) or said.returncode >= 32


def _is_of_wings(line):
    """Is it about openings of one model that are all in wings of their own?"""
    folders = [Path(place).parent for place in _PLACE.findall(line)]
    are_wings = all(folder.parent.name == "models" for folder in folders)
    return _MERGING in line and are_wings and len(set(folders)) == len(folders)


def _call(*words):
    return bool(subprocess.run([sys.executable, *words], cwd=REPOSITORY).returncode)


def _xml():
    """Well formed, no text between records, and indented by spaces.

    Odoo checks the rest at installation; what lost its opening tag it takes for text.
    """
    wrong = []
    folders = [REPOSITORY / addon for addon in ADDONS]
    for file in sorted(file for folder in folders for file in folder.rglob("*.xml")):
        place = file.relative_to(REPOSITORY)
        try:
            root = etree.parse(str(file)).getroot()
        except etree.XMLSyntaxError as error:
            wrong.append(f"{place}: {error}")
            continue
        wrong += [f"{place}: stray text: {text}" for text in _stray_text(root)]
        lines = file.read_text().splitlines()
        wrong += [
            f"{place}:{number}: a tab"
            for number, line in enumerate(lines, 1)
            if "\t" in line
        ]
    for line in wrong:
        console.say(line)
    return wrong


def _stray_text(root):
    """What stands between the records of a data file."""
    parents = root.iter("odoo", "data", "record") if root.tag == "odoo" else ()
    texts = [
        text
        for parent in parents
        for text in (parent.text, *(child.tail for child in parent))
    ]
    return [text.strip()[:60] for text in texts if text and text.strip()]
