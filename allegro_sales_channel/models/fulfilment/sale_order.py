"""What is wanted of Allegro for an order: the seller's three steps, and its parcels.

Wanted stands beside confirmed: ``allegro_fulfillment_target`` beside
``allegro_fulfillment_status``, and parcels in state *to send*. The scheduled push tells
Allegro and writes the answer here; a wish that Allegro refuses is over, its words stay.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_time

from ...allegro import gate, rules, statuses, tracking_numbers, writers
from ...allegro.fulfilment import WantedParcel, Wish
from ...allegro.shipments import LONGEST_CARRIER_NAME, OTHER
from ..door.trail_gate import Subject
from ..orders.sale_order import FULFILLMENT_STATUSES
from . import (  # noqa: F401 - what it inherits
    sale_order_answers,
    sale_order_packing,
    sale_order_steps,
)

#: A worker that has an order longer than this is dead: another may take it.
CLAIM = timedelta(minutes=15)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "allegro.order.steps",
        "allegro.order.answers",
        "allegro.order.packing",
    ]

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
    allegro_wanted_by_id = fields.Many2one(
        "res.users",
        "Status wanted by",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    allegro_held_target = fields.Selection(
        FULFILLMENT_STATUSES,
        string="In the trail only",
        copy=False,
        readonly=True,
        help="The wanted status that was worked out in shadow mode, and not sent.",
    )
    allegro_is_held = fields.Boolean(
        compute="_compute_allegro_waiting_reason",
        help="Allegro is not told the wanted status: statuses are switched off, or in"
        " shadow mode.",
    )
    allegro_claimed_until = fields.Datetime(
        copy=False,
        readonly=True,
        help="A worker is talking to Allegro about this order.",
    )
    allegro_push_failures = fields.Integer(copy=False, readonly=True)
    allegro_push_error = fields.Text(
        copy=False,
        readonly=True,
        help="Why Allegro could not be told, for a reason that may pass.",
    )
    allegro_next_push_at = fields.Datetime(
        "Next try",
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
    allegro_next_step = fields.Selection(
        [
            (statuses.START, "Start processing"),
            (statuses.TRACKING, "Add tracking number"),
            (statuses.HAND_OVER, "Handed over to courier"),
            (statuses.CORRECT, "Correct tracking number"),
        ],
        string="Next step",
        compute="_compute_allegro_steps",
    )
    allegro_steps = fields.Char(
        compute="_compute_allegro_steps",
        help="The steps that can be taken now, apart from each other by blanks.",
    )
    allegro_step_reason = fields.Char(
        compute="_compute_allegro_steps", help="Why no step can be taken."
    )
    allegro_urgency = fields.Selection(
        [("late", "Late"), ("today", "Today")],
        compute="_compute_allegro_urgency",
        help="How near the time is by which the parcel has to leave.",
    )
    allegro_tracking_numbers = fields.Char(
        "Tracking number", compute="_compute_allegro_tracking_numbers"
    )
    allegro_phrase = fields.Char(
        "Login, phone or tracking number",
        store=False,
        search="_search_allegro_phrase",
        help="Finds an Allegro order by what its buyer says on the phone, or by what"
        " stands on a parcel.",
    )
    allegro_waiting_reason = fields.Char(
        compute="_compute_allegro_waiting_reason",
        help="What keeps Allegro from being told.",
    )

    # Computed

    @api.depends("allegro_marketplace", "date_order")
    def _compute_allegro_cancellable_until(self):
        for order in self:
            order.allegro_cancellable_until = (
                rules.cancellable_until(order.allegro_marketplace, order.date_order)
                if order.date_order
                else False
            )

    @api.depends(
        "state",
        "allegro_status",
        "allegro_fulfilled_by_allegro",
        "allegro_fulfillment_status",
        "allegro_fulfillment_target",
        "allegro_parcel_ids.state",
        "picking_ids.state",
    )
    def _compute_allegro_steps(self):
        for order in self:
            reason = order._allegro_reason_against(None)
            status = order._allegro_current_status()
            is_delivered = not order._allegro_open_pickings()
            following = statuses.next_step(
                status, bool(order.allegro_parcel_ids), is_delivered
            )
            steps = set() if reason else set(statuses.possible_steps(status))
            if following == statuses.START:
                # what comes later is not offered before processing has started
                steps &= {following}
            if statuses.is_reached(statuses.SENT, status):
                steps -= {statuses.HAND_OVER} if is_delivered else set()
            if order._allegro_refused_parcels() and not (
                reason or order._allegro_reason_against(statuses.TRACKING)
            ):
                steps.add(statuses.CORRECT)
                if following != statuses.START:
                    following = statuses.CORRECT
            order.allegro_next_step = following if following in steps else False
            order.allegro_steps = " ".join(sorted(steps))
            order.allegro_step_reason = order.allegro_account_id and reason

    @api.depends(
        "allegro_fulfillment_target",
        "allegro_parcel_ids.state",
        "allegro_push_failures",
        "allegro_push_error",
        "allegro_missing_since",
        "allegro_account_id.state",
        "allegro_account_id.paused_until",
        "allegro_account_id.status_mode",
        "allegro_account_id.parcel_mode",
    )
    def _compute_allegro_waiting_reason(self):
        for order in self:
            waiting = order._allegro_waiting_writers()
            order.allegro_waiting_reason = (
                order._allegro_why_waiting() if waiting else False
            )
            order.allegro_is_held = writers.STATUS in waiting and (
                order.allegro_account_id.sudo()._mode(writers.STATUS) != gate.ON
            )

    def _allegro_waiting_writers(self):
        """The writers that have something to tell of this order."""
        self.ensure_one()
        parcels = self.allegro_parcel_ids
        waits = {
            writers.STATUS: bool(self.allegro_fulfillment_target),
            writers.PARCEL: any(parcel.state == "to_send" for parcel in parcels),
        }
        return {writer for writer, is_waiting in waits.items() if is_waiting}

    def _allegro_why_waiting(self):
        account = self.allegro_account_id.sudo()
        until = self._allegro_waits_for_buyer()
        held = account._held_words(self._allegro_waiting_writers())
        if held:
            return held
        if account.state != "connected":
            return self.env._(
                'Account "%(account)s" is disconnected: Allegro is told as soon as it'
                " is connected again.",
                account=account.name,
            )
        if account.paused_until and account.paused_until > fields.Datetime.now():
            return self.env._(
                "Allegro asked for a pause. It is told after %(time)s.",
                time=self._allegro_clock(account.paused_until),
            )
        if until:
            return self.env._(
                "Allegro is told after %(time)s: until then the buyer may cancel.",
                time=self._allegro_clock(until),
            )
        if self.allegro_missing_since:
            return self.env._("Allegro is told as soon as it finds the order again.")
        if self.allegro_push_failures:
            return self.env._(
                "Not sent to Allegro yet; we keep trying: %(error)s",
                error=self.allegro_push_error or "",
            )
        return False

    def _allegro_clock(self, moment):
        # with its seconds: five minutes are soon over
        return format_time(self.env, moment, time_format="medium")

    def _allegro_waits_for_buyer(self):
        """Until when this order is left alone, as the seller chose; else False."""
        self.ensure_one()
        until = self.allegro_cancellable_until
        waits = until and self.allegro_account_id.sudo().wait_for_cancellation
        return until if waits and until > fields.Datetime.now() else False

    def _action_cancel(self):
        result = super()._action_cancel()
        # what is cancelled here is not to be processed or sent any more; sudo: the
        # wish is the system's, whoever cancels
        self.sudo().filtered(
            lambda order: (
                order.allegro_fulfillment_target
                and order.allegro_fulfillment_target != statuses.CANCELLED
            )
        ).allegro_fulfillment_target = False
        return result

    # Wishes

    def _allegro_want(self, status):
        """Want this fulfilment status on Allegro; a scheduled action tells it soon.

        What Allegro has confirmed already is not told again, and an order that is to be
        cancelled is not to be anything else any more.

        :param status: Allegro's word, such as ``PROCESSING``
        """
        for order in self:
            is_there = statuses.is_reached(status, order.allegro_fulfillment_status)
            if order.allegro_fulfillment_target == status or (
                is_there and not order.allegro_fulfillment_target
            ):
                continue
            if order.allegro_fulfillment_target == statuses.CANCELLED and not is_there:
                continue
            order.write(
                {
                    "allegro_fulfillment_target": False if is_there else status,
                    "allegro_wanted_by_id": self.env.uid,
                    "allegro_held_target": False,
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
                ("allegro_fulfillment_target", "=", statuses.CANCELLED),
            ]
        ) & Domain(among)
        # A search for each kind of wish: each has an index that one for all three
        # would not use, so it would go through every order there ever was.
        found = [self.search(domain & Domain("allegro_shipments_unread", "=", True))]
        if account._mode(writers.STATUS) != gate.OFF:
            wanted = Domain("allegro_fulfillment_target", "!=", False)
            found.append(
                self.search(domain & wanted).filtered(
                    lambda order: order._allegro_status_to_tell()
                )
            )
        if account._mode(writers.PARCEL) != gate.OFF:
            parcels = self.env["allegro.parcel"]._to_tell_domain(account)
            found.append(
                self.search(domain & Domain("allegro_parcel_ids", "any", parcels))
            )
        return self.browse().union(*found).sorted("id")

    def _allegro_status_to_tell(self):
        """The status that is to be told, or worked out, now; None when none is."""
        self.ensure_one()
        mode = self.allegro_account_id._mode(writers.STATUS)
        target = self.allegro_fulfillment_target
        is_shadowed = mode == gate.SHADOW and self.allegro_held_target == target
        return None if mode == gate.OFF or is_shadowed else target or None

    def _allegro_about_status(self):
        """What the trail says that this order's status is about."""
        self.ensure_one()
        return Subject(self._name, self.id, self.id, self.allegro_wanted_by_id.id)

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
                order.allegro_fulfillment_target == statuses.CANCELLED
                or not order._allegro_waits_for_buyer()
            )
        )
        orders.allegro_claimed_until = fields.Datetime.now() + CLAIM
        return [order._allegro_wish() for order in orders]

    def _allegro_wish(self):
        self.ensure_one()
        account = self.allegro_account_id
        parcels = self.allegro_parcel_ids.filtered_domain(
            self.env["allegro.parcel"]._to_tell_domain(account)
        )
        if account._mode(writers.PARCEL) == gate.OFF:
            parcels = parcels.browse()
        is_over = self.allegro_fulfillment_target == statuses.CANCELLED
        return Wish(
            key=self.id,
            checkout_form_id=self.allegro_checkout_form_id,
            status=self._allegro_status_to_tell(),
            about=self._allegro_about_status(),
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
                    about=parcel._about(),
                )
                for parcel in parcels
            ),
            read_shipments=self.allegro_shipments_unread,
            known_status=self.allegro_fulfillment_status or None,
        )

    # Parcels

    def _allegro_carrier_for(self, waybill=None, picking=None):
        """The carrier of a tracking number, as far as it can be known.

        What a number's form tells for sure comes first; then what the delivery's own
        method is mapped to, then that of the order's method on Allegro, then what the
        method's name says.

        :param waybill: the number, None when there is none yet
        :param picking: the delivery that it is for
        :return: an ``allegro.carrier``, in doubt the one for other carriers; empty only
            when Allegro's list was never read
        """
        self.ensure_one()
        carriers = self.env["allegro.carrier"].sudo()
        company = self.company_id
        methods = self.env["allegro.delivery.method"].sudo().with_company(company)
        own = methods._by_method(self.allegro_delivery_method_id)
        mapped = own.allegro_carrier_id
        delivery = picking and picking.carrier_id
        if delivery and delivery != own.carrier_id:
            known = methods.search(
                [("carrier_id", "=", delivery.id), ("allegro_carrier_id", "!=", False)],
                limit=1,
            )
            code = tracking_numbers.carrier_of_method(delivery.name)
            mapped = known.allegro_carrier_id or carriers._by_code(code) or mapped
        of_number = tracking_numbers.carrier_of_waybill(waybill or "")
        of_name = tracking_numbers.carrier_of_method(self.allegro_delivery_method)
        return (
            carriers._by_code(of_number)
            or mapped.filtered("active")
            or carriers._by_code(of_name)
            or carriers._by_code(OTHER)
        )

    def _allegro_parcel_values(self, carrier, waybill, picking=None, **values):
        """The values of a new parcel of this order.

        :param carrier: ``allegro.carrier``; empty for another one
        """
        self.ensure_one()
        name = carrier.name
        if not carrier or carrier.is_other:
            delivery = picking and picking.carrier_id
            name = values.pop("carrier_name", None) or (
                delivery.name if delivery else self.allegro_delivery_method
            )
            name = (name or self.env._("Other carrier"))[:LONGEST_CARRIER_NAME]
        return {
            "order_id": self.id,
            "picking_id": picking.id if picking else False,
            "carrier_code": carrier.code or OTHER,
            "waybill": waybill,
            **values,
            "carrier_name": name,
        }

    def _allegro_parcels_changed(self):
        """A person added, corrected or removed tracking numbers of these orders."""
        self._allegro_complain_of_parcels()
        self._allegro_wake_push()
        self._allegro_notify()

    # A new order's way of delivery

    @api.model
    def _allegro_carrier_values(self, new):
        """A new order may have tracking numbers, and its own way of delivery."""
        form, values = new.form, {}
        if form.lines_sent in ("SOME", "ALL"):
            values["allegro_shipments_unread"] = True
        method = self.env["allegro.delivery.method"]._by_method(
            form.delivery and form.delivery.method_id
        )
        if method.carrier_id:
            values["carrier_id"] = method.carrier_id.id
        return values

    # News for open screens

    def _allegro_tell_screens(self, news):
        if news.changes:
            self._allegro_notify()

    def _allegro_notify(self):
        """Let the browsers that show these orders read them again.

        Only their ids travel: each reads what it may.
        """
        if self.ids:
            for group in ("sales_team.group_sale_salesman", "stock.group_stock_user"):
                self.env.ref(group)._bus_send(
                    "allegro_sales_channel/orders", {"order_ids": self.ids}
                )
