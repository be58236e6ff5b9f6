"""Things that go wrong, on request (see README.md for the kinds)."""

import itertools
import re
import threading
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from . import path_edits

#: In place of an answer, or of its arrival: of the network, of whatever stands before
#: Allegro, and of Allegro's servers.
REQUEST_KINDS = (
    "bomb",
    "drip",
    "drop",
    "garbage",
    "gatekeeper",
    "html",
    "latency",
    "lost_answer",
    "oversized",
    "status",
)
#: Put over what Allegro answers.
OVERLAY = "overlay"
#: Of the journal.
EVENT_KINDS = ("duplicated", "missing", "disordered", "delayed")
#: The status that was just set is not read back at once (issue 9819).
READ_LAG = "read_lag"
KINDS = (*REQUEST_KINDS, OVERLAY, *EVENT_KINDS, READ_LAG)
PARTS = ("body", "head")


@dataclass
class Fault:
    """
    :param times: how often it strikes, None for always
    :param for_seconds: how long it is there, by the simulator's clock; None for ever
    :param path_pattern: regular expression searched for in the path
    :param seller: login; only what concerns this seller is met
    :param event_type: of the journal's faults
    :param takes_effect: whether the request is carried out though its answer is bad
    :param truncated: of garbage: half of the true answer instead of nonsense
    :param page: of the gatekeeper: a page for a browser instead of JSON
    :param part: of dripping: which part of the answer comes byte by byte
    :param unpacks_to: of the bomb: bytes
    :param items: of the oversized list: how many it holds
    :param order: of the overlay: id of the form it lies over; None for the whole answer
    :param edits: of the overlay: path to value, see ``path_edits.py``
    """

    kind: str
    path_pattern: str = ""
    method: str | None = None
    seller: str | None = None
    times: int | None = None
    for_seconds: float | None = None
    probability: float = 1.0
    seconds: float = 0
    status: int = 503
    retry_after: int | str | None = None
    body: object = None
    event_type: str | None = None
    takes_effect: bool = False
    truncated: bool = False
    page: bool = False
    part: str = "body"
    unpacks_to: int = 3 * 1024**3
    items: int = 10_000
    order: str | None = None
    edits: dict = field(default_factory=dict)
    id: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)
    #: when it goes by itself
    until: datetime | None = field(default=None, init=False)
    #: set when it is lifted: nobody is held up by it any longer
    lifted: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if self.part not in PARTS:
            raise ValueError(f"part must be one of {', '.join(PARTS)}")
        try:
            re.compile(self.path_pattern)
        except re.error as error:
            raise ValueError(f"path_pattern: {error}") from error
        for path in self.edits:
            path_edits.steps_of(path)
        if (self.kind == OVERLAY) != bool(self.edits):
            raise ValueError("an overlay has edits, and nothing else has")

    def as_json(self):
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in ("until", "lifted")
        }

    def is_over(self, now):
        is_spent = self.times is not None and self.struck >= self.times
        return is_spent or (self.until is not None and now >= self.until)

    def meets(self, method, path, seller):
        return (
            self.method in (None, method)
            and self.seller in (None, seller)
            and re.search(self.path_pattern, path)
        )


class Faults:
    def __init__(self, random, clock):
        self._random = random
        self._clock = clock
        self._numbers = itertools.count(1)
        self._added = []

    def add(self, fault):
        fault.id = next(self._numbers)
        if fault.for_seconds is not None:
            fault.until = self._clock.now() + timedelta(seconds=fault.for_seconds)
        self._added.append(fault)

    def active(self):
        """Those that can still strike."""
        now = self._clock.now()
        return [fault for fault in self._added if not fault.is_over(now)]

    def lift(self, number):
        """
        :return: whether there was one of that id
        """
        for fault in self._added:
            if fault.id == number:
                self._added.remove(fault)
                fault.lifted.set()
                return True
        return False

    def clear(self):
        for fault in self._added:
            fault.lifted.set()
        self._added.clear()

    def take_request(self, method, path, seller):
        """The faults that meet a request: all latencies, and at most one other."""
        met = []
        for fault in self._living(REQUEST_KINDS):
            has_its_turn = fault.kind == "latency" or not any(
                other.kind != "latency" for other in met
            )
            if (
                has_its_turn
                and fault.meets(method, path, seller)
                and self._strikes(fault)
            ):
                met.append(fault)
        return met

    def overlays(self, method, path, seller):
        """Those that may lie over an answer, oldest first.

        Whoever puts one on says so by :meth:`count`: only the answers that it changes
        are counted.
        """
        return [
            fault
            for fault in self._living((OVERLAY,))
            if fault.meets(method, path, seller)
        ]

    def count(self, fault):
        fault.struck += 1

    def take_event(self, event_type, seller):
        for fault in self._living(EVENT_KINDS):
            concerned = fault.event_type in (None, event_type)
            concerned = concerned and fault.seller in (None, seller)
            if concerned and self._strikes(fault):
                return fault
        return None

    def take_read_lag(self, seller):
        """Seconds for which the old fulfilment status is still read."""
        for fault in self._living((READ_LAG,)):
            if fault.seller in (None, seller) and self._strikes(fault):
                return fault.seconds
        return 0

    def _living(self, kinds):
        return [fault for fault in self.active() if fault.kind in kinds]

    def _strikes(self, fault):
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        self.count(fault)
        return True
