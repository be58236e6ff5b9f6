"""Whose fault is it? One answer for every loop over documents.

A loop works a document in :func:`attempt`, which hands back what is the document's own
fault and raises all else: that stops the loop, and the runner of the account's steps
(``allegro_account_runner``) does what is right about it.
"""

import enum
import traceback
from pathlib import Path

import psycopg2

from odoo.exceptions import ConcurrencyError, LockError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...allegro.errors import REFUSALS, AllegroDataError, AllegroError


class Fault(enum.Enum):
    """Who is to blame, and so what to do."""

    RACE = "another worker was faster: begin again"
    DATABASE = "the database is in trouble: stop the run"
    ALLEGRO = "Allegro is in trouble: come again later"
    DOCUMENT = "this document is wrong: put it aside, go on"


#: Kinds of PostgreSQL's errors that say nothing about what was asked of it: no
#: connection, transaction gone, resources, operator, files, PostgreSQL's own.
_DATABASE_CLASSES = ("08", "25", "53", "57", "58", "F0", "XX")


def whose(error):
    """Whose fault an exception is.

    :param error: any exception that was raised while a document was worked
    :return: a :class:`Fault`
    """
    if isinstance(
        error, (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError, LockError)
    ):
        return Fault.RACE
    if isinstance(error, psycopg2.Error):
        return Fault.DATABASE if _is_databases(error) else Fault.DOCUMENT
    if isinstance(error, AllegroError):
        return Fault.DOCUMENT if isinstance(error, REFUSALS) else Fault.ALLEGRO
    return Fault.DOCUMENT


def _is_databases(error):
    if isinstance(error, psycopg2.InterfaceError):
        return True  # the connection is closed on this side
    code = error.pgcode
    if code is None:
        # no answer of PostgreSQL: the connection is gone
        return isinstance(error, psycopg2.OperationalError)
    return code[:2] in _DATABASE_CLASSES


def attempt(env, work, *arguments):
    """Work one document in a savepoint.

    :param work: function; what it wrote is undone when it fails
    :return: None, or the exception that is the document's own fault
    :raises Exception: every other one
    """
    try:
        with env.cr.savepoint():
            work(*arguments)
    except Exception as error:
        if whose(error) is not Fault.DOCUMENT:
            raise
        return error
    return None


def in_words(error):
    """What to keep on a document about an exception.

    A programming error says little by its message alone, so its kind comes along.
    """
    text = str(error).strip()
    is_known = isinstance(error, AllegroError) or any(
        kind.__module__ == "odoo.exceptions" for kind in type(error).__mro__
    )
    return text if is_known and text else f"{text or '-'} ({type(error).__name__})"


def in_words_of(env, error):
    """:func:`in_words`, in the language of ``env`` as far as the words are ours."""
    text = in_words(error)
    if not isinstance(error, AllegroDataError):
        return text
    ours = {
        "is missing": env._("is missing"),
        "is missing or empty": env._("is missing or empty"),
        "is there twice": env._("is there twice"),
        "is not above zero": env._("is not above zero"),
        "is below zero": env._("is below zero"),
        "is not an object": env._("is not an object"),
        "is not a text": env._("is not a text"),
        "is not a list": env._("is not a list"),
        "is not a number": env._("is not a number"),
        "is not a whole number": env._("is not a whole number"),
        "is not a date": env._("is not a date"),
        "is not a time with its zone": env._("is not a time with its zone"),
        "is not a currency": env._("is not a currency"),
        "is not an id": env._("is not an id"),
    }
    return text.replace(error.problem, ours.get(error.problem, error.problem))


def keep(record, name, say):
    """Write a sentence in every language, so that each reader has it in his own.

    :param record: of a model whose field ``name`` is translated
    :param say: function of ``env`` that gives the sentence in its language
    """
    for code, _name in record.env["res.lang"].get_installed():
        spoken = record.with_context(lang=code)
        spoken[name] = say(spoken.env)


def in_log(error):
    """What a log may hold of an exception: its kind, and how it came there.

    Its words quote what was worked on, such as a firm and its tax number; they belong
    on the document, where only those who may see it read them.
    """
    if isinstance(error, AllegroError):
        return error.for_log
    kind = type(error).__name__
    if isinstance(error, psycopg2.Error) and error.pgcode:
        kind = f"{kind} {error.pgcode}"
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{kind} at {' > '.join(places) or '?'}"
