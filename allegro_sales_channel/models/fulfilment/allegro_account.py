"""Wishes -> Allegro: the last step of the synchronisation; and Allegro's carriers."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import split_every

from ...allegro import gate, http, writers
from ...allegro.errors import (
    AllegroAuthorisationError,
    AllegroTooManyRequestsError,
)
from ...allegro.fulfilment import fulfil
from ..door.fault import Fault, in_log, whose
from ..door.seams import Tile

_logger = logging.getLogger(__name__)

#: Orders that one worker takes at a time: few, so that its claim on them is short.
BATCH = 2 * http.CONNECTIONS
#: When to come again about orders that somebody else was just working on.
AGAIN = timedelta(minutes=1)
#: How often writing an answer is tried while people work on the same order.
WRITE_ATTEMPTS = 5
#: How old the lists may become.
_MOST_AGE = timedelta(hours=23)


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    wait_for_cancellation = fields.Boolean(
        "Hold foreign orders for 5 minutes",
        default=True,
        tracking=True,
        help="On allegro.cz, allegro.sk and allegro.hu a buyer may cancel for five"
        " minutes after the purchase, whatever you have done by then. Until then"
        " nothing is told to Allegro and the delivery can't be validated. Switch it"
        " off to work on such orders at once, and be ready to get parcels back.",
    )
    carriers_read_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="When Allegro's lists of carriers and delivery methods were last read.",
    )

    def _push(self):
        due_ids = self.env["sale.order"]._allegro_due(self).ids
        time_left = self.env["ir.cron"]._commit_progress(remaining=len(due_ids))
        if not due_ids:
            return
        account_id = self.id
        with self._client() as client, ThreadPoolExecutor(http.CONNECTIONS) as pool:
            for batch in split_every(BATCH, due_ids):
                if not time_left:
                    return
                wishes = self._claim(batch, client.gate)
                with self._trailed(client):
                    outcomes = list(pool.map(partial(fulfil, client), wishes))
                for outcome in outcomes:
                    self._write_down(outcome)
                time_left = self.env["ir.cron"]._commit_progress(len(batch))
                self.browse(account_id)._stop_if_hopeless(outcomes)

    def _claim(self, order_ids, trail):
        """Take orders for this worker, and commit.

        :param trail: the client's gate: a number is on disk before it is sent
        :return: list of ``Wish``; those of other workers' orders are not among them
        """
        try:
            wishes = self.env["sale.order"].browse(order_ids)._allegro_claim(self)
            trail.expect(
                writers.PARCEL,
                {
                    parcel.about: {
                        "carrierId": parcel.carrier_id,
                        "waybill": parcel.waybill,
                    }
                    for wish in wishes
                    for parcel in wish.parcels
                },
            )
            self.env["ir.cron"]._commit_progress()
        except Exception as error:
            if whose(error) is not Fault.RACE:
                raise
            # somebody changed one of these orders at this very moment
            _logger.info("Orders of Allegro account %s are busy", self.id)
            self.env.cr.rollback()
            trail.forget()
            self._wake("push", fields.Datetime.now() + AGAIN)
            self.env["ir.cron"]._commit_progress()
            return []
        return wishes

    def _write_down(self, outcome):
        """Write what came of a wish, and commit.

        A person may be saving the same order, so it is tried a few times. If it is all
        in vain the claim runs out, Allegro is asked, and what it has is not sent again.
        """
        for attempt in range(WRITE_ATTEMPTS):
            order = self.env["sale.order"].browse(outcome.wish.key).exists()
            try:
                if order:
                    order._allegro_fulfilled(outcome)
                self.env["ir.cron"]._commit_progress()
                return
            except Exception as error:
                self.env.cr.rollback()
                fault = whose(error)
                if fault is Fault.DOCUMENT:
                    # A mistake, ours or another addon's, must not stop other orders.
                    _logger.error(
                        "Answer about order %s: %s", outcome.wish.key, in_log(error)
                    )
                    return
                if fault is not Fault.RACE:
                    raise
                time.sleep(0.2 * 2**attempt)
        _logger.warning("Order %s could not be written", outcome.wish.key)

    def _stop_if_hopeless(self, outcomes):
        """Go on past a single order in trouble; not when it is Allegro that is.

        :raises AllegroError: the trouble
        """
        troubles = [outcome.trouble for outcome in outcomes if outcome.trouble]
        for trouble in troubles:
            _logger.info("Allegro account %s, fulfilment: %s", self.id, in_log(trouble))
            if isinstance(
                trouble, (AllegroAuthorisationError, AllegroTooManyRequestsError)
            ):
                raise trouble
        hopeless = [trouble for trouble in troubles if whose(trouble) is Fault.ALLEGRO]
        if hopeless and len(hopeless) == len(outcomes):
            raise hopeless[0]

    def _look_at_held_parcels(self):
        """Not everything that waited while numbers were held makes sense by now."""
        parcels = self.env["allegro.parcel"].sudo()
        for account in self.filtered(lambda a: a._mode(writers.PARCEL) == gate.ON):
            parcels.search(
                [
                    ("order_id.allegro_account_id", "=", account.id),
                    ("state", "=", "to_send"),
                ]
            )._look_again_after_pause()

    # On the overview

    @api.model
    def _shipping_tiles(self):
        """What is to leave, and what Allegro did not take."""
        tiles = (
            ("to_ship", self.env._("To ship"), "allegro_to_ship", False),
            ("ship_today", self.env._("To ship today"), "allegro_ship_today", False),
            ("late", self.env._("Late"), "allegro_late", True),
            ("refused", self.env._("Refused by Allegro"), "allegro_refused", True),
            (
                "parcels",
                self.env._("Tracking numbers refused"),
                "allegro_parcel_refused",
                True,
            ),
        )
        return [
            Tile(
                code,
                label,
                "allegro_sales_channel.action_allegro_sale_order",
                "allegro_account_id",
                (name,),
                is_alarming=is_alarming,
            )
            for code, label, name, is_alarming in tiles
        ]

    # Allegro's carriers and delivery methods, read once a day

    def _read_carriers_when_old(self):
        read_at = self.carriers_read_at
        if not read_at or read_at < fields.Datetime.now() - _MOST_AGE:
            self._read_carriers()

    def _read_carriers(self):
        """Take over Allegro's lists. If that fails, the old ones stand.

        The lists are Allegro's, not the account's, and the sandbox's may differ.
        """
        environment = self.environment
        stands = self.env["allegro.carrier"]._stands(environment)
        self.env["ir.cron"]._commit_progress()
        if stands:
            with self._client() as client:
                carriers = client.carriers()
                methods = client.delivery_methods()
            if not carriers:
                return  # a passing fault: asked for again soon
            self.env["allegro.carrier"].sudo()._take_over(
                carriers, from_production=environment == "production"
            )
            self.env["allegro.delivery.method"].sudo()._take_over(methods)
        self.sudo().carriers_read_at = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
