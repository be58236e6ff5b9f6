"""The part of the fake Allegro that statuses and parcels are told to."""

from ..allegro.shipments import Carrier, DeliveryMethod, Shipment

CARRIERS = {"INPOST": "InPost", "DPD": "DPD", "UPS": "UPS", "OTHER": None}


class FakeFulfilment:
    """``told``: what was sent, in order. ``refusals``: errors to raise, by call.

    A refusal is taken once for each time it was put there.
    """

    def __init__(self):
        self.told = []
        self.numbers = {}
        self.refusals = {}
        self.carrier_names = dict(CARRIERS)

    def refuse(self, call, error):
        """Let the next call of this name raise an error."""
        self.refusals.setdefault(call, []).append(error)

    def _maybe_refuse(self, call):
        if self.refusals.get(call):
            raise self.refusals[call].pop(0)

    # the client's own methods

    def checkout_form(self, checkout_form_id):
        self._maybe_fail()
        self._maybe_refuse("checkout_form")
        return self._fetched(checkout_form_id)

    def set_fulfillment_status(self, checkout_form_id, status, revision=None):
        self._maybe_fail()
        self._maybe_refuse("set_fulfillment_status")
        self.told.append((checkout_form_id, status))
        self.forms[checkout_form_id]["fulfillment"]["status"] = status

    def shipments(self, checkout_form_id):
        self._maybe_fail()
        return list(self.numbers.get(checkout_form_id, ()))

    def add_shipment(
        self, checkout_form_id, carrier_id, waybill, carrier_name=None, line_ids=()
    ):
        self._maybe_fail()
        self._maybe_refuse("add_shipment")
        self.told.append((checkout_form_id, carrier_id, waybill))
        shipment = Shipment(
            f"id-{waybill}", carrier_id, waybill, carrier_name, tuple(line_ids), None
        )
        self.numbers.setdefault(checkout_form_id, []).append(shipment)
        return shipment

    def carriers(self):
        self._maybe_fail()
        return [Carrier(code, name) for code, name in self.carrier_names.items()]

    def delivery_methods(self):
        self._maybe_fail()
        return [
            DeliveryMethod("method-1", "Allegro Kurier DPD", ("allegro-pl",), False),
            DeliveryMethod("method-2", "Przesyłka kurierska", ("allegro-pl",), False),
        ]
