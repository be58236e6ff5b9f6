"""Moments: aware in UTC outside the door, naive in UTC, as Odoo stores them, inside."""

from datetime import timezone


def naive(moment):
    """As Odoo stores it, without fractions of a second; False when there is none."""
    return moment.replace(tzinfo=None, microsecond=0) if moment else False


def aware(moment):
    """As Allegro is asked; what is empty stays so."""
    return moment and moment.replace(tzinfo=timezone.utc)
