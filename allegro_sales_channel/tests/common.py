"""A connected Allegro account, orders as Allegro would send them, and one HTTP seam."""

import copy
import uuid
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests.common import TransactionCase

from ..allegro.checkout_form import CheckoutForm
from ..allegro.errors import AllegroNotFoundError
from ..allegro.events import OrderEvent
from ..allegro.fetched import Fetched
from ..allegro.seller import Seller
from .fake_fulfilment import FakeFulfilment

#: The moment at which the orders of these tests are bought.
BOUGHT_AT = "2026-09-10T08:00:00.000Z"

POINT = {
    "id": "WAW22A",
    "name": "Paczkomat WAW22A",
    "description": "Obok sklepu",
    "address": {"street": "ul. Punktowa 7", "zipCode": "00-950", "city": "Warszawa"},
}


def money(amount, currency="PLN"):
    return {"amount": str(amount), "currency": currency}


def line_json(sku="SKU-1", price="123.00", quantity=1, currency="PLN", **values):
    """One ``lineItems`` entry; any of its keys can be overridden."""
    return {
        "id": str(uuid.uuid4()),
        "offer": {
            "id": f"offer-{sku}",
            "name": f"Part {sku}",
            "external": {"id": sku} if sku else None,
        },
        "quantity": quantity,
        "originalPrice": money(price, currency),
        "price": money(price, currency),
        "selectedAdditionalServices": [],
        "tax": None,
        "boughtAt": BOUGHT_AT,
        "discounts": None,
        "deposit": None,
        **values,
    }


def form_json(*lines, delivery_cost="0.00", currency="PLN", **values):
    """A whole order ready for processing; any of its keys can be overridden."""
    lines = list(lines) or [line_json(currency=currency)]
    form = {
        "id": str(uuid.uuid4()),
        "messageToSeller": None,
        "buyer": {
            "id": "30000001",
            "email": "abc+1@allegromail.pl",
            "login": "buyer_one",
            "firstName": "Anna",
            "lastName": "Nowak",
            "companyName": None,
            "guest": False,
            "phoneNumber": "+48600100200",
            "preferences": {"language": "pl-PL"},
            "address": {
                "street": "ul. Kontowa 9",
                "city": "Łódź",
                "postCode": "90-001",
                "countryCode": "PL",
            },
        },
        "payment": {
            "id": str(uuid.uuid4()),
            "type": "ONLINE",
            "provider": "AF",
            "finishedAt": BOUGHT_AT,
            "paidAmount": None,
        },
        "status": "READY_FOR_PROCESSING",
        "fulfillment": {"status": "NEW", "provider": {"id": "SELLER"}},
        "delivery": {
            "address": {
                "firstName": "Jan",
                "lastName": "Kowalski",
                "street": "ul. Testowa 1/2",
                "city": "Warszawa",
                "zipCode": "00-001",
                "countryCode": "PL",
                "companyName": None,
                "phoneNumber": "+48500500500",
                "modifiedAt": None,
            },
            "method": {"id": "method-1", "name": "Allegro Kurier DPD"},
            "pickupPoint": None,
            "cost": money(delivery_cost, currency),
            "smart": False,
            "time": {"dispatch": {"to": "2026-09-11T21:59:59.999Z"}},
        },
        "invoice": {"required": False},
        "lineItems": lines,
        "surcharges": [],
        "note": None,
        "marketplace": {"id": "allegro-pl"},
        "summary": {"totalToPay": None},
        "updatedAt": BOUGHT_AT,
        "revision": "3294a91d",
        **values,
    }
    if form["summary"]["totalToPay"] is None:
        form["summary"]["totalToPay"] = money(_total(form), currency)
    return form


def _total(form):
    from decimal import Decimal

    total = Decimal(form["delivery"]["cost"]["amount"])
    for line in form["lineItems"]:
        total += Decimal(line["price"]["amount"]) * line["quantity"]
        if line["deposit"]:
            total += Decimal(line["deposit"]["price"]["amount"]) * line["quantity"]
        for service in line["selectedAdditionalServices"]:
            total += Decimal(service["price"]["amount"]) * service["quantity"]
    return total


