"""``python3 -m dev COMMAND``: sets up what the command needs, then runs it."""

import argparse
import importlib
import signal
import sys

from . import console, python_environment

_COMMANDS = {
    "demo": "a running Odoo with orders that come from a simulated Allegro",
    "test": "all tests; test core: Odoo's own tests, with the addon installed",
    "lint": "ruff, pylint-odoo and checks of the XML files",
    "bench": "how long an import takes, and how many queries and calls;"
    " bench money, bench watch: whether money and alarms are right",
    "soak": "orders while Allegro, Odoo and PostgreSQL fail; what was lost or doubled",
    "pictures": "the README's pictures, taken from the running system",
    "translations": "the translation files, brought up to the sources",
}


def main():
    parser = argparse.ArgumentParser(
        prog="python3 -m dev",
        description="\n".join(
            f"  {name:12} {what}" for name, what in _COMMANDS.items()
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=_COMMANDS, metavar="COMMAND")
    # the rest is the command's own; argparse would swallow a "--" in it
    options = parser.parse_args(sys.argv[1:2])
    # Both stop what was started, also where the shell that starts us ignores Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        python_environment.enter()
        command = importlib.import_module(f".commands.{options.command}", __package__)
        return command.run(sys.argv[2:])
    except console.Problem as problem:
        console.problem(problem)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
