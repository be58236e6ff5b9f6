"""What an addon hands to the door: a scope, a scheduled action, a writer, a tile.

Each is listed by a method of ``allegro.account`` that other addons extend:
``_scopes``, ``_scheduled_actions``, ``_writers``, ``_overview_tiles``.
"""

from dataclasses import dataclass

from ...allegro import gate


@dataclass(frozen=True)
class Scope:
    """A permission that the seller gives at Allegro, and the feature that it serves.

    :ivar name: Allegro's word, such as ``allegro:api:orders:read``
    :ivar use: what it is for, in words
    :ivar loss: what does not work without it, in words
    :ivar is_wanted: False as long as its feature is switched off: then the seller is
        not asked for it
    """

    name: str
    use: str
    loss: str
    is_wanted: bool = True


@dataclass(frozen=True)
class ScheduledAction:
    """An action that Odoo's scheduler runs, and what it does for each account.

    It is switched on while there is an account to run it for.

    :ivar xml_id: of the ``ir.cron``, whose code calls ``_run_scheduled(xml_id)``
    :ivar steps: names of methods of one connected account; the token is fresh
    :ivar offline_steps: names of methods that need no connection: they run first, also
        while the account waits for a new consent
    """

    xml_id: str
    steps: tuple[str, ...] = ()
    offline_steps: tuple[str, ...] = ()

    @property
    def domain(self):
        """Which accounts it is run for."""
        if self.offline_steps:
            return [("state", "!=", "draft")]
        return [("state", "=", "connected")]


#: How far a writer goes: the selection of each field ``<code>_mode`` of an account.
MODES = [
    (gate.OFF, "Off: nothing is sent"),
    (gate.SHADOW, "Shadow: worked out and noted, not sent"),
    (gate.ON, "On"),
]


@dataclass(frozen=True)
class Writer:
    """A kind of thing that Allegro is told.

    The account has a field for its mode, ``<code>_mode``: a selection of ``MODES``.

    :ivar code: one of ``allegro/writers.py``: each call that changes something at
        Allegro names it
    :ivar label: in words
    """

    code: str
    label: str

    @property
    def mode_field(self):
        return f"{self.code}_mode"


@dataclass(frozen=True)
class Tile:
    """A number for each account, and the list behind it.

    What is counted is what the list shows, so both are named only once: by the list's
    own action and filters.

    :ivar code: a short technical name, unique
    :ivar label: what is counted, in words
    :ivar action: XML id of the window action that shows the list
    :ivar account: the field (or path) by which the list's model names the account
    :ivar filters: names of filters of the list's search view, each of another group:
        they narrow each other down
    :ivar is_alarming: somebody has to look at it when it is not nought
    """

    code: str
    label: str
    action: str
    account: str
    filters: tuple[str, ...] = ()
    is_alarming: bool = False


@dataclass(frozen=True)
class Words:
    """An alarm as its reader sees it, in his language.

    :ivar title: in a few words
    :ivar text: what is wrong and what to do
    :ivar method: of the account: opens where that is done; empty for the account itself
    :ivar button: what the method is called
    """

    title: str
    text: str
    method: str = ""
    button: str = ""


@dataclass(frozen=True)
class Finding:
    """One line of *Check connection*.

    :ivar label: what was looked at, in words
    :ivar result: ``fine``, ``warning`` or ``bad``
    :ivar text: how it is, and what to do when it is not fine
    """

    label: str
    result: str
    text: str
