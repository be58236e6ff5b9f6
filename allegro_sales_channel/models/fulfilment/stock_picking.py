"""Odoo's deliveries tell Allegro what happens to them, and packers what to know."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ...allegro import statuses, tracking_numbers


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "allegro.guarded"]

    allegro_message = fields.Text(related="sale_id.allegro_message")
    allegro_seller_note = fields.Text(related="sale_id.allegro_seller_note")

    allegro_checkout_form_id = fields.Char(related="sale_id.allegro_checkout_form_id")
    allegro_buyer_login = fields.Char(related="sale_id.allegro_buyer_login")
    allegro_status = fields.Char(related="sale_id.allegro_status")
    allegro_fulfillment_status = fields.Selection(
        related="sale_id.allegro_fulfillment_status", string="Status on Allegro"
    )
    allegro_fulfillment_target = fields.Selection(
        related="sale_id.allegro_fulfillment_target"
    )
    allegro_sync_error = fields.Text(related="sale_id.allegro_sync_error")
    allegro_missing_since = fields.Datetime(related="sale_id.allegro_missing_since")
    allegro_delivery_method = fields.Char(related="sale_id.allegro_delivery_method")
    allegro_recipient_phone = fields.Char(related="sale_id.allegro_recipient_phone")
    allegro_dispatch_to = fields.Datetime(related="sale_id.allegro_dispatch_to")
    allegro_urgency = fields.Selection(related="sale_id.allegro_urgency")
    allegro_pickup_point_id = fields.Char(related="sale_id.allegro_pickup_point_id")
    allegro_pickup_point_name = fields.Char(related="sale_id.allegro_pickup_point_name")
    allegro_pickup_point_address = fields.Char(
        related="sale_id.allegro_pickup_point_address"
    )
    allegro_cancellable_until = fields.Datetime(
        related="sale_id.allegro_cancellable_until"
    )
    allegro_parcel_ids = fields.One2many(related="sale_id.allegro_parcel_ids")

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        pickings.filtered("carrier_tracking_ref")._allegro_add_parcels()
        return pickings

    def write(self, vals):
        before = {}
        if "carrier_tracking_ref" in vals:
            before = {picking.id: picking.carrier_tracking_ref for picking in self}
        result = super().write(vals)
        if before and not self.env.context.get("allegro_keep_parcels"):
            self._allegro_drop_parcels(before)
            self._allegro_add_parcels()
        return result

    def button_validate(self):
        self.filtered(lambda p: p.state != "done")._allegro_check_leaving()
        question = self.env["allegro.hand.over.wizard"]._ask_about(self)
        if question:
            return question
        result = super().button_validate()
        handing_over = self.env.context.get("allegro_hand_over")
        if handing_over and all(picking.state == "done" for picking in self):
            order_id, last_id = handing_over
            # what was answered about this delivery is no answer about the next one
            order = self.env["sale.order"].with_context(
                allegro_hand_over=False,
                skip_backorder=False,
                button_validate_picking_ids=False,
                picking_ids_not_to_backorder=False,
            )
            following = order.browse(order_id)._allegro_hand_over(last_id)
            return following if isinstance(following, dict) else result
        return result

    # What Odoo, and its app for text messages, would tell the customer: Allegro tells
    # its buyers what happens to their parcels, the shop does not.

    def _pre_action_done_hook(self):
        if all(picking._allegro_leaves_house() for picking in self):
            self = self.with_context(skip_sms=True)
        return super()._pre_action_done_hook()

    def _send_confirmation_email(self):
        # not left out as a whole: this is also where a carrier is told of the parcel
        announcing = self.with_context(allegro_announcing=True)
        return super(StockPicking, announcing)._send_confirmation_email()

    def message_post_with_source(self, source_ref, **kwargs):
        told = self
        if self.env.context.get("allegro_announcing"):
            told = self.filtered(lambda picking: not picking._allegro_leaves_house())
            if not told:
                return self.env["mail.message"]
        return super(StockPicking, told).message_post_with_source(source_ref, **kwargs)

    def _message_sms_with_template(self, *args, **kwargs):
        told = self.filtered(lambda picking: not picking._allegro_leaves_house())
        return super(StockPicking, told)._message_sms_with_template(*args, **kwargs)

    def _action_done(self):
        result = super()._action_done()
        leaving = self.filtered(lambda picking: picking._allegro_leaves_house())
        # sudo: whoever works in the warehouse need not have rights on sales
        leaving.sale_id.sudo()._allegro_delivered()
        return result

    def _allegro_leaves_house(self):
        """Is it a delivery of an Allegro order to its buyer?"""
        self.ensure_one()
        return (
            self.sale_id.sudo().allegro_account_id
            and self.location_dest_id.usage == "customer"
        )

    def _allegro_without_number(self):
        """Those of these deliveries that would leave without a tracking number."""
        return self.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking._allegro_leaves_house()
                # sudo: whoever works in the warehouse need not have rights on sales
                and picking.sale_id.sudo()._allegro_without_number()
            )
        )

    def _allegro_gets_number(self):
        """Will a connected carrier give its number as soon as this is validated?"""
        self.ensure_one()
        return (
            self.integration_level == "rate_and_ship"
            and self.delivery_type not in ("fixed", "base_on_rule")
            and self.picking_type_code != "incoming"
        )

    def _allegro_check_leaving(self):
        """Nothing leaves that the buyer has cancelled, or still may.

        :raises UserError: naming the order and what to do
        """
        for picking in self:
            if not picking._allegro_leaves_house():
                continue
            order = picking.sale_id.sudo()
            if order.allegro_status == statuses.CANCELLED:
                raise UserError(
                    self.env._(
                        "%(delivery)s: the buyer cancelled order %(order)s on Allegro."
                        " Do not send it; cancel the delivery.",
                        delivery=picking.name,
                        order=order.name,
                    )
                )
            until = order._allegro_waits_for_buyer()
            if until:
                raise UserError(order._allegro_wait_text(until))

    def _allegro_check_stock(self, order):
        """With nothing at all to send there is nothing to ask about.

        :raises RedirectWarning: naming what is missing, with a way to the delivery
        """
        if not self or any(move.quantity for move in self.move_ids):
            return
        moves = self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.move_orig_ids.picking_id & self
            )
        )
        picking = moves.picking_id[:1]
        missing = "\n".join(
            f"{move.product_uom_qty:g} × {move.product_id.display_name}"
            for move in moves
        )
        raise RedirectWarning(
            self.env._(
                "Nothing of order %(order)s is in stock:\n%(missing)s\n\nIf the goods"
                " are there all the same, enter the quantities on %(delivery)s and"
                " validate it.",
                order=order.name,
                missing=missing,
                delivery=picking.name,
            ),
            {
                "type": "ir.actions.act_window",
                "res_model": "stock.picking",
                "res_id": picking.id,
                "views": [(False, "form")],
            },
            self.env._("Open the delivery"),
        )

    def _add_delivery_cost_to_so(self):
        # what the buyer pays for delivery was settled on Allegro
        if not self.sale_id.allegro_account_id:
            return super()._add_delivery_cost_to_so()
        return None

    def _allegro_add_parcels(self):
        """Each number of the tracking reference becomes a parcel of the Allegro order.

        Other numbers of the order are left alone: they may be those of another
        delivery, or have been added on Allegro.
        """
        for picking in self:
            if picking.return_id or picking.picking_type_code == "incoming":
                continue
            # sudo: the warehouse has no rights on sales, yet knows the number
            order = picking.sale_id.sudo()
            if not order.allegro_account_id or order.allegro_fulfilled_by_allegro:
                continue
            known = {parcel.waybill.upper() for parcel in order.allegro_parcel_ids}
            new = []
            typed = tracking_numbers.split_waybills(picking.carrier_tracking_ref)
            for waybill in typed:
                if waybill.upper() not in known:
                    known.add(waybill.upper())
                    new.append(picking._allegro_parcel_values(order, waybill))
            if new:
                self.env["allegro.parcel"].sudo().create(new)
                order._allegro_parcels_changed()

    def _allegro_parcel_values(self, order, waybill):
        """The values of the parcel of one number of the tracking reference."""
        self.ensure_one()
        carrier = order._allegro_carrier_for(waybill, self)
        values = order._allegro_parcel_values(carrier, waybill, self)
        problem = self.env["allegro.parcel"]._problem_of(waybill)
        if problem and self.integration_level == "rate_and_ship":
            # the carrier gave it, and its label is paid for: this is no time to stop
            values.update(state="error", error=problem)
        return values

    def _allegro_drop_parcels(self, before):
        """A number taken off the tracking reference, or corrected.

        :param before: dict of the former references by id
        """
        for picking in self:
            numbers = tracking_numbers.split_waybills(picking.carrier_tracking_ref)
            former = tracking_numbers.split_waybills(before[picking.id])
            gone = {number.upper() for number in former} - {
                number.upper() for number in numbers
            }
            order = picking.sale_id.sudo()
            parcels = order.allegro_parcel_ids.filtered(
                lambda parcel, gone=gone: parcel.waybill.upper() in gone
            )
            on_allegro = parcels.filtered(lambda parcel: parcel.state == "sent")
            (parcels - on_allegro).unlink()
            if on_allegro:
                order.message_post(
                    body=self.env._(
                        "%(numbers)s was taken off delivery %(delivery)s, but stays on"
                        " Allegro: it can be removed only in Allegro's panel.",
                        numbers=", ".join(on_allegro.mapped("waybill")),
                        delivery=picking.name,
                    )
                )
            if parcels:
                order._allegro_parcels_changed()
