"""What a packer looks at, and how a parcel in his hand leads to its order."""

import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...allegro import statuses

#: So many digits make a phone number; countries write a different beginning before the
#: last ones, or none.
_SHORTEST_PHONE, _LAST_DIGITS = 6, 9


class AllegroOrderPacking(models.AbstractModel):
    """The part of ``sale.order`` that is on a packer's screens."""

    _name = "allegro.order.packing"
    _description = "Packing of Allegro orders"

    @api.depends("state", "allegro_dispatch_to", "allegro_fulfillment_status")
    @api.depends_context("tz")
    def _compute_allegro_urgency(self):
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        for order in self:
            until, urgency = order.allegro_dispatch_to, False
            if until and order._allegro_waits_for_courier():
                day = fields.Datetime.context_timestamp(order, until).date()
                urgency = "late" if until < now else day == today and "today"
            order.allegro_urgency = urgency

    def _allegro_waits_for_courier(self):
        """Is it the seller's to send, and still here?"""
        return (
            self.state == "sale"
            and not self.allegro_fulfilled_by_allegro
            and self.allegro_status != statuses.CANCELLED
            and self.allegro_fulfillment_status
            in (statuses.NEW, statuses.PROCESSING, statuses.READY_FOR_SHIPMENT)
        )

    @api.depends("allegro_parcel_ids.waybill")
    def _compute_allegro_tracking_numbers(self):
        for order in self:
            order.allegro_tracking_numbers = ", ".join(
                order.allegro_parcel_ids.mapped("waybill")
            )

    @api.model
    def _search_allegro_phrase(self, operator, value):
        if operator != "ilike" or not (phrase := str(value or "").strip()):
            return NotImplemented
        found = Domain.OR(
            [
                Domain("allegro_buyer_login", "ilike", phrase),
                # a scanner's number has no blanks, what people read aloud may have
                Domain("allegro_parcel_ids.waybill", "ilike", "".join(phrase.split())),
                self._allegro_phone_domain(phrase),
            ]
        )
        return Domain("allegro_account_id", "!=", False) & found

    @api.model
    def _allegro_phone_domain(self, phrase):
        """The orders whose buyer or recipient has this phone, however it is written."""
        digits = re.sub(r"\D", "", phrase)
        if len(digits) < _SHORTEST_PHONE or re.search(r"[^\d\s()+./-]", phrase):
            return Domain.FALSE
        self.flush_model(["allegro_buyer_phone", "partner_shipping_id"])
        self.env["res.partner"].flush_model(["phone"])
        return Domain(
            "id",
            "in",
            SQL(
                """(SELECT bought.id
                FROM sale_order bought
                LEFT JOIN res_partner recipient
                    ON recipient.id = bought.partner_shipping_id
                WHERE bought.allegro_account_id IS NOT NULL
                    AND concat(
                        regexp_replace(bought.allegro_buyer_phone, '\\D', '', 'g'),
                        ' ',
                        regexp_replace(recipient.phone, '\\D', '', 'g')
                    ) LIKE %s)""",
                f"%{digits[-_LAST_DIGITS:]}%",
            ),
        )
