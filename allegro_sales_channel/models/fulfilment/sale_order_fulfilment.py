"""What is wanted of Allegro for an order, and what Allegro made of it.

Wanted stands beside confirmed: ``allegro_fulfillment_target`` beside
``allegro_fulfillment_status``, and parcels in state *to send*. The scheduled push tells
Allegro and writes the answer here; a wish that Allegro refuses is over, its words stay.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...allegro import fulfilment_rules, rules
from ...allegro.errors import (
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
)
from ...allegro.fulfilment import WantedParcel, Wish
from ..orders.sale_order_allegro import FULFILLMENT_STATUSES

#: A worker that has an order longer than this is dead: another may take it.
CLAIM = timedelta(minutes=15)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    allegro_fulfillment_status = fields.Selection(tracking=True)
    allegro_status_before = fields.Selection(
        FULFILLMENT_STATUSES,
        copy=False,
        readonly=True,
        help="The status that Allegro had before it was told the present one.",
    )
    allegro_confirmed_at = fields.Datetime(
        "Allegro confirmed",
        copy=False,
        readonly=True,
        help="When Allegro last confirmed a status that was set here.",
    )
    allegro_refused_target = fields.Selection(
        FULFILLMENT_STATUSES,
        string="Refused by Allegro",
        copy=False,
        readonly=True,
        help="The status that Allegro did not accept.",
    )
    allegro_shipments_unread = fields.Boolean(
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Allegro may have tracking numbers that are not here yet.",
    )
    allegro_claimed_until = fields.Datetime(
        copy=False,
        readonly=True,
        help="A worker is talking to Allegro about this order.",
    )
    allegro_push_failures = fields.Integer(copy=False, readonly=True)
    allegro_next_push_at = fields.Datetime(
        "Told again at",
        copy=False,
        readonly=True,
        help="Telling Allegro about this order failed for a passing reason.",
    )
    allegro_parcel_ids = fields.One2many(
        "allegro.parcel", "order_id", string="Tracking numbers", copy=False
    )
    allegro_cancellable_until = fields.Datetime(
        "Buyer may cancel until",
        compute="_compute_allegro_cancellable_until",
        help="On allegro.cz, allegro.sk and allegro.hu a buyer may cancel for five"
        " minutes after the purchase, whatever you have done by then.",
    )

    @api.depends("allegro_marketplace", "date_order")
    def _compute_allegro_cancellable_until(self):
        for order in self:
            order.allegro_cancellable_until = (
                fulfilment_rules.cancellable_until(
                    order.allegro_marketplace, order.date_order
                )
                if order.date_order
                else False
            )

    def _allegro_waits_for_buyer(self):
        """Until when this order is left alone, as the seller chose; else False."""
        self.ensure_one()
        until = self.allegro_cancellable_until
        waits = until and self.allegro_account_id.sudo().wait_for_cancellation
        return until if waits and until > fields.Datetime.now() else False

    # Wishes

    def _allegro_want(self, status):
        """Want this fulfilment status on Allegro; a scheduled action tells it soon.

        What Allegro has confirmed already is not told again, and an order that is to be
        cancelled is not to be anything else any more.

        :param status: Allegro's word, such as ``PROCESSING``
        """
        for order in self:
            is_there = fulfilment_rules.is_reached(
                status, order.allegro_fulfillment_status
            )
            if order.allegro_fulfillment_target == status or (
                is_there and not order.allegro_fulfillment_target
            ):
                continue
            if order.allegro_fulfillment_target == rules.CANCELLED and not is_there:
                continue
            order.write(
                {
                    "allegro_fulfillment_target": False if is_there else status,
                    "allegro_refused_target": False,
                    "allegro_sync_error": False,
                }
            )
        self._allegro_wake_push()

    def _allegro_wake_push(self):
        """Let the wishes of these orders be told as soon as they may be."""
        now = fields.Datetime.now()
        # a person who presses a button does not wait for the next try
        self.filtered("allegro_next_push_at").allegro_next_push_at = False
        for moment in {order._allegro_waits_for_buyer() or now for order in self}:
            self.env["allegro.account"]._wake("push", moment)

    @api.model
    def _allegro_due(self, account, among=()):
        """The orders about which Allegro is to be told now, oldest first.

        :param account: one ``allegro.account``
        :param among: domain that the orders must meet as well
        """
        now = fields.Datetime.now()
        domain = Domain(
            [
                ("allegro_account_id", "=", account.id),
                "|",
                ("allegro_claimed_until", "=", False),
                ("allegro_claimed_until", "<=", now),
                "|",
                ("allegro_next_push_at", "=", False),
                ("allegro_next_push_at", "<=", now),
                "|",
                ("state", "=", "sale"),
                ("allegro_fulfillment_target", "=", rules.CANCELLED),
            ]
        ) & Domain(among)
        # A search for each kind of wish: each has an index that one for all three
        # would not use, so it would go through every order there ever was.
        wishes = (
            ("allegro_fulfillment_target", "!=", False),
            ("allegro_parcel_ids.state", "=", "to_send"),
            ("allegro_shipments_unread", "=", True),
        )
        found = (self.search(domain & Domain(*wish)) for wish in wishes)
        return self.browse().union(*found).sorted("id")

    def _allegro_claim(self, account):
        """Take those of these orders that are still due, so that no other worker does.

        To be called at the beginning of a transaction, and committed at once: the row
        locks are short, the claim lasts while Allegro is asked.

        :return: list of ``Wish``
        """
        orders = self.try_lock_for_update(allow_referencing=True)
        # what was read before the lock may be another worker's past
        orders.invalidate_recordset()
        # searched, not filtered: the domain looks at the parcels as they are now
        orders = self._allegro_due(account, [("id", "in", orders.ids)])
        orders = orders.filtered(
            lambda order: (
                order.allegro_fulfillment_target == rules.CANCELLED
                or not order._allegro_waits_for_buyer()
            )
        )
        orders.allegro_claimed_until = fields.Datetime.now() + CLAIM
        return [order._allegro_wish() for order in orders]

    def _allegro_wish(self):
        self.ensure_one()
        parcels = self.allegro_parcel_ids.filtered(lambda p: p.state == "to_send")
        is_over = self.allegro_fulfillment_target == rules.CANCELLED
        return Wish(
            key=self.id,
            checkout_form_id=self.allegro_checkout_form_id,
            status=self.allegro_fulfillment_target or None,
            parcels=()
            if is_over
            else tuple(
                WantedParcel(
                    key=parcel.id,
                    carrier_id=parcel.carrier_code,
                    waybill=parcel.waybill,
                    carrier_name=parcel.carrier_name,
                    line_ids=tuple(
                        filter(None, parcel.line_ids.mapped("allegro_line_item_id"))
                    ),
                )
                for parcel in parcels
            ),
            read_shipments=self.allegro_shipments_unread,
        )

    # Answers

    def _allegro_fulfilled(self, outcome):
        """Write down what Allegro made of a wish.

        :param outcome: ``Outcome`` of this order's wish
        """
        self.ensure_one()
        self.allegro_claimed_until = False
        self._allegro_come_again(outcome.trouble)
        if outcome.shipments is not None:
            self._allegro_read_shipments(outcome.shipments)
        if outcome.status and outcome.status == outcome.wish.status:
            self._allegro_confirmed(outcome.status)
        elif outcome.status and self.allegro_fulfillment_target == outcome.wish.status:
            self.allegro_fulfillment_target = False  # Allegro is farther already
        self._allegro_parcels_answered(outcome)
        if outcome.buyer_cancelled:
            self._allegro_buyer_was_faster()
        elif outcome.refusal:
            self._allegro_refused(outcome.wish, outcome.refusal)
        if self._allegro_has_moved(outcome):
            # read it again through the one door by which orders come in
            account = self.allegro_account_id
            form_ids = [self.allegro_checkout_form_id]
            self.env["allegro.incoming.order"]._add(account, form_ids)
            account._wake("sync")
        self._allegro_notify()

    def _allegro_come_again(self, trouble):
        """Try again by itself, soon at first, later once an hour."""
        if trouble:
            minutes = min(2**self.allegro_push_failures, 60)
            self.allegro_push_failures += 1
            again = fields.Datetime.now() + timedelta(minutes=minutes)
            self.allegro_next_push_at = again
            self.env["allegro.account"]._wake("push", again)
        elif self.allegro_push_failures:
            self.write({"allegro_push_failures": 0, "allegro_next_push_at": False})

    def _allegro_has_moved(self, outcome):
        """Has Allegro another idea of this order than Odoo?"""
        if outcome.refusal or outcome.buyer_cancelled:
            return True
        status, form = outcome.status, outcome.form
        return (form and (form.revision or False) != self.allegro_revision) or (
            status
            and status != self.allegro_fulfillment_status
            and not self._allegro_is_echo(status)
        )

    def _allegro_confirmed(self, status):
        """Allegro has confirmed a status that was wanted here."""
        for order in self:
            values = {"allegro_refused_target": False}
            if order.allegro_fulfillment_status != status:
                values |= {
                    "allegro_status_before": order.allegro_fulfillment_status,
                    "allegro_fulfillment_status": status,
                    "allegro_confirmed_at": fields.Datetime.now(),
                }
            # meanwhile a person may have come to want something else
            if order.allegro_fulfillment_target == status:
                values["allegro_fulfillment_target"] = False
            order.write(values)
            order._allegro_complain_of_parcels()

    def _allegro_parcels_answered(self, outcome):
        for parcel in self.allegro_parcel_ids:
            answer = outcome.parcels.get(parcel.id)
            if isinstance(answer, Exception):
                parcel._refused(answer)
            elif answer:
                parcel._is_on_allegro(answer)
        if outcome.parcels:
            self._allegro_complain_of_parcels()

    def _allegro_complain_of_parcels(self):
        """The order itself says so, too, when a number was refused, and only then."""
        for order in self.filtered(lambda order: not order.allegro_refused_target):
            refused = order.allegro_parcel_ids.filtered(lambda p: p.state == "error")
            complaints = [
                self.env._(
                    "Tracking number %(number)s: %(error)s",
                    number=parcel.waybill,
                    error=parcel.error,
                )
                for parcel in refused
            ]
            order.allegro_sync_error = "\n".join(complaints) or False

    def _allegro_parcels_changed(self):
        """A person added, corrected or removed tracking numbers of these orders."""
        self._allegro_complain_of_parcels()
        self._allegro_wake_push()
        self._allegro_notify()

    def _allegro_read_shipments(self, shipments):
        """Take over the tracking numbers that Allegro has, whoever added them."""
        parcels = {parcel.waybill.upper(): parcel for parcel in self.allegro_parcel_ids}
        names = {
            carrier.code: carrier.name
            for carrier in self.env["allegro.carrier"]
            .with_context(active_test=False)
            .search([])
        }
        lines = {line.allegro_line_item_id: line for line in self.order_line}
        for shipment in shipments:
            parcel = parcels.get(shipment.waybill.upper())
            if parcel:
                parcel._is_on_allegro(shipment)
                continue
            inside = self.order_line.browse(
                lines[line_id].id for line_id in shipment.line_ids if line_id in lines
            )
            is_all = set(shipment.line_ids) >= set(lines) - {False}
            code = shipment.carrier_id
            parcels[shipment.waybill.upper()] = self.env["allegro.parcel"].create(
                {
                    "order_id": self.id,
                    "carrier_code": code,
                    "carrier_name": shipment.carrier_name or names.get(code, code),
                    "waybill": shipment.waybill,
                    "line_ids": [] if is_all else inside.ids,
                    "state": "sent",
                    "shipment_id": shipment.id or False,
                    "added_on_allegro": True,
                }
            )
        self.allegro_shipments_unread = False

    def _allegro_buyer_was_faster(self):
        """The buyer cancelled before Allegro was told: nothing is told any more."""
        target = self.allegro_fulfillment_target
        waiting = self.allegro_parcel_ids.filtered(lambda p: p.state == "to_send")
        if target and target != rules.CANCELLED:
            text = self.env._(
                "The buyer cancelled this order on Allegro before it could be set to"
                " %(status)s. Do not send it.",
                status=self._allegro_status_name(target),
            )
        elif waiting:
            text = self.env._(
                "The buyer cancelled this order on Allegro. Do not send it."
            )
        else:
            text = self.allegro_sync_error
        self.write(
            {
                "allegro_fulfillment_target": False,
                "allegro_shipments_unread": False,
                "allegro_sync_error": text,
            }
        )
        waiting.write(
            {
                "state": "error",
                "error": self.env._("Not sent: the buyer cancelled the order."),
            }
        )

    def _allegro_refused(self, wish, error):
        """Stop: keep Allegro's words, and what was wanted for *Retry*."""
        self.allegro_shipments_unread = False
        words = {"error": error, "advice": self._allegro_advice(error)}
        if wish.status:
            text = self.env._(
                "Allegro did not accept %(status)s: %(error)s\n%(advice)s",
                status=self._allegro_status_name(wish.status),
                **words,
            )
        elif wish.parcels:
            text = self.env._(
                "Allegro did not take the tracking numbers: %(error)s\n%(advice)s",
                **words,
            )
        else:
            return  # nobody wanted anything: reading the order again will tell
        still_wanted = self.allegro_fulfillment_target == wish.status
        self.write(
            {
                "allegro_sync_error": text,
                "allegro_refused_target": wish.status or False,
                # meanwhile a person may have come to want something else
                "allegro_fulfillment_target": False
                if still_wanted
                else self.allegro_fulfillment_target,
            }
        )
        if isinstance(error, (AllegroNotFoundError, AllegroForbiddenError)):
            # about the order as a whole, so about its parcels too
            for parcel in self.allegro_parcel_ids:
                if parcel.state == "to_send":
                    parcel._refused(error)
        self.message_post(body=text)

    def _allegro_advice(self, error):
        """What a person can do about Allegro's no."""
        if isinstance(error, AllegroNotFoundError):
            return self.env._(
                "Allegro no longer has this order: it was merged with another purchase,"
                " or is older than a year. The order is being read again."
            )
        if isinstance(error, AllegroForbiddenError):
            return self.env._(
                "Connect the Allegro account again to grant what is missing, then press"
                " Retry."
            )
        if isinstance(error, AllegroDataError):
            return self.env._("The order is being read again. Then press Retry.")
        return self.env._(
            "Look at the order on Allegro and set the status there, or press Retry."
            " Allegro takes at most 100 changes of one order."
        )

    def _allegro_status_name(self, status):
        names = self._fields["allegro_fulfillment_status"]._description_selection
        return dict(names(self.env)).get(status, status)

    # News for open screens

    def _allegro_notify(self):
        """Let the browsers that show these orders read them again.

        Only their ids travel: each reads what it may.
        """
        if self.ids:
            for group in ("sales_team.group_sale_salesman", "stock.group_stock_user"):
                self.env.ref(group)._bus_send(
                    "allegro_sales_channel/orders", {"order_ids": self.ids}
                )
