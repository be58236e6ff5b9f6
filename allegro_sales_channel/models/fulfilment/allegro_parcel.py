from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...allegro import gate, statuses, tracking_numbers, writers
from ...allegro.shipments import LONGEST_CARRIER_NAME, LONGEST_WAYBILL
from ..door.trail_gate import Subject

#: Allegro's code for a number that its carrier can't have.
_WRONG_NUMBER = "CarrierWaybillValidationException"


class AllegroParcel(models.Model):
    """A tracking number of an order: wanted on Allegro, there already, or refused."""

    _name = "allegro.parcel"
    _description = "Allegro parcel"
    _inherit = ["allegro.guarded"]
    _order = "id"
    _rec_name = "waybill"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        check_company=True,
    )
    # Entered in a dialog, and never changed here: Allegro would keep the former ones
    carrier_code = fields.Char(
        "Carrier's code on Allegro", required=True, readonly=True
    )
    carrier_name = fields.Char("Carrier", required=True, readonly=True)
    waybill = fields.Char("Tracking number", required=True, readonly=True)
    line_ids = fields.Many2many(
        "sale.order.line",
        string="Only these lines",
        readonly=True,
        help="What is in the parcel. Empty: the whole order.",
    )
    state = fields.Selection(
        [
            ("to_send", "Being sent to Allegro"),
            ("sent", "On Allegro"),
            ("error", "Refused"),
        ],
        required=True,
        readonly=True,
        index=True,
        default="to_send",
    )
    error = fields.Char(
        "Allegro's answer", readonly=True, help="Why Allegro did not take the number."
    )
    refused_at = fields.Datetime(
        readonly=True, help="When Allegro last refused the number."
    )
    shipment_id = fields.Char("Number at Allegro", readonly=True)
    held_at = fields.Datetime(
        readonly=True,
        help="When it was worked out in shadow mode, and not sent to Allegro.",
    )
    added_on_allegro = fields.Boolean(
        readonly=True,
        help="It was not sent from here: added in Allegro's panel, by Ship with Allegro"
        " or by the carrier.",
    )

    # A number is sent once: Allegro would add it again with every call.
    _waybill_unique = models.UniqueIndex(
        "(order_id, upper(waybill))", "This order has this tracking number already."
    )

    @api.constrains("waybill", "carrier_name")
    def _check_waybill(self):
        for parcel in self.filtered(lambda parcel: parcel.state == "to_send"):
            problem = self._problem_of(parcel.waybill)
            if problem:
                raise ValidationError(problem)
            if len(parcel.carrier_name) > LONGEST_CARRIER_NAME:
                raise ValidationError(
                    self.env._(
                        "Allegro takes a carrier's name of at most %(count)s"
                        " characters: %(name)s",
                        count=LONGEST_CARRIER_NAME,
                        name=parcel.carrier_name,
                    )
                )

    @api.model
    def _problem_of(self, waybill):
        """What is wrong with a number, in words; False when nothing is.

        :param waybill: as typed, without blanks
        """
        problem = tracking_numbers.waybill_problem(waybill)
        if problem == tracking_numbers.TOO_LONG:
            return self.env._(
                "%(number)s… is too long: a tracking number has at most %(count)s"
                " characters. Write several numbers one a line, or with commas.",
                number=waybill[:24],
                count=LONGEST_WAYBILL,
            )
        if problem == tracking_numbers.CHARACTERS:
            return self.env._(
                "%(number)s is not a tracking number: only digits, letters without"
                " accents and signs are possible.",
                number=waybill,
            )
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_allegro(self):
        for parcel in self:
            if parcel.state == "sent":
                raise UserError(
                    self.env._(
                        "%(number)s is on Allegro already. Numbers can be removed only"
                        " in Allegro's panel.",
                        number=parcel.waybill,
                    )
                )

    # Buttons: who may change an order may change its numbers. They are the system's,
    # hence sudo once that is checked.

    def action_retry(self):
        """Send the refused numbers once more: a carrier may have been late."""
        self.order_id.check_access("write")
        refused = self.sudo().filtered(lambda parcel: parcel.state == "error")
        refused.write({"state": "to_send", "error": False})
        refused.order_id._allegro_parcels_changed()
        return True

    def action_correct(self):
        """Open the dialog with this number, to replace it."""
        self.ensure_one()
        action = self.order_id.action_allegro_add_tracking()
        action["name"] = self.env._("Correct the tracking number")
        action["context"] = {**action["context"], "default_parcel_id": self.id}
        return action

    def action_remove(self):
        """Forget a number that Allegro does not have."""
        self.order_id.check_access("write")
        parcels = self.sudo()
        orders = parcels.order_id
        for parcel in parcels:
            parcel._forget_on_delivery()
        parcels.unlink()
        orders._allegro_parcels_changed()
        return True

    # Business methods

    @api.model
    def _to_tell_domain(self, account):
        """Which numbers are to be told, or worked out, now.

        :param account: one ``allegro.account``
        """
        domain = Domain("state", "=", "to_send")
        if account._mode(writers.PARCEL) == gate.SHADOW:
            domain &= Domain("held_at", "=", False)
        return domain

    def _about(self):
        """What the trail says that this number is about."""
        self.ensure_one()
        return Subject(self._name, self.id, self.order_id.id, self.create_uid.id)

    def _look_again_after_pause(self):
        """Numbers that were held back may no longer make sense when it goes on.

        The buyer of an order that has left with another number must not get a second
        one: a person decides.
        """
        for parcel in self:
            others = parcel.order_id.allegro_parcel_ids - parcel
            status = parcel.order_id.allegro_fulfillment_status
            if status in statuses.LEFT_THE_HOUSE and "sent" in others.mapped("state"):
                parcel.write(
                    {
                        "state": "error",
                        "error": self.env._(
                            "Not sent: while it was held back the order left with"
                            " another number."
                        ),
                    }
                )
        self.order_id._allegro_complain_of_parcels()

    def _forget_on_delivery(self):
        """Take the number off its delivery's tracking reference, where it was put."""
        self.ensure_one()
        picking = self.picking_id
        numbers = tracking_numbers.split_waybills(picking.carrier_tracking_ref)
        if self.waybill in numbers:
            numbers.remove(self.waybill)
            picking.with_context(allegro_keep_parcels=True).carrier_tracking_ref = (
                ",".join(numbers) or False
            )

    def _is_on_allegro(self, shipment):
        """Note that Allegro has this number.

        :param shipment: ``Shipment``
        """
        self.ensure_one()
        self.write(
            {
                "state": "sent",
                "error": False,
                "shipment_id": shipment.id or False,
                "carrier_code": shipment.carrier_id,
            }
        )

    def _refused(self, error):
        """Keep Allegro's words on the number, which is not sent again by itself.

        :param error: the exception; what it says at length of a mistyped number is no
            help to who has to correct it
        """
        self.ensure_one()
        text = str(error)
        if error.code == _WRONG_NUMBER:
            text = self.env._(
                "%(carrier)s doesn't accept this number. Correct it."
                " (trace-id %(trace)s)",
                carrier=self.carrier_name,
                trace=error.trace_id or "-",
            )
        self.write(
            {"state": "error", "error": text, "refused_at": fields.Datetime.now()}
        )
