"""What the seller does in Allegro's own panel, and what Allegro does by itself."""

from . import parcels
from .fulfillment import STATUSES, change_status


def set_status(world, order, status):
    """RETURNED too, which stands for Allegro setting it."""
    if status not in STATUSES:
        raise ValueError(f"status must be one of {', '.join(STATUSES)}")
    change_status(world, order, status)


def add_parcel(world, order, carrier_id, waybill, carrier_name=None, line_ids=()):
    """Any carrier: parcels of Ship with Allegro are still of carrier ALLEGRO."""
    parcels.add_parcel(world, order, carrier_id, waybill, carrier_name, line_ids)


def write_note(world, order, text):
    order.form["note"] = {"text": text}
