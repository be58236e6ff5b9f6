"""What only the system writes: over RPC, by a default, by an import (Odoo enforces
``readonly`` on screens only)."""

from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .cancel_common import CancelCommon
from .common import AllegroCommon, form_json, line_json

USER = "allegro_sales_channel.group_allegro_user"
MANAGER = "allegro_sales_channel.group_allegro_manager"
#: Every kind of user, from the strongest to who is none of ours.
KINDS = {
    "administrator": f"base.group_system,{MANAGER},sales_team.group_sale_manager,"
    "stock.group_stock_manager,account.group_account_manager",
    "allegro_manager": MANAGER,
    "allegro_user": USER,
    "sales_manager": "sales_team.group_sale_manager",
    "salesperson": "sales_team.group_sale_salesman_all_leads",
    "own_salesperson": "sales_team.group_sale_salesman",
    "stock_manager": "stock.group_stock_manager",
    "stock_user": "stock.group_stock_user",
    "accountant": "account.group_account_manager",
    "biller": "account.group_account_invoice",
    "employee": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
#: Where fields of ours stand, for which there is a record below.
OPENED = {
    "account.move",
    "account.move.line",
    "account.tax",
    "ir.cron",
    "ir.cron.trigger",
    "product.category",
    "res.company",
    "res.partner",
    "sale.order",
    "sale.order.line",
    "stock.picking",
    "stock.scrap",
    "stock.warehouse",
}


def ours(env):
    """The models of ours that have a table."""
    for model in env.values():
        if model._original_module.startswith("allegro_sales_channel"):
            if not model._abstract and model._auto:
                yield model


def other_value(record, field):
    """A value that a field does not have, as RPC would bring it."""
    value = record[field.name]
    simple = {
        "char": "forged",
        "text": "forged",
        "html": "<p>forged</p>",
        "date": "2020-02-02",
        "datetime": "2020-02-02 02:02:02",
        "json": {"forged": 1},
    }
    if field.type in simple:
        return simple[field.type]
    if field.type == "boolean":
        return not value
    if field.type in ("integer", "float", "monetary", "many2one_reference"):
        return value + 45
    if field.type == "selection":
        keys = [key for key, _label in field._description_selection(record.env)]
        return next(key for key in keys if key != value)
    comodel = record.env[field.comodel_name].with_context(active_test=False)
    if field.type == "many2one":
        return comodel.search([("id", "!=", value.id)], limit=1).id or False
    return [Command.set(comodel.search([("id", "not in", value.ids)], limit=1).ids)]


class EveryRecord(CancelCommon):
    """One record of each model that has fields of the system."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            name: new_test_user(cls.env, f"guard_{name}", groups=groups)
            for name, groups in KINDS.items()
        }

    def records(self):
        """Dict of a record by the model's name."""
        env, account = self.env, self.account
        env["allegro.carrier"]._take_over(self.fake.carriers())
        env["allegro.delivery.method"]._take_over(self.fake.delivery_methods())
        order = self.buy(("SKU-1", 2))
        parcel = env["allegro.parcel"].create(
            order._allegro_parcel_values(env["allegro.carrier"], "0000007268757Q")
        )
        gone = self.buy(("SKU-2", 1))
        self.buyer_cancels(gone)
        audit = gone.allegro_stock_audit_ids
        audit.action_write_off()
        offer = env["allegro.offer"].search([("account_id", "=", account.id)], limit=1)
        component = env["allegro.offer.component"].create(
            {"offer_id": offer.id, "product_id": self.products["SKU-8"].id}
        )
        inbox = env["allegro.incoming.order"]
        inbox._add(account, ["11111111-aaaa-bbbb-cccc-000000000001"])
        request = env["allegro.request"]._want(account, "proof")
        request._note([{"checkout_form_id": "x", "result": "new"}])
        request.write({"date_from": "2026-01-01", "date_to": "2026-01-02"})
        proof = request._proof_of("PLN")
        proof._add(exceptions=[{"checkout_form_id": "x", "reason": "total"}])
        historic = env["allegro.historic.order"].create(
            {
                "account_id": account.id,
                "checkout_form_id": "old",
                "bought_at": "2020-01-01",
            }
        )
        receipt = env["allegro.receipt"]._make(self.buy(("SKU-1", 1)))
        trail = env["allegro.trail"].create(
            {
                "account_id": account.id,
                "writer": "status",
                "mode": "on",
                "state": "done",
                "res_model": "sale.order",
                "res_id": order.id,
                "content": {"status": "SENT"},
            }
        )
        sync = "allegro_sales_channel.ir_cron_allegro_sync"
        lane = account._lanes(sync, create=True)
        invoice = order._create_invoices()
        records = [
            account,
            trail,
            lane,
            lane._trigger(),
            order,
            order.order_line,
            order.picking_ids,
            order.partner_id,
            order.order_line.tax_ids,
            invoice,
            invoice.invoice_line_ids,
            parcel,
            audit,
            audit.scrap_id,
            self.warehouse,
            self.company,
            offer,
            component,
            inbox.search([("account_id", "=", account.id)]),
            request,
            request.line_ids,
            proof,
            proof.exception_ids,
            historic,
            receipt,
            receipt.amount_ids,
            env["product.category"].create({"name": "Parts"}),
            env["allegro.carrier"].search([], limit=1),
            env["allegro.delivery.method"].search([], limit=1),
            env["sales.channel"].search([], limit=1),
        ]
        return {record._name: record.ensure_one() for record in records}

    def systems(self, model):
        """The fields that say by their definition that they are the system's."""
        is_ours = model._name in {one._name for one in ours(self.env)}
        return [
            field
            for field in model._fields.values()
            if field.store
            and field.readonly
            and (is_ours or field.name.startswith("allegro_"))
            and field.name not in models.MAGIC_COLUMNS
        ]


@tagged("post_install", "-at_install")
class TestEveryField(EveryRecord):
    def test_every_model_is_guarded(self):
        guarded = set(self.env.registry["allegro.guarded"]._inherit_children)
        transient = set(self.env.registry["allegro.dialog"]._inherit_children)
        missing = {
            model._name
            for model in ours(self.env)
            # older than the door, and all people's
            if model._name not in guarded | transient | {"sales.channel"}
        }
        self.assertFalse(missing)
        self.assertFalse(OPENED - guarded)
        for model in ours(self.env):
            if model._transient:
                self.assertIn(model._name, transient)
        of_odoo = {
            field.model_name
            for name in self.env.registry
            for field in self.env[name]._fields.values()
            if field.name.startswith("allegro_")
            and field.store
            and not self.env[name]._transient
            and not self.env[name]._original_module.startswith("allegro_sales_channel")
        }
        self.assertFalse(of_odoo - OPENED, "opened, but not guarded")

    def test_every_field_as_every_kind_of_user(self):
        records = self.records()
        stored = {model._name for model in ours(self.env) if not model._transient}
        self.assertFalse((stored | OPENED) - records.keys(), "no record to try it on")
        holes, count = [], 0
        for record in records.values():
            # What Odoo makes use of before it looks at what was named.
            more = {
                "stock.warehouse": {"name": "New", "code": "NEW"},
                "account.move.line": {"move_id": records["account.move"].id},
            }.get(record._name, {})
            for field in self.systems(record):
                before = record.sudo()[field.name]
                values = {field.name: other_value(record.sudo(), field)}
                for kind, person in self.people.items():
                    theirs = record.with_user(person)
                    for how, values_of in (
                        ("write", values),
                        ("create", values | more),
                    ):
                        count += 1
                        outcome = self.outcome(getattr(theirs, how), values_of)
                        if outcome is not AccessError:
                            holes.append((how, str(field), kind, outcome))
                record.invalidate_recordset()
                self.assertEqual(record.sudo()[field.name], before, str(field))
        self.assertFalse(holes, f"{len(holes)} of {count}")
        self.assertGreater(count, 4000)

    def outcome(self, method, values):
        """The kind of error that a call ends with, None when it is done."""
        try:
            with self.env.cr.savepoint(flush=False):
                method(values)
                self.env.flush_all()
        except Exception as error:
            return type(error)
        return None

    def test_what_is_peoples_stays_so(self):
        """Those whom the rights let, and nobody is kept from his own fields."""
        records = self.records()
        manager = self.people["allegro_manager"]
        for model, values in {
            "allegro.account": {"name": "Renamed", "sequence": 3},
            "allegro.offer": {"pieces": 4, "is_ignored": True},
            "allegro.stock.audit": {"note": "dent"},
            "allegro.delivery.method": {"active": False},
            "sale.order": {"client_order_ref": "Call back"},
        }.items():
            record = records[model].with_user(manager)
            record.write(values)
            for name, value in values.items():
                self.assertEqual(record[name], value)

    def test_a_default_of_ones_own_is_none_for_the_system(self):
        manager = self.people["allegro_manager"]
        defaults = self.env["ir.default"].with_user(manager)
        for name, value in {
            "state": "connected",
            "access_token": "theirs",
            "seller_id": "4711",
        }.items():
            defaults.set("allegro.account", name, value, user_id=manager.id)
        account = self.env["allegro.account"].with_user(manager).create({"name": "New"})
        self.assertEqual(account.state, "draft")
        self.assertFalse(account.sudo().access_token)
        self.assertFalse(account.seller_id)

        salesperson = self.people["salesperson"]
        defaults = self.env["ir.default"].with_user(salesperson)
        known = self.buy(("SKU-1", 1))
        for name, value in {
            "allegro_account_id": self.account.id,
            "allegro_checkout_form_id": "anothers",
            "allegro_fulfillment_target": "CANCELLED",
        }.items():
            defaults.set("sale.order", name, value, user_id=salesperson.id)
        order = known.with_user(salesperson).create({"partner_id": known.partner_id.id})
        self.assertFalse(order.allegro_account_id)
        self.assertFalse(order.allegro_checkout_form_id)
        self.assertFalse(order.allegro_fulfillment_target)

    def test_a_default_in_the_context_does_not_reach_what_the_system_makes(self):
        order = self.buy(("SKU-1", 1))
        self.env["allegro.carrier"]._take_over(self.fake.carriers())
        person = self.people["salesperson"]
        wizard = self.env["allegro.tracking.wizard"].with_user(person)
        wizard = wizard.create({"order_id": order.id, "waybill": "0000007268757Q"})
        wizard.with_context(default_state="sent", default_shipment_id="forged").sudo(
            False
        ).action_confirm()
        self.assertEqual(order.allegro_parcel_ids.state, "to_send")
        self.assertFalse(order.allegro_parcel_ids.shipment_id)
        with self.assertRaises(AccessError):
            self.env["allegro.account"].with_user(
                self.people["allegro_manager"]
            ).with_context(default_state="connected").create({"name": "New"})

    def test_an_import_is_no_way_around(self):
        person = self.people["administrator"]
        accounts = self.env["allegro.account"].with_user(person)
        result = accounts.load(
            ["id", "name", "state"],
            [["__test__.forged", "Forged", "Connected"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("state", result["messages"][0]["message"])
        self.assertFalse(accounts.search([("name", "=", "Forged")]))

    def test_the_system_writes_all(self):
        for record in self.records().values():
            for field in self.systems(record):
                self.assertTrue(record._has_field_access(field, "write"), str(field))


@tagged("post_install", "-at_install")
class TestAttacks(EveryRecord):
    """The ones by which it was found."""

    SECRETS = (
        "client_secret",
        "access_token",
        "refresh_token",
        "token_expires_at",
        "token_lifetime",
        "oauth_nonce",
        "oauth_verifier",
    )

    def with_secrets(self, **values):
        account = self._make_account(
            **{"seller_id": "5000", "name": "Theirs", **values}
        )
        account.write({"oauth_nonce": "nonce", "oauth_verifier": "verifier"})
        return account

    def assertForgotten(self, account, *kept):
        self.env.invalidate_all()
        for name in set(self.SECRETS) - set(kept):
            self.assertFalse(account[name], name)

    def test_a_manager_leads_the_tokens_to_his_server(self):
        account = self.with_secrets()
        theirs = account.with_user(self.people["allegro_manager"])
        for values in (
            {"state": "draft"},
            {"state": "draft", "api_url": "https://evil.example"},
            {"state": "connected"},
        ):
            with self.assertRaises(AccessError):
                theirs.write(values)
        with self.assertRaises(UserError):
            theirs.api_url = "https://evil.example"
        self.assertEqual(account.api_url, "http://127.0.0.1:1")

        theirs.action_disconnect()
        theirs.write({"api_url": "https://evil.example"})
        self.assertForgotten(account)

    def test_every_new_address_forgets_every_secret(self):
        """Whatever the state says, and however they came to be there."""
        for values in (
            {"api_url": "https://evil.example"},
            {"auth_url": "https://evil.example/auth"},
            {"environment": "sandbox"},
            {"environment": "production", "name": "Real"},
        ):
            for by in ("write", "import"):
                with self.subTest(values=values, by=by):
                    account = self.with_secrets(
                        state="draft", seller_id=f"{values}{by}"
                    )
                    wizard = self.env["allegro.device.wizard"].create(
                        {
                            "account_id": account.id,
                            "user_code": "A",
                            "verification_url": "https://x.test",
                            "device_code": "secret",
                            "expires_at": "2099-01-01",
                        }
                    )
                    theirs = account.with_user(self.people["allegro_manager"])
                    if by == "write":
                        theirs.write(values)
                    else:
                        labels = dict(
                            account._fields["environment"]._description_selection(
                                self.env
                            )
                        )
                        row = [labels.get(value, value) for value in values.values()]
                        result = theirs.load(
                            [".id", *values], [[str(account.id), *row]]
                        )
                        self.assertTrue(result["ids"], result["messages"])
                    self.assertForgotten(account)
                    self.assertFalse(wizard.exists())

    def test_what_is_no_change_forgets_nothing(self):
        account = self.with_secrets()
        account.with_user(self.people["allegro_manager"]).write(
            {"name": "x", "environment": "custom", "api_url": "http://127.0.0.1:1"}
        )
        for name in self.SECRETS:
            self.assertTrue(account[name], name)

    def test_a_secret_entered_with_the_address_is_the_new_ones(self):
        account = self.with_secrets(state="draft")
        account.with_user(self.people["allegro_manager"]).write(
            {"api_url": "https://mine.example", "client_secret_entry": "new"}
        )
        self.assertForgotten(account, "client_secret")
        self.assertEqual(account.client_secret, "new")

    def test_a_copy_takes_no_secret_along(self):
        account = self.with_secrets()
        copied = account.with_user(self.people["allegro_manager"]).copy(
            {"api_url": "https://evil.example"}
        )
        self.assertForgotten(copied.sudo())
        with self.assertRaises(AccessError):
            account.with_user(self.people["allegro_manager"]).copy(
                {"state": "connected"}
            )

    def test_addresses_are_compared_by_their_host(self):
        for url in (
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1@evil.example",
            "http://evil.example",
            "https://allegro.pl@evil.example",
        ):
            with self.subTest(url), self.assertRaises(UserError):
                self.with_secrets(state="draft", seller_id=url, api_url=url)

    def test_a_salesperson_cancels_at_allegro_alone(self):
        order = self.buy(("SKU-1", 1))
        with self.assertRaises(AccessError):
            order.with_user(self.people["salesperson"]).write(
                {"allegro_fulfillment_target": "CANCELLED"}
            )
        self.assertFalse(order.allegro_fulfillment_target)

    def test_parts_are_not_multiplied(self):
        part = self.new_part("SKU-M", [(self.shelf_b, 49, None)])
        order = self.buy(("SKU-M", 45))
        self.buyer_cancels(order)
        audit = order.allegro_stock_audit_ids
        theirs = audit.with_user(self.people["allegro_user"])
        move = audit.move_id.id
        for values in (
            {"has_left": True},
            {"resolved_move_id": move, "state": "back_in_stock"},
            {"quantity": 90},
        ):
            with self.assertRaises(AccessError):
                theirs.write(values)
        # nor by what the browser says of the moves that are made
        theirs = theirs.with_context(default_state="done", default_picked=False)
        theirs.action_back_to_stock()
        self.assertEqual(self.at(part, self.shelf_b), 49)
        theirs.action_undo()
        theirs.action_back_to_stock()
        self.assertEqual(self.at(part, self.shelf_b), 49)


@tagged("post_install", "-at_install")
class TestOtherCompany(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Company B"})
        cls.stranger = new_test_user(
            cls.env,
            "company_b",
            groups=f"{MANAGER},sales_team.group_sale_manager,stock.group_stock_manager",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        cls.theirs = cls._make_account(
            name="B", seller_id="6000", company_id=cls.other.id
        )

    def test_nothing_is_moved_into_another_company(self):
        account = self.theirs.with_user(self.stranger)
        with self.assertRaises(AccessError):
            account.company_id = self.company
        with self.assertRaises(AccessError):
            account.create({"name": "New", "company_id": self.company.id})
        self.assertEqual(self.theirs.company_id, self.other)

    def test_a_company_is_followed_never_written(self):
        self.import_forms(form_json(line_json("SKU-1")))
        offer = self.env["allegro.offer"].create(
            {"account_id": self.theirs.id, "offer_id": "1", "name": "B's"}
        )
        inbox = self.env["allegro.incoming.order"]
        inbox._add(self.theirs, ["11111111-aaaa-bbbb-cccc-000000000002"])
        rows = inbox.search([("account_id", "=", self.theirs.id)])
        request = self.env["allegro.request"]._want(self.theirs, "offers")
        for record in (offer, rows, request):
            theirs = record.with_user(self.stranger)
            for values in (
                {"company_id": self.company.id},
                {"account_id": self.account.id},
            ):
                with self.assertRaises(AccessError):
                    theirs.write(values)
            self.assertEqual(record.company_id, self.other)

    def test_a_part_is_not_moved_to_anothers_set(self):
        self.import_forms(form_json(line_json("SKU-1")))
        anothers = self.env["allegro.offer"].search(
            [("account_id", "=", self.account.id)], limit=1
        )
        own = self.env["allegro.offer"].create(
            {"account_id": self.theirs.id, "offer_id": "1", "name": "B's"}
        )
        own = own.with_user(self.stranger)
        product = self.env["product.product"].create({"name": "Shared"})
        own.component_ids = [Command.create({"product_id": product.id})]
        with self.assertRaises(AccessError):
            own.component_ids.offer_id = anothers
        self.assertFalse(anothers.component_ids)


@tagged("post_install", "-at_install")
class TestMerging(AllegroCommon):
    def test_contacts_can_be_merged_and_the_buyer_stays_known(self):
        person = new_test_user(
            self.env,
            "merging",
            groups="base.group_partner_manager,sales_team.group_sale_manager",
        )
        buyer = self.import_forms(form_json()).partner_id
        plain = self.env["res.partner"].create({"name": "Anna Nowak"})
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(person)
        wizard._merge((buyer + plain).ids, plain.with_user(person), extra_checks=False)
        self.assertEqual(plain.allegro_buyer_id, "30000001")
        self.assertEqual(self.import_forms(form_json()).partner_id, plain)


@tagged("post_install", "-at_install")
class TestPeopleStillWork(CancelCommon):
    """What people may do still writes what only the system may."""

    def test_an_accountant_invoices_credits_and_posts(self):
        accountant = new_test_user(
            self.env, "guard_books", groups="account.group_account_manager"
        )
        self.company.allegro_auto_invoice = True
        order = self.buy(("SKU-1", 1), invoice={"required": True})
        invoice = order._create_invoices().with_user(accountant)
        invoice.action_post()
        self.assertEqual(invoice.allegro_document_state, "wanted")
        invoice.button_draft()
        self.assertFalse(invoice.allegro_document_state)
        invoice.action_post()
        self.assertEqual(invoice.allegro_document_state, "wanted")
        reversal = (
            self.env["account.move.reversal"]
            .with_user(accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        reversal.refund_moves()
        note = invoice.reversal_move_ids
        self.assertEqual(note.allegro_order_id, order)
        self.assertEqual(note.company_price_include, "tax_included")
        note.action_post()
        self.assertEqual(note.allegro_document_state, "wanted")
        copied = invoice.copy()
        self.assertFalse(copied.allegro_order_id)

    def test_a_salesperson_duplicates_and_cancels_in_odoo(self):
        person = new_test_user(
            self.env, "guard_sales", groups="sales_team.group_sale_salesman_all_leads"
        )
        order = self.buy(("SKU-1", 1)).with_user(person)
        copied = order.copy()
        self.assertFalse(copied.allegro_account_id)
        order.action_allegro_start_processing()
        self.assertEqual(order.allegro_fulfillment_target, "PROCESSING")
        order._action_cancel()
        self.assertFalse(order.allegro_fulfillment_target)

    def test_a_refusal_is_tried_again_or_left(self):
        person = new_test_user(
            self.env, "guard_retry", groups="sales_team.group_sale_salesman"
        )
        order = self.buy(("SKU-1", 1))
        for button, target in (("retry", "PROCESSING"), ("give_up", False)):
            order.write(
                {
                    "allegro_refused_target": "PROCESSING",
                    "allegro_sync_error": "no",
                    "allegro_fulfillment_target": False,
                }
            )
            getattr(order.with_user(person), f"action_allegro_{button}")()
            self.assertEqual(order.allegro_fulfillment_target, target)
            self.assertFalse(order.allegro_sync_error)

    def test_an_offer_is_ignored_no_more(self):
        self.env["allegro.offer"].create(
            {
                "account_id": self.account.id,
                "offer_id": "1",
                "name": "x",
                "external_id": "TWICE",
                "is_ignored": True,
            }
        )
        for _ in range(2):
            self.env["product.product"].create({"name": "x", "default_code": "TWICE"})
        offer = self.env["allegro.offer"].search([("offer_id", "=", "1")])
        offer.with_user(self.user).action_stop_ignoring()
        self.assertEqual(offer.mapping, "conflict")

    def test_fields_say_so_to_screens(self):
        shown = self.env["sale.order"].with_user(self.user)
        shown = shown.fields_get(["allegro_fulfillment_target", "note"])
        self.assertTrue(shown["allegro_fulfillment_target"]["readonly"])
        self.assertFalse(shown["note"]["readonly"])
