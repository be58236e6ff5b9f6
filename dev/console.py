"""What a person at the terminal sees while things are set up."""

import subprocess
import sys
import time
from contextlib import contextmanager

#: Lines of a failed program's output that are worth showing.
_TAIL = 25


class Problem(Exception):
    """Something a person has to do first.

    :param what: what failed
    :param advice: what to do about it
    """

    def __init__(self, what, advice):
        super().__init__(f"{what}\n  {advice}")


def say(text):
    print(text, flush=True)


def problem(error):
    print(f"\nStopped: {error}", file=sys.stderr, flush=True)


@contextmanager
def step(text):
    """Show what is being done, and afterwards how long it took."""
    print(f"-> {text} ...", flush=True)
    begun = time.monotonic()
    yield
    print(f"   done ({time.monotonic() - begun:.0f} s)", flush=True)


def run(command, advice, **kwargs):
    """Run a program quietly; when it fails, show the end of what it said.

    :param command: list of words
    :param advice: what a person should do when it fails
    :return: what it printed
    :raises Problem: when it can't be started, or fails
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **kwargs,
        )
    except OSError as error:
        raise Problem(f"{words[0]} can't be run: {error}", advice) from error
    if done.returncode:
        said = "\n  ".join(done.stdout.splitlines()[-_TAIL:])
        raise Problem(f"{' '.join(words[:6])} failed:\n  {said}", advice)
    return done.stdout
