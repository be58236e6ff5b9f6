from odoo import api, fields, models
from odoo.exceptions import UserError

#: The channel of every order that no marketplace brought in.
DIRECT_XMLID = "allegro_sales_channel.sales_channel_direct"


class SalesChannel(models.Model):
    _name = "sales.channel"
    _description = "Sales channel"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="A short technical name, the same in every language, for reports, filters"
        " and other software.",
    )
    sequence = fields.Integer(default=100)
    color = fields.Integer(help="The color of this channel on orders.")
    active = fields.Boolean(
        default=True,
        help="An archived channel stays on its orders, but can't be chosen any more.",
    )
    order_count = fields.Integer(
        "Orders",
        compute="_compute_order_count",
        groups="sales_team.group_sale_salesman",
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another sales channel already has this code."
    )

    # === COMPUTE METHODS ===

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("sales_channel_id", "in", self.ids)],
                ["sales_channel_id"],
                ["__count"],
            )
        )
        for channel in self:
            channel.order_count = counts.get(channel, 0)

    # === CRUD METHODS ===

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for model_name in self._get_document_models():
            # Rights don't matter: a document that this user can't see is in use too.
            used = (
                self.env[model_name]
                .sudo()
                .with_context(active_test=False)
                .search([("sales_channel_id", "in", self.ids)], limit=1)
            )
            if used:
                raise UserError(
                    self.env._(
                        "The sales channel %(channel)s is used on documents"
                        " (%(document)s for instance), so it can't be deleted."
                        " Archive it instead: it stays on them, but can't be chosen"
                        " any more.",
                        channel=used.sales_channel_id.name,
                        document=used.display_name,
                    )
                )

    # === ACTION METHODS ===

    def action_view_orders(self):
        """Open the orders of this channel in the standard orders list."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_orders")
        action["domain"] = [("sales_channel_id", "=", self.id)]
        action["context"] = {"default_sales_channel_id": self.id}
        return action

    # === BUSINESS METHODS ===

    @api.model
    def _get_document_models(self):
        """Return the models whose stored ``sales_channel_id`` keeps a channel alive."""
        return ["sale.order", "account.move"]

    @api.model
    def _get_direct_id(self):
        """Return the id of the direct channel, without a query once it is cached."""
        return self.env["ir.model.data"]._xmlid_to_res_id(DIRECT_XMLID)

    @api.model
    def _create_direct(self):
        """Create the direct channel ahead of the data files, and return it.

        Idempotent: the data file finds the record by its XML id and completes it.
        """
        return self._load_records(
            [
                {
                    "xml_id": DIRECT_XMLID,
                    "values": {"name": "Direct", "code": "direct"},
                    "noupdate": True,
                }
            ]
        )
