from odoo import api, fields, models
from odoo.exceptions import UserError

from ..allegro import statuses, tracking_numbers


class AllegroTrackingBatch(models.TransientModel):
    """Tracking numbers of many orders, a line for each."""

    _name = "allegro.tracking.batch"
    _description = "Add tracking numbers to several orders"
    _inherit = ["allegro.dialog"]

    line_ids = fields.One2many("allegro.tracking.batch.line", "batch_id")

    @api.model
    def _open_for(self, orders):
        """The dialog for these orders.

        :param orders: ``sale.order`` records, in the order in which they are listed
        """
        # sudo: which orders it is about is not the browser's to say
        batch = self.sudo().create(
            {"line_ids": [(0, 0, {"order_id": order.id}) for order in orders]}
        )
        orders.filtered("allegro_account_id").sudo().allegro_shipments_unread = True
        self.env["allegro.account"]._wake("push")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add tracking numbers"),
            "res_model": self._name,
            "res_id": batch.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        """Take over the numbers that were entered; each order by itself.

        :return: an action showing one result for each order
        """
        self.ensure_one()
        results = [(line.order_id, *line._take_over()) for line in self.line_ids]
        return self.env["allegro.bulk.result"]._show(results)


class AllegroTrackingBatchLine(models.TransientModel):
    _name = "allegro.tracking.batch.line"
    _description = "Tracking numbers of one of several orders"
    _inherit = ["allegro.dialog"]

    batch_id = fields.Many2one(
        "allegro.tracking.batch", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="order_id.partner_shipping_id", related_sudo=False
    )
    delivery_method = fields.Char(
        related="order_id.allegro_delivery_method", related_sudo=False
    )
    reason = fields.Char(compute="_compute_reason")
    waybill = fields.Char("Tracking number")
    carrier_id = fields.Many2one(
        "allegro.carrier",
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    is_other = fields.Boolean(related="carrier_id.is_other")
    carrier_name = fields.Char("Carrier's name")

    @api.depends("order_id")
    def _compute_reason(self):
        for line in self:
            line.reason = line.order_id._allegro_reason_against(statuses.TRACKING)

    @api.depends("order_id", "waybill")
    def _compute_carrier_id(self):
        for line in self:
            number = (tracking_numbers.split_waybills(line.waybill) or [""])[0]
            code = tracking_numbers.carrier_of_waybill(number)
            of_number = self.env["allegro.carrier"]._by_code(code)
            line.carrier_id = (
                of_number
                or line.carrier_id
                or (
                    line.order_id.allegro_account_id
                    and line.order_id._allegro_carrier_for()
                )
            )

    def _take_over(self):
        """
        :return: outcome (``done``, ``skipped`` or ``refused``) and its reason
        """
        self.ensure_one()
        if self.reason:
            return "skipped", self.reason
        if not self.waybill:
            return "skipped", self.env._("No number was entered.")
        try:
            with self.env.cr.savepoint():
                self.env["allegro.tracking.wizard"].create(
                    {
                        "order_id": self.order_id.id,
                        "waybill": self.waybill,
                        "carrier_id": self.carrier_id.id,
                        "carrier_name": self.carrier_name,
                    }
                ).action_confirm()
        except UserError as error:
            return "refused", str(error)
        return "done", False
