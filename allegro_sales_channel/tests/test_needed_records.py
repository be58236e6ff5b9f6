"""Records that the addon needs can't be deleted, nor get in the way (10.7)."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .cancel_common import CancelCommon
from .common import form_json, line_json, money

MODULE = "allegro_sales_channel"
#: One of each kind; deleting is refused for all of the kind.
NEEDED = (
    "product_delivery",
    "product_deposit",
    "product_service",
    "product_delivery_product_template",
    "product_service_product_template",
    "scrap_reason_seller",
    "scrap_reason_buyer",
    "scrap_reason_damaged",
    "scrap_reason_lost",
    "mail_activity_type_cancelled",
    "mail_template_allegro_order",
    "ir_cron_allegro_sync",
    "ir_cron_allegro_push",
    "sales_channel_direct",
    "sales_channel_allegro",
    "group_allegro_user",
    "group_allegro_cancel",
    "group_allegro_manager",
)


@tagged("post_install", "-at_install")
class TestNeededRecords(CancelCommon):
    def _own(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    def _order_with_everything(self):
        """Deposit, service and delivery are on it."""
        line = line_json(
            deposit={"price": money("0.50"), "name": "Bottle"},
            selectedAdditionalServices=[
                {
                    "definitionId": "GIFT",
                    "name": "Gift",
                    "price": money(5),
                    "quantity": 1,
                }
            ],
        )
        return self.import_forms(form_json(line, delivery_cost="9.99"))

    # Deleting

    def test_deleting_is_refused_in_words(self):
        self.account.delivery_product_id = self._make_product(
            "OWN-DELIVERY", self.tax_23, quantity=0, is_storable=False, type="service"
        )
        for name in NEEDED:
            record = self._own(name)
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "is needed by the application"),
            ):
                record.unlink()

    def test_all_needed_models_are_guarded(self):
        """What comes with the addon and is asked for by its name."""
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("noupdate", "=", True)]
        )
        rules = {"ir.rule", "ir.actions.server"}  # nothing asks for a rule by name
        for model in set(data.mapped("model")) - rules:
            with self.subTest(model):
                self.assertTrue(hasattr(self.env[model], "_unlink_except_needed"))

    def test_the_server_action_of_a_scheduled_action(self):
        action = self._own("ir_cron_allegro_sync").ir_actions_server_id
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            action.unlink()

    def test_products_of_others_are_deleted_as_ever(self):
        product = self._make_product("FREE", self.tax_23, quantity=0)
        product.unlink()
        self.assertFalse(product.exists())
        tag = self.env["stock.scrap.reason.tag"].create({"name": "Own reason"})
        tag.unlink()
        self.assertFalse(tag.exists())

    # Archiving, and changing into something else

    def test_archived_helpers_keep_no_order_out(self):
        for name in ("product_delivery", "product_deposit", "product_service"):
            self._own(name).action_archive()
        order = self._order_with_everything()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.amount_total, float(order.allegro_total_to_pay))
        order.picking_ids.button_validate()
        self.assertEqual(order._create_invoices().amount_total, order.amount_total)

    def test_archived_channel_and_team_keep_no_order_out(self):
        self.account.team_id = self.env["crm.team"].create({"name": "Allegro"})
        self.account.team_id.active = False
        self.account.sales_channel_id.active = False
        self._own("sales_channel_direct").active = False
        order = self.import_forms(form_json())
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.copy())

    def test_helpers_stay_services_of_all_companies(self):
        deposit = self._own("product_deposit")
        with self.assertRaisesRegex(ValidationError, "has to stay a service"):
            deposit.type = "consu"
        with self.assertRaisesRegex(ValidationError, "has to stay a service"):
            deposit.company_id = self.company
        deposit.name = "Kaucja"
        deposit.taxes_id = self.tax_23

    def test_warehouse_of_an_account(self):
        """Archived, none of its orders could be delivered."""
        warehouse = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        self.account.warehouse_id = warehouse
        with self.assertRaisesRegex(ValidationError, "Test shop.*works with Two"):
            warehouse.action_archive()
        self.account.warehouse_id = False
        warehouse.action_archive()
        self.assertEqual(self.import_forms(form_json()).state, "sale")

    def test_journals_of_an_account(self):
        journals = self.env["account.journal"].create(
            [
                {"name": "Allegro sales", "code": "ALS", "type": "sale"},
                {"name": "Allegro clearing", "code": "ALC", "type": "bank"},
            ]
        )
        self.account.invoice_journal_id, self.account.payment_journal_id = journals
        for journal in journals:
            with self.assertRaisesRegex(ValidationError, "Choose another one there"):
                journal.action_archive()
        self.account.invoice_journal_id = self.account.payment_journal_id = False
        journals.action_archive()

    def test_an_archived_account_stands_in_nobodys_way(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        self.account.warehouse_id = warehouse
        self.account.active = False
        warehouse.action_archive()
        self.assertFalse(warehouse.active)

    # The location of the audit

    def test_audit_location_stays_out_of_what_is_for_sale(self):
        warehouse = self.warehouse
        location = warehouse._allegro_audit_location()
        stock = warehouse.lot_stock_id
        # nor by a location that it was put into
        shelf = self.env["stock.location"].create({"name": "Shelf", "usage": "view"})
        shelf.location_id = False
        for moved, values in (
            (location, {"location_id": stock.id}),
            (location, {"usage": "inventory"}),
            (shelf, {"location_id": stock.id}),
        ):
            location.location_id = shelf
            with (
                self.assertRaisesRegex(ValidationError, "outside all warehouses"),
                self.env.cr.savepoint(),
            ):
                moved.write(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            location.unlink()

    def test_archived_audit_location_is_found_again(self):
        location = self.warehouse._allegro_audit_location()
        location.action_archive()
        self.assertEqual(self.warehouse._allegro_audit_location(), location)
        self.assertTrue(location.active)

    def test_audit_location_moved_before_is_taken_out(self):
        location = self.warehouse._allegro_audit_location()
        stock = self.warehouse.lot_stock_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_location SET location_id = %s, warehouse_id = %s,"
            " parent_path = %s WHERE id = %s",
            [
                stock.id,
                self.warehouse.id,
                f"{stock.parent_path}{location.id}/",
                location.id,
            ],
        )
        self.env.invalidate_all()
        self.assertEqual(self.warehouse._allegro_audit_location(), location)
        self.assertFalse(location.location_id or location.warehouse_id)
