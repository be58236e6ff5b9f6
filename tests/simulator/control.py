"""``/_control/``: what tests and demonstrations tell the simulator (see README.md)."""

import json
from datetime import timedelta
from decimal import Decimal

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from . import buyer, panel, parcels
from .answers import plain_json
from .clock import parse_time, wire_time
from .faults import Fault
from .kinds import KINDS
from .oauth import ALL_SCOPES
from .purchases import Wish, purchase
from .world import DEFAULT_SEED, App, Seller

_MOST_AT_ONCE = 100_000


class _UnknownError(Exception):
    """No order, seller, offer or fault of that name."""


class Control:
    def __init__(self, simulator):
        self._simulator = simulator
        self._routes = Map(
            [
                Rule(f"/_control{path}", methods=[method], endpoint=handler)
                for method, path, handler in (
                    ("POST", "/reset", self._reset),
                    ("GET", "/state", self._state),
                    ("GET", "/requests", self._requests),
                    ("DELETE", "/requests", self._clear_requests),
                    ("GET", "/catalogue", self._catalogue),
                    ("POST", "/offers", self._create_offers),
                    ("POST", "/offers/<offer_id>", self._change_offer),
                    ("GET", "/templates", self._templates),
                    ("GET", "/orders", self._list_orders),
                    ("POST", "/orders", self._create_orders),
                    ("GET", "/orders/<form_id>", self._show_order),
                    ("POST", "/orders/<form_id>/<act>", self._act),
                    ("POST", "/merge", self._merge),
                    ("POST", "/history", self._history),
                    ("POST", "/feed", self._start_feed),
                    ("DELETE", "/feed", self._stop_feed),
                    ("GET", "/faults", self._list_faults),
                    ("POST", "/faults", self._add_fault),
                    ("DELETE", "/faults", self._clear_faults),
                    ("DELETE", "/faults/<int:number>", self._lift_fault),
                    ("POST", "/tokens", self._tokens),
                    ("POST", "/clock", self._clock),
                    ("POST", "/rate-limit", self._rate_limit),
                    ("POST", "/sellers", self._change_seller),
                    ("POST", "/apps", self._register_app),
                )
            ]
        )

    @property
    def _world(self):
        return self._simulator.world

    def handle(self, request):
        try:
            handler, arguments = self._routes.bind("control").match(
                request.path, request.method
            )
            body = json.loads(request.get_data() or b"{}")
            if not isinstance(body, dict):
                raise ValueError("the body must be a JSON object")
            with self._simulator.lock:
                return plain_json(handler(**arguments, **body))
        except HTTPException as error:
            return plain_json({"error": error.description}, error.code)
        except buyer.RefusedError as error:
            return plain_json({"error": str(error)}, 409)
        except _UnknownError as error:
            return plain_json({"error": str(error)}, 404)
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            return plain_json({"error": f"{type(error).__name__}: {error}"}, 400)

    # The simulator itself

    def _reset(self, seed=DEFAULT_SEED):
        self._simulator.reset(seed)
        return self._state()

    def _state(self):
        world = self._world
        return {
            "seed": world.seed,
            "now": wire_time(world.clock.now()),
            "sellers": [
                {
                    "login": seller.login,
                    "id": seller.id,
                    "orders": len(world.orders.of_seller(seller.login)),
                    "events": world.journal.count(seller.login),
                    "sessions": sum(
                        session.seller == seller.login
                        for session in world.tokens.living_sessions()
                    ),
                    "sent_when_waybill_added": seller.sent_when_waybill_added,
                }
                for seller in world.sellers.values()
            ],
            "apps": [app.client_id for app in world.apps.values()],
            "faults": len(world.faults.active()),
            "feed": self._simulator.feed.is_running,
            "rate_limit_per_minute": world.rate_limit.per_minute,
            "requests": len(self._simulator.log.entries()),
        }

    def _requests(self):
        return {"requests": self._simulator.log.entries()}

    def _clear_requests(self):
        self._simulator.log.clear()
        return {}

    def _clock(self, advance_seconds):
        self._simulator.clock.advance(float(advance_seconds))
        return {"now": wire_time(self._simulator.clock.now())}

    def _rate_limit(self, per_minute):
        self._world.rate_limit.per_minute = int(per_minute)
        return {"per_minute": self._world.rate_limit.per_minute}

    # Who is there

    def _change_seller(self, login, **changes):
        """Changes a seller, or adds one."""
        world = self._world
        if login in world.sellers:
            seller = world.sellers[login]
        else:
            number = str(44_000_001 + len(world.sellers))
            seller = world.add_seller(
                Seller(login, number, "Nowy", "Sprzedawca", login, "5260001246")
            )
        for name, value in changes.items():
            if name not in vars(seller):
                raise ValueError(f"a seller has no {name}")
            setattr(seller, name, value)
        return vars(seller)

    def _register_app(self, client_id, client_secret, name=None, redirect_uris=None):
        app = App(client_id, client_secret, name or client_id, redirect_uris)
        self._world.add_app(app)
        return {"client_id": app.client_id, "redirect_uris": app.redirect_uris}

    def _tokens(self, action, seller=None, scopes=None, client_id=None):
        world, tokens = self._world, self._world.tokens
        if action == "expire-access":
            tokens.expire_access(seller)
        elif action == "revoke":
            tokens.revoke(seller)
        elif action == "limit-scopes":
            tokens.scope_limit = None if scopes is None else tuple(scopes)
        elif action == "issue":
            login = self._seller(seller)
            session = tokens.new_session(
                client_id or next(iter(world.apps)),
                login,
                ALL_SCOPES if scopes is None else scopes,
            )
            return tokens.issue(session, world.sellers[login].id)
        else:
            raise ValueError("action: expire-access, revoke, limit-scopes or issue")
        return {}

    # What is sold

    def _catalogue(self):
        return {"offers": [o.as_json() for o in self._world.catalogue.offers()]}

    def _create_offers(self, offers=None, count=1, seller=None):
        catalogue, login = self._world.catalogue, self._seller(seller)
        if offers is None:
            _check_count(count)
            start = len(catalogue.offers())
            offers = [
                {
                    "name": f"Część zamienna nr {start + index}",
                    "external_id": f"CZ-{start + index}",
                    "price": f"{20 + (start + index) * 7 % 900}.00",
                }
                for index in range(count)
            ]
        created = [catalogue.create(login, **_offer(offer)) for offer in offers]
        return {"offers": [offer.as_json() for offer in created]}

    def _change_offer(self, offer_id, in_orders=False, **changes):
        """As the seller edits it.

        :param in_orders: whether what was sold of it shows the new signature, too
        """
        world = self._world
        offer = world.catalogue.get(offer_id)
        if offer is None:
            raise _UnknownError(f"no offer has the id {offer_id}")
        for name, value in (changes | _decimal_price(changes)).items():
            if name not in _EDITABLE:
                raise ValueError(f"of an offer can change: {', '.join(_EDITABLE)}")
            setattr(offer, name, value)
        if in_orders:
            world.orders.show_signature(offer)
        return offer.as_json()

    # Orders

    def _templates(self):
        return {
            "templates": [
                {
                    "name": kind.name,
                    "description": kind.description,
                    "weight": kind.weight,
                    "marketplace": kind.marketplace,
                }
                for kind in KINDS.values()
            ]
        }

    def _list_orders(self):
        return {
            "orders": [
                {
                    "id": order.id,
                    "seller": order.seller,
                    "status": order.form.get("status"),
                    "fulfillment": order.fulfillment_status,
                    "shipments": len(order.shipments),
                    "status_changes": order.status_changes,
                }
                for order in self._world.orders.all()
            ]
        }

    def _create_orders(
        self,
        template=None,
        count=1,
        seller=None,
        bought_at=None,
        marketplace=None,
        lines=None,
        line_count=None,
        unmanaged="none",
        overrides=None,
        events=True,
    ):
        _check_count(count)
        if line_count is not None:
            _check_count(line_count)
        wish = Wish(
            seller=self._seller(seller),
            kind=template,
            bought_at=bought_at and parse_time(bought_at),
            marketplace=marketplace,
            lines=lines,
            line_count=line_count,
            unmanaged=unmanaged,
            overrides=overrides or {},
            announce=events,
        )
        orders = [purchase(self._world, wish) for _ in range(count)]
        return {"orders": [order.form for order in orders]}

    def _show_order(self, form_id):
        """The form as it truly is, and all that belongs to it."""
        order = self._order(form_id)
        return {
            "form": order.form,
            "seller": order.seller,
            "shipments": order.shipments,
            "invoices": [i.as_json(self._world.clock.now()) for i in order.invoices],
            "links": order.links,
            "status_changes": order.status_changes,
        }

    def _act(self, form_id, act, **details):
        """A buyer's or seller's act; see the table in README.md."""
        if act not in _ACTS:
            raise ValueError(f"act must be one of {', '.join(sorted(_ACTS))}")
        order = self._order(form_id)
        _ACTS[act](self._world, order, **details)
        return order.form

    def _merge(self, ids, pay=True, force=False):
        orders = [self._order(form_id) for form_id in ids]
        merged = buyer.merge(self._world, orders, force)
        if pay:
            buyer.pay(self._world, merged)
        return merged.form

    def _history(self, count, days, seller=None, template=None, events=False):
        """Spread evenly over the days before now."""
        _check_count(count)
        login, now = self._seller(seller), self._world.clock.now()
        for index in range(count):
            before = timedelta(days=float(days)) * ((count - index) / count)
            purchase(
                self._world,
                Wish(
                    seller=login,
                    kind=template,
                    bought_at=now - before,
                    announce=events,
                ),
            )
        return {"created": count}

    def _start_feed(
        self, every_seconds, templates=None, unmanaged_share=0.0, seller=None
    ):
        for name in templates or ():
            if name not in KINDS:
                raise ValueError(f"no template is named {name}")
        self._simulator.feed.start(
            float(every_seconds), templates, float(unmanaged_share), seller
        )
        return {"feed": True}

    def _stop_feed(self):
        self._simulator.feed.stop()
        return {"feed": False}

    # What goes wrong

    def _list_faults(self):
        return {"faults": [fault.as_json() for fault in self._world.faults.active()]}

    def _add_fault(self, **details):
        fault = Fault(**details)
        if fault.seller is not None:
            self._seller(fault.seller)
        if fault.order is not None:
            self._order(fault.order)
        self._world.faults.add(fault)
        return fault.as_json()

    def _lift_fault(self, number):
        if not self._world.faults.lift(number):
            raise _UnknownError(f"no fault has the id {number}")
        return {}

    def _clear_faults(self):
        self._world.faults.clear()
        return {}

    def _seller(self, login):
        """The named seller, or the first."""
        login = login or next(iter(self._world.sellers))
        if login not in self._world.sellers:
            raise _UnknownError(f"no seller is named {login}")
        return login

    def _order(self, form_id):
        order = self._world.orders.get(form_id)
        if order is None:
            raise _UnknownError(f"no order has the id {form_id}")
        return order


