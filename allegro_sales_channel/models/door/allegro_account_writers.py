"""What an account may tell Allegro, and the trail of what it has told.

How a writer is used: what is not safe to repeat is expected, and committed, before it
travels; all is sent within :meth:`_trailed`::

    with self._client() as client:
        client.gate.expect(writers.MESSAGE, {subject: content})
        self.env["ir.cron"]._commit_progress()
        with self._trailed(client):
            client.about(subject).send(writers.MESSAGE, "POST", path, content)
"""

from contextlib import contextmanager

from odoo import api, models

from ...allegro import gate, writers
from .seams import Writer
from .trail_gate import TrailGate


class AllegroAccountWriters(models.AbstractModel):
    """The part of ``allegro.account`` by which Allegro is told anything."""

    _name = "allegro.account.writers"
    _description = "Writers of an Allegro account"

    @api.model
    def _writers(self):
        """Every kind of thing that Allegro is told.

        :return: list of :class:`Writer`
        """
        return [
            Writer(writers.STATUS, self.env._("Statuses")),
            Writer(writers.PARCEL, self.env._("Tracking numbers")),
            Writer(writers.INVOICE, self.env._("Invoices")),
        ]

    def _mode(self, writer):
        """How far a writer goes; one that is none of this database's goes nowhere.

        :param writer: its code
        :return: ``off``, ``shadow`` or ``on``
        """
        self.ensure_one()
        return self._modes().get(writer, gate.OFF)

    def _modes(self):
        """Dict of the modes by the writers' codes."""
        self.ensure_one()
        return {writer.code: self[writer.mode_field] for writer in self._writers()}

    def _held_words(self, codes):
        """Why what these writers are to tell is not told, in words.

        :param codes: of writers that have something to tell
        :return: False when nothing holds them back
        """
        self.ensure_one()
        modes = self._modes()
        labels = {
            mode: [
                writer.label
                for writer in self._writers()
                if writer.code in codes and modes[writer.code] == mode
            ]
            for mode in (gate.OFF, gate.SHADOW)
        }
        words = []
        if labels[gate.OFF]:
            words.append(
                self.env._(
                    "Not sent, because switched off for %(account)s: %(what)s. What is"
                    " still wanted then is sent when it is switched on.",
                    account=self.name,
                    what=", ".join(labels[gate.OFF]),
                )
            )
        if labels[gate.SHADOW]:
            words.append(
                self.env._(
                    "Not sent, because in shadow mode for %(account)s: %(what)s. What"
                    " would have been sent is in the trail.",
                    account=self.name,
                    what=", ".join(labels[gate.SHADOW]),
                )
            )
        return "\n".join(words) or False

    def _gate(self):
        """What stands before everything that a client of this account writes."""
        self.ensure_one()
        return TrailGate(self)

    @contextmanager
    def _trailed(self, client):
        """Keep the trail of what is sent within, and commit; also if it ends badly.

        What is written within is committed with it, or undone by an exception.
        """
        try:
            yield
        except Exception:
            # as the runner does with every step that fails, which forgets the trail
            self.env.cr.rollback()
            raise
        finally:
            client.gate.keep()
            self.env["ir.cron"]._commit_progress()

    def _wake_writers(self):
        """What waited while a writer was held may be told now."""
        for name in ("push", "invoice"):
            self._wake(name)
