"""Chromium, for the browser tests and the pictures."""

import os
import shutil

from . import console

#: As Odoo's own tests look for it.
_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find():
    """
    :return: path of the browser
    :raises Problem: when there is none and none can be installed
    """
    found = _on_path()
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        advice = "Install Chromium or Google Chrome, then try again."
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with console.step("Installing Chromium (once)"):
            console.run(["apt-get", "-q", "update"], advice, env=quiet)
            console.run(
                ["apt-get", "-q", "-y", "--no-install-recommends", "install"]
                + ["chromium"],
                advice,
                env=quiet,
            )
        found = _on_path()
    if not found:
        raise console.Problem(
            "The browser tests need Chromium or Google Chrome, and there is none here.",
            "Install one (on Debian, as root: apt-get install chromium).",
        )
    return found


def _on_path():
    return next(filter(None, map(shutil.which, _NAMES)), None)
