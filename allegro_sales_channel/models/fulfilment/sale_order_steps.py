"""The seller's three steps: start processing, add tracking number, hand over."""

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ...allegro import statuses


class AllegroOrderSteps(models.AbstractModel):
    """The part of ``sale.order`` by which people fulfil it."""

    _name = "allegro.order.steps"
    _description = "Steps of fulfilling Allegro orders"

    def _allegro_current_status(self):
        """The status as people mean it: what is wanted, else what Allegro has."""
        self.ensure_one()
        return self.allegro_fulfillment_target or self.allegro_fulfillment_status

    def _allegro_reason_against(self, step):
        """Why a step can't be taken, in words; False when it can.

        :param step: one of the steps, None for all of them alike
        """
        self.ensure_one()
        if not self.allegro_account_id:
            return self.env._("This is no Allegro order.")
        if self.allegro_status == statuses.CANCELLED:
            return self.env._("The buyer cancelled this order on Allegro.")
        if self.state != "sale":
            return self.env._("The order is not confirmed in Odoo, or cancelled.")
        if self.allegro_fulfilled_by_allegro:
            return self.env._("Allegro's own warehouse ships this order.")
        status = self._allegro_current_status()
        if status in (statuses.CANCELLED, statuses.RETURNED):
            return self.env._(
                "The order is %(status)s on Allegro.",
                status=self._allegro_status_name(status).lower(),
            )
        if not step or step in statuses.possible_steps(status):
            return False
        if status == statuses.SUSPENDED:
            return self.env._(
                "The order is suspended on Allegro: start processing first."
            )
        return self.env._(
            "The order is already %(status)s on Allegro.",
            status=self._allegro_status_name(status).lower(),
        )

    # Buttons

    def action_allegro_start_processing(self):
        """Want PROCESSING on Allegro; the buyer can then no longer cancel.

        :return: for several orders, an action showing one result for each
        """
        return self._allegro_take_step(
            statuses.START, lambda order: order._allegro_start_processing()
        )

    def action_allegro_add_tracking(self):
        """Open the dialog for tracking numbers: of one order, or one for each.

        The numbers that Allegro has already are read meanwhile.
        """
        self.check_access("write")
        if len(self) != 1 or self._allegro_is_bulk():
            return self.env["allegro.tracking.batch"]._open_for(self)
        reason = self._allegro_reason_against(statuses.TRACKING)
        if reason:
            raise UserError(reason)
        # sudo: what is to be told is the system's; the right is checked above
        order = self.sudo()
        order.allegro_shipments_unread = True
        order._allegro_wake_push()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add tracking number"),
            "res_model": "allegro.tracking.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_allegro_correct_parcel(self):
        """Open the dialog with the number that Allegro refused, to replace it.

        :raises UserError: when none was refused, or it has been dealt with meanwhile
        """
        self.ensure_one()
        refused = self._allegro_refused_parcels()[:1]
        if not refused:
            raise UserError(self.env._("No tracking number of this order is refused."))
        return refused.action_correct()

    def _allegro_refused_parcels(self):
        return self.allegro_parcel_ids.filtered(lambda parcel: parcel.state == "error")

    def action_allegro_hand_over(self):
        """Validate the open deliveries and want SENT on Allegro.

        :return: Odoo's own question when stock is short, ours when a number is missing
            and the button asks; for several orders, an action showing one result for
            each
        """
        self.check_access("write")
        return self.env["allegro.hand.over.wizard"]._ask_about(
            self
        ) or self._allegro_take_step(
            statuses.HAND_OVER, lambda order: order._allegro_hand_over()
        )

    def action_allegro_retry(self):
        """Want once more what Allegro refused: a status, tracking numbers or both."""
        self.check_access("write")
        # sudo: what Allegro refused is the system's; the right is checked above
        for order in self.sudo():
            refused = order.allegro_refused_target
            order.write({"allegro_refused_target": False, "allegro_sync_error": False})
            if refused:
                order._allegro_want(refused)
            order.allegro_parcel_ids.action_retry()
        return True

    def action_allegro_give_up(self):
        """Leave it as it is on Allegro, and forget what was refused."""
        self.check_access("write")
        # sudo: what Allegro refused is the system's; the right is checked above
        self.sudo().write(
            {"allegro_refused_target": False, "allegro_sync_error": False}
        )
        return True

    # Steps

    def _allegro_is_bulk(self):
        return bool(self.env.context.get("allegro_bulk"))

    def _allegro_take_step(self, step, take):
        """Take a step for these orders; one that can't be taken says why.

        Of several orders each is done or not by itself.

        :param take: function of one order; it may return an action that asks a question
        :raises UserError: for a single order
        """
        self.check_access("write")
        if len(self) == 1 and not self._allegro_is_bulk():
            if self._allegro_is_done(step):
                return True
            reason = self._allegro_reason_against(step)
            if reason:
                raise UserError(reason)
            return take(self)
        return self.env["allegro.bulk.result"]._show(
            [(order, *order._allegro_try_step(step, take)) for order in self]
        )

    def _allegro_is_done(self, step):
        """Nothing is left to do, and that is no mistake: pressed twice, or too late."""
        return (
            step == statuses.HAND_OVER
            and self._allegro_current_status() == statuses.SENT
            and not self._allegro_open_pickings()
        ) or (
            step == statuses.START
            and self._allegro_current_status() == statuses.PROCESSING
        )

    def _allegro_try_step(self, step, take):
        """Take a step for one of many orders.

        :return: outcome (``done``, ``skipped`` or ``refused``) and its reason
        """
        self.ensure_one()
        if self._allegro_is_done(step):
            return "skipped", self.env._("Nothing to do.")
        reason = self._allegro_reason_against(step)
        if reason:
            return "skipped", reason
        try:
            with self.env.cr.savepoint():
                question = take(self)
                if isinstance(question, dict) and self._allegro_asks(question):
                    raise UserError(
                        self.env._(
                            "Odoo asks: %(question)s Hand this order over by itself"
                            " to answer.",
                            question=question.get("name"),
                        )
                    )
        except RedirectWarning as warning:
            return "refused", warning.args[0]
        except UserError as error:
            return "refused", str(error)
        return "done", False

    def _allegro_asks(self, action):
        return action.get("type") == "ir.actions.act_window"

    def _allegro_start_processing(self):
        self.check_access("write")
        # sudo: what is wanted of Allegro is the system's
        self.sudo()._allegro_want(statuses.PROCESSING)
        return True

    # Handing over

    def _allegro_without_number(self):
        """Those of these orders that would be told SENT, but not where to find it."""
        return self.filtered(
            lambda order: (
                order._allegro_needs_number()
                and not order._allegro_reason_against(statuses.HAND_OVER)
                and not order._allegro_waits_for_buyer()
            )
        )

    def _allegro_needs_number(self):
        """Is a tracking number still missing, and will none come by itself?

        What Allegro has refused is none. Who fetches the goods himself needs none.
        """
        self.ensure_one()
        if statuses.is_reached(statuses.SENT, self._allegro_current_status()):
            return False
        if any(parcel.state != "error" for parcel in self.allegro_parcel_ids):
            return False
        methods = self.env["allegro.delivery.method"].sudo()
        if methods._goes_without_number(
            self.allegro_delivery_method_id, self.allegro_delivery_method
        ):
            return False
        return not any(
            picking._allegro_gets_number() for picking in self._allegro_open_pickings()
        )

    def _allegro_open_pickings(self):
        """Deliveries, and the picking and packing before them, that are not done.

        A return is none of them.
        """
        # sudo: a salesperson hands over without being of the warehouse
        return self.sudo().picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel") and not picking.return_id
            )
        )

    def _allegro_hand_over(self, last_id=None):
        """Validate what is open, from the shelf to the door, then want SENT.

        :param last_id: the newest delivery there was before any was validated; what is
            newer and holds back the rest of another one stays open
        :return: True, or an action that asks a question first
        """
        self.ensure_one()
        # here, not by who calls: after a question the browser names the order
        self.check_access("write")
        until = self._allegro_waits_for_buyer()
        if until:
            raise UserError(self._allegro_wait_text(until))
        opened = self._allegro_open_pickings()
        if last_id is None:
            last_id = max(opened.ids, default=0)
            waiting = opened.filtered(lambda picking: picking.state != "assigned")
            if waiting:
                waiting.action_assign()
            opened._allegro_check_stock(self)
        picking = self._allegro_ready_picking(last_id)
        if not picking:
            # sudo: what is wanted of Allegro is the system's
            self.sudo()._allegro_delivered()
            return True
        # validating goes on with the next one by itself, so also after a question
        result = picking.with_context(
            allegro_hand_over=(self.id, last_id),
            allegro_ask=False,  # it has been asked about the whole order
            skip_sms=not self._allegro_sms_wanted(),
        ).button_validate()
        return result if picking.state == "done" else self._allegro_question(result)

    def _allegro_sms_wanted(self):
        """Did somebody in the warehouse agree to paid text messages?

        Until then none is sent, and a seller is not asked about it.
        """
        company = self.company_id.sudo()
        return getattr(company, "has_received_warning_stock_sms", False)

    def _allegro_ready_picking(self, last_id):
        """The next delivery to validate, the one nearest the shelf; empty when none."""
        ready = self._allegro_open_pickings().filtered(
            lambda picking: (
                any(move.quantity for move in picking.move_ids)
                and not (picking.backorder_id and picking.id > last_id)
            )
        )
        return ready.filtered(
            lambda picking: not picking.move_ids.move_orig_ids.picking_id & ready
        )[:1]

    def _allegro_question(self, action):
        """What Odoo asks about a delivery is for the warehouse to answer."""
        if not self.env.user.has_group("stock.group_stock_user"):
            raise UserError(
                self.env._(
                    "Odoo asks about the delivery of order %(order)s: %(question)s Ask"
                    " the warehouse to validate it; Allegro is told by that, too.",
                    order=self.name,
                    question=action.get("name"),
                )
            )
        return action

    def _allegro_delivered(self):
        """Want SENT when the last delivery of these orders is done."""
        for order in self:
            if not order._allegro_open_pickings() and not order._allegro_reason_against(
                statuses.HAND_OVER
            ):
                order._allegro_want(statuses.SENT)

    def _allegro_wait_text(self, until):
        return self.env._(
            "%(order)s: the buyer may still cancel until %(time)s (five minutes from"
            " the purchase on this marketplace). Validate it after that. Whether to"
            " wait is a setting of the Allegro account.",
            order=self.name,
            time=self._allegro_clock(until),
        )
