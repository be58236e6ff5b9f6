"""*Correct*: what of an invoice is taken back, and why; drafts the credit note."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.money.account_move import CORRECTION_KINDS


class AllegroCorrectWizard(models.TransientModel):
    _name = "allegro.correct.wizard"
    _description = "Correct an invoice of an Allegro order"
    _inherit = ["allegro.dialog"]

    choice_ids = fields.Many2many("account.move", string="Invoices")
    has_choice = fields.Boolean(compute="_compute_has_choice")
    invoice_id = fields.Many2one(
        "account.move",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', choice_ids)]",
    )
    currency_id = fields.Many2one(related="invoice_id.currency_id", related_sudo=False)
    kind = fields.Selection(
        CORRECTION_KINDS,
        string="What is corrected",
        required=True,
        default="return",
    )
    reason = fields.Char(
        compute="_compute_reason",
        store=True,
        readonly=False,
        precompute=True,
        help="It is printed on the credit note, in the language of its buyer.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="The right buyer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    line_ids = fields.One2many(
        "allegro.correct.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    credit_note_id = fields.Many2one("account.move", readonly=True, ondelete="cascade")

    @api.depends("choice_ids")
    def _compute_has_choice(self):
        for wizard in self:
            wizard.has_choice = len(wizard.choice_ids) > 1

    @api.depends("kind", "invoice_id")
    def _compute_reason(self):
        for wizard in self:
            env = wizard.invoice_id._allegro_in_its_language().env
            kinds = self.env["account.move"]._fields["allegro_correction_kind"]
            words = dict(kinds._description_selection(env))
            wizard.reason = words.get(wizard.kind)

    @api.depends("invoice_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.invoice_id.partner_id

    @api.depends("invoice_id")
    def _compute_line_ids(self):
        for wizard in self:
            # an invoice that a browser names is looked at when it is written
            quantities, amounts = wizard.invoice_id._allegro_rest()
            lines = wizard.invoice_id.invoice_line_ids
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"move_line_id": line._origin.id})
                    for line in lines
                    if line._origin in quantities or line._origin in amounts
                ),
            ]

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_everything(self):
        """Fill in all that is left."""
        return self._fill_in(self.line_ids)

    def action_delivery_only(self):
        """Fill in all that is left of the delivery, and nothing else."""
        return self._fill_in(
            self.line_ids.filtered(
                lambda line: any(line.move_line_id.sale_line_ids.mapped("is_delivery"))
            )
        )

    def _fill_in(self, lines):
        self.line_ids.write({"quantity": 0, "amount": 0})
        for line in lines:
            line.quantity = line.left_quantity
            if not line.left_quantity:
                line.amount = line.left_amount
        return self._open()

    def action_confirm(self):
        """Draft the credit note, and open it.

        :raises AccessError: for those who may not make invoices
        :raises UserError: when more is taken back than is left, or nothing is
        """
        self.ensure_one()
        if not self.credit_note_id:
            # sudo: the field is the system's, so that a second click finds it
            self.sudo().credit_note_id = self._draft()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit note"),
            "res_model": "account.move",
            "res_id": self.credit_note_id.id,
            "view_mode": "form",
        }

    def _draft(self):
        if not self.invoice_id.allegro_order_id:
            raise UserError(
                self.env._(
                    "%(invoice)s is not of an Allegro order.",
                    invoice=self.invoice_id.display_name,
                )
            )
        is_of_data = self.kind == "buyer_data"
        quantities, amounts = self._taken()
        if not is_of_data and not quantities and not amounts:
            raise UserError(
                self.env._("Say what is taken back: pieces, or an amount of a line.")
            )
        if is_of_data and (quantities or amounts):
            raise UserError(
                self.env._(
                    "Where only the buyer's data are corrected, no amount changes. Take"
                    " nothing back, or choose another kind."
                )
            )
        if is_of_data:
            self._check_buyer()
        credit_note = self.invoice_id._allegro_correct(
            quantities, amounts, kind=self.kind, reason=self.reason
        )
        if is_of_data:
            credit_note.partner_id = self.partner_id
        return credit_note

    def _taken(self):
        """
        :return: dicts of pieces and of amounts by line of the invoice
        """
        quantities, amounts = {}, {}
        for line in self.line_ids:
            if line.quantity:
                quantities[line.move_line_id] = (
                    quantities.get(line.move_line_id, 0) + line.quantity
                )
            if line.amount:
                amounts[line.move_line_id] = (
                    amounts.get(line.move_line_id, 0) + line.amount
                )
        return quantities, amounts

    def _check_buyer(self):
        """A wrong tax number is not corrected, but invoiced anew.

        Source: Podmiot2K of schemat_FA(3)_v1-0E.xsd.
        """
        right, invoiced = (
            partner.commercial_partner_id
            for partner in (self.partner_id, self.invoice_id.partner_id)
        )
        if (right.vat or "") != (invoiced.vat or ""):
            raise UserError(
                self.env._(
                    "The tax number differs. Such an invoice is corrected to nothing"
                    " (an error, everything), and then invoiced anew."
                )
            )


class AllegroCorrectWizardLine(models.TransientModel):
    _name = "allegro.correct.wizard.line"
    _description = "Line in a correction"
    _inherit = ["allegro.dialog"]

    wizard_id = fields.Many2one(
        "allegro.correct.wizard", required=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Line", required=True, ondelete="cascade"
    )
    name = fields.Char(related="move_line_id.name", related_sudo=False)
    product_uom_id = fields.Many2one(
        related="move_line_id.product_uom_id", related_sudo=False, string="Unit"
    )
    currency_id = fields.Many2one(
        related="move_line_id.currency_id", related_sudo=False
    )
    left_quantity = fields.Float("Left", compute="_compute_left", digits="Product Unit")
    left_amount = fields.Monetary("Amount left", compute="_compute_left")
    quantity = fields.Float("Taken back", digits="Product Unit")
    amount = fields.Monetary(
        "Amount off",
        help="With tax, taken off what is then left of the line: a price reduction.",
    )

    @api.depends("move_line_id")
    def _compute_left(self):
        by_invoice = self.grouped(lambda row: row.move_line_id.move_id)
        for invoice, lines in by_invoice.items():
            invoice.check_access("read")
            left = invoice.sudo()._allegro_left() if invoice else {}
            for line in lines:
                worth = left.get(line.move_line_id)
                line.left_quantity = worth.quantity if worth else 0
                line.left_amount = worth.gross if worth else 0
