"""What the seller does in Allegro's own panel, and what Allegro does by itself."""

from . import parcels
from .fulfillment import STATUSES, change_status


def set_status(world, order, status, force=False):
    """RETURNED too, which stands for Allegro setting it.

    :param force: take any word, as if Allegro had a new status
    """
    if status not in STATUSES and not force:
        raise ValueError(f"status must be one of {', '.join(STATUSES)}")
    change_status(world, order, status)


def add_parcel(world, order, carrier_id, waybill, carrier_name=None, line_ids=()):
    """Any carrier: parcels of Ship with Allegro are still of carrier ALLEGRO."""
    parcels.add_parcel(world, order, carrier_id, waybill, carrier_name, line_ids)


def write_note(world, order, text):
    order.form["note"] = {"text": text}


def announce(world, order, type="READY_FOR_PROCESSING"):  # noqa: A002 - as on the wire
    """An event though nothing has changed: Allegro tells some things again."""
    world.journal.emit(order, type)
