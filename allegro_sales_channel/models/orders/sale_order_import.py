"""Allegro's orders become sale orders: what the scheduled import calls."""

from odoo import Command, api, models

from ...allegro import rules
from ...allegro.errors import AllegroDataError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What is here already

    @api.model
    def _allegro_known(self, account, checkout_form_ids):
        """Dict of the orders of an account by Allegro's form id."""
        orders = self.search(
            [
                ("allegro_account_id", "=", account.id),
                ("allegro_checkout_form_id", "in", list(checkout_form_ids)),
            ]
        )
        return {order.allegro_checkout_form_id: order for order in orders}

    @api.model
    def _allegro_different(self, account, fetched):
        """Which of the listed forms are not here as Allegro lists them.

        :param fetched: list of ``Fetched``
        :return: set of form ids
        """
        ids = {answer.checkout_form_id for answer in fetched}
        known = self._allegro_known(account, ids)
        wanted = [
            answer.form
            for answer in fetched
            if answer.form
            and answer.form.id not in known
            and account._wants(answer.form)
        ]
        # an order of nothing but unmanaged items is missing on purpose
        managed, _offers = self._allegro_managed(account, wanted)
        different = {form.id for form in managed}
        for answer in fetched:
            order = known.get(answer.checkout_form_id)
            is_broken = answer.error is not None
            # all of it: Allegro moves neither its date nor, always, the revision
            if is_broken or (order and order._allegro_changes(answer.form)):
                different.add(answer.checkout_form_id)
        return different

    def _allegro_changes(self, form):
        """The ``allegro_*`` values of this order that are not as the form has them."""
        self.ensure_one()
        return {
            name: value
            for name, value in self._allegro_form_values(form).items()
            if not self._allegro_same(name, value)
        }

    def _allegro_same(self, name, value):
        """Is this what the field holds, rounded as the database rounds it?"""
        if self._fields[name].type == "monetary":
            return not self.currency_id.compare_amounts(self[name], value)
        return self[name] == value

    # New orders

    @api.model
    def _allegro_import(self, account, forms):
        """Create and confirm the orders of these forms, all in one go.

        Items that are no known product are left out and the order is marked; an order
        of nothing else is not made at all.

        :param account: one ``allegro.account``
        :param forms: list of ``CheckoutForm``, none of which is here yet
        :return: the new orders
        """
        managed, offers = self._allegro_managed(account, forms)
        partners = self.env["res.partner"]._allegro_partners(account, managed)
        # no chatter line for each of the many values: the order is new
        orders = self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        ).create(
            [
                self._allegro_values(account, form, offers, parties)
                for form, parties in zip(managed, partners, strict=True)
            ]
        )
        orders.action_confirm()
        return orders.with_env(self.env)

    @api.model
    def _allegro_managed(self, account, forms):
        """The forms with at least one item that is a product here.

        What is none is noted on its offer, where a person can choose the product.

        :return: list of forms, and the dict of all offers by Allegro's offer id
        """
        lines = [line for form in forms for line in form.lines]
        offers = self.env["allegro.offer"]._match_lines(account, lines)
        managed = []
        for form in forms:
            bought = self.env["allegro.offer"].union(
                *(offers[line.offer_id] for line in form.lines)
            )
            bought.filtered(lambda offer: not offer.product_id)._note_waiting(form)
            if bought.product_id:
                managed.append(form)
        return managed, offers

    @api.model
    def _allegro_values(self, account, form, offers, partners):
        """The values of one new order."""
        lines = [
            values
            for line in form.lines
            if offers[line.offer_id].product_id
            for values in self._allegro_line_values(line, offers[line.offer_id])
        ]
        lines += self._allegro_delivery_values(account, form)
        unmanaged = [
            line for line in form.lines if not offers[line.offer_id].product_id
        ]
        dispatch_to = form.delivery and form.delivery.dispatch_to
        values = {
            **partners,
            **self._allegro_form_values(form),
            "allegro_account_id": account.id,
            "allegro_checkout_form_id": form.id,
            **self._allegro_unmanaged_values(unmanaged),
            "company_id": account.company_id.id,
            "sales_channel_id": account.sales_channel_id.id,
            "team_id": account.team_id.id,
            # nobody sold it; the user of the scheduled action certainly did not
            "user_id": False,
            "client_order_ref": form.id,
            "origin": form.id,
            "date_order": _naive(form.bought_at),
            "commitment_date": _naive(dispatch_to),
            "pricelist_id": self._allegro_pricelist(account, form).id,
            "payment_term_id": False,
            "require_signature": False,
            "require_payment": False,
            "order_line": [Command.create(line) for line in lines],
        }
        if account.warehouse_id:
            values["warehouse_id"] = account.warehouse_id.id
        return values

    @api.model
    def _allegro_unmanaged_values(self, lines):
        """What the order says of the lines that are no product here."""
        return {
            "allegro_unmanaged_items": "\n".join(
                f"{line.quantity} × {line.offer_name} ({line.offer_id})"
                for line in lines
            ),
            "allegro_has_unmanaged": bool(lines),
        }

    @api.model
    def _allegro_line_values(self, line, offer):
        """The order lines of one bought line: the product, deposit and services."""
        yield from self._allegro_product_values(line, offer)
        if line.deposit:
            yield {
                "product_id": self.env.ref("allegro_sales_channel.product_deposit").id,
                "product_uom_qty": line.quantity,
                **_price(line.deposit),
            }
        service_product = self.env.ref("allegro_sales_channel.product_service")
        for service in line.services:
            yield {
                "product_id": service_product.id,
                "name": service.name,
                "product_uom_qty": service.quantity,
                **_price(service.price),
            }

    @api.model
    def _allegro_product_values(self, line, offer):
        """The order lines of what is taken from stock."""
        yield {
            "product_id": offer.product_id.id,
            "product_uom_qty": line.quantity,
            **_price(line.price),
            "allegro_line_item_id": line.id,
        }

    @api.model
    def _allegro_delivery_values(self, account, form):
        """The delivery line; free delivery needs none."""
        delivery = form.delivery
        if not delivery or not delivery.cost or not delivery.cost.amount:
            return []
        return [
            {
                "product_id": account.delivery_product_id.id,
                "name": delivery.method_name or account.delivery_product_id.name,
                "product_uom_qty": 1,
                **_price(delivery.cost),
                "is_delivery": True,
            }
        ]

    @api.model
    def _allegro_pricelist(self, account, form):
        """The order's currency is its pricelist's: none for the company's own.

        Prices come from Allegro, so the list for another currency is an empty one.
        """
        pricelists = self.env["product.pricelist"].sudo()
        code = form.total_to_pay.currency
        if code == account.company_id.currency_id.name:
            return pricelists
        currencies = self.env["res.currency"].sudo().with_context(active_test=False)
        currency = currencies.search([("name", "=", code)], limit=1)
        if not currency:
            raise AllegroDataError(
                "summary.totalToPay.currency",
                self.env._("Odoo does not know the currency %(code)s", code=code),
            )
        currency.active = True
        name = f"Allegro {code}"
        found = pricelists.search(
            [
                ("name", "=", name),
                ("currency_id", "=", currency.id),
                ("company_id", "=", account.company_id.id),
            ],
            limit=1,
        )
        return found or pricelists.create(
            {
                "name": name,
                "currency_id": currency.id,
                "company_id": account.company_id.id,
            }
        )

    # What Allegro says, on new and known orders alike

    @api.model
    def _allegro_form_values(self, form):
        """The ``allegro_*`` fields that follow the form."""
        delivery, invoice, payment = form.delivery, form.invoice, form.payment
        point = delivery and delivery.pickup_point
        return {
            "allegro_status": form.status,
            "allegro_fulfillment_status": self._allegro_choice(
                "allegro_fulfillment_status", form.fulfillment_status or "NEW"
            ),
            "allegro_revision": form.revision or False,
            "allegro_fulfilled_by_allegro": rules.fulfilled_by_allegro(form),
            "allegro_marketplace": form.marketplace or False,
            "allegro_buyer_login": form.buyer.login,
            "allegro_buyer_email": form.buyer.email or False,
            "allegro_buyer_phone": form.buyer.phone_number or False,
            "allegro_message": form.message_to_seller or False,
            "allegro_seller_note": form.note or False,
            "allegro_total_to_pay": float(form.total_to_pay.amount),
            "allegro_paid_amount": float(rules.paid_amount(form).amount),
            "allegro_payment_type": self._allegro_choice(
                "allegro_payment_type", payment and payment.type
            ),
            "allegro_payment_provider": (payment and payment.provider) or False,
            "allegro_payment_finished_at": _naive(payment and payment.finished_at),
            "allegro_delivery_method": (delivery and delivery.method_name) or False,
            "allegro_delivery_method_id": (delivery and delivery.method_id) or False,
            "allegro_smart": bool(delivery and delivery.smart),
            "allegro_dispatch_to": _naive(delivery and delivery.dispatch_to),
            "allegro_pickup_point_id": (point and point.id) or False,
            "allegro_pickup_point_name": (point and point.name) or False,
            "allegro_pickup_point_address": _address_text(point),
            "allegro_invoice_required": bool(invoice and invoice.required),
            "allegro_invoice_due_date": (invoice and invoice.due_date) or False,
        }

    @api.model
    def _allegro_choice(self, name, value):
        """A value that Allegro invents later must not keep an order out."""
        known = dict(self._fields[name]._description_selection(self.env))
        return value if value in known else False

    @api.model
    def _allegro_update(self, account, forms):
        """Bring known orders up to what Allegro says now, writing only differences."""
        known = self._allegro_known(account, [form.id for form in forms])
        for form in forms:
            order = known[form.id]
            changes = order._allegro_changes(form)
            if changes:
                order._allegro_follow(form, changes)

    def _allegro_follow(self, form, changes):
        """Bring one order up to its form.

        What a change means beyond its own field (a cancellation, another address) is
        added by the files that know about it.

        :param form: ``CheckoutForm`` as it is now
        :param changes: dict of the ``allegro_*`` values that are not as before
        """
        self.ensure_one()
        self.write(changes)


def _price(money):
    return {"price_unit": float(money.amount), "discount": 0.0}


def _naive(moment):
    """Odoo stores naive UTC without fractions of a second."""
    return moment.replace(tzinfo=None, microsecond=0) if moment else False


def _address_text(point):
    address = point and point.address
    if not address:
        return (point and point.description) or False
    town = " ".join(word for word in (address.zip_code, address.city) if word)
    parts = (address.street, town, point.description)
    return ", ".join(part for part in parts if part) or False
