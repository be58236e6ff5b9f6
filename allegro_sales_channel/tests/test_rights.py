"""Rights by record: on what the browser names, on others' documents, for outsiders."""

import inspect

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .cancel_common import CancelCommon
from .common import AllegroCommon, form_json

USER = "allegro_sales_channel.group_allegro_user"
MANAGER = "allegro_sales_channel.group_allegro_manager"


@tagged("post_install", "-at_install")
class TestDialogs(CancelCommon):
    """Two companies, each with its orders and offers; who is of B names A's by id."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        cls.carrier = cls.env["allegro.carrier"]._by_code("DPD")
        cls.other = cls.env["res.company"].create({"name": "Company B"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger_b",
            groups=f"{MANAGER},sales_team.group_sale_manager,stock.group_stock_manager",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )

    def theirs(self, model, **context):
        return self.env[model].with_user(self.stranger).with_context(**context)

    def test_a_row_of_the_cancellation_is_not_the_browsers(self):
        order = self.buy(("SKU-1", 1))
        wizards = self.theirs("allegro.cancel.wizard")
        for values in (
            {"order_ids": order.ids},
            {"order_ids": [], "row_ids": [Command.create({"order_id": order.id})]},
        ):
            with self.assertRaises(AccessError):
                wizards.create(values).action_confirm()
        with self.assertRaises(AccessError):
            wizards.create({"order_ids": []}).write(
                {"row_ids": [Command.create({"order_id": order.id})]}
            )
        self.assertEqual(order.state, "sale")

    def test_the_right_to_cancel_is_looked_at_where_it_is_done(self):
        order = self.buy(("SKU-1", 1))
        wizard = self.open_wizard(order)
        self.manager.group_ids -= self.env.ref(
            "allegro_sales_channel.group_allegro_cancel"
        )
        with self.assertRaises(AccessError):
            wizard.action_confirm()
        with self.assertRaises(AccessError):
            order.with_user(self.user)._allegro_cancel_by_seller({})
        self.manager.group_ids += self.env.ref(
            "allegro_sales_channel.group_allegro_cancel"
        )
        order.user_id = self.user
        with self.assertRaises(AccessError):
            order.with_user(self.manager)._allegro_cancel_by_seller({})
        self.assertEqual(order.state, "sale")

    def test_no_dialog_shows_anothers_records(self):
        order = self.buy(("SKU-1", 1))
        offer = self.env["allegro.offer"].search([], limit=1)
        self.assertTrue(offer)
        audit = self.buy(("SKU-2", 1))
        self.buyer_cancels(audit)
        audit = audit.allegro_stock_audit_ids
        parcel = self.env["allegro.parcel"].create(
            order._allegro_parcel_values(self.carrier, "0000007268757Q")
        )
        line = Command.create({"order_id": order.id, "outcome": "done"})
        account = self.account.id
        own = self.env["sale.order"].create(
            {"partner_id": self.other.partner_id.id, "company_id": self.other.id}
        )
        days = {"date_from": "2026-01-01", "date_to": "2026-01-02"}
        for model, values in (
            ("allegro.offer.resolver", {"offer_id": offer.id}),
            ("allegro.bulk.result", {"line_ids": [line]}),
            ("allegro.tracking.batch", {"line_ids": [line]}),
            ("allegro.tracking.wizard", {"order_id": order.id}),
            ("allegro.tracking.wizard", {"parcel_id": parcel.id, "order_id": own.id}),
            (
                "allegro.tracking.wizard",
                {"line_ids": order.order_line.ids, "order_id": own.id},
            ),
            ("allegro.cancel.wizard", {"order_ids": order.ids}),
            ("allegro.write.off.wizard", {"audit_ids": audit.ids}),
            ("allegro.import.wizard", {"account_id": account, "text": "x"}),
            ("allegro.period.wizard", {"account_id": account, **days}),
            ("allegro.device.wizard", {"account_id": account}),
        ):
            with self.subTest(model=model, values=list(values)):
                wizards = self.theirs(model)
                with self.assertRaises(AccessError):
                    wizards.create(values).read()
                name, value = next(iter(values.items()))
                if isinstance(value, int):
                    named = self.theirs(model, **{f"default_{name}": value})
                    spec = {name: {"fields": {"display_name": {}}}}
                    shown = self.shown(lambda m=named, s=spec: m.onchange({}, [], s))
                    self.assertFalse(shown.get(name))
                    related = {
                        name: {}
                        for name, field in wizards._fields.items()
                        if field.related and field.type in ("char", "datetime")
                    }
                    shown = self.shown(
                        lambda w=wizards, v=values, s=related: w.onchange(v, list(v), s)
                    )
                    self.assertFalse(any(shown.values()), shown)

    def shown(self, call):
        """What an answer holds; nothing when it is refused."""
        try:
            return call().get("value", {})
        except AccessError:
            return {}

    def test_a_number_of_another_order_is_not_corrected_away(self):
        order, another = self.buy(("SKU-1", 1)), self.buy(("SKU-1", 1))
        parcel = self.env["allegro.parcel"].create(
            another._allegro_parcel_values(self.carrier, "0000007268757Q")
            | {"state": "error"}
        )
        wizard = self.env["allegro.tracking.wizard"].create(
            {
                "order_id": order.id,
                "parcel_id": parcel.id,
                "waybill": "0000007268758Q",
                "carrier_id": self.carrier.id,
            }
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertTrue(parcel.exists())

    def test_no_order_is_handed_over_by_its_id_alone(self):
        """The order that a question of Odoo's goes on with is named by the browser."""
        order = self.buy(("SKU-1", 1))
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.other.id)], limit=1
        )
        places = {
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }
        picking = self.env["stock.picking"].create(
            {"picking_type_id": warehouse.in_type_id.id, **places}
        )
        self.env["stock.move"].create(
            {
                "picking_id": picking.id,
                "product_id": self.products["SKU-1"].id,
                "product_uom_qty": 1,
                "quantity": 1,
                "picked": True,
                "company_id": self.other.id,
                **places,
            }
        )
        with self.assertRaises(AccessError):
            picking.with_user(self.stranger).with_context(
                allegro_hand_over=(order.id, 10**9)
            ).button_validate()
        self.assertNotEqual(order.picking_ids.state, "done")
        self.assertFalse(order.allegro_fulfillment_target)

    def test_the_address_of_anothers_order_is_not_told(self):
        order = self.buy(("SKU-1", 1))
        with self.assertRaises(AccessError):
            order.with_user(self.stranger).action_allegro_open()


