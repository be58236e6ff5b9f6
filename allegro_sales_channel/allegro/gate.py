"""The gate before everything that Allegro is told: off, shadow or on, for each writer.

It stands in ``AllegroClient.send``, so nobody can forget it, and a client to which no
gate was given only reads.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from .answers import Answer
from .errors import AllegroError, WriteHeldError
from .masking import masked, without_people

OFF = "off"
SHADOW = "shadow"
ON = "on"

DONE = "done"
REFUSED = "refused"
UNKNOWN = "unknown"

_LONGEST_ANSWER = 500


@dataclass(frozen=True)
class Write:
    """One call that changes something at Allegro.

    :ivar writer: one of :mod:`writers`
    :ivar path: with its query
    :ivar content: what is sent, without people and secrets; of files only names and
        sizes
    :ivar hidden: the texts that were left out of ``content``
    :ivar about: what the caller says it is about, see ``AllegroClient.about``
    """

    writer: str
    method: str
    path: str
    content: object
    hidden: tuple[str, ...]
    about: object = None

    @classmethod
    def of(cls, writer, method, path, body, *, params=None, files=None, about=None):
        """
        :param body: what becomes JSON, or bytes, or None
        :param files: as for ``requests``: dict of (name, content, media type)
        """
        if params:
            path = f"{path}?{urlencode(params)}"
        content, hidden = masked({} if isinstance(body, bytes) else body)
        if isinstance(body, bytes):
            content = {"bytes": len(body)}
        for field, (name, file, _type) in (files or {}).items():
            content = {**(content or {}), field: {"name": name, "bytes": len(file)}}
        return cls(writer, method, path, content, hidden, about)

    @property
    def is_repeatable(self):
        """Would the same call, sent again, change nothing more (RFC 9110, 9.2.2)?"""
        return self.method in ("PUT", "DELETE")


@dataclass(frozen=True)
class Result:
    """What came of a write, as the trail keeps it.

    :ivar state: ``shadow`` (not sent), ``done``, ``refused`` (it has not taken effect)
        or ``unknown``
    :ivar answer: in words, without people and secrets
    """

    state: str
    answer: str | None = None
    trace_id: str | None = None

    @classmethod
    def of(cls, write, outcome):
        """
        :param outcome: :class:`Answer` or the :class:`AllegroError` raised
        """
        if isinstance(outcome, Answer):
            words, state = f"HTTP {outcome.status}", DONE
            if outcome.body is not None:
                told, _hidden = masked(outcome.body)
                words = f"{words} {json.dumps(told, default=str, ensure_ascii=False)}"
        else:
            words = str(outcome)
            is_unknown = getattr(outcome, "outcome_unknown", False)
            state = UNKNOWN if is_unknown else REFUSED
        words = without_people(words, write.hidden)[:_LONGEST_ANSWER]
        return cls(state, words, outcome.trace_id)


class Gate:
    """A closed one: nothing is written. What a client has that was given no other."""

    def mode(self, writer):
        """:return: ``OFF``, ``SHADOW`` or ``ON``"""
        return OFF

    def before(self, write):
        """Called before a write is sent, in whichever thread it is.

        :param write: :class:`Write`
        """

    def after(self, write, result):
        """Called when it is known what came of a write, or of its shadow.

        :param result: :class:`Result`
        """


def through(gate, write, send):
    """Send a write as far as the mode of its writer lets it.

    :param write: :class:`Write`
    :param send: function that sends it, and returns an ``Answer``
    :return: what ``send`` returns
    :raises WriteHeldError: when it is not sent
    :raises AllegroError: as ``send`` does
    """
    mode = gate.mode(write.writer)
    if mode == SHADOW:
        gate.after(write, Result(SHADOW))
    if mode != ON:
        raise WriteHeldError(write.writer, is_shadow=mode == SHADOW)
    gate.before(write)
    try:
        answer = send()
    except AllegroError as error:
        gate.after(write, Result.of(write, error))
        raise
    gate.after(write, Result.of(write, answer))
    return answer
