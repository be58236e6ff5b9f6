"""What was bought on Allegro costs what was paid (behaviour 10.6)."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import AllegroCommon, form_json, line_json, money


class OwnLinesCommon(AllegroCommon):
    def _bring(self, form):
        """The order of a form that is new or has changed."""
        self.fake.put(form, "BUYER_MODIFIED")
        self.run_action("sync")
        return self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form["id"])]
        )

    def _everything(self, **values):
        """An order with goods, a deposit, a service and delivery: 3 × 41 + 1.50 ..."""
        line = line_json(
            price="41.00",
            quantity=3,
            deposit={"price": money("0.50")},
            selectedAdditionalServices=[
                {
                    "definitionId": "GIFT",
                    "name": "Gift wrap",
                    "price": money("5.00"),
                    "quantity": 1,
                }
            ],
        )
        return form_json(line, delivery_cost="9.99", **values)

    def _carrier(self, price=77):
        product = self.env["product.product"].create(
            {"name": "Our van", "type": "service", "list_price": price}
        )
        return self.env["delivery.carrier"].create(
            {
                "name": "Our van",
                "product_id": product.id,
                "delivery_type": "fixed",
                "fixed_price": price,
            }
        )

    def _abroad(self):
        """A fiscal position for Germany, applied by itself, with its own tax."""
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Germany",
                "auto_apply": True,
                "country_id": self.env.ref("base.de").id,
            }
        )
        self._make_tax(
            "19% DE",
            19,
            fiscal_position_ids=[Command.set(position.ids)],
            original_tax_ids=[Command.set(self.tax_23.ids)],
        )
        return position


@tagged("post_install", "-at_install")
class TestRecomputation(OwnLinesCommon):
    """Nothing that Odoo reckons anew changes what was paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "sale.group_discount_per_so_line"
        ) + cls.env.ref("product.group_product_pricelist")

    def setUp(self):
        super().setUp()
        self.form = self._everything()
        self.order = self._bring(self.form)
        self.paid = self._prices()
        self.assertEqual(
            sorted(price for price, _discount in self.paid.values()),
            [0.5, 5, 9.99, 41],
        )

    def _prices(self):
        return {
            line: (line.price_unit, line.discount) for line in self.order.order_line
        }

    def _line(self, product):
        return self.order.order_line.filtered(lambda line: line.product_id == product)

    def _assert_paid(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._prices(), self.paid)
        self.assertEqual(self.order.amount_total, 139.49)
        self.assertFalse(self.order.allegro_total_difference)

    def test_only_what_was_bought_is_marked(self):
        self.assertEqual(len(self.order.order_line), 4)
        self.assertTrue(all(self.order.order_line.mapped("allegro_is_bought")))
        self.order.order_line = [
            Command.create({"product_id": self.products["SKU-2"].id})
        ]
        self.assertFalse(self._line(self.products["SKU-2"]).allegro_is_bought)
        self.assertFalse(any(self.order.copy().order_line.mapped("allegro_is_bought")))

    def test_another_quantity_written(self):
        for line in self.order.order_line:
            line.product_uom_qty += 1
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._prices(), self.paid)

        for line in self.order.order_line:
            line.product_uom_qty -= 1
        self._assert_paid()

    def test_another_quantity_in_the_form(self):
        goods = self._line(self.products["SKU-1"])
        with Form(self.order) as form, form.order_line.edit(0) as line:
            self.assertEqual(line.product_id, self.products["SKU-1"])
            line.product_uom_qty = 2
        self.assertEqual((goods.product_uom_qty, goods.price_unit), (2, 41))
        self.assertAlmostEqual(self.order.amount_total, 139.49 - 41)
        self.assertIn("changed in Odoo", self.order.allegro_difference_reason)
        self.assertFalse(self.order.recompute_delivery_price)

    def test_update_prices(self):
        added = self.order.order_line.create(
            {"order_id": self.order.id, "product_id": self.products["SKU-2"].id}
        )
        self.assertEqual(added.price_unit, 999)
        self.products["SKU-2"].list_price = 888
        self._line(self.products["SKU-1"]).discount = 10  # a person's

        self.order.action_update_prices()

        self.assertEqual(added.price_unit, 888)
        added.product_uom_qty = 0
        self.assertEqual(self._line(self.products["SKU-1"]).discount, 10)
        self._line(self.products["SKU-1"]).discount = 0
        self.paid[added] = (888, 0)
        self._assert_paid()

    def test_pricelist_with_a_discount(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half price",
                "currency_id": self.order.currency_id.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.order._write({"pricelist_id": pricelist.id})
        self.env.invalidate_all()
        for line in self.order.order_line:
            line.product_uom_qty += 1
            line.product_uom_qty -= 1
        self.order.action_update_prices()
        self._assert_paid()

    def test_update_taxes_and_another_country(self):
        position = self._abroad()
        self.order.partner_shipping_id.country_id = self.env.ref("base.de")
        self.order.fiscal_position_id = position
        self.order.action_update_taxes()

        goods = self._line(self.products["SKU-1"])
        self.assertEqual(goods.tax_ids.mapped("amount"), [19])
        self.assertTrue(goods.tax_ids.price_include)
        self._assert_paid()

    def test_another_date(self):
        self.order.date_order = fields.Datetime.now()
        self._assert_paid()

    def test_another_customer(self):
        values = ("currency_id", "pricelist_id", "warehouse_id", "company_id")
        before = [self.order[name] for name in values]
        other = self.env["res.partner"].create(
            {
                "name": "Somebody else",
                "property_product_pricelist": self.env["product.pricelist"]
                .create({"name": "EUR", "currency_id": self.env.ref("base.EUR").id})
                .id,
            }
        )
        self.order.partner_id = other
        self.assertEqual([self.order[name] for name in values], before)
        self._assert_paid()

    def test_another_product(self):
        """A replacement costs what was paid; its own taxes apply."""
        self.order.picking_ids.action_cancel()
        goods = self._line(self.products["SKU-1"])
        goods.product_id = self.products["SKU-8"]
        self.assertEqual(goods.tax_ids.mapped("amount"), [8])
        self.assertIn("SKU-8", goods.name)
        self._assert_paid()

    def test_another_product_in_the_form(self):
        self.order.picking_ids.action_cancel()
        with Form(self.order) as form, form.order_line.edit(0) as line:
            line.product_id = self.products["SKU-8"]
        self._assert_paid()

    def test_another_carrier(self):
        carrier = self._carrier()
        self.order.carrier_id = carrier
        self._assert_paid()

    def test_update_shipping_cost(self):
        carrier = self._carrier()
        wizard = Form(
            self.env["choose.delivery.carrier"].with_context(
                default_order_id=self.order.id, default_carrier_id=carrier.id
            )
        ).save()
        self.assertEqual(wizard.delivery_price, 77)

        wizard.button_confirm()

        self.assertEqual(self.order.carrier_id, carrier)
        self.assertEqual(self.order.picking_ids.carrier_id, carrier)
        self._assert_paid()

    def test_carrier_whose_real_cost_is_charged_later(self):
        carrier = self._carrier()
        carrier.invoice_policy = "real"
        self.order.set_delivery_line(carrier, 77)
        self.assertEqual(self.order.picking_ids.carrier_id, carrier)
        self._assert_paid()

    def test_carrier_of_a_free_delivery(self):
        order = self._bring(form_json())
        carrier = self._carrier()
        order.set_delivery_line(carrier, 77)
        self.assertEqual(order.carrier_id, carrier)
        self.assertEqual(order.amount_total, 123)

    def test_shipping_cost_of_a_direct_order_is_odoos(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.order.partner_id.id,
                "order_line": [
                    Command.create({"product_id": self.products["SKU-2"].id})
                ],
            }
        )
        order.set_delivery_line(self._carrier(), 77)
        order.set_delivery_line(self._carrier(), 66)
        self.assertEqual(order.order_line.filtered("is_delivery").price_unit, 66)

    def test_names_given_by_allegro_stay(self):
        service = self.env.ref("allegro_sales_channel.product_service")
        delivery = self.order.order_line.filtered("is_delivery")
        lines = delivery + self._line(service)
        self.assertEqual(lines.mapped("name"), ["Allegro Kurier DPD", "Gift wrap"])
        for line in lines:  # an option is added for it, a person takes it off again
            self.order.order_line = [
                Command.create(
                    {
                        "product_id": self.products["SKU-2"].id,
                        "product_uom_qty": 0,
                        "linked_line_id": line.id,
                    }
                )
            ]
        self.env.flush_all()
        self.assertEqual(lines.mapped("name"), ["Allegro Kurier DPD", "Gift wrap"])

    def test_lines_added_by_hand_follow_odoos_prices(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Many are cheaper",
                "currency_id": self.order.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": price,
                            "min_quantity": quantity,
                        }
                    )
                    for price, quantity in ((500, 0), (400, 10))
                ],
            }
        )
        self.order._write({"pricelist_id": pricelist.id})
        self.env.invalidate_all()
        added = self.order.order_line.create(
            {"order_id": self.order.id, "product_id": self.products["SKU-2"].id}
        )
        self.assertEqual(added.price_unit, 500)
        added.product_uom_qty = 10
        self.assertEqual(added.price_unit, 400)


