"""What Allegro made of a wish, and what was done in Allegro's own panel."""

from datetime import timedelta

from odoo import fields, models

from ...allegro import statuses, writers
from ...allegro.errors import (
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroTooManyRequestsError,
)
from ..door import pauses
from ..door.fault import in_words

#: So long after a change of ours Allegro may still show the status before it.
READ_LAG = timedelta(minutes=2)
#: A wish that fails for a passing reason is tried once in this time at the least.
LONGEST_PAUSE = timedelta(hours=1)
#: So long it is looked whether Allegro has a number after all that it refused.
REFUSED_NUMBERS_ASKED = timedelta(days=3)


class AllegroOrderAnswers(models.AbstractModel):
    """The part of ``sale.order`` that writes down what Allegro answers."""

    _name = "allegro.order.answers"
    _description = "Allegro's answers about orders"

    # Answers to wishes

    def _allegro_fulfilled(self, outcome):
        """Write down what Allegro made of a wish.

        :param outcome: ``Outcome`` of this order's wish
        """
        self.ensure_one()
        self.allegro_claimed_until = False
        self._allegro_note_presence(outcome)
        self._allegro_come_again(outcome.trouble)
        if outcome.shipments is not None:
            self._allegro_read_shipments(outcome.shipments)
        if outcome.status and outcome.status == outcome.wish.status:
            self._allegro_confirmed(outcome.status)
        elif outcome.status and self.allegro_fulfillment_target == outcome.wish.status:
            self.allegro_fulfillment_target = False  # Allegro is farther already
        self._allegro_parcels_answered(outcome)
        self._allegro_note_shadows(outcome)
        if outcome.buyer_cancelled:
            self._allegro_buyer_was_faster()
        elif outcome.refusal:
            self._allegro_refused(outcome)
        if not outcome.trouble:
            self._allegro_ask_about_refused_numbers()
        if self._allegro_has_moved(outcome):
            self._allegro_read_again()
        self._allegro_notify()

    def _allegro_note_shadows(self, outcome):
        """What was worked out in shadow mode is not worked out again."""
        if writers.STATUS in outcome.shadowed:
            self.allegro_held_target = outcome.wish.status
        shadowed = self.allegro_parcel_ids.filtered(
            lambda parcel: parcel.id in outcome.shadowed
        )
        shadowed.held_at = fields.Datetime.now()

    def _allegro_note_presence(self, outcome):
        """Allegro finds this order, or not just now, or never again.

        :param outcome: ``Outcome``; what is over for good is no trouble any more, but
            the end of what was wanted
        """
        if not isinstance(outcome.trouble, AllegroNotFoundError):
            if outcome.state:
                self.allegro_missing_since = False
            return
        was_missing = self.allegro_missing_since
        if not self._allegro_lost():
            outcome.refusal, outcome.trouble = outcome.trouble, None
        elif not was_missing:
            # from now on it is asked for also when nothing is wanted of it any more
            self._allegro_read_again()

    def _allegro_read_again(self):
        """Read it through the one door by which orders come in."""
        account = self.allegro_account_id
        form_ids = [self.allegro_checkout_form_id]
        self.env["allegro.incoming.order"]._add(account, form_ids)
        account._wake("sync")

    def _allegro_come_again(self, trouble):
        """Try again by itself, soon at first, later once an hour.

        :param trouble: the error that may be gone next time, None when all is well
        """
        if isinstance(trouble, AllegroTooManyRequestsError):
            # Allegro itself says when, and this order is not to blame. A second more,
            # so that the account's own pause is over by then.
            pause = timedelta(seconds=trouble.retry_after + 1)
            self._allegro_push_at(fields.Datetime.now() + pause)
        elif trouble:
            pause = pauses.growing(self.allegro_push_failures, LONGEST_PAUSE)
            self.allegro_push_failures += 1
            self.allegro_push_error = in_words(trouble)
            self._allegro_push_at(fields.Datetime.now() + pause)
        elif self.allegro_push_failures:
            self.write(
                {
                    "allegro_push_failures": 0,
                    "allegro_push_error": False,
                    "allegro_next_push_at": False,
                }
            )

    def _allegro_push_at(self, moment):
        self.allegro_next_push_at = moment
        self.env["allegro.account"]._wake("push", moment)

    def _allegro_ask_about_refused_numbers(self):
        """See by itself when Allegro has a number after all that it refused.

        A carrier may have been late, or the seller added it in Allegro's panel. Only
        asked, never sent again: what was refused is for a person to correct.
        """
        now = fields.Datetime.now()
        refused_at = [
            moment
            for moment in self._allegro_refused_parcels().mapped("refused_at")
            if moment and moment > now - REFUSED_NUMBERS_ASKED
        ]
        if refused_at:
            self.allegro_shipments_unread = True
            self._allegro_push_at(now + pauses.as_long_again(max(refused_at), now))

    def _allegro_has_moved(self, outcome):
        """Has Allegro another idea of this order than Odoo?"""
        if outcome.refusal or outcome.buyer_cancelled:
            return True
        status, state = outcome.status, outcome.state
        return (state and (state.revision or False) != self.allegro_revision) or (
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
        if outcome.parcels or outcome.shipments is not None:
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
        if target and target != statuses.CANCELLED:
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

    def _allegro_refused(self, outcome):
        """Stop: keep Allegro's words, and what was wanted for *Retry*."""
        self.allegro_shipments_unread = False
        wish, error = outcome.wish, outcome.refusal
        words = {"error": error, "advice": self._allegro_advice(error)}
        # what Allegro confirmed before it refused the rest is not refused
        refused = wish.status if not outcome.status else None
        if refused:
            text = self.env._(
                "Allegro did not accept %(status)s: %(error)s\n%(advice)s",
                status=self._allegro_status_name(refused),
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
                "allegro_refused_target": refused or False,
                # meanwhile a person may have come to want something else
                "allegro_fulfillment_target": False
                if still_wanted
                else self.allegro_fulfillment_target,
            }
        )
        is_about_all = isinstance(error, (AllegroNotFoundError, AllegroForbiddenError))
        if is_about_all or not refused:
            wanted = {parcel.key for parcel in wish.parcels}
            for parcel in self.allegro_parcel_ids:
                if parcel.state == "to_send" and parcel.id in wanted:
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

    # What was done in Allegro's panel comes back, and is never told again

    def _allegro_note_return(self, news):
        """The order was not found for a while, and what was wanted of it waited."""
        if self.allegro_missing_since:
            news.changes["allegro_missing_since"] = False
            self._allegro_wake_push()

    def _allegro_drop_echo(self, news):
        """Allegro may show for a while what was before our own change: no news."""
        name = "allegro_fulfillment_status"
        if name in news.changes and self._allegro_is_echo(news.changes[name]):
            del news.changes[name]

    def _allegro_is_echo(self, status):
        self.ensure_one()
        confirmed_at = self.allegro_confirmed_at
        return (
            confirmed_at
            and status == self.allegro_status_before
            and fields.Datetime.now() - confirmed_at < READ_LAG
        )

    def _allegro_end_wish(self, news):
        """Did the seller decide in the panel, so that what was wanted here is past?"""
        status = news.changes.get("allegro_fulfillment_status")
        if status and self._allegro_ends_wish(status):
            news.changes |= {
                "allegro_fulfillment_target": False,
                "allegro_refused_target": False,
                "allegro_sync_error": False,
            }

    def _allegro_ends_wish(self, status):
        target = self.allegro_fulfillment_target or self.allegro_refused_target
        if not target:
            return False
        if target == statuses.CANCELLED:
            return status == statuses.CANCELLED
        is_reached = statuses.is_reached(target, status)
        return is_reached or status == statuses.SUSPENDED

    def _allegro_stop_telling_cancelled(self, news):
        if news.changes and news.state.status == statuses.CANCELLED:
            self._allegro_buyer_was_faster()

    def _allegro_want_shipments_read(self, news):
        """Numbers may have been added together with a status."""
        form, status = news.form, news.changes.get("allegro_fulfillment_status")
        if not news.changes or form.status == statuses.CANCELLED:
            return
        has_numbers = form.lines_sent in ("SOME", "ALL")
        if status or (has_numbers and not self.allegro_parcel_ids):
            news.changes["allegro_shipments_unread"] = True
            self._allegro_wake_push()
