"""The HTTP server, in a thread of its own, and what all its requests share."""

import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import Application
from .clock import Clock
from .feed import Feed
from .request_log import RequestLog
from .world import DEFAULT_SEED, World


class _QuietHandler(WSGIRequestHandler):
    #: headers and body go out as two writes, which Nagle's algorithm would delay
    disable_nagle_algorithm = True

    def log(self, type, message, *args):  # noqa: A002 - werkzeug's own name
        """The request log has it all."""


class Simulator:
    """A running fake Allegro; use as a context manager or call start and stop.

    ``lock`` guards the world: whoever reads or changes it holds the lock.
    """

    def __init__(self, host="127.0.0.1", port=0, seed=DEFAULT_SEED, clock=None):
        self.lock = threading.RLock()
        self.clock = clock or Clock()
        self.log = RequestLog()
        self.feed = Feed(self)
        self.world = World(self.clock, seed)
        self._server = make_server(
            host,
            port,
            Application(self),
            threaded=True,
            request_handler=_QuietHandler,
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self):
        return f"http://{self._server.host}:{self._server.port}"

    def reset(self, seed=DEFAULT_SEED):
        """A fresh world: nobody connected, nothing sold, no faults, real time."""
        self.feed.stop()
        with self.lock:
            self.world.faults.clear()
            self.clock.reset()
            self.log.clear()
            self.world = World(self.clock, seed)

    def start(self):
        self._thread.start()

    def stop(self):
        self.feed.stop()
        with self.lock:
            self.world.faults.clear()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exception):
        self.stop()
