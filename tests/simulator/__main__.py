"""``python3 -m tests.simulator --port N``: run until SIGTERM or SIGINT."""

import argparse
import signal
import threading

from .server import Simulator
from .world import DEFAULT_SEED


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.simulator")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    options = parser.parse_args()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Simulator(
        host=options.host, port=options.port, seed=options.seed
    ) as simulator:
        print(simulator.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
