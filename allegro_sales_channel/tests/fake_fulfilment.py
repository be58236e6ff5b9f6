"""The part of the fake Allegro that statuses and parcels are told to."""

import copy

from ..allegro import writers
from ..allegro.answers import Answer
from ..allegro.gate import Write, through
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
        self.links = {}
        self.carrier_names = dict(CARRIERS)
        self.gate = None
        self.subject = None

    def refuse(self, call, error):
        """Let the next call of this name raise an error."""
        self.refusals.setdefault(call, []).append(error)

    def _maybe_refuse(self, call):
        if self.refusals.get(call):
            raise self.refusals[call].pop(0)

    def told_through_gate(self, writer, method, path, body, tell, **more):
        """What the client does with everything that is written.

        :param tell: function that does what Allegro would
        """

        def send():
            self._maybe_fail()
            tell()
            return Answer(200, None, None, None, "trace-1", False)

        if not self.gate:
            send()  # a test does it, as the seller would in Allegro's panel
            return
        write = Write.of(writer, method, path, body, about=self.subject, **more)
        through(self.gate, write, send)

    # the client's own methods

    def behind(self, gate):
        """The same Allegro, as a client with a gate finds it."""
        fake = copy.copy(self)
        fake.gate = gate
        return fake

    def about(self, subject):
        fake = copy.copy(self)
        fake.subject = subject
        return fake

    def checkout_form(self, checkout_form_id):
        self._maybe_fail()
        self._maybe_refuse("checkout_form")
        return self._fetched(checkout_form_id)

    def set_fulfillment_status(self, checkout_form_id, status, revision=None):
        def tell():
            self._maybe_refuse("set_fulfillment_status")
            self.told.append((checkout_form_id, status))
            self.forms[checkout_form_id]["fulfillment"]["status"] = status

        path = f"/order/checkout-forms/{checkout_form_id}/fulfillment"
        body = {"status": status}
        self.told_through_gate(writers.STATUS, "PUT", path, body, tell)

    def shipments(self, checkout_form_id):
        self._maybe_fail()
        return list(self.numbers.get(checkout_form_id, ()))

    def add_shipment(
        self, checkout_form_id, carrier_id, waybill, carrier_name=None, line_ids=()
    ):
        shipment = Shipment(
            f"id-{waybill}", carrier_id, waybill, carrier_name, tuple(line_ids), None
        )

        def tell():
            self._maybe_refuse("add_shipment")
            self.told.append((checkout_form_id, carrier_id, waybill))
            self.numbers.setdefault(checkout_form_id, []).append(shipment)

        path = f"/order/checkout-forms/{checkout_form_id}/shipments"
        body = {"carrierId": carrier_id, "waybill": waybill}
        self.told_through_gate(writers.PARCEL, "POST", path, body, tell)
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

    def billing_links(self, checkout_form_id):
        return self.links.get(checkout_form_id, [])

    def add_billing_link(self, checkout_form_id, url):
        def tell():
            self._maybe_refuse("add_billing_link")
            self.links.setdefault(checkout_form_id, []).append(url)

        path = f"/order/{checkout_form_id}/billing-documents/links"
        self.told_through_gate(writers.INVOICE, "POST", path, {"url": url}, tell)
