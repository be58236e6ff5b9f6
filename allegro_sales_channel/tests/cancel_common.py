"""Stock as the tests of cancelling look at it: quants, not states."""

import copy

from odoo.tests.common import new_test_user

from ..allegro.checkout_form import CheckoutForm
from .common import AllegroCommon, form_json, line_json


class CancelCommon(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.shelf_a, cls.shelf_b = cls.env["stock.location"].create(
            [{"name": name, "location_id": cls.stock.id} for name in ("A-1", "B-2")]
        )
        cls.products["SKU-1"].standard_price = 40
        cls.manager = new_test_user(
            cls.env,
            "allegro_canceller",
            groups="allegro_sales_channel.group_allegro_cancel",
            email="canceller@example.com",
        )
        cls.user = new_test_user(
            cls.env,
            "allegro_worker",
            groups="allegro_sales_channel.group_allegro_user",
            email="worker@example.com",
        )

    # Making

    @classmethod
    def new_part(cls, sku, places, **values):
        """A product lying at several places.

        :param places: list of (location, quantity, lot name or None)
        """
        product = cls._make_product(sku, cls.tax_23, quantity=0, **values)
        for location, quantity, lot_name in places:
            lot = cls.env["stock.lot"]
            if lot_name:
                lot = cls.new_lot(product, lot_name)
            cls.env["stock.quant"]._update_available_quantity(
                product, location, quantity, lot_id=lot
            )
        return product

    @classmethod
    def new_lot(cls, product, name):
        domain = [("name", "=", name), ("product_id", "=", product.id)]
        lots = cls.env["stock.lot"]
        return lots.search(domain) or lots.create(
            {
                "name": name,
                "product_id": product.id,
                "company_id": cls.company.id,
            }
        )

    def buy(self, *lines, **values):
        """Import one order.

        :param lines: (sku, quantity)
        """
        form = form_json(
            *(line_json(sku, quantity=quantity) for sku, quantity in lines), **values
        )
        order = self.import_forms(form)
        self.forms = getattr(self, "forms", {})
        self.forms[order.id] = form
        return order

    def follow(self, order, **values):
        """Let the order's form change on Allegro and be read again."""
        form = copy.deepcopy(self.forms[order.id]) | values
        self.forms[order.id] = form
        orders = self.env["sale.order"].with_company(order.company_id)
        orders._allegro_update(order.allegro_account_id, [CheckoutForm.from_json(form)])
        self.env.invalidate_all()

    def buyer_cancels(self, order):
        self.follow(order, status="CANCELLED")

    def seller_cancels_on_allegro(self, order):
        self.follow(
            order,
            fulfillment={"status": "CANCELLED", "provider": {"id": "SELLER"}},
        )

    def cancel(self, order, user=None):
        """Cancel by the wizard, as a user does; the wizard."""
        wizard = self.open_wizard(order, user)
        wizard.action_confirm()
        self.env.invalidate_all()
        return wizard

    def open_wizard(self, orders, user=None):
        action = orders.with_user(user or self.manager).action_allegro_cancel()
        wizards = self.env[action["res_model"]].with_user(user or self.manager)
        return wizards.browse(action["res_id"])

    # Looking

    def at(self, product, location, lot=None):
        """The quantity of a product really in a location (and below)."""
        domain = [
            ("product_id", "=", product.id),
            ("location_id", "child_of", location.id),
        ]
        if lot:
            domain.append(("lot_id", "=", lot.id))
        quants = self.env["stock.quant"].search(domain)
        return sum(quants.mapped("quantity"))

    def reserved(self, product):
        quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
        return sum(quants.mapped("reserved_quantity"))

    def free(self, product):
        """What the shop may still sell, asked in each way in which Odoo asks."""
        product.invalidate_recordset()
        of_warehouse = product.with_context(warehouse_id=self.warehouse.id)
        self.assertEqual(of_warehouse.free_qty, product.free_qty)
        self.assertEqual(of_warehouse.virtual_available, product.virtual_available)
        return product.free_qty

    def value(self, product):
        product.invalidate_recordset()
        return product.with_company(self.company).total_value

    @property
    def audit_location(self):
        return self.warehouse.allegro_audit_location_id

    def scrapped(self, order):
        """Dict of what was written off of an order, by product and lot name."""
        scraps = order.allegro_scrap_ids
        self.assertEqual(set(scraps.mapped("state")) or {"done"}, {"done"})
        return {
            (scrap.product_id, scrap.lot_id.name or None): scrap.scrap_qty
            for scrap in scraps
        }

    def audited(self, order):
        """Dict of an order's lines in the audit, by product and lot name."""
        return {
            (audit.product_id, audit.lot_id.name or None): audit.quantity
            for audit in order.allegro_stock_audit_ids
        }

    def said(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def with_steps(self, steps):
        self.warehouse.delivery_steps = steps

    def finish(self, picking):
        """Do one step of a delivery, as a storekeeper does."""
        picking.action_assign()
        for move in picking.move_ids:
            move.picked = True
        picking._action_done()
