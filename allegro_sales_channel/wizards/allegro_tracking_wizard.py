from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..allegro import statuses, tracking_numbers
from ..allegro.shipments import LONGEST_CARRIER_NAME


class AllegroTrackingWizard(models.TransientModel):
    """The numbers of one order's parcels, to be sent to Allegro."""

    _name = "allegro.tracking.wizard"
    _description = "Add tracking number"
    _inherit = ["allegro.dialog"]

    order_id = fields.Many2one(
        "sale.order",
        required=True,
        ondelete="cascade",
        domain=[("allegro_account_id", "!=", False)],
        default=lambda self: (
            self.env.context.get("active_model") == "sale.order"
            and self.env.context.get("active_id")
        ),
    )
    parcel_id = fields.Many2one(
        "allegro.parcel",
        string="Number to correct",
        ondelete="set null",
        help="The number that Allegro refused; the new one takes its place.",
    )
    waybill = fields.Text(
        "Tracking number",
        compute="_compute_from_parcel",
        store=True,
        readonly=False,
        precompute=True,
        help="Several numbers: one a line, or with commas between them.",
    )
    carrier_id = fields.Many2one(
        "allegro.carrier",
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
        help="Proposed by the number's form, or by the way of delivery that the buyer"
        " chose.",
    )
    is_other = fields.Boolean(related="carrier_id.is_other")
    carrier_name = fields.Char(
        "Carrier's name",
        size=LONGEST_CARRIER_NAME,
        compute="_compute_from_parcel",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.Many2many(
        "sale.order.line",
        string="Only these lines",
        domain="[('order_id', '=', order_id), ('allegro_line_item_id', '!=', False)]",
        help="What is in the parcel. Leave it empty when it is the whole order.",
    )
    known_parcel_ids = fields.One2many(
        related="order_id.allegro_parcel_ids",
        related_sudo=False,
        string="Numbers entered already",
    )
    problem = fields.Char(compute="_compute_problem")
    hint = fields.Char(compute="_compute_hint")

    @api.depends("parcel_id")
    def _compute_from_parcel(self):
        for wizard in self:
            parcel = wizard.parcel_id
            wizard.waybill = parcel.waybill or wizard.waybill
            is_other = (
                not wizard._carrier_of(parcel) or wizard._carrier_of(parcel).is_other
            )
            name = parcel.carrier_name if parcel and is_other else False
            wizard.carrier_name = name or wizard.carrier_name

    @api.depends("order_id", "waybill", "parcel_id")
    def _compute_carrier_id(self):
        """A number whose form tells its carrier decides; else what was chosen stays."""
        carriers = self.env["allegro.carrier"]
        for wizard in self:
            numbers = tracking_numbers.split_waybills(wizard.waybill)
            codes = {tracking_numbers.carrier_of_waybill(number) for number in numbers}
            of_number = carriers._by_code(codes.pop() if len(codes) == 1 else None)
            wizard.carrier_id = (
                of_number
                or wizard.carrier_id
                or wizard._carrier_of(wizard.parcel_id)
                or (wizard.order_id and wizard._carrier_of_order())
            )

    def _carrier_of(self, parcel):
        return self.env["allegro.carrier"]._by_code(parcel.carrier_code)

    def _carrier_of_order(self):
        return self.order_id._allegro_carrier_for(picking=self._picking())

    @api.depends("waybill", "order_id", "parcel_id")
    def _compute_problem(self):
        for wizard in self:
            wizard.problem = bool(wizard.waybill) and wizard._problem()

    @api.depends("waybill", "carrier_id")
    def _compute_hint(self):
        for wizard in self:
            wizard.hint = wizard._hint()

    def _numbers(self):
        return tracking_numbers.split_waybills(self.waybill)

    def _problem(self):
        """What is wrong with the numbers, in words; False when nothing is."""
        numbers = self._numbers()
        if not numbers:
            return self.env._("Enter a tracking number.")
        others = self.order_id.allegro_parcel_ids - self.parcel_id
        known = {parcel.waybill.upper(): parcel for parcel in others}
        seen = set()
        for number in numbers:
            problem = self.env["allegro.parcel"]._problem_of(number)
            if problem:
                return problem
            if number.upper() in seen:
                return self.env._("%(number)s is there twice.", number=number)
            if number.upper() in known:
                return self.env._(
                    "%(number)s was entered for this order already.", number=number
                )
            seen.add(number.upper())
        return False

    def _hint(self):
        """A number that looks like another carrier's; Allegro has the last word."""
        for number in self._numbers():
            code = tracking_numbers.carrier_of_waybill(number)
            looks_like = self.env["allegro.carrier"]._by_code(code)
            if looks_like and self.carrier_id and looks_like != self.carrier_id:
                return self.env._(
                    "%(number)s looks like a number of %(carrier)s.",
                    number=number,
                    carrier=looks_like.name,
                )
        return False

    # Buttons

    def action_confirm(self):
        """Keep the numbers on the order and its delivery; Allegro is told at once.

        :raises UserError: saying which number or choice is wrong, and why
        """
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        reason = order._allegro_reason_against(statuses.TRACKING)
        if reason:
            raise UserError(reason)
        self._check()
        self.parcel_id.action_remove()
        picking = self._picking()
        name = self.carrier_name and self.carrier_name.strip()
        # sudo: numbers are the system's; the right on the order is checked above
        self.env["allegro.parcel"].sudo().create(
            [
                order._allegro_parcel_values(
                    self.carrier_id,
                    number,
                    picking,
                    carrier_name=name,
                    line_ids=self.line_ids.ids,
                )
                for number in self._numbers()
            ]
        )
        self._write_on_delivery(picking)
        order.sudo()._allegro_parcels_changed()
        return {"type": "ir.actions.act_window_close"}

    def _check(self):
        problem = self._problem()
        if not problem and not self.carrier_id:
            problem = self.env._("Choose the carrier.")
        if not problem and not self.carrier_id.active:
            problem = self.env._(
                "Allegro no longer has the carrier %(name)s. Choose another one.",
                name=self.carrier_id.name,
            )
        if not problem and self.is_other and not (self.carrier_name or "").strip():
            problem = self.env._("Enter the carrier's name.")
        if not problem and self.line_ids.order_id - self.order_id:
            problem = self.env._("The lines belong to another order.")
        if not problem and self.parcel_id.order_id - self.order_id:
            problem = self.env._("The number to correct belongs to another order.")
        if problem:
            raise ValidationError(problem)

    def _picking(self):
        """The delivery that the parcels are of: the open one, else the last done."""
        # sudo: a salesperson enters numbers without being of the warehouse
        deliveries = self.order_id.sudo().picking_ids.filtered(
            lambda picking: (
                picking.location_dest_id.usage == "customer"
                and picking.state != "cancel"
            )
        )
        is_open = Domain("state", "!=", "done")
        return (deliveries.filtered_domain(is_open) or deliveries.sorted("id"))[-1:]

    def _write_on_delivery(self, picking):
        if not picking:
            return
        there = tracking_numbers.split_waybills(picking.carrier_tracking_ref)
        new = [number for number in self._numbers() if number not in there]
        values = {"carrier_tracking_ref": ",".join(there + new)}
        if not picking.carrier_id and picking.state != "done":
            values["carrier_id"] = self._delivery_method().id
        # the parcels are made already, with the carrier that was chosen
        picking.with_context(allegro_keep_parcels=True).write(values)

    def _delivery_method(self):
        """What the chosen carrier is in Odoo; empty when nobody has said so."""
        order = self.order_id
        methods = self.env["allegro.delivery.method"].with_company(order.company_id)
        own = methods._by_method(order.allegro_delivery_method_id)
        mapped = own.filtered(
            lambda method: method.allegro_carrier_id == self.carrier_id
        )
        if not mapped.carrier_id:
            mapped = methods.search(
                [
                    ("allegro_carrier_id", "=", self.carrier_id.id),
                    ("carrier_id", "!=", False),
                ],
                limit=1,
            )
        return mapped.carrier_id
