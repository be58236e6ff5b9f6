"""Debian's packages without installing them, so without being root.

apt is given a private root: own sources, own lists, own cache. What is downloaded is
checked by apt against the archive's signing key as always.
"""

import os
import shutil
import subprocess
from pathlib import Path

from . import console

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_ADVICE = (
    "The machine must reach its package archive. Or install Odoo 19 yourself and name"
    " its folder in ODOO_ROOT."
)


def is_debian():
    """Debian itself: only there its newest packages can be had."""
    return bool(shutil.which("apt-get")) and _release().get("ID") == "debian"


def _release():
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key: value.strip('"') for key, value in pairs}


class PrivateApt:
    """
    :param folder: for apt's lists and cache; may be deleted afterwards
    :param releases: code names to look in, beside the machine's own
    """

    def __init__(self, folder, releases=()):
        self._folder = folder
        self._own = _release().get("VERSION_CODENAME", "")
        for part in ("lists/partial", "cache/archives/partial", "downloads"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        signed = f"[signed-by={_KEYRING}] " if _KEYRING.exists() else ""
        (folder / "sources.list").write_text(
            "".join(
                f"deb {signed}{_mirror()} {release} main\n"
                for release in (self._own, *releases)
            )
        )
        self._run("update")

    def _run(self, *words):
        options = {
            "Dir::Etc::SourceList": self._folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": self._folder / "lists",
            "Dir::Cache": self._folder / "cache",
            "APT::Get::List-Cleanup": "false",
            "Acquire::Languages": "none",
            # root downloads as root: the folder may be readable by no one else
            "APT::Sandbox::User": "root",
        }
        console.run(
            ["apt-get", "-q", *(f"-o{key}={value}" for key, value in options.items())]
            + list(words),
            _ADVICE,
            cwd=self._folder / "downloads",
            env={**os.environ, "LC_ALL": "C"},
        )

    def unpack(self, target, packages):
        """Download packages and put their files below a folder.

        :param target: the folder
        :param packages: names, or ``name/release``; ``/own`` is the machine's release
        """
        wanted = [name.replace("/own", f"/{self._own}") for name in packages]
        self._run("download", *wanted)
        for file in sorted((self._folder / "downloads").glob("*.deb")):
            console.run(["dpkg", "-x", file, target], _ADVICE)
            file.unlink()


def _mirror():
    """The archive that this machine uses, from its own configuration."""
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(COMPONENT)"],
        capture_output=True,
        text=True,
    ).stdout
    sites = [line.split()[0] for line in said.splitlines() if line.endswith(" main")]
    # security updates come from a place of their own, which has nothing else
    whole = [site for site in sites if "security" not in site]
    if not whole:
        raise console.Problem("apt knows no package archive.", _ADVICE)
    return whole[0]


def pip_wheel(folder):
    """pip, for a Python that comes without it.

    :param folder: where to keep it
    :return: path of the wheel, which Python can run as ``wheel/pip``
    """
    if not shutil.which("apt-get"):
        raise console.Problem(
            "This Python has no pip.", "Install Python's venv module, then try again."
        )
    pattern = "usr/share/python-wheels/pip-*.whl"
    found = next(folder.glob(pattern), None)
    if not found:
        with console.step("Fetching pip from the machine's package archive"):
            if _release().get("ID") == "debian":
                PrivateApt(folder / "apt").unpack(folder, ["python3-pip-whl"])
            else:
                _download_own(folder, "python3-pip-whl")
        found = next(folder.glob(pattern))
    return found


def _download_own(folder, package):
    """From the machine's own sources, whatever they are."""
    folder.mkdir(parents=True, exist_ok=True)
    advice = "Run apt-get update as root, or install python3-venv, then try again."
    console.run(["apt-get", "-q", "download", package], advice, cwd=folder)
    for file in folder.glob("*.deb"):
        console.run(["dpkg", "-x", file, folder], advice)
        file.unlink()
