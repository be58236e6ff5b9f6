"""Scheduled actions, and their lanes: the same action for one account by itself."""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo import fields, models

from . import (  # noqa: F401 - what it inherits
    allegro_guarded,
    needed,
)

_by_hand = ContextVar("allegro_by_hand", default=False)


def is_by_hand():
    """Does somebody wait for this run, rather than Odoo's scheduler make it?"""
    return _by_hand.get()


@contextmanager
def _waited_for():
    token = _by_hand.set(True)
    try:
        yield
    finally:
        _by_hand.reset(token)


class IrCron(models.Model):
    _name = "ir.cron"
    _inherit = ["ir.cron", "allegro.needed", "allegro.guarded"]

    allegro_lane_account_id = fields.Many2one(
        "allegro.account",
        "Allegro account",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="What it is run for. Odoo makes such actions by itself where there are"
        " several accounts, so that none waits for another.",
    )
    allegro_lane_of_id = fields.Many2one(
        "ir.cron", "Woken by", readonly=True, ondelete="cascade"
    )

    _allegro_lane_unique = models.UniqueIndex(
        "(allegro_lane_of_id, allegro_lane_account_id)",
    )

    def method_direct_trigger(self):
        with _waited_for():
            return super().method_direct_trigger()


class IrCronTrigger(models.Model):
    _name = "ir.cron.trigger"
    _inherit = ["ir.cron.trigger", "allegro.guarded"]

    allegro_stood_back = fields.Boolean(
        readonly=True, help="Another lane of the same account was at work."
    )
