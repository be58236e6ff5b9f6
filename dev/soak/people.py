"""Buyers who change their minds, and people who work at Odoo's screens."""

import random

import requests

from tests.end_to_end.client import OdooClient, OdooError

#: What of it goes wrong is to be expected: servers die under people's hands.
_FAILED = (OdooError, requests.RequestException, KeyError, ValueError)


class Buyers:
    """
    :param allegro: :class:`Driver` of the simulator
    :param seller: of whom they buy
    """

    def __init__(self, allegro, seller):
        self._allegro, self._seller = allegro, seller
        self.bought = 0

    def buy(self, count):
        """A purchase each, of random kinds, some of them paid for later."""
        made = self._allegro.post("/orders", count=count, seller=self._seller)
        forms = made["orders"]
        self.bought += len(forms)
        for form in forms:
            if form["status"] in ("BOUGHT", "FILLED_IN"):
                self._try(form, "pay")
            elif random.random() < 0.05:
                self._try(form, random.choice(("cancel", "change-address")))

    def _try(self, form, act):
        details = {"street": "ul. Nowa 5"} if act == "change-address" else {}
        try:
            self._allegro.act(form, act, **details)
        except requests.HTTPError:
            pass  # not allowed any more: as on Allegro


class Staff:
    """People at the screens of whichever server answers."""

    def __init__(self, addresses, database):
        self._addresses, self._database = addresses, database
        self.errors = []

    def work(self, count):
        """Start, number, hand over and cancel some orders."""
        try:
            self._work(count)
        except _FAILED as error:
            # a race that a person sees is a fault; a dead server is not
            if "could not serialize" in str(error) or "deadlock" in str(error):
                self.errors.append(str(error)[:200])

    def _work(self, count):
        address = random.choice(self._addresses)
        odoo = OdooClient(address, self._database, "seller")
        mine = [("allegro_account_id", "!=", False), ("state", "=", "sale")]
        fresh = odoo.read(
            "sale.order", [*mine, ("allegro_fulfillment_status", "=", "NEW")], "id"
        )
        ids = [row["id"] for row in fresh]
        random.shuffle(ids)
        if ids:
            odoo.call("sale.order", "action_allegro_start_processing", ids[:count])
        begun = odoo.read(
            "sale.order",
            [*mine, ("allegro_fulfillment_status", "=", "PROCESSING")],
            "allegro_parcel_ids",
        )
        random.shuffle(begun)
        for order in begun[:count]:
            self._finish(odoo, order)

    def _finish(self, odoo, order):
        if random.random() < 0.1:
            wizard = odoo.call(
                "allegro.cancel.wizard", "create", {"order_ids": [order["id"]]}
            )
            odoo.call("allegro.cancel.wizard", "action_confirm", [wizard])
            return
        if not order["allegro_parcel_ids"]:
            number = f"{random.randrange(10**23, 10**24)}"
            wizard = odoo.call(
                "allegro.tracking.wizard",
                "create",
                {"order_id": order["id"], "waybill": number},
            )
            odoo.call("allegro.tracking.wizard", "action_confirm", [wizard])
        odoo.call("sale.order", "action_allegro_hand_over", [order["id"]])
