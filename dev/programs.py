"""Programs that are not Python's: found on this machine, else installed by root."""

import os
import shutil

from . import console

#: As Odoo's own tests look for it.
_BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def browser():
    """For the browser tests and the pictures.

    :return: path of Chromium or Chrome
    :raises Problem: when there is none and none can be installed
    """
    return _find(_BROWSERS, "chromium", "The browser tests need Chromium")


def pdf_renderer():
    """What Odoo makes its PDF files with.

    :return: path of wkhtmltopdf
    :raises Problem: when it is not there and can't be installed
    """
    return _find(
        ("wkhtmltopdf",), "wkhtmltopdf", "The tests of invoices need wkhtmltopdf"
    )


def _find(names, package, need):
    found = _on_path(names)
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        _install(package)
        found = _on_path(names)
    if not found:
        raise console.Problem(
            f"{need}, and there is none here.",
            f"Install it (on Debian, as root: apt-get install {package}).",
        )
    return found


def _on_path(names):
    return next(filter(None, map(shutil.which, names)), None)


def _install(package):
    advice = f"Install {package} yourself, then try again."
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with console.step(f"Installing {package} (once)"):
        console.run(["apt-get", "-q", "update"], advice, env=quiet)
        console.run(
            ["apt-get", "-q", "-y", "--no-install-recommends", "install", package],
            advice,
            env=quiet,
        )
