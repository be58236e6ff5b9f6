"""*Cancel order*: says what will happen, and does it."""

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..models.cancelling.part import Part


class AllegroCancelWizard(models.TransientModel):
    _name = "allegro.cancel.wizard"
    _description = "Cancel Allegro orders"
    _inherit = ["allegro.dialog"]

    order_ids = fields.Many2many("sale.order", string="Orders", required=True)
    row_ids = fields.One2many("allegro.cancel.wizard.order", "wizard_id", readonly=True)
    line_ids = fields.One2many(
        "allegro.cancel.wizard.line", "wizard_id", string="Parts"
    )
    has_cancellable = fields.Boolean(compute="_compute_summary")
    has_notes = fields.Boolean(compute="_compute_summary")
    order_count = fields.Integer(compute="_compute_summary")
    several = fields.Boolean(compute="_compute_summary")
    several_currencies = fields.Boolean(compute="_compute_summary")
    allegro_url = fields.Char(compute="_compute_summary")
    currency_id = fields.Many2one("res.currency", compute="_compute_summary")
    value = fields.Monetary("Value written off", compute="_compute_value")
    state = fields.Selection(
        [("ask", "Question"), ("done", "Result")], readonly=True, default="ask"
    )

    @api.depends("order_ids", "row_ids.refusal", "row_ids.note")
    def _compute_summary(self):
        for wizard in self:
            going = wizard.row_ids.filtered(lambda row: not row.refusal)
            currencies = wizard.order_ids.company_id.currency_id
            wizard.order_count = len(going)
            wizard.has_cancellable = bool(going)
            wizard.has_notes = any(wizard.row_ids.mapped("note"))
            wizard.several = len(wizard.order_ids) > 1
            wizard.several_currencies = len(currencies) > 1
            wizard.currency_id = currencies[:1]
            single = wizard.order_ids if len(wizard.order_ids) == 1 else False
            wizard.allegro_url = single and single.allegro_url

    @api.depends("line_ids.write_off", "line_ids.value")
    def _compute_value(self):
        for wizard in self:
            lines = wizard.line_ids.filtered("write_off")
            wizard.value = sum(lines.mapped("value"))

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._look()
        return wizards

    def _look(self):
        """Note what would be done to each order, and each of its parts."""
        self.ensure_one()
        # sudo: what is there is not the user's to say, and of the warehouse he need
        # not be; that he may read the orders is checked with each dialog
        rows = self.env["allegro.cancel.wizard.order"].sudo()
        lines = self.env["allegro.cancel.wizard.line"].sudo()
        for order in self.order_ids:
            refusal = order._allegro_cancel_refusal()
            parts, missing = (
                ([], {}) if refusal else order._allegro_parts(with_free=True)
            )
            invoices = order.sudo().invoice_ids.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice"
            )
            notes = []
            if missing:
                notes.append(order._allegro_missing_text(missing))
            if invoices and not refusal:
                notes.append(
                    self.env._(
                        "Invoiced (%(invoices)s): a credit note will be drafted.",
                        invoices=", ".join(invoices.mapped("name")),
                    )
                )
            if not parts and not missing and not refusal:
                notes.append(self.env._("It has no stocked parts."))
            rows.create(
                {
                    "wizard_id": self.id,
                    "order_id": order.id,
                    "refusal": refusal,
                    "note": " ".join(notes),
                }
            )
            lines.create([self._line_values(order, part) for part in parts])

    def _line_values(self, order, part):
        return {
            "wizard_id": self.id,
            "order_id": order.id,
            "product_id": part.product.id,
            "lot_id": part.lot.id,
            "package_id": part.package.id,
            "owner_id": part.owner.id,
            "location_id": part.location.id,
            "shelf_id": part.shelf.id,
            "quantity": part.quantity,
            "value": order._allegro_value_of(part),
        }

    def _open(self):
        self.ensure_one()
        done = self.state == "done"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result") if done else self.env._("Cancel order"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_confirm(self):
        """Cancel the orders, each wholly or not at all, and show a result for each.

        :raises UserError: for a single order, why it can't be cancelled
        """
        self.ensure_one()
        if self.state == "done":
            return self._open()
        unexplained = self.line_ids.filtered(
            lambda line: not line.write_off and not (line.reason or "").strip()
        )
        if unexplained:
            raise UserError(
                self.env._(
                    "Say why %(part)s is not written off: whoever checks it will want"
                    " to know.",
                    part=unexplained[0].product_id.display_name,
                )
            )
        for row in self.row_ids:
            row._cancel(alone=len(self.row_ids) == 1)
        self.sudo().state = "done"
        return self._open()


class AllegroCancelWizardOrder(models.TransientModel):
    _name = "allegro.cancel.wizard.order"
    _description = "Order in a cancellation"
    _inherit = ["allegro.dialog"]

    wizard_id = fields.Many2one(
        "allegro.cancel.wizard", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    buyer_login = fields.Char(
        related="order_id.allegro_buyer_login", related_sudo=False
    )
    refusal = fields.Text("Can't be cancelled", readonly=True)
    note = fields.Text("Good to know", readonly=True)
    is_cancelled = fields.Boolean(readonly=True)
    result = fields.Text(readonly=True)

    def _cancel(self, *, alone):
        """Cancel this order, or keep why not.

        :param alone: let the error through, there is no other order to go on with
        """
        lines = self.wizard_id.line_ids.filtered(
            lambda line: line.order_id == self.order_id
        )
        kept = {line._part(): line._kept_because() for line in lines}
        try:
            with self.env.cr.savepoint():
                words = self.order_id._allegro_cancel_by_seller(kept)
        except LockError as error:
            if alone:
                raise
            self.sudo().result = str(error)
        except UserError as error:
            if alone:
                raise
            self.sudo().result = str(error)
        else:
            self.sudo().write({"is_cancelled": True, "result": words})


class AllegroCancelWizardLine(models.TransientModel):
    _name = "allegro.cancel.wizard.line"
    _description = "Part in a cancellation"
    _inherit = ["allegro.dialog"]

    wizard_id = fields.Many2one(
        "allegro.cancel.wizard", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, readonly=True
    )
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial", readonly=True)
    package_id = fields.Many2one("stock.package", readonly=True)
    owner_id = fields.Many2one("res.partner", readonly=True)
    location_id = fields.Many2one(
        "stock.location", string="Where", required=True, readonly=True
    )
    shelf_id = fields.Many2one("stock.location", required=True, readonly=True)
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(
        related="product_id.uom_id", related_sudo=False, string="Unit"
    )
    currency_id = fields.Many2one(
        related="order_id.company_id.currency_id", related_sudo=False
    )
    value = fields.Monetary(readonly=True)
    write_off = fields.Boolean(default=True)
    reason = fields.Char(
        "Why not", help="Shown to whoever checks the part in the Parts stock audit."
    )

    def _part(self):
        """What the user saw, to be compared with what is there now."""
        line = self.sudo()
        return Part(
            product=line.product_id,
            lot=line.lot_id,
            package=line.package_id,
            owner=line.owner_id,
            location=line.location_id,
            shelf=line.shelf_id,
            quantity=line.quantity,
            delivery=self.env["stock.move"],
        )

    def _kept_because(self):
        return False if self.write_off else self.reason.strip()
