"""The kinds of orders that occur, each a short function on a draft.

Importing the modules registers their kinds.
"""

from . import delivery, hostile, invoices, prices, progress
from .registry import KINDS, kinds_for

__all__ = [
    "KINDS",
    "delivery",
    "hostile",
    "invoices",
    "kinds_for",
    "prices",
    "progress",
]
