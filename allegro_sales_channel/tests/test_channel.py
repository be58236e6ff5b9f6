"""The sales channel, on everything that an order leads to."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import AllegroCommon, form_json

VIEWS = (
    ("sale.order", "sale.view_order_tree", "list"),
    ("sale.order", "sale.view_quotation_tree", "list"),
    ("sale.order", "sale.view_sale_order_kanban", "kanban"),
    ("sale.order", "sale.view_order_form", "form"),
    ("account.move", "account.view_out_invoice_tree", "list"),
    ("account.move", "account.view_move_form", "form"),
    ("stock.picking", "stock.vpicktree", "list"),
    ("stock.picking", "stock.view_picking_form", "form"),
    ("sale.report", "sale.sale_report_view_tree", "list"),
)
SEARCHES = (
    ("sale.order", "sale.view_sales_order_filter"),
    ("sale.order", "sale.sale_order_view_search_inherit_sale"),
    ("sale.order", "sale.sale_order_view_search_inherit_quotation"),
    ("account.move", "account.view_account_invoice_filter"),
    ("stock.picking", "stock.view_picking_internal_search"),
    ("sale.report", "sale.view_order_product_search"),
)


@tagged("post_install", "-at_install")
class TestChannel(AllegroCommon):
    def test_the_order_hands_it_on(self):
        order = self.import_forms(form_json())
        channel = self.env.ref("allegro_sales_channel.sales_channel_allegro")
        self.assertEqual(order.sales_channel_id, channel)
        self.assertEqual(order.picking_ids.sales_channel_id, channel)
        picking = self.env["stock.picking"].search(
            [("sales_channel_id", "=", channel.id)]
        )
        self.assertIn(order.picking_ids, picking)
        for move in order.picking_ids.move_ids:
            move.quantity, move.picked = move.product_uom_qty, True
        order.picking_ids.button_validate()
        invoice = order._create_invoices()
        self.assertEqual(invoice.sales_channel_id, channel)
        report = self.env["sale.report"]._read_group(
            [("sales_channel_id", "=", channel.id)], ["sales_channel_id"], ["__count"]
        )
        self.assertEqual(report[0][0], channel)

    def test_orders_of_two_channels_are_invoiced_apart(self):
        first, second = self.import_forms(form_json(), form_json())
        second.sales_channel_id = self.env["sales.channel"].create(
            {"name": "Phone", "code": "phone"}
        )
        for product in self.products.values():
            product.invoice_policy = "order"
        self.assertEqual(len((first | second)._create_invoices()), 2)

    def test_a_copy_is_a_direct_order(self):
        copy = self.import_forms(form_json()).copy()
        self.assertEqual(copy.sales_channel_id.code, "direct")
        self.assertFalse(copy.allegro_checkout_form_id or copy.allegro_account_id)

    def test_people_add_their_own(self):
        manager = new_test_user(
            self.env, "sales_boss", groups="sales_team.group_sale_manager"
        )
        salesman = new_test_user(
            self.env, "a_salesman", groups="sales_team.group_sale_salesman"
        )
        channels = self.env["sales.channel"]
        own = channels.with_user(manager).create({"name": "Phone", "code": "phone"})
        with self.assertRaises(AccessError):
            channels.with_user(salesman).create({"name": "Mine", "code": "mine"})
        order = (
            self.env["sale.order"]
            .with_user(salesman)
            .create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "Caller"}).id,
                    "sales_channel_id": own.id,
                }
            )
        )
        self.assertEqual(order.sales_channel_id, own)
        with self.assertRaisesRegex(UserError, "Archive it"):
            own.with_user(manager).unlink()
        with self.assertRaisesRegex(UserError, "needed by the application"):
            self.env.ref("allegro_sales_channel.sales_channel_direct").unlink()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            channels.create({"name": "Again", "code": "phone"})

    def test_on_every_view(self):
        for model, xml_id, kind in VIEWS:
            with self.subTest(xml_id):
                arch = self.env[model].get_view(self.env.ref(xml_id).id, kind)["arch"]
                self.assertIn('name="sales_channel_id"', arch)

    def test_in_every_search(self):
        for model, xml_id in SEARCHES:
            with self.subTest(xml_id):
                view = self.env.ref(xml_id)
                arch = self.env[model].get_view(view.id, "search")["arch"]
                for name in ("channel_allegro", "group_sales_channel"):
                    self.assertEqual(arch.count(f'name="{name}"'), 1, name)
                self.assertIn('<field name="sales_channel_id"', arch)
