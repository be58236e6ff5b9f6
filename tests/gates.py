"""A gate that lets through what a test wants, and remembers what came by."""

from allegro.gate import ON, Gate


class NotingGate(Gate):
    """
    :ivar begun: list of ``Write``: what was about to be sent
    :ivar results: list of (``Write``, ``Result``)
    """

    def __init__(self, mode=ON, **modes):
        self._mode, self._modes = mode, modes
        self.begun, self.results = [], []

    def mode(self, writer):
        return self._modes.get(writer, self._mode)

    def before(self, write):
        self.begun.append(write)

    def after(self, write, result):
        self.results.append((write, result))
