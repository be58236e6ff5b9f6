"""Running Odoo with this clone's addon: once, as a server, or under pytest."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import console, odoo_source
from .places import BASE, CACHE, CLONE, REPOSITORY, only_one
from .postgres import Server

#: What the addon needs, and what it works with where it is installed: the Polish
#: chart of accounts (and with it KSeF), OSS taxes, kits.
_BASE_ADDONS = ("sale_management", "sale_stock", "stock_delivery")
_OPTIONAL_ADDONS = ("l10n_pl", "l10n_eu_oss", "sale_mrp", "sale_loyalty")
_DATA = CACHE / "odoo-data"
_START_SECONDS = 180


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass(frozen=True)
class Odoo:
    """Odoo's sources together with a database server."""

    root: Path
    server: Server
    more_addons: tuple[Path, ...] = ()

    @classmethod
    def prepare(cls, server):
        return cls(odoo_source.find(), server)

    # Databases

    def database(self, purpose):
        """The name of this clone's database for a purpose."""
        return f"allegro_{CLONE}_{purpose}"

    def new_databases(self, purpose, count, *, addons=(BASE,), beside=()):
        """So many databases, alike to the last row.

        :param addons: those of this project that they have, or none
        :param beside: more of Odoo's own that they have
        :return: their names
        """
        first = self.new_database(purpose, addons=addons, beside=beside)
        others = [
            self.database(f"{purpose}_{number}") for number in range(2, count + 1)
        ]
        for name in others:
            self._copy(first, name)
        return [first, *others]

    def new_database(self, purpose, *, addons=(BASE,), beside=()):
        """A copy of a prepared database.

        :param addons: those of this project that it has, or none
        :param beside: more of Odoo's own that it has
        :return: its name
        """
        name = self.database(purpose)
        self._copy(self._template(beside), name)
        if addons:
            with console.step(f"Installing {', '.join(addons)}"):
                self.once(name, "-i", ",".join(addons))
        return name

    def drop(self, name):
        self.server.drop(name)
        shutil.rmtree(_DATA / "filestore" / name, ignore_errors=True)

    def _copy(self, template, name):
        self.drop(name)
        self.server.copy(template, name)
        files = _DATA / "filestore" / template
        if files.exists():
            shutil.copytree(files, _DATA / "filestore" / name, copy_function=os.link)

    def _template(self, beside=()):
        """A database with what the addon builds on, made once for all clones.

        :param beside: more of Odoo's own addons that it has
        """
        addons = ",".join((*_BASE_ADDONS, *_OPTIONAL_ADDONS, *beside))
        name = f"allegro_template_{_digest(f'{self.root} {addons}')}"
        smaller = self._template() if beside else None
        with only_one("template"):
            if not self.server.exists(name):
                unfinished = f"{name}_unfinished"
                if smaller:
                    self._copy(smaller, unfinished)
                else:
                    self.drop(unfinished)
                with console.step("Preparing an Odoo database (once, 2 minutes)"):
                    self.once(unfinished, "-i", addons)
                shutil.rmtree(_DATA / "filestore" / name, ignore_errors=True)
                files = _DATA / "filestore" / unfinished
                if files.exists():
                    files.rename(_DATA / "filestore" / name)
                self.server.rename(unfinished, name)
        return name

    # Processes

    def options(self, database):
        """The command line for a database."""
        folders = [
            REPOSITORY,
            *self.more_addons,
            *odoo_source.addons_folders(self.root),
        ]
        return [
            f"--database={database}",
            f"--db-filter=^{database}$",
            f"--addons-path={','.join(map(str, folders))}",
            f"--data-dir={_DATA}",
            "--http-interface=127.0.0.1",
            *self.server.options(),
        ]

    def pytest_options(self, database):
        """The command line of pytest for tests in a database."""
        return [
            "--odoo-config=",
            f"--odoo-database={database}",
            "--odoo-http",
            *(f"--odoo-extra={option[2:]}" for option in self.options(database)),
        ]

    def environment(self):
        paths = [str(self.root), os.environ.get("PYTHONPATH", "")]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            # no configuration of the person's own may leak in
            "ODOO_RC": os.devnull,
        }

    def once(self, database, *options, advice="See what Odoo says above."):
        """Let Odoo do something and stop.

        :raises Problem: when it fails, or logs an error
        """
        said = console.run(
            [sys.executable, "-m", "odoo", *self.options(database), *options]
            + ["--stop-after-init", "--no-http", "--log-level=warn"],
            advice,
            env=self.environment(),
            cwd=REPOSITORY,
        )
        wrong = [
            line
            for line in said.splitlines()
            # the embedded PostgreSQL has no pg_trgm, and Odoo does without
            if " ERROR " in line and "CREATE EXTENSION" not in line
        ]
        if wrong:
            raise console.Problem("\n".join(wrong), advice)

    def script(self, database, code, **values):
        """Run Python code in ``odoo shell``; it sees ``env`` and commits by itself.

        :param code: the code
        :param values: texts that it finds in ``os.environ``
        :return: what it printed
        """
        done = subprocess.run(
            [sys.executable, "-m", "odoo", "shell", *self.options(database)]
            + ["--no-http", "--log-level=warn", "--shell-interface=python"],
            input=code,
            text=True,
            capture_output=True,
            env={**self.environment(), **values},
            cwd=REPOSITORY,
        )
        if done.returncode or "Traceback" in done.stderr:
            raise console.Problem(
                f"Odoo could not run a script:\n{done.stderr[-3000:]}",
                "This is a mistake in the addon or in dev/.",
            )
        return done.stdout

    def start(self, database, log, port, *options, workers=0):
        """Start a server and don't wait for it.

        :param log: file to which its log is added
        :param workers: processes that answer, 0 for threads
        :return: ``subprocess.Popen``
        """
        with open(log, "a") as file:
            return subprocess.Popen(
                [sys.executable, str(REPOSITORY / "dev" / "odoo_server.py")]
                + [*self.options(database), *options]
                + [f"--http-port={port}", f"--gevent-port={free_port()}"]
                + [f"--workers={workers}"],
                env=self.environment(),
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us: the server is stopped by us, in order
                start_new_session=True,
            )

    @contextmanager
    def serve(self, database, log, *options, workers=0):
        """A running server.

        :param log: file for its log
        :return: its address
        :raises Problem: when it does not come up
        """
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        process = self.start(database, log, port, *options, workers=workers)
        try:
            _wait_for(process, f"{address}/web/health", log)
            yield address
        finally:
            _stop(process)


def _digest(text):
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _wait_for(process, url, log):
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise console.Problem("Odoo did not start.", f"Its log is {log}.")


def _stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
