"""Putting documents on Allegro, one after the other: what holds for each kind."""

from odoo import models

from ...allegro.errors import (
    AllegroConflictError,
    AllegroDataError,
    AllegroNotFoundError,
    AllegroUnavailableError,
)
from ..door.fault import Fault, in_words, whose

#: Not Allegro's no to a document: its order is not found just now, a file of its name
#: is there already or another one is being looked at, the answer can't be read.
_MAY_PASS = (AllegroConflictError, AllegroDataError, AllegroNotFoundError)


class AllegroAccountPushing(models.AbstractModel):
    """The part of ``allegro.account`` that puts documents on Allegro."""

    _name = "allegro.account.pushing"
    _description = "Documents of an Allegro account on their way to Allegro"

    def _push_each(self, documents, push):
        """Push some documents, and commit after each.

        :param push: function of a client and one document
        :return: False when there was nothing to do, or the time is up
        """
        due_ids = documents.ids
        self.env["ir.cron"]._commit_progress(remaining=len(due_ids))
        if not due_ids:
            return False
        with self._client() as client:
            for document_id in due_ids:
                with self._trailed(client):
                    push(client, documents.browse(document_id))
                if not self.env["ir.cron"]._commit_progress(1):
                    return False
        return True

    def _put_one(self, put, later, done):
        """Tell Allegro of one document: what it has against it stops no other.

        :param put: function that tells it
        :param later: method of the document: it is tried again by itself, and why
        :param done: method of the document: what has become of it, and why
        :raises AllegroError: when it is Allegro that is in trouble
        """
        try:
            put()
        except AllegroUnavailableError as error:
            # Were this document the cause, the next ones must not wait behind it.
            later(in_words(error), is_answered=False)
            self.env["ir.cron"]._commit_progress()
            raise
        except Exception as error:
            if whose(error) is not Fault.DOCUMENT:
                raise
            if isinstance(error, _MAY_PASS):
                later(in_words(error))
            else:
                done("error", in_words(error))