def _panel_shipment(world, order, **parcel):
    if {"carrierId", "waybill"} - set(parcel):
        raise ValueError("carrierId and waybill are needed")
    carrier_id = parcel["carrierId"]
    if carrier_id not in parcels.carriers(world, order.seller) and (
        carrier_id != "ALLEGRO"
    ):
        raise ValueError(f"unknown carrier {carrier_id}")
    panel.add_parcel(
        world,
        order,
        carrier_id,
        parcel["waybill"],
        parcel.get("carrierName"),
        [line["id"] for line in parcel.get("lineItems", ())],
    )


#: What the seller may change of an offer.
_EDITABLE = (
    "name",
    "external_id",
    "price",
    "vat_rate",
    "stock",
    "condition",
    "status",
    "known",
)
_ACTS = {
    "fill-in": buyer.fill_in,
    "pay": buyer.pay,
    "cancel": buyer.cancel,
    "auto-cancel": buyer.auto_cancel,
    "change-address": lambda world, order, force=False, **changes: buyer.change_address(
        world, order, changes, force
    ),
    "change-point": lambda world, order, force=False, **changes: buyer.change_point(
        world, order, changes, force
    ),
    "change-method": buyer.change_method,
    "message": buyer.write_message,
    "surcharge": buyer.pay_surcharge,
    "book-cod": buyer.book_cod,
    "panel-status": panel.set_status,
    "announce": panel.announce,
    "panel-shipment": _panel_shipment,
    "panel-note": panel.write_note,
}


def _offer(details):
    return {"external_id": None, "price": "100.00"} | details | _decimal_price(details)


def _decimal_price(details):
    return {"price": Decimal(str(details["price"]))} if "price" in details else {}


def _check_count(count):
    if not isinstance(count, int) or not 0 < count <= _MOST_AT_ONCE:
        raise ValueError(f"count must be from 1 to {_MOST_AT_ONCE}")
