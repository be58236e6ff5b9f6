"""The gate of an account's client: its writers' modes, and its trail.

The client may be used by several threads, which must not touch the database: what came
of their calls is remembered here, and stored by :meth:`TrailGate.keep`.
"""

from dataclasses import dataclass

from ...allegro.gate import ON, SHADOW, UNKNOWN, Gate


@dataclass(frozen=True)
class Subject:
    """What a write is about.

    :ivar model: name of the document's model
    :ivar res_id: its id
    :ivar order_id: id of the Allegro order that it belongs to, None when to none
    :ivar user_id: id of who wanted it
    """

    model: str
    res_id: int
    order_id: int | None
    user_id: int

    def values(self):
        return {
            "res_model": self.model,
            "res_id": self.res_id,
            "order_id": self.order_id,
            "user_id": self.user_id,
        }


class TrailGate(Gate):
    """
    :param account: one ``allegro.account``
    """

    def __init__(self, account):
        # sudo: the trail is the system's, at whoever's wish something is sent
        self._account = account.sudo()
        self._modes = self._account._modes()
        self._expected = {}
        self._begun = set()
        self._results = []

    # Asked by the client, in any thread

    def mode(self, writer):
        return self._modes.get(writer, super().mode(writer))

    def before(self, write):
        """
        :raises ValueError: when a kill would leave no trace of what is not to be
            repeated: a mistake in the program
        """
        key = write.writer, write.about
        if not write.is_repeatable and key not in self._expected:
            raise ValueError(
                f"{write.method} {write.path} was not announced by expect()"
            )
        self._begun.add(key)

    def after(self, write, result):
        self._results.append((write, result))

    # Asked by whoever has the database

    def expect(self, writer, contents):
        """Put on disk what may be sent and is not safe to repeat, as unknown.

        To be committed before it is sent. What is not sent after all is forgotten by
        :meth:`keep`.

        :param contents: dict by :class:`Subject` of what is sent of it, without people
        """
        if self.mode(writer) != ON or not contents:
            return
        lines = self._account.env["allegro.trail"].create(
            [
                {
                    **self._line(writer, subject),
                    "mode": ON,
                    "state": UNKNOWN,
                    "content": content,
                }
                for subject, content in contents.items()
            ]
        )
        for subject, line in zip(contents, lines, strict=True):
            self._expected[writer, subject] = line.id

    def forget(self):
        """What was expected was rolled back."""
        self._expected.clear()

    def keep(self):
        """Store what came of the calls since the last time, and read the modes anew."""
        trail = self._account.env["allegro.trail"]
        results, self._results = self._results, []
        expected, self._expected = self._expected, {}
        begun, self._begun = self._begun, set()
        trail.browse(
            line_id for key, line_id in expected.items() if key not in begun
        ).unlink()
        new = []
        for write, result in results:
            values = {
                "state": result.state,
                "method": write.method,
                "path": write.path,
                "content": write.content,
                "answer": result.answer,
                "trace_id": result.trace_id,
            }
            line_id = expected.pop((write.writer, write.about), None)
            if line_id:
                trail.browse(line_id).write(values)
            else:
                mode = SHADOW if result.state == SHADOW else ON
                subject = self._line(write.writer, write.about)
                new.append({**subject, **values, "mode": mode})
        trail.create(new)
        self._modes = self._account._modes()

    def _line(self, writer, subject):
        about = subject.values() if subject else {"user_id": self._account.env.uid}
        return {"account_id": self._account.id, "writer": writer, **about}
