"""The time that a whole exchange with a server may take, however it drips.

A time limit of ``requests`` is one for each piece that comes: who sends a byte every
twenty seconds holds the line for ever. Here every wait ends at the latest when the time
of the exchange is over: while sending, waiting for headers, and reading the body.
"""

import http.client
import io
import threading
import time
from contextlib import contextmanager

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_exchange = threading.local()


@contextmanager
def within(seconds):
    """All that this thread sends and receives inside must be over by then."""
    before = getattr(_exchange, "ends_at", None)
    _exchange.ends_at = time.monotonic() + seconds
    try:
        yield
    finally:
        _exchange.ends_at = before


def time_left():
    """Seconds until the exchange must be over; None when it has no end."""
    ends_at = getattr(_exchange, "ends_at", None)
    return None if ends_at is None else ends_at - time.monotonic()


def _limit(sock, patience):
    """Let the next wait end in time.

    :param patience: seconds that it may take anyhow, None for any time
    :raises TimeoutError: when the time is over
    """
    left = time_left()
    if left is None:
        return
    if left <= 0:
        raise TimeoutError("the whole exchange took too long")
    sock.settimeout(left if patience is None else min(patience, left))


class _Reader(io.RawIOBase):
    """What comes from a socket."""

    def __init__(self, sock):
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self):
        return True

    def readinto(self, buffer):
        _limit(self._sock, self._sock.gettimeout())
        return self._raw.readinto(buffer)

    def close(self):
        self._raw.close()
        return super().close()


class _TimedSocket:
    """As much of a socket as ``http.client`` asks for when it reads an answer."""

    def __init__(self, sock):
        self._sock = sock

    def makefile(self, _mode):
        return io.BufferedReader(_Reader(self._sock))


class _Response(http.client.HTTPResponse):
    def __init__(self, sock, *args, **kwargs):
        super().__init__(_TimedSocket(sock), *args, **kwargs)


class _Timed:
    """A connection, of either kind."""

    response_class = _Response

    def send(self, data):
        if self.sock is None and self.auto_open:
            self.connect()
        if self.sock is not None:
            # the socket may be one of an earlier exchange, which left it less time
            _limit(self.sock, None)
        return super().send(data)


class _TimedConnection(_Timed, HTTPConnection):
    pass


class _TimedTlsConnection(_Timed, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class TimedAdapter(HTTPAdapter):
    """Connections that keep to :func:`within`, also through a proxy but SOCKS."""

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS
        return result

    def proxy_manager_for(self, proxy, **kwargs):
        manager = super().proxy_manager_for(proxy, **kwargs)
        # those of SOCKS know how to reach their proxy: with ours they would go round it
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager
