from odoo import api, fields, models


class AllegroBulkResult(models.TransientModel):
    """What became of an action on several orders, one line for each."""

    _name = "allegro.bulk.result"
    _description = "Result for several Allegro orders"
    _inherit = ["allegro.dialog"]

    line_ids = fields.One2many("allegro.bulk.result.line", "result_id", readonly=True)
    summary = fields.Char(compute="_compute_summary")

    @api.depends("line_ids.result")
    def _compute_summary(self):
        for result in self:
            counts = {"waiting": 0, "done": 0, "skipped": 0, "refused": 0}
            for line in result.line_ids:
                counts[line.result] += 1
            words = {
                "done": self.env._("%(count)s done", count=counts["done"]),
                "waiting": self.env._(
                    "%(count)s waiting for Allegro", count=counts["waiting"]
                ),
                "skipped": self.env._("%(count)s skipped", count=counts["skipped"]),
                "refused": self.env._("%(count)s refused", count=counts["refused"]),
            }
            result.summary = ", ".join(
                text for name, text in words.items() if counts[name]
            )

    @api.model
    def _show(self, results):
        """The dialog with a result for each order.

        :param results: list of (order, outcome, reason); outcome is ``done``,
            ``skipped`` or ``refused``, the reason is False when there is none
        """
        # sudo: it says what was done, so it is the system's
        shown = self.sudo().create(
            {
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "order_id": order.id,
                            "outcome": outcome,
                            "reason": reason,
                        },
                    )
                    for order, outcome, reason in results
                ]
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result"),
            "res_model": self._name,
            "res_id": shown.id,
            "view_mode": "form",
            "target": "new",
        }


class AllegroBulkResultLine(models.TransientModel):
    _name = "allegro.bulk.result.line"
    _description = "Result for one of several Allegro orders"
    _inherit = ["allegro.dialog"]

    result_id = fields.Many2one(
        "allegro.bulk.result", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    outcome = fields.Selection(
        [("done", "Done"), ("skipped", "Skipped"), ("refused", "Refused")],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    result = fields.Selection(
        [
            ("waiting", "Waiting for Allegro"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("refused", "Refused"),
        ],
        compute="_compute_result",
        help="What Odoo did at once, and what Allegro has answered since.",
    )
    message = fields.Char("Why", compute="_compute_result")

    @api.depends(
        "outcome",
        "reason",
        "order_id.allegro_fulfillment_target",
        "order_id.allegro_sync_error",
        "order_id.allegro_parcel_ids.state",
    )
    def _compute_result(self):
        for line in self:
            order = line.order_id
            line.result, line.message = line.outcome, line.reason
            if line.outcome != "done":
                continue
            if order.allegro_sync_error:
                line.result, line.message = "refused", order.allegro_sync_error
            elif order.allegro_fulfillment_target or any(
                parcel.state == "to_send" for parcel in order.allegro_parcel_ids
            ):
                line.result = "waiting"
                line.message = order.allegro_waiting_reason
