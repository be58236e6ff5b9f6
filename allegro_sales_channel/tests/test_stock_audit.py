from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .cancel_common import CancelCommon


@tagged("post_install", "-at_install")
class TestStockAudit(CancelCommon):
    #: One pixel.
    image = (
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        b"awAAAABJRU5ErkJggg=="
    )

    def cancelled(self, *lines):
        """The audit lines of an order that its buyer cancelled, as a worker."""
        order = self.buy(*lines)
        self.buyer_cancels(order)
        return order.allegro_stock_audit_ids.with_user(self.user)

    def test_back_in_stock_returns_to_the_shelf(self):
        part = self.new_part("SKU-B", [(self.shelf_b, 2, None)])
        value = self.value(part)
        audit = self.cancelled(("SKU-B", 2))

        audit.action_back_to_stock()

        self.assertEqual(audit.state, "back_in_stock")
        self.assertEqual(self.at(part, self.shelf_b), 2)
        self.assertEqual(self.at(part, self.audit_location), 0)
        self.assertEqual(self.free(part), 2)
        self.assertEqual(self.value(part), value)
        self.assertEqual(audit.resolved_by_id, self.user)
        self.assertEqual(audit.sudo().resolved_move_id.picking_id.state, "done")

    def test_write_off_scraps_with_the_reason(self):
        part = self.products["SKU-1"]
        audit = self.cancelled(("SKU-1", 2))
        value = self.value(part)
        damaged = self.env.ref("allegro_sales_channel.scrap_reason_damaged")

        self.env["allegro.write.off.wizard"].with_user(self.user).create(
            {
                "audit_ids": audit.ids,
                "scrap_reason_tag_id": damaged.id,
                "note": "dent",
            }
        ).action_confirm()

        self.assertEqual(audit.state, "written_off")
        self.assertEqual(audit.note, "dent")
        scrap = audit.sudo().scrap_id
        self.assertEqual(scrap.scrap_qty, 2)
        self.assertEqual(scrap.scrap_reason_tag_ids, damaged)
        self.assertEqual(scrap.allegro_order_id, audit.order_id)
        self.assertEqual(scrap.location_id, self.audit_location)
        self.assertEqual(self.at(part, self.audit_location), 0)
        self.assertEqual(self.at(part, self.stock), 98)
        self.assertEqual(self.value(part), value - 80)

    def test_write_off_without_a_wizard_has_a_reason_too(self):
        audit = self.cancelled(("SKU-1", 1))
        audit.action_write_off()
        self.assertEqual(
            audit.sudo().scrap_id.scrap_reason_tag_ids.name,
            "Allegro: order cancelled by buyer",
        )

    def test_many_at_once(self):
        audits = self.cancelled(("SKU-1", 1), ("SKU-2", 2), ("SKU-8", 3))
        audits += self.cancelled(("SKU-1", 4))
        audits.action_back_to_stock()
        self.assertEqual(set(audits.mapped("state")), {"back_in_stock"})
        for sku in ("SKU-1", "SKU-2", "SKU-8"):
            self.assertEqual(self.free(self.products[sku]), 100)
            self.assertEqual(self.at(self.products[sku], self.audit_location), 0)

    def test_serials_go_back_each_to_its_shelf(self):
        part = self.new_part(
            "SKU-S",
            [(self.shelf_a, 1, "S-1"), (self.shelf_b, 1, "S-2")],
            tracking="serial",
        )
        self.cancelled(("SKU-S", 2)).action_back_to_stock()
        for shelf, name in ((self.shelf_a, "S-1"), (self.shelf_b, "S-2")):
            self.assertEqual(self.at(part, shelf, self.new_lot(part, name)), 1)

    def test_decided_twice_moves_once(self):
        audit = self.cancelled(("SKU-1", 1))
        audit.action_back_to_stock()
        audit.action_back_to_stock()
        self.assertEqual(self.at(self.products["SKU-1"], self.stock), 100)
        with self.assertRaisesRegex(UserError, "Back in stock"):
            audit.action_write_off()

    def test_undo_of_back_in_stock(self):
        part = self.new_part("SKU-B", [(self.shelf_b, 1, "L-1")], tracking="lot")
        audit = self.cancelled(("SKU-B", 1))
        audit.action_back_to_stock()
        audit.action_undo()
        self.assertEqual(audit.state, "to_check")
        self.assertEqual(self.at(part, self.shelf_b), 0)
        self.assertEqual(self.at(part, self.audit_location), 1)
        self.assertFalse(audit.resolved_at)

        audit.action_write_off()
        self.assertEqual(self.at(part, self.audit_location), 0)

    def test_undo_of_a_write_off_brings_the_value_back(self):
        part = self.products["SKU-1"]
        for method in ("standard", "average", "fifo"):
            part.categ_id = self.env["product.category"].create(
                {"name": method, "property_cost_method": method}
            )
            audit = self.cancelled(("SKU-1", 2))
            value = self.value(part)
            audit.action_write_off()
            self.assertLess(self.value(part), value)
            audit.action_undo()
            self.assertEqual(audit.state, "to_check")
            self.assertEqual(self.value(part), value)
            self.assertEqual(self.at(part, self.audit_location), 2)
            audit.action_back_to_stock()

    def test_undo_is_refused_when_the_part_has_moved_on(self):
        self.new_part("SKU-U", [(self.shelf_a, 1, None)])
        audit = self.cancelled(("SKU-U", 1))
        audit.action_back_to_stock()
        self.buy(("SKU-U", 1))  # it is promised to somebody else now
        with self.assertRaisesRegex(UserError, "A-1"):
            audit.action_undo()
        self.assertEqual(audit.state, "back_in_stock")

    def test_undo_of_goods_that_came_back(self):
        order = self.buy(("SKU-1", 2))
        self.finish(order.picking_ids)
        self.buyer_cancels(order)
        audit = order.allegro_stock_audit_ids.with_user(self.user)
        audit.action_back_to_stock()
        audit.action_undo()
        self.assertEqual(audit.state, "to_check")
        self.assertEqual(self.at(self.products["SKU-1"], self.stock), 98)
        self.assertEqual(order.order_line.qty_delivered, 2)

        audit.action_write_off()  # they never came
        self.assertEqual(audit.state, "written_off")
        self.assertFalse(audit.sudo().scrap_id)
        self.assertEqual(self.at(self.products["SKU-1"], self.stock), 98)
        audit.action_undo()
        self.assertEqual(audit.state, "to_check")

    def test_a_part_taken_from_the_audit_by_hand(self):
        part = self.products["SKU-1"]
        audit = self.cancelled(("SKU-1", 3))
        self.env["stock.quant"]._update_available_quantity(
            part, self.audit_location, -1
        )
        with self.assertRaisesRegex(UserError, "only 2"):
            audit.action_back_to_stock()

        audit.action_write_off()
        self.assertEqual(audit.sudo().scrap_id.scrap_qty, 2)
        self.assertIn("1.0", " ".join(audit.message_ids.mapped("body")))
        self.assertEqual(self.at(part, self.audit_location), 0)
        audit.action_undo()
        self.assertEqual(self.at(part, self.audit_location), 2)

    def test_a_heap_that_is_too_small_for_all_its_lines(self):
        part = self.products["SKU-1"]
        audits = self.cancelled(("SKU-1", 2)) + self.cancelled(("SKU-1", 2))
        self.env["stock.quant"]._update_available_quantity(
            part, self.audit_location, -1
        )
        with self.assertRaisesRegex(UserError, "only 3"):
            audits.action_back_to_stock()
        self.assertEqual(set(audits.mapped("state")), {"to_check"})
        audits.action_write_off()
        self.assertEqual(self.at(part, self.audit_location), 0)

    def test_two_orders_parts_lie_side_by_side(self):
        part = self.products["SKU-1"]
        first, second = self.cancelled(("SKU-1", 1)), self.cancelled(("SKU-1", 2))
        first.action_write_off()
        second.action_back_to_stock()
        self.assertEqual(self.at(part, self.audit_location), 0)
        self.assertEqual(self.at(part, self.stock), 99)
        self.assertEqual(self.free(part), 99)

    def test_each_warehouse_has_one_audit_location(self):
        other = self.env["stock.warehouse"].create({"name": "Second", "code": "W2"})
        first = self.warehouse._allegro_audit_location()
        self.assertEqual(self.warehouse._allegro_audit_location(), first)
        second = other._allegro_audit_location()
        self.assertNotEqual(first, second)
        self.assertFalse(first.warehouse_id)
        self.assertTrue(first._should_be_valued())

    def test_an_archived_shelf_is_replaced_by_the_stock(self):
        part = self.new_part("SKU-B", [(self.shelf_b, 1, None)])
        audit = self.cancelled(("SKU-B", 1))
        self.shelf_b.active = False
        audit.action_back_to_stock()
        self.assertEqual(self.at(part, self.stock), 1)

    def test_overdue_after_the_companys_days(self):
        self.company.allegro_audit_days = 2
        audit = self.cancelled(("SKU-1", 1))
        overdue = [("is_overdue", "=", True), ("id", "=", audit.id)]
        self.assertFalse(audit.is_overdue)
        self.assertFalse(audit.search(overdue))
        with freeze_time(fields.Datetime.now() + timedelta(days=2, minutes=1)):
            audit.invalidate_recordset()
            self.assertTrue(audit.is_overdue)
            self.assertEqual(audit.waiting_days, 2)
            self.assertEqual(audit.search(overdue), audit)
            audit.action_back_to_stock()
            self.assertFalse(audit.is_overdue)
            self.assertFalse(audit.search(overdue))

    def test_searching_by_what_is_at_hand(self):
        part = self.new_part(
            "SKU-S", [(self.shelf_b, 1, "S-77")], tracking="serial", barcode="590123"
        )
        audit = self.cancelled(("SKU-S", 1))
        view = self.env["allegro.stock.audit"].get_view(
            self.env.ref("allegro_sales_channel.allegro_stock_audit_view_search").id
        )
        from lxml import etree

        from odoo.tools.safe_eval import safe_eval

        field = etree.fromstring(view["arch"]).xpath("//field[@filter_domain]")[0]
        order = audit.order_id
        for text in (
            part.name,
            "SKU-S",
            "590123",
            "S-77",
            order.name,
            order.allegro_checkout_form_id,
            "B-2",
        ):
            domain = safe_eval(field.get("filter_domain"), {"self": text})
            found = audit.search([*domain, ("state", "=", "to_check")])
            self.assertEqual(found, audit, text)

    # Rights

    def test_a_note_and_a_photo_by_hand_but_the_state_by_buttons_only(self):
        audit = self.cancelled(("SKU-1", 1))
        audit.note = "scratched"
        audit.photo = self.image
        self.assertTrue(audit.has_photo)
        photo = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "allegro.stock.audit"),
                ("res_id", "=", audit.id),
                ("res_field", "=", "photo"),
            ]
        )
        self.assertEqual(photo.mimetype, "image/png")
        with self.assertRaises(AccessError):
            audit.state = "back_in_stock"
        with self.assertRaises(AccessError):
            audit.unlink()

    def test_parts_of_a_colleagues_order(self):
        order = self.buy(("SKU-1", 1), ("SKU-2", 1))
        order.user_id = self.manager
        self.buyer_cancels(order)
        back, off = order.allegro_stock_audit_ids.with_user(self.user)
        self.env.invalidate_all()
        self.assertIn(order.name, back.display_name)
        back.action_back_to_stock()
        back.action_undo()
        off.action_write_off()
        self.assertEqual(off.state, "written_off")

    def test_others_have_no_access(self):
        audit = self.cancelled(("SKU-1", 1))
        salesman = self.env["res.users"].create(
            {
                "name": "Salesman",
                "login": "only_sales",
                "group_ids": [
                    (6, 0, self.env.ref("sales_team.group_sale_salesman").ids)
                ],
            }
        )
        with self.assertRaises(AccessError):
            audit.with_user(salesman).action_back_to_stock()
        # the order itself stays readable, whole
        [values] = audit.sudo().order_id.with_user(salesman).read()
        self.assertNotIn("allegro_stock_audit_ids", values)

    def test_each_company_sees_its_own(self):
        audit = self.cancelled(("SKU-1", 1))
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["res.users"].create(
            {
                "name": "Stranger",
                "login": "stranger",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [
                    (
                        6,
                        0,
                        self.env.ref("allegro_sales_channel.group_allegro_user").ids,
                    )
                ],
            }
        )
        self.assertFalse(
            self.env["allegro.stock.audit"]
            .with_user(stranger)
            .search([("id", "=", audit.id)])
        )

    def test_counts_on_the_account(self):
        audits = self.cancelled(("SKU-1", 1), ("SKU-2", 1))
        account = self.account.with_user(self.user)
        self.assertEqual(account.to_check_count, 2)
        self.assertEqual(account.overdue_check_count, 0)
        audits[0].action_back_to_stock()
        audits[1].sudo().waiting_since = "2026-01-01 00:00:00"
        account.invalidate_recordset()
        self.assertEqual(account.to_check_count, 1)
        self.assertEqual(account.overdue_check_count, 1)
        self.assertIn(
            ("allegro_account_id", "=", account.id),
            account.action_open_stock_audit()["domain"],
        )

    def test_counts_on_the_order(self):
        audits = self.cancelled(("SKU-1", 1), ("SKU-2", 1))
        order = audits.order_id
        self.assertEqual(order.allegro_to_check_count, 2)
        audits[0].action_write_off()
        self.assertEqual(order.allegro_to_check_count, 1)
        self.assertEqual(order.allegro_stock_audit_count, 2)


@tagged("post_install", "-at_install")
class TestNews(CancelCommon):
    """Pages that are open elsewhere count anew when parts come in or are decided."""

    def _news(self):
        told = []
        self.patch(
            self.env.registry["sale.order"],
            "_allegro_notify",
            lambda orders: told.extend(orders.ids),
        )
        return told

    def test_parts_that_come_in_and_decisions_are_news(self):
        order = self.buy(("SKU-1", 1))
        told = self._news()
        self.buyer_cancels(order)
        self.assertIn(order.id, told)
        for decide in ("action_back_to_stock", "action_undo", "action_write_off"):
            told.clear()
            getattr(order.allegro_stock_audit_ids, decide)()
            self.assertIn(order.id, told, decide)
