"""Odoo 19 itself: found on this machine, else downloaded once into the user's cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import console, debian
from .places import CACHE, only_one

#: Names a folder that holds Odoo's sources, or the ``odoo`` package.
VARIABLE = "ODOO_ROOT"
_GIT = "https://github.com/odoo/odoo.git"
_BRANCH = "19.0"
_PACKAGES = Path("usr/lib/python3/dist-packages")

#: Debian takes these out of Odoo and links to them.
_LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
#: In sid it has other names for the icons, and each would be an empty box.
_ICONS = "fonts-font-awesome/own"


def find():
    """
    :return: the folder that must be on Python's path for ``import odoo``
    :raises Problem: when Odoo is neither here nor to be had
    """
    named = os.environ.get(VARIABLE)
    if named:
        root = Path(named).resolve()
        if not _is_odoo(root):
            raise console.Problem(
                f"{VARIABLE} names {root}, where there is no Odoo {_BRANCH}.",
                "It must hold the folder odoo/ (with release.py in it).",
            )
        return root
    return _installed() or _downloaded()


def addons_folders(root):
    """The folders of Odoo's own addons that Odoo doesn't find by itself."""
    # a git checkout has most of them beside the package
    return [root / "addons"] if (root / "odoo-bin").exists() else []


def _is_odoo(root):
    release = root / "odoo" / "release.py"
    return release.exists() and "version_info = (19, 0" in release.read_text()


def _installed():
    """An Odoo 19 that the machine's own Python imports."""
    said = subprocess.run(
        [
            sys._base_executable,
            "-c",
            "import odoo.release; print(odoo.release.__file__)",
        ],
        capture_output=True,
        text=True,
        cwd="/",
    )
    if said.returncode:
        return None
    root = Path(said.stdout.strip()).parent.parent
    return root if _is_odoo(root) else None


def _downloaded():
    folder = CACHE / f"odoo-{_BRANCH}"
    with only_one("odoo"):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            if debian.is_debian():
                _from_debian(folder)
            else:
                _from_git(folder)
            (folder / "ready").touch()
    return folder / _PACKAGES if (folder / _PACKAGES).exists() else folder


def _from_debian(folder):
    apt_folder = folder / "apt"
    with console.step("Downloading Odoo 19 (once, 150 MB)"):
        apt = debian.PrivateApt(apt_folder, releases=["sid"])
        apt.unpack(folder, [f"{name}/sid" for name in ("odoo-19", *_LINKED)])
        apt.unpack(folder, [_ICONS])
        shutil.rmtree(apt_folder)
    # It only blurs the camera in calls and is missing in the package; without it no
    # browser test passes, because the assets can't be put together.
    missing = (
        folder
        / _PACKAGES
        / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    )
    if not missing.exists():
        missing.parent.mkdir(parents=True, exist_ok=True)
        missing.touch()


def _from_git(folder):
    with console.step(f"Downloading Odoo {_BRANCH} (once, some 300 MB)"):
        console.run(
            [
                "git",
                "clone",
                "--quiet",
                "--depth=1",
                f"--branch={_BRANCH}",
                _GIT,
                folder,
            ],
            "git and a way to Odoo's repository are needed. Or get Odoo 19 yourself and"
            f" name its folder in {VARIABLE}.",
        )
