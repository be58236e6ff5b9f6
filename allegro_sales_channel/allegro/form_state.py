"""The little that follows and cancels an order, whatever else its form holds."""

from dataclasses import dataclass

from .errors import AllegroDataError
from .side_fields import Notes, SideObject
from .statuses import CANCELLED
from .values import JsonObject


@dataclass(frozen=True)
class FormState:
    """Where an order stands at Allegro.

    :ivar status: of the form, Allegro's word; None when it can't be read
    :ivar fulfillment_status: the seller's, Allegro's word; None when there is none
    :ivar payment_finished: the buyer completed a payment, or something stands there
        that can't be read: of two ways to take an order back, the one that loses
        nothing belongs to a paid order
    """

    id: str
    revision: str | None
    status: str | None
    fulfillment_status: str | None
    payment_finished: bool

    @classmethod
    def from_json(cls, json):
        """
        :param json: the form as ``json`` parsed it
        :return: None when not even its id can be read
        """
        try:
            return cls.from_object(JsonObject(json), Notes())
        except AllegroDataError:
            return None

    @classmethod
    def from_object(cls, data, notes):
        """
        :param data: ``JsonObject``
        :param notes: ``Notes``, of what was left out
        :raises AllegroDataError: when there is no id
        """
        side = SideObject(data, notes)
        fulfillment = side.object("fulfillment", short_for="status")
        return cls(
            id=data.text("id"),
            revision=side.text("revision"),
            status=side.text("status"),
            fulfillment_status=fulfillment and fulfillment.text("status"),
            payment_finished=_payment_finished(data.raw("payment")),
        )

    @property
    def seller_cancelled(self):
        """The seller's CANCELLED is a label: the form's own status stays."""
        return self.fulfillment_status == CANCELLED


def _payment_finished(payment):
    return bool(payment.get("finishedAt") if isinstance(payment, dict) else payment)
