"""Allegro's orders become sale orders: what the scheduled import calls."""

from odoo import Command, api, models

from ...allegro import people, rules, statuses
from ..door.moments import naive
from .recipe import Batch, NewOrder, News


class AllegroOrderImport(models.AbstractModel):
    """The part of ``sale.order`` that makes orders of forms, and follows them."""

    _name = "allegro.order.import"
    _description = "Import of Allegro orders"

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
        batch = self._allegro_batch(
            account,
            [
                answer.form
                for answer in fetched
                if answer.form
                and answer.form.id not in known
                and account._wants(answer.form)
            ],
        )
        # an order of nothing but unmanaged items is missing on purpose
        self._allegro_match_offers(batch)
        different = {form.id for form in batch.managed}
        for answer in fetched:
            order = known.get(answer.checkout_form_id)
            is_broken = answer.error is not None
            is_back = order and order.allegro_missing_since
            # all of it: Allegro moves neither its date nor, always, the revision
            if is_broken or is_back or (order and order._allegro_changes(answer.form)):
                different.add(answer.checkout_form_id)
        return different

    def _allegro_changes(self, form):
        """The ``allegro_*`` values of this order that are not as the form has them."""
        self.ensure_one()
        return {
            name: value
            for name, value in self._allegro_said(form).items()
            if not self._allegro_same(name, value)
        }

    def _allegro_same(self, name, value):
        """Is this what the field holds, rounded as the database rounds it?"""
        if self._fields[name].type == "monetary":
            return not self.currency_id.compare_amounts(self[name], value)
        return self[name] == value

    # New orders

    @api.model
    def _allegro_batch(self, account, forms):
        return Batch(account, list(forms), self.browse())

    @api.model
    def _allegro_import(self, account, forms):
        """Create and confirm the orders of these forms, all in one go.

        Items that are no known product are left out and the order is marked; an order
        of nothing else is not made at all.

        :param account: one ``allegro.account``
        :param forms: list of ``CheckoutForm``, none of which is here yet
        :return: the new orders
        """
        batch = self._allegro_batch(account, forms)
        for step in self._allegro_import_steps():
            getattr(self, step)(batch)
        return batch.orders

    @api.model
    def _allegro_match_offers(self, batch):
        """Find the products of what was bought.

        What is none is noted on its offer, where a person can choose the product.
        """
        offer_model = self.env["allegro.offer"]
        batch.offers = offer_model._match_lines(
            batch.account, [line for form in batch.forms for line in form.lines]
        )
        for form in batch.forms:
            bought = offer_model.union(
                *(batch.offers[line.offer_id] for line in form.lines)
            )
            managed = bought.filtered(lambda offer: offer._is_managed())
            (bought - managed)._note_waiting(form)
            if managed:
                batch.managed.append(form)

    @api.model
    def _allegro_create_orders(self, batch):
        partners = self.env["res.partner"]._allegro_partners(
            batch.account, batch.managed
        )
        batch.orders = self.with_context(
            # no chatter line for each of the many values: the order is new
            tracking_disable=True,
            mail_create_nosubscribe=True,
            # a mail of another addon that can't be made keeps no order out
            allegro_unattended=True,
        ).create(
            [
                self._allegro_values(
                    NewOrder(batch.account, form, batch.offers, parties)
                )
                for form, parties in zip(batch.managed, partners, strict=True)
            ]
        )

    @api.model
    def _allegro_confirm_orders(self, batch):
        batch.orders.action_confirm()
        batch.orders = batch.orders.with_env(self.env)

    @api.model
    def _allegro_values(self, new):
        """The values of one new order.

        :param new: :class:`NewOrder`
        """
        values = {}
        for step in self._allegro_new_order_steps():
            values |= getattr(self, step)(new)
        return values

    @api.model
    def _allegro_identity_values(self, new):
        """Whose order it is, and since when."""
        account, form = new.account, new.form
        since = account.connected_at
        bought_at = form.bought_at.replace(tzinfo=None)
        # whoever loads old orders on request says so in the context
        requested = self.env.context.get("allegro_back_fill", False)
        values = {
            **new.parties,
            "allegro_account_id": account.id,
            "allegro_checkout_form_id": form.id,
            "allegro_back_fill": bool(
                requested or (since and bought_at < since.replace(microsecond=0))
            ),
            # until Allegro says more of it
            "allegro_fulfillment_status": statuses.NEW,
            "company_id": account.company_id.id,
            "sales_channel_id": account.sales_channel_id.id,
            "team_id": account.team_id.id,
            # nobody sold it; the user of the scheduled action certainly did not
            "user_id": False,
            "client_order_ref": form.id,
            "origin": form.id,
            "date_order": naive(form.bought_at),
            "commitment_date": naive(form.delivery and form.delivery.dispatch_to),
            "payment_term_id": False,
            "require_signature": False,
            "require_payment": False,
            # what was bought is no quotation: no template's terms, lines, journal, mail
            "sale_order_template_id": False,
        }
        if account.warehouse_id:
            values["warehouse_id"] = account.warehouse_id.id
        return values

    @api.model
    def _allegro_unmanaged_values(self, new):
        """What the order says of the lines that are no product here."""
        lines = new.unmanaged_lines
        offers = self.env["allegro.offer"].union(
            *(new.offers[line.offer_id] for line in lines)
        )
        return {
            "allegro_unmanaged_items": "\n".join(
                f"{line.quantity} × {line.offer_name} ({line.offer_id})"
                for line in lines
            ),
            "allegro_unmanaged_offer_ids": [Command.set(offers.ids)],
            "allegro_has_unmanaged": bool(lines),
        }

    @api.model
    def _allegro_line_commands(self, new):
        return {
            "order_line": [
                Command.create(values)
                for step in self._allegro_line_steps()
                for values in getattr(self, step)(new)
            ]
        }

    # What Allegro says, on new and known orders alike

    @api.model
    def _allegro_form_values(self, new):
        """The values of a new order that follow its form."""
        return self._allegro_said(new.form)

    @api.model
    def _allegro_said(self, form):
        """The ``allegro_*`` values that a form names; what it leaves out is not in it.

        :param form: ``CheckoutForm``
        """
        return {
            name: value
            for step in self._allegro_form_steps()
            for name, value in getattr(self, step)(form).items()
            if value is not None
        }

    @api.model
    def _allegro_state_values(self, state):
        """Where an order stands, in words that are known here.

        :param state: ``FormState``
        """
        status = state.status if state.status in statuses.OF_FORMS else None
        return {
            "allegro_status": status,
            "allegro_fulfillment_status": self._allegro_word(
                "allegro_fulfillment_status", state.fulfillment_status
            ),
        }

    @api.model
    def _allegro_state_form_values(self, form):
        return {
            **self._allegro_state_values(form.state),
            "allegro_revision": form.revision,
            "allegro_fulfilled_by_allegro": rules.fulfilled_by_allegro(form),
            "allegro_marketplace": form.marketplace,
        }

    @api.model
    def _allegro_people_form_values(self, form):
        return {
            "allegro_buyer_login": form.buyer.login,
            "allegro_buyer_email": form.buyer.email,
            "allegro_buyer_phone": form.buyer.phone_number,
            "allegro_message": form.message_to_seller,
            "allegro_seller_note": form.note,
            "allegro_recipient": people.recipient_text(form),
        }

    @api.model
    def _allegro_delivery_form_values(self, form):
        delivery = form.delivery
        if not delivery:
            return {}
        point = delivery.pickup_point
        values = {
            "allegro_delivery_method": delivery.method_name,
            "allegro_delivery_method_id": delivery.method_id,
            "allegro_smart": delivery.smart,
            "allegro_dispatch_to": naive(delivery.dispatch_to) or None,
        }
        if point:
            # one point is not patched with the words of another
            values |= {
                "allegro_pickup_point_id": point.id,
                "allegro_pickup_point_name": point.name or False,
                "allegro_pickup_point_address": _address_text(point),
            }
        return values

    @api.model
    def _allegro_unread_form_values(self, form):
        return {"allegro_unread": "\n".join(rules.not_understood(form)) or False}

    @api.model
    def _allegro_word(self, name, word):
        """A word of Allegro's that a selection field knows; None for another one.

        What Allegro invents later must keep no order out, nor take away what is known.
        """
        known = dict(self._fields[name]._description_selection(self.env))
        return word if word in known else None

    @api.model
    def _allegro_update(self, account, forms):
        """Bring known orders up to what Allegro says now."""
        known = self._allegro_known(account, [form.id for form in forms])
        for form in forms:
            known[form.id]._allegro_follow(form)

    def _allegro_follow(self, form):
        """Bring one order up to its form.

        :param form: ``CheckoutForm`` as it is now
        """
        self.ensure_one()
        changes = self._allegro_changes(form)
        before = {name: self[name] for name in changes}
        news = News(form.state, form, changes, before, self.fiscal_position_id)
        for step in self._allegro_follow_steps():
            getattr(self, step)(news)

    def _allegro_follow_state(self, state):
        """Follow an order of whose form nothing else can be read.

        :param state: ``FormState``
        """
        self.ensure_one()
        changes = {
            name: value
            for name, value in self._allegro_state_values(state).items()
            if value is not None and self[name] != value
        }
        before = {name: self[name] for name in changes}
        news = News(state, None, changes, before, self.fiscal_position_id)
        for step in self._allegro_follow_state_steps():
            getattr(self, step)(news)


def _address_text(point):
    address = point and point.address
    if not address:
        return (point and point.description) or False
    town = " ".join(word for word in (address.zip_code, address.city) if word)
    parts = (address.street, town, point.description)
    return ", ".join(part for part in parts if part) or False
