"""New random orders every few seconds, in the background."""

import threading

from .purchases import Wish, purchase


class Feed:
    def __init__(self, simulator):
        self._simulator = simulator
        self._stop = None

    @property
    def is_running(self):
        return self._stop is not None

    def start(self, every_seconds, kinds=None, unmanaged_share=0.0, seller=None):
        """
        :param kinds: names of the kinds of orders to choose from; None for all likely
        :param unmanaged_share: of the orders, how many have something unmanaged
        """
        self.stop()
        self._stop = threading.Event()
        arguments = (self._stop, every_seconds, kinds, unmanaged_share, seller)
        threading.Thread(target=self._run, args=arguments, daemon=True).start()

    def stop(self):
        if self._stop is not None:
            self._stop.set()
            self._stop = None

    def _run(self, stop, every_seconds, kinds, unmanaged_share, seller):
        while not stop.wait(every_seconds):
            with self._simulator.lock:
                if stop.is_set():
                    return
                world = self._simulator.world
                unmanaged = "none"
                if world.random.random() < unmanaged_share:
                    unmanaged = world.random.choice(("some", "all"))
                purchase(
                    world,
                    Wish(
                        seller=seller or next(iter(world.sellers)),
                        kind=world.random.choice(kinds) if kinds else None,
                        unmanaged=unmanaged,
                    ),
                )
