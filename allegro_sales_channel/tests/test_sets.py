"""Sets, several pieces per offer, kits, lots (behaviour 4.4)."""

from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AllegroCommon, form_json, line_json


@tagged("post_install", "-at_install")
class TestSets(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer = cls.env["allegro.offer"].create(
            {
                "account_id": cls.account.id,
                "offer_id": "offer-SET",
                "name": "Zestaw",
                "external_id": "SET",
                "product_id": cls.products["SKU-1"].id,
            }
        )

    def _lines(self, order):
        return [
            (line.product_id.default_code, line.product_uom_qty, line.price_unit)
            for line in order.order_line
        ]

    def test_four_pieces_for_a_price_that_can_be_divided(self):
        self.offer.pieces = 4
        order = self.import_forms(form_json(line_json("SET", "80.00", 2)))
        self.assertEqual(self._lines(order), [("SKU-1", 8, 20)])
        self.assertEqual(order.picking_ids.move_ids.quantity, 8)

    def test_three_pieces_for_a_price_that_can_not(self):
        self.offer.pieces = 3
        order = self.import_forms(form_json(line_json("SET", "100.00")))
        self.assertEqual(self._lines(order), [("SKU-1", 2, 33.33), ("SKU-1", 1, 33.34)])
        self.assertEqual(order.amount_total, 100)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("quantity")), 3)

    def test_set_of_differently_taxed_products_costs_what_was_paid(self):
        self.products["SKU-1"].list_price = 200
        self.products["SKU-8"].list_price = 50
        self.offer.component_ids = [
            Command.create({"product_id": self.products["SKU-8"].id, "quantity": 2})
        ]
        order = self.import_forms(
            form_json(line_json("SET", "199.99", 3), delivery_cost="8.99")
        )
        self.assertEqual(order.amount_total, 608.96)
        by_product = {}
        for line in order.order_line.filtered("allegro_line_item_id"):
            code = line.product_id.default_code
            by_product.setdefault(code, []).append(line)
        self.assertEqual(sum(li.product_uom_qty for li in by_product["SKU-1"]), 3)
        self.assertEqual(sum(li.product_uom_qty for li in by_product["SKU-8"]), 6)
        # two thirds of the price by the products' own prices: 200 to 2 x 50
        paid = sum(line.price_total for line in by_product["SKU-1"])
        self.assertAlmostEqual(paid, 599.97 * 2 / 3, delta=0.01)
        self.assertEqual(by_product["SKU-8"][0].tax_ids.amount, 8)

    def test_set_without_prices_is_spread_alike(self):
        self.products["SKU-1"].list_price = self.products["SKU-2"].list_price = 0
        self.offer.component_ids = [
            Command.create({"product_id": self.products["SKU-2"].id})
        ]
        order = self.import_forms(form_json(line_json("SET", "0.01")))
        self.assertEqual(order.amount_total, 0.01)
        self.assertEqual(len(order.order_line), 2)

    def test_forints_in_a_set(self):
        self.env.ref("base.HUF").active = True
        self.offer.pieces = 3
        order = self.import_forms(
            form_json(line_json("SET", "1000.00", currency="HUF"), currency="HUF")
        )
        self.assertEqual(order.amount_total, 1000)
        self.assertEqual(
            self._lines(order), [("SKU-1", 2, 333.33), ("SKU-1", 1, 333.34)]
        )

    def test_same_offer_twice_stays_two_lines(self):
        order = self.import_forms(
            form_json(line_json("SKU-1", quantity=1), line_json("SKU-1", quantity=2))
        )
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [1, 2])
        self.assertEqual(len(set(order.order_line.mapped("allegro_line_item_id"))), 2)

    def test_kit_takes_its_components(self):
        self._make_kit(
            "KIT", [(self.products["SKU-1"], 2), (self.products["SKU-2"], 1)]
        )
        order = self.import_forms(form_json(line_json("KIT", "300.00", 3)))
        self.assertEqual(order.amount_total, 900)
        moved = {
            m.product_id.default_code: m.quantity for m in order.picking_ids.move_ids
        }
        self.assertEqual(moved, {"SKU-1": 6, "SKU-2": 3})

    def test_product_with_lots_reserves_its_lot(self):
        part = self._make_product("ENGINE", self.tax_23, quantity=0, tracking="serial")
        lot = self.env["stock.lot"].create(
            {"name": "VIN-1", "product_id": part.id, "company_id": self.company.id}
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            part, warehouse.lot_stock_id, 1, lot_id=lot
        )
        order = self.import_forms(form_json(line_json("ENGINE", "900.00")))
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, lot)

    def test_a_set_of_nothing_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.offer.pieces = 0
            self.offer.flush_recordset()
