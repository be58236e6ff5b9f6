"""The simulator of Allegro, which stands beside the addon in its repository only."""

import json
import subprocess
import sys
import unittest
import urllib.request
from contextlib import contextmanager
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[2]


class Simulator:
    """A running one; ``url`` is its address."""

    def __init__(self, url):
        self.url = url

    def control(self, path, **body):
        """Ask its control interface, see ``tests/simulator/README.md``."""
        request = urllib.request.Request(
            f"{self.url}/_control{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def running_simulator():
    """A fresh :class:`Simulator`, in a process of its own.

    :raises unittest.SkipTest: when the addon is installed without its repository
    """
    if not (_REPOSITORY / "tests" / "simulator" / "__main__.py").exists():
        raise unittest.SkipTest("The simulator is in the addon's repository only")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", "--port", "0"],
        cwd=_REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Simulator(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.communicate(timeout=10)