@tagged("post_install", "-at_install")
class TestLockedOrders(OwnLinesCommon):
    """*Lock Confirmed Sales* keeps people out, not what Allegro says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "sale.group_auto_done_setting"
        )
        cls.seller = new_test_user(cls.env, "seller", "sales_team.group_sale_manager")

    def _bring(self, form):
        order = super()._bring(form)
        self.assertFalse(self.account.incoming_order_ids.mapped("error"))
        self.assertTrue(order.locked)
        with self.assertRaisesRegex(UserError, "locked"):
            order.order_line[0].with_user(self.seller).price_unit = 1
        self.assertFalse(
            order.message_ids.sudo().tracking_value_ids.filtered(
                lambda value: value.field_id.name == "locked"
            )
        )
        return order

    def test_dearer_method(self):
        form = form_json(delivery_cost="9.99")
        self._bring(form)
        form["delivery"]["cost"]["amount"] = "14.99"
        form["delivery"]["method"] = {"id": "method-2", "name": "Dearer"}
        form["summary"]["totalToPay"]["amount"] = "137.99"

        order = self._bring(form)

        self.assertEqual(order.amount_total, 137.99)
        self.assertFalse(order.allegro_total_difference)

    def test_delivery_that_costs_something_at_last(self):
        form = form_json()
        self._bring(form)
        form["delivery"]["cost"]["amount"] = "10.00"
        form["summary"]["totalToPay"]["amount"] = "133.00"
        self.assertEqual(self._bring(form).amount_total, 133)

    def test_address_in_another_country(self):
        position = self._abroad()
        form = form_json()
        self._bring(form)
        form["delivery"]["address"]["countryCode"] = "DE"

        order = self._bring(form)

        self.assertEqual(order.partner_shipping_id.country_id.code, "DE")
        self.assertEqual(order.picking_ids.partner_id, order.partner_shipping_id)
        self.assertEqual(order.fiscal_position_id, position)
        self.assertEqual(order.order_line.tax_ids.mapped("amount"), [19])
        self.assertEqual(order.amount_total, 123)

    def test_item_that_became_a_product_is_delivered(self):
        form = form_json(line_json(), line_json("LATER", price="7.00", quantity=2))
        order = self._bring(form)
        self.assertEqual(len(order.order_line), 1)
        product = self._make_product("LATER", self.tax_23)

        self._bring(form)

        self.assertEqual(order.amount_total, 137)
        self.assertFalse(order.allegro_has_unmanaged)
        moves = order.picking_ids.move_ids
        self.assertEqual(
            {move.product_id: move.quantity for move in moves},
            {self.products["SKU-1"]: 1, product: 2},
        )

    def test_cancelled_by_the_buyer(self):
        form = form_json()
        order = self._bring(form)
        form["status"] = "CANCELLED"
        self._bring(form)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.picking_ids.filtered("origin")[0].state, "cancel")
