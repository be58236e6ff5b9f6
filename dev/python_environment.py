"""A Python environment with everything that development needs, in the user's cache."""

import hashlib
import os
import shutil
import sys
import venv

from . import console, debian
from .places import CACHE, REPOSITORY, only_one

#: With what the addon itself needs; the file beside it says how it is made.
_REQUIREMENTS = REPOSITORY / "dev" / "requirements.txt"
_OLDEST = (3, 10)
_NEWEST = (3, 13)


def enter():
    """Go on in the environment, making it first where it is missing.

    :raises Problem: when it can't be made
    """
    folder = _folder()
    if os.path.realpath(sys.prefix) == os.path.realpath(folder):
        return
    _check_python()
    with only_one("python"):
        if not (folder / "ready").exists():
            _make(folder)
    python = folder / "bin" / "python"
    sys.stdout.flush()
    os.chdir(REPOSITORY)
    os.execv(python, [str(python), "-m", "dev", *sys.argv[1:]])


def _folder():
    # another set of requirements is another environment
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return CACHE / f"python-{version}-{wanted[:12]}"


def _check_python():
    if not _OLDEST <= sys.version_info[:2] <= _NEWEST:
        oldest, newest = (".".join(map(str, pair)) for pair in (_OLDEST, _NEWEST))
        raise console.Problem(
            f"Odoo 19 runs on Python {oldest} to {newest}, this is"
            f" {sys.version.split()[0]}.",
            f"Call it with another one, for instance: python{newest} -m dev ...",
        )


def _make(folder):
    shutil.rmtree(folder, ignore_errors=True)
    with console.step("Making a Python environment (once, about a minute)"):
        pip = _make_empty(folder)
        console.run(
            [*pip, "install", "--quiet", "--no-input", "--require-hashes"]
            + ["--requirement", _REQUIREMENTS],
            "See what pip says above; it needs to reach its package index.",
        )
        (folder / "ready").touch()


def _make_empty(folder):
    """:return: the words that call the new environment's pip"""
    python = str(folder / "bin" / "python")
    try:
        import ensurepip  # noqa: F401 - Debian has it in a package of its own
    except ImportError:
        venv.create(folder)
        wheel = debian.pip_wheel(CACHE / "pip")
        return [python, f"{wheel}/pip"]
    try:
        venv.create(folder, with_pip=True)
    except Exception as error:
        # ensurepip may be there without its wheels; it fails in many ways
        raise console.Problem(
            f"Python can't make a virtual environment: {error}",
            "Install Python's venv (on Debian and Ubuntu: python3-venv).",
        ) from error
    return [python, "-m", "pip"]
