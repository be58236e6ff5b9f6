"""The first page: what it counts is what its lists show, for whoever looks at it."""

import ast
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from .common import AllegroCommon, form_json, line_json

USER = "allegro_sales_channel.group_allegro_user"


@tagged("post_install", "-at_install")
class TestOverview(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "seller_one", groups=USER)

    def setUp(self):
        super().setUp()
        self.other = self._make_account(name="Other shop", seller_id="2000")
        now = fields.Datetime.now()
        orders = self.import_forms(*(form_json() for _number in range(8)))
        unmanaged = self.import_forms(form_json(line_json(), line_json(sku=None)))
        self.import_forms(form_json(), account=self.other)
        (new, started, late, today, refused, parcel, invoice, sent) = orders
        (orders + unmanaged).allegro_dispatch_to = now + timedelta(days=9)
        late.allegro_dispatch_to = now - timedelta(days=1)
        today.allegro_dispatch_to = now.replace(hour=23, minute=59, second=59)
        (started + today + invoice + late).allegro_fulfillment_status = "PROCESSING"
        refused.write(
            {
                "allegro_sync_error": "No",
                "allegro_fulfillment_status": "SENT",
            }
        )
        sent.allegro_fulfillment_status = "SENT"
        invoice.write(
            {
                "allegro_invoice_required": True,
                "allegro_invoice_due": True,
                "allegro_invoice_error": "No rate",
            }
        )
        parcel.allegro_fulfillment_status = "SENT"
        parcel.allegro_parcel_ids = [
            Command.create(
                {
                    "carrier_code": "DPD",
                    "carrier_name": "DPD",
                    "waybill": "12345678901234",
                    "state": "error",
                }
            )
        ]
        inbox = self.env["allegro.incoming.order"]
        for state in ("pending", "failed", "quarantined"):
            inbox.create(
                {
                    "account_id": self.account.id,
                    "checkout_form_id": state,
                    "state": state,
                }
            )
        shelf = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        for days in (0, 400):
            self.env["allegro.stock.audit"].create(
                {
                    "order_id": new.id,
                    "reason": "buyer",
                    "product_id": new.order_line[0].product_id.id,
                    "quantity": 1,
                    "location_id": shelf.id,
                    "waiting_since": now - timedelta(days=days),
                }
            )
        sent.order_line.qty_delivered = 1
        move = sent._create_invoices()
        move.action_post()
        move.allegro_document_state = "error"

    def _counts(self, account, user=None):
        seen = account.with_user(user or self.user)
        return {tile["code"]: tile["count"] for tile in seen.overview}

    def _shown(self, action, user):
        """How many records a list shows, with the filters that it opens with."""
        model = self.env[action["res_model"]].with_user(user)
        view_id = action["search_view_id"] and action["search_view_id"][0]
        arch = etree.fromstring(model.get_view(view_id or None, "search")["arch"])
        groups, number = {}, 0
        for node in arch.iter():
            number += node.tag in ("separator", "group")
            if action["context"].get(f"search_default_{node.get('name')}"):
                domain = Domain(ast.literal_eval(node.get("domain").strip()))
                groups.setdefault(number, []).append(domain)
        wanted = Domain.AND(Domain.OR(group) for group in groups.values())
        names = [name for name in action["context"] if name.startswith("search_def")]
        self.assertEqual(sum(map(len, groups.values())), len(names), action["name"])
        return model.search_count(Domain(action["domain"]) & wanted)

    def test_what_is_counted(self):
        self.assertEqual(
            self._counts(self.account),
            {
                "to_start": 2,
                "unmanaged": 1,
                "orders_waiting": 1,
                "orders_failed": 2,
                "to_ship": 4,
                "ship_today": 1,
                "late": 1,
                "refused": 1,
                "parcels": 1,
                "offers_without_product": 1,
                "parts_to_check": 2,
                "parts_overdue": 1,
                "invoices_wanted": 1,
                "invoices_blocked": 1,
                "documents_late": 0,
                "documents_due": 0,
                "documents_failed": 1,
            },
        )
        self.assertEqual(self._counts(self.other)["to_start"], 1)

    def test_each_number_is_that_of_its_list(self):
        own = self.env["sale.order"].search([("allegro_account_id", "!=", False)])[:3]
        own.user_id = self.env.ref("base.user_admin")
        for user in (self.user, self.env.ref("base.user_admin")):
            for account in (self.account, self.other):
                seen = account.with_user(user)
                for tile in seen.overview:
                    with self.subTest(user=user.login, tile=tile["code"]):
                        action = seen.action_open_tile(tile["code"])
                        self.assertEqual(self._shown(action, user), tile["count"])

    def test_other_salespersons_orders_are_not_counted(self):
        before = self._counts(self.account)["to_ship"]
        orders = self.env["sale.order"].search([])
        orders.user_id = self.env.ref("base.user_admin")
        self.account.invalidate_recordset()
        self.assertEqual(before, 4)
        self.assertEqual(self._counts(self.account)["to_ship"], 0)

    def test_what_one_may_not_see_is_not_there(self):
        warehouse = new_test_user(
            self.env, "warehouse_one", groups="stock.group_stock_user"
        )
        seen = self.account.with_user(warehouse)
        self.assertNotIn("overview", seen.fields_get())
        self.assertNotIn("orders_per_day", seen.fields_get())

    def test_counting_costs_the_same_for_many_accounts(self):
        accounts = self.account + self.other
        few = self._queries(accounts)
        for number in range(10):
            accounts += self._make_account(seller_id=str(3000 + number))
        self.assertEqual(self._queries(accounts), few)
        self.assertLess(few, 60)

    def _queries(self, accounts):
        self.env.flush_all()
        seen = accounts.with_user(self.user)
        seen.mapped("overview")  # what Odoo keeps in its caches
        seen.invalidate_recordset()
        before = self.env.cr.sql_log_count
        seen.mapped("overview")
        seen.mapped("orders_per_day")
        return self.env.cr.sql_log_count - before

    def test_orders_per_day(self):
        order = self.env["sale.order"].search(
            [("allegro_account_id", "=", self.account.id)], limit=1
        )
        order.date_order = fields.Datetime.now()
        [graph] = ast.literal_eval(self.account.with_user(self.user).orders_per_day)
        self.assertEqual(len(graph["values"]), 28)
        self.assertEqual(graph["values"][-1]["value"], 1)
        self.assertEqual(graph["values"][-1]["type"], "future")