def delivery(**values):
    return {**form_json()["delivery"], **values}


def company_invoice(nip="1234563218", kind="PL_NIP", country="PL", **values):
    """The ``invoice`` of an order whose buyer wants one for a company."""
    return {
        "required": True,
        "address": {
            "street": "ul. Fakturowa 3",
            "city": "Warszawa",
            "zipCode": "00-002",
            "countryCode": country,
            "company": {
                "name": "Firma Testowa Sp. z o.o.",
                "ids": [{"type": kind, "value": nip}],
                "vatPayerStatus": "ACTIVE",
            },
            "naturalPerson": None,
        },
        "dueDate": None,
        "features": None,
        **values,
    }


def person_invoice():
    """The ``invoice`` of an order whose buyer wants one for somebody else."""
    return {
        "required": True,
        "address": {
            "street": "ul. Inna 7",
            "city": "Gdynia",
            "zipCode": "81-001",
            "countryCode": "PL",
            "company": None,
            "naturalPerson": {"firstName": "Zofia", "lastName": "Mazur"},
        },
        "dueDate": None,
        "features": None,
    }


class FakeAllegro(FakeFulfilment):
    """What the client would find: forms by id and events, in memory.

    The simulator, over real HTTP, is for the end-to-end tests; this one is for the
    many cases in which only Odoo's side matters.
    """

    def __init__(self):
        super().__init__()
        self.forms = {}
        self.events = []
        self.offer_list = []
        self.parts = {}
        self.failure = None
        self.clock_ahead = 0

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        pass

    def put(self, form, event="READY_FOR_PROCESSING"):
        """Place (or replace) a form and announce it."""
        self.forms[form["id"]] = copy.deepcopy(form)
        if event:
            self.announce(form["id"], event)
        return form["id"]

    def announce(self, form_id, event="READY_FOR_PROCESSING"):
        self.events.append(OrderEvent(str(len(self.events) + 1), event, form_id))

    # the client's own methods

    def seller(self):
        return Seller("1000", "test_seller", "allegro-pl")

    def clock_off(self):
        self._maybe_fail()
        return self.clock_ahead

    def latest_event_id(self):
        return self.events[-1].id if self.events else None

    def iter_event_pages(self, cursor):
        self._maybe_fail()
        news = [event for event in self.events if int(event.id) > int(cursor or 0)]
        if news:
            yield news

    def checkout_forms(self, checkout_form_ids):
        self._maybe_fail()
        return [self._fetched(form_id) for form_id in checkout_form_ids]

    def iter_checkout_forms(self, bought_from, bought_to=None):
        self._maybe_fail()
        yield from self._listed(bought_from, bought_to)

    def count_checkout_forms(self, bought_from, bought_to=None):
        self._maybe_fail()
        return len(self._listed(bought_from, bought_to))

    def _listed(self, bought_from, bought_to):
        """As Allegro lists them: newest first; what can't be read comes last."""
        fetched = [self._fetched(form_id) for form_id in self.forms]
        broken = [answer for answer in fetched if not answer.form]
        listed = [
            answer
            for answer in fetched
            if answer.form
            and bought_from <= answer.form.last_bought_at
            and (not bought_to or answer.form.last_bought_at <= bought_to)
        ]
        listed.sort(key=lambda answer: answer.form.last_bought_at, reverse=True)
        return listed + broken

    def offers(self, offset=0, limit=1000):
        self._maybe_fail()
        page = self.offer_list[offset : offset + limit]
        following = offset + len(page)
        more = page and following < len(self.offer_list)
        return page, len(self.offer_list), following if more else None

    def offer_parts(self, offer_ids):
        self._maybe_fail()
        return [self.parts.get(offer_id, ()) for offer_id in offer_ids]

    def _fetched(self, form_id):
        if form_id not in self.forms:
            return Fetched(form_id, error=AllegroNotFoundError("not found"))
        return Fetched.from_json(self.forms[form_id], form_id)

    def _maybe_fail(self):
        if self.failure:
            raise self.failure