@tagged("post_install", "-at_install")
class TestOwnDocuments(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["allegro.carrier"]._take_over(cls.fake.carriers())
        cls.carrier = cls.env["allegro.carrier"]._by_code("DPD")
        cls.own, cls.another = (
            new_test_user(cls.env, login, groups=USER) for login in ("own_1", "own_2")
        )

    def parcel(self, owner):
        order = self.import_forms(form_json())
        order.user_id = owner
        return self.env["allegro.parcel"].create(
            order._allegro_parcel_values(self.carrier, "0000007268757Q")
            | {"state": "error", "error": "no"}
        )

    def test_others_parcels_are_neither_seen_nor_changed(self):
        mine, shared, theirs = map(
            self.parcel, (self.own, self.env["res.users"], self.another)
        )
        parcels = self.env["allegro.parcel"].with_user(self.own)
        self.assertEqual(parcels.search([]), mine + shared)
        for attempt in (
            lambda parcel: parcel.read(["waybill"]),
            lambda parcel: parcel.action_retry(),
            lambda parcel: parcel.action_correct(),
            lambda parcel: parcel.action_remove(),
            lambda parcel: parcel.write({"waybill": "X"}),
            lambda parcel: parcel.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt(theirs.with_user(self.own))
        self.assertEqual(theirs.state, "error")
        mine.with_user(self.own).action_retry()
        self.assertEqual(mine.state, "to_send")
        shared.with_user(self.own).action_remove()
        self.assertFalse(shared.exists())

    def test_leaders_and_the_warehouse_see_all(self):
        parcel = self.parcel(self.own)
        for groups in (
            "sales_team.group_sale_salesman_all_leads",
            "stock.group_stock_user",
            f"stock.group_stock_user,{USER}",
        ):
            person = new_test_user(self.env, groups[-9:], groups=groups)
            self.assertEqual(parcel.with_user(person).waybill, "0000007268757Q")

    def test_nobody_writes_a_number_by_hand(self):
        """It would be another one here than on Allegro."""
        parcel = self.parcel(self.own)
        with self.assertRaises(AccessError):
            parcel.with_user(self.own).waybill = "X"

    def test_the_dialog_does_it(self):
        parcel = self.parcel(self.own)
        order = parcel.order_id
        wizard = self.env["allegro.tracking.wizard"].with_user(self.own)
        wizard.create(
            {
                "order_id": order.id,
                "parcel_id": parcel.id,
                "waybill": "0000007268758Q",
                "carrier_id": self.carrier.id,
            }
        ).action_confirm()
        self.assertFalse(parcel.exists())
        self.assertEqual(order.allegro_parcel_ids.waybill, "0000007268758Q")


@tagged("post_install", "-at_install")
class TestOutsiders(AllegroCommon):
    def setUp(self):
        super().setUp()
        self.order = self.import_forms(form_json(note={"text": "A difficult buyer"}))
        self.order.write(
            {
                "allegro_sync_error": "Allegro said no",
                "allegro_seller_note": "difficult",
            }
        )
        self.invoice = self.order._create_invoices()
        self.invoice.action_post()
        self.portal = new_test_user(self.env, "a_buyer", groups="base.group_portal")
        buyer = self.order.partner_id
        buyer.company_id = False
        self.portal.partner_id = buyer
        for document in (self.order, self.invoice, self.order.picking_ids):
            document.message_subscribe(buyer.ids)

    def test_a_buyer_reads_nothing_of_allegros_side(self):
        for record, own in (
            (self.order, ["name", "amount_total", "company_price_include"]),
            (self.order.order_line, ["name", "price_total", "company_price_include"]),
            (self.invoice, ["name", "amount_total", "company_price_include"]),
            (self.order.partner_id, ["name", "street"]),
        ):
            with self.subTest(record=record):
                theirs = record.with_user(self.portal)
                self.assertTrue(theirs.read(own))
                ours = [name for name in record._fields if name.startswith("allegro_")]
                self.assertTrue(ours)
                self.assertFalse(set(ours) & theirs.fields_get().keys())
                for name in ours:
                    with self.assertRaises(AccessError):
                        theirs.read([name])
                    if record._fields[name]._description_searchable:
                        with self.subTest(name), self.assertRaises(AccessError):
                            theirs.search([(name, "!=", False)])
        pickings = self.env["stock.picking"].with_user(self.portal)
        for name in ("allegro_seller_note", "allegro_sync_error"):
            self.assertNotIn(name, pickings.fields_get())
            with self.assertRaises(AccessError):
                pickings.search_count([(name, "like", "d")])

    def test_nor_in_the_chatter(self):
        with self.enter_registry_test_mode():
            self.order.allegro_seller_note = "a very difficult buyer"
            self.env.flush_all()
            self.order._track_finalize()
        messages = (
            self.env["mail.message"]
            .with_user(self.portal)
            .search([("model", "=", "sale.order"), ("res_id", "=", self.order.id)])
        )
        text = str(messages.sudo().mapped("body"))
        values = messages.sudo().tracking_value_ids.mapped("new_value_text")
        self.assertNotIn("difficult", f"{text} {values}")

    def test_who_works_with_orders_reads_on(self):
        for groups in (
            "sales_team.group_sale_salesman",
            "stock.group_stock_user",
            "account.group_account_invoice",
        ):
            person = new_test_user(self.env, groups[-9:], groups=groups)
            if "stock" in groups:
                record, name = self.order.picking_ids, "allegro_seller_note"
            elif "account" in groups:
                record, name = self.invoice, "allegro_document_state"
            else:
                record, name = self.order, "allegro_seller_note"
            self.assertTrue(record.with_user(person).read([name]))

    def test_employees_start_nothing(self):
        employee = new_test_user(self.env, "an_employee", groups="base.group_user")
        before = self.env["allegro.request"].search_count([])
        for model, method in (
            ("allegro.account", "action_sync_now"),
            ("allegro.account", "action_read_offers"),
            ("allegro.offer", "action_read_all_offers"),
            ("allegro.daily.proof", "action_compare_now"),
            ("allegro.historic.order", "action_import"),
        ):
            record = self.account if model == "allegro.account" else self.env[model]
            with self.subTest(f"{model}.{method}"), self.assertRaises(AccessError):
                getattr(record.with_user(employee), method)()
        self.assertEqual(self.env["allegro.request"].search_count([]), before)
        user = new_test_user(self.env, "a_worker", groups=USER)
        self.env["allegro.offer"].with_user(user).action_read_all_offers()
        self.assertEqual(self.env["allegro.request"].search_count([]), before + 1)

    #: They return what to open, which is then read with the user's own rights.
    OPENING = {
        "action_open_account",
        "action_open_tile",
        "action_open_orders",
        "action_open_incoming",
        "action_open_offers",
        "action_open_form",
        "action_open_proofs",
        "action_open_stock_audit",
        "action_allegro_open_receipts",
        "action_allegro_open_scraps",
        "action_allegro_open_trail",
        "action_allegro_open_stock_audit",
        "action_ask_write_off",
        "action_view_orders",
        "action_allegro_open_email_template",
    }

    def test_every_public_method_asks_for_a_right(self):
        """As somebody who is logged in and has no right on any of it."""
        self.env["allegro.carrier"]._take_over(self.fake.carriers())
        self.env["allegro.parcel"].create(
            self.order._allegro_parcel_values(self.env["allegro.carrier"], "123456")
        )
        employee = new_test_user(self.env, "a_guest", groups="base.group_user")
        open_to_all, tried = [], 0
        for model in self.env.values():
            names = set() if model._abstract else set(self._buttons(type(model)))
            if names and model._transient and model._name.startswith("allegro."):
                # such a dialog can't even be opened
                self.assertFalse(model.with_user(employee).has_access("create"))
                names = set()
            record = names and (model.search([], limit=1) or model)
            for name in names - self.OPENING:
                tried += 1
                try:
                    with self.env.cr.savepoint():
                        getattr(record.with_user(employee), name)()
                except AccessError:
                    continue
                except Exception as error:
                    open_to_all.append((model._name, name, repr(error)[:60]))
                else:
                    open_to_all.append((model._name, name, "done"))
        self.assertGreater(tried, 25)
        # without an order there is nothing to cancel
        harmless = [("sale.mass.cancel.orders", "action_mass_cancel", "done")]
        self.assertFalse([found for found in open_to_all if found not in harmless])

    def _buttons(self, model_class):
        """Buttons of ours: what RPC can call without an argument, by name."""
        for base in model_class.mro():
            if (getattr(base, "_module", None) or "").startswith("allegro_"):
                for name, method in vars(base).items():
                    if not name.startswith("_") and inspect.isfunction(method):
                        if name.startswith("action_"):
                            yield name
