"""Odoo servers that are killed, and a PostgreSQL that stops."""

import random
import time
from contextlib import contextmanager, suppress

import psutil

from .. import console
from ..odoo_process import free_port

_WORKERS = 2


class Servers:
    """Several Odoo servers over one database, each with workers of its own.

    :param odoo: :class:`Odoo`
    :param database: the database's name
    :param log: folder for their logs
    """

    def __init__(self, odoo, database, log, count=2):
        self._odoo, self._database = odoo, database
        self._log = log
        self._ports = [free_port() for _ in range(count)]
        self._processes = [self._start(number) for number in range(count)]
        self.kills = 0

    @property
    def addresses(self):
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    def _start(self, number):
        log, port = self._log / f"odoo-{number}.log", self._ports[number]
        return self._odoo.start(self._database, log, port, workers=_WORKERS)

    def kill_a_worker(self):
        """``kill -9`` of one of the processes that do the work, whatever it is at."""
        workers = [
            child
            for process in self._processes
            if process.poll() is None
            for child in psutil.Process(process.pid).children()
        ]
        if workers:
            with suppress(psutil.NoSuchProcess):
                random.choice(workers).kill()
                self.kills += 1

    def revive(self):
        """Start those that gave up, as a machine's service manager would."""
        for number, process in enumerate(self._processes):
            if process.poll() is not None:
                self._processes[number] = self._start(number)

    def errors(self):
        """What the addons logged as errors; Odoo itself tells of each stop."""
        return [
            line.rstrip()
            for file in sorted(self._log.glob("odoo-*.log"))
            for line in file.read_text(errors="replace").splitlines()
            if " ERROR " in line and "odoo.addons.allegro_sales_channel" in line
        ]

    def stop(self):
        for process in self._processes:
            with suppress(psutil.NoSuchProcess):
                parent = psutil.Process(process.pid)
                for one in [*parent.children(recursive=True), parent]:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()
            process.wait()


@contextmanager
def running(odoo, database, log, count=2):
    servers = Servers(odoo, database, log, count)
    try:
        yield servers
    finally:
        servers.stop()


class Trouble:
    """Kills and stops at random moments of a span of time.

    :param seconds: in which all of it happens
    """

    def __init__(self, servers, restart, *, kills, stops, seconds):
        deeds = [servers.kill_a_worker] * kills + [restart] * stops
        moments = sorted(random.uniform(5, seconds) for _ in deeds)
        random.shuffle(deeds)
        self._plan = list(zip(moments, deeds, strict=True))
        self._servers = servers
        self._began = time.monotonic()

    def is_over(self):
        return not self._plan

    def go_on(self):
        """Do what is due."""
        self._servers.revive()
        while self._plan and time.monotonic() - self._began >= self._plan[0][0]:
            _moment, deed = self._plan.pop(0)
            deed()
            console.say(f"   {deed.__name__.replace('_', ' ')}")