class AllegroCommon(TransactionCase):
    """A Polish-like company: net taxes of 23 and 8 %, products, a connected account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        pln = cls.env.ref("base.PLN")
        pln.active = True
        cls.company.write(
            {
                "country_id": cls.env.ref("base.pl").id,
                "account_fiscal_country_id": cls.env.ref("base.pl").id,
                "currency_id": pln.id,
            }
        )
        cls.tax_23 = cls._make_tax("23% test", 23)
        cls.tax_8 = cls._make_tax("8% test", 8)
        cls.company.account_sale_tax_id = cls.tax_23
        cls.products = {
            sku: cls._make_product(sku, tax)
            for sku, tax in (
                ("SKU-1", cls.tax_23),
                ("SKU-2", cls.tax_23),
                ("SKU-8", cls.tax_8),
            )
        }
        cls.account = cls._make_account()
        cls.fake = FakeAllegro()
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["allegro.account"],
                "_client",
                lambda account: cls.fake.behind(account._gate()),
            )
        )

    def setUp(self):
        super().setUp()
        # one that no test has changed, in the place where the accounts find it
        vars(self.fake).clear()
        self.fake.__init__()

    @classmethod
    def _make_tax(cls, name, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "country_id": cls.env.ref("base.pl").id,
                "tax_group_id": cls.env["account.tax.group"]
                .create({"name": name, "country_id": cls.env.ref("base.pl").id})
                .id,
                **values,
            }
        )

    @classmethod
    def _make_product(cls, sku, tax, quantity=100, **values):
        product = cls.env["product.product"].create(
            {
                "name": f"Part {sku}",
                "default_code": sku,
                "is_storable": True,
                "list_price": 999,
                "taxes_id": [(6, 0, tax.ids)],
                **values,
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        if quantity:
            cls.env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, quantity
            )
        return product

    def _make_kit(self, sku, components):
        """A product that is sold as one and delivered in parts.

        :param components: list of (product, quantity)
        """
        if "mrp.bom" not in self.env:
            self.skipTest("kits need the manufacturing app, which is optional")
        kit = self._make_product(sku, self.tax_23, quantity=0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in components
                ],
            }
        )
        return kit

    @classmethod
    def _make_account(cls, **values):
        return cls.env["allegro.account"].create(
            {
                "name": "Test shop",
                "environment": "custom",
                "api_url": "http://127.0.0.1:1",
                "auth_url": "http://127.0.0.1:1/auth/oauth",
                "client_id": "test-client",
                "client_secret": "test-secret",
                "state": "connected",
                "seller_id": values.get("seller_id", "1000"),
                "seller_login": "test_seller",
                "access_token": "test-access-token",
                "refresh_token": "test-refresh-token",
                "token_expires_at": fields.Datetime.now() + timedelta(days=3650),
                "token_lifetime": 43199,
                "order_import_start": "2026-01-01 00:00:00",
                **values,
            }
        )

    def import_forms(self, *forms, account=None):
        """Import forms as the scheduled action does; the new orders in their order."""
        account = account or self.account
        parsed = [CheckoutForm.from_json(form) for form in forms]
        orders = self.env["sale.order"].with_company(account.company_id)
        orders._allegro_import(account, parsed)
        known = orders._allegro_known(account, [form.id for form in parsed])
        return orders.union(*(known[form.id] for form in parsed if form.id in known))

    @contextmanager
    def running_actions(self):
        """Let scheduled actions commit, as they do, into savepoints of the test."""
        with self.enter_registry_test_mode():
            yield

    def run_action(self, name):
        """Run a scheduled action as Odoo would."""
        action = self.env.ref(f"allegro_sales_channel.ir_cron_allegro_{name}")
        with self.running_actions():
            action.method_direct_trigger()
        self.env.invalidate_all()
