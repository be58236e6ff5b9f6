"""Things that go wrong, on request (see README.md for the kinds)."""

import re
from dataclasses import dataclass, field

#: Of the network and of Allegro's servers.
REQUEST_KINDS = (
    "latency",
    "status",
    "drop",
    "lost_answer",
    "garbage",
    "html",
)
#: Of the journal.
EVENT_KINDS = ("duplicated", "missing", "disordered", "delayed")
#: The status that was just set is not read back at once (issue 9819).
READ_LAG = "read_lag"
KINDS = (*REQUEST_KINDS, *EVENT_KINDS, READ_LAG)


@dataclass
class Fault:
    """
    :param times: how often it strikes, None for always
    :param path_pattern: regular expression searched for in the path
    :param event_type: of the journal's faults
    :param takes_effect: whether the request is carried out though its answer is bad
    :param truncated: of garbage: half of the true answer instead of nonsense
    """

    kind: str
    path_pattern: str = ""
    method: str | None = None
    times: int | None = None
    probability: float = 1.0
    seconds: float = 0
    status: int = 503
    retry_after: int | None = None
    body: object = None
    event_type: str | None = None
    takes_effect: bool = False
    truncated: bool = False
    struck: int = field(default=0, init=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        try:
            re.compile(self.path_pattern)
        except re.error as error:
            raise ValueError(f"path_pattern: {error}") from error

    @property
    def is_spent(self):
        return self.times is not None and self.struck >= self.times

    def meets(self, method, path):
        return self.method in (None, method) and re.search(self.path_pattern, path)


class Faults:
    def __init__(self, random):
        self._random = random
        self.active = []

    def add(self, fault):
        self.active.append(fault)

    def clear(self):
        self.active.clear()

    def take_request(self, method, path):
        """The faults that meet a request: all latencies, and at most one other."""
        met = []
        for fault in self._living(REQUEST_KINDS):
            has_its_turn = fault.kind == "latency" or not any(
                other.kind != "latency" for other in met
            )
            if has_its_turn and fault.meets(method, path) and self._strikes(fault):
                met.append(fault)
        return met

    def take_event(self, event_type):
        for fault in self._living(EVENT_KINDS):
            if fault.event_type in (None, event_type) and self._strikes(fault):
                return fault
        return None

    def take_read_lag(self):
        """Seconds for which the old fulfilment status is still read."""
        for fault in self._living((READ_LAG,)):
            if self._strikes(fault):
                return fault.seconds
        return 0

    def _living(self, kinds):
        return [f for f in self.active if f.kind in kinds and not f.is_spent]

    def _strikes(self, fault):
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        fault.struck += 1
        return True
