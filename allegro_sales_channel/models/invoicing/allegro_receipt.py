"""Receipts of the cash register, for orders whose buyers get no invoice.

The cash register prints them, outside Odoo: here is what to print, what was printed,
the sums of each day to compare with the register's own, and the link of an e-receipt,
which is put on the order at Allegro.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...allegro import gate, statuses, writers
from ...allegro.document_router import RECEIPT_NIP
from ...allegro.documents import is_document_link
from ..door import pauses
from ..door.trail_gate import Subject
from .account_move import DOCUMENT_TRIES


class AllegroReceipt(models.Model):
    _name = "allegro.receipt"
    _description = "Receipt of an Allegro order"
    _inherit = ["allegro.guarded"]
    _order = "state desc, date, id"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    allegro_account_id = fields.Many2one(
        related="order_id.allegro_account_id", store=True, index=True
    )
    buyer_login = fields.Char(related="order_id.allegro_buyer_login")
    currency_id = fields.Many2one(related="order_id.currency_id", store=True)
    date = fields.Date(
        "Day",
        required=True,
        readonly=True,
        help="The day on which it was to be printed, then that on which it was.",
    )
    nip = fields.Char(
        "Buyer's NIP", readonly=True, help="It has to be printed on the receipt."
    )
    amount_ids = fields.One2many(
        "allegro.receipt.amount", "receipt_id", "Amounts by rate", readonly=True
    )
    amount_words = fields.Text("By rate", compute="_compute_amount_words")
    amount_total = fields.Monetary("Total", readonly=True)
    state = fields.Selection(
        [("to_print", "To print"), ("printed", "Printed")],
        required=True,
        readonly=True,
        default="to_print",
        index=True,
    )
    number = fields.Char("Receipt's number", size=64)
    printed_at = fields.Datetime("Printed on", readonly=True)
    printed_by_id = fields.Many2one("res.users", "Printed by", readonly=True)
    is_undone = fields.Boolean(
        "Order cancelled or returned", compute="_compute_is_undone", store=True
    )
    return_noted_at = fields.Datetime(
        "Noted in the register of returns",
        readonly=True,
        help="What comes back after a receipt is noted in a register of its own; there"
        " is no credit note.",
    )
    link = fields.Char(
        "E-receipt's address",
        size=2000,
        help="Where the buyer finds the receipt; it is put on the order at Allegro,"
        " which takes addresses of the providers of e-receipts that it knows.",
    )
    link_state = fields.Selection(
        [
            ("wanted", "Waiting to be put on Allegro"),
            ("on_allegro", "On Allegro"),
            ("error", "Not on Allegro"),
        ],
        string="Address on Allegro",
        readonly=True,
        index="btree_not_null",
    )
    link_error = fields.Text("Why it is not on Allegro", readonly=True)
    link_failures = fields.Integer(readonly=True)
    link_next_try_at = fields.Datetime("Next try", readonly=True)
    link_held_at = fields.Datetime(
        "In shadow since", readonly=True, help="It would have been put on Allegro then."
    )

    _order_unique = models.UniqueIndex(
        "(order_id)", "This order has its receipt already."
    )

    @api.depends("amount_ids.rate", "amount_ids.amount")
    def _compute_amount_words(self):
        for receipt in self:
            receipt.amount_words = "\n".join(
                f"{line.rate}: {receipt.currency_id.format(line.amount)}"
                for line in receipt.amount_ids
            )

    @api.depends("order_id.state", "order_id.allegro_fulfillment_status")
    def _compute_is_undone(self):
        undone = (statuses.CANCELLED, statuses.RETURNED)
        for receipt in self:
            order = receipt.order_id
            receipt.is_undone = (
                order.state == "cancel" or order.allegro_fulfillment_status in undone
            )

    @api.constrains("link")
    def _check_link(self):
        for receipt in self:
            if receipt.link and not is_document_link(receipt.link):
                raise ValidationError(
                    self.env._(
                        "%(link)s is not the address of an e-receipt: it must begin"
                        " with https:// and name a page.",
                        link=receipt.link,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "link" in vals:
            # sudo: what becomes of it at Allegro is the system's
            for receipt in self.sudo():
                receipt._link_done("wanted" if receipt.link else False)
            self.env["allegro.account"]._wake("invoice")
        return result

    # Made

    @api.model
    def _make(self, order):
        """The receipt to print of an order.

        :return: ``allegro.receipt``
        """
        company = order.company_id
        nip = order.allegro_document == RECEIPT_NIP and order.allegro_invoice_tax_id
        receipt = self.create(
            {
                "order_id": order.id,
                "date": company._allegro_today(),
                "nip": nip,
                "amount_total": order.amount_total,
                "amount_ids": [
                    Command.create(values)
                    for values in order._allegro_receipt_amounts()
                ],
            }
        )
        receipt._allegro_print()
        return receipt

    def _allegro_print(self):
        """For addons with a fiscal printer: this receipt is to be printed.

        Called once, in the transaction that makes it, which may still be rolled back:
        queue it here, print it afterwards, and then tell :meth:`_note_printed`.
        """

    def _note_printed(self, number=None):
        """These receipts are printed.

        :param number: of the receipt, where the printer tells it
        """
        now = fields.Datetime.now()
        for receipt in self:
            receipt.write(
                {
                    "state": "printed",
                    "date": receipt.company_id._allegro_today(),
                    "printed_at": now,
                    "printed_by_id": self.env.uid,
                    "number": number or receipt.number,
                }
            )

    # Buttons

    def action_printed(self):
        """Somebody has printed these.

        :raises UserError: for those of an order that is over: nothing was sold
        """
        self.check_access("write")
        over = self.filtered(lambda receipt: receipt.order_id.state == "cancel")
        if over:
            raise UserError(
                self.env._(
                    "%(orders)s: the order is cancelled, so there is nothing to print.",
                    orders=", ".join(over.mapped("display_name")),
                )
            )
        # sudo: the state is the system's; the right is checked above
        self.sudo().filtered(lambda r: r.state == "to_print")._note_printed()

    def action_undo(self):
        """These were not printed after all."""
        self.check_access("write")
        # sudo: the state is the system's; the right is checked above
        self.sudo().write(
            {"state": "to_print", "printed_at": False, "printed_by_id": False}
        )

    def action_return_noted(self):
        """These stand in the register of returns now."""
        self.check_access("write")
        # sudo: the moment is the system's; the right is checked above
        self.sudo().filtered("is_undone").return_noted_at = fields.Datetime.now()

    def action_retry_link(self):
        """Put the e-receipt's address on Allegro once more."""
        self.check_access("write")
        # sudo: the wish is the system's; the right is checked above
        for receipt in self.sudo().filtered("link"):
            receipt._link_done("wanted")
        self.env["allegro.account"]._wake("invoice")

    # The link on Allegro

    @api.model
    def _links_due(self, account):
        mode = account._mode(writers.INVOICE)
        if mode == gate.OFF:
            return self.browse()
        due = Domain("allegro_account_id", "=", account.id)
        due &= Domain("link_state", "=", "wanted")
        if mode == gate.SHADOW:
            due &= Domain("link_held_at", "=", False)
        due &= Domain("link_next_try_at", "=", False) | Domain(
            "link_next_try_at", "<=", fields.Datetime.now()
        )
        return self.search(due, order="id")

    def _about_link(self):
        """What the trail says that this address on Allegro is about."""
        self.ensure_one()
        return Subject(self._name, self.id, self.order_id.id, self.write_uid.id)

    def _link_done(self, state, error=False):
        """What has become of the address; what was in the way before is over.

        :param state: of ``link_state``, or False
        :param error: why it is not on Allegro
        """
        self.write(
            {
                "link_state": state,
                "link_error": error,
                "link_failures": 0,
                "link_next_try_at": False,
                "link_held_at": False,
            }
        )

    def _link_later(self, reason, *, is_answered=True):
        """Try again by itself, ever more rarely.

        :param reason: what is in the way and may pass, in words
        :param is_answered: Allegro answered, so after some days a person has to look
        """
        self.ensure_one()
        failures = self.link_failures + 1
        if is_answered and failures >= DOCUMENT_TRIES:
            self._link_done("error", reason)
            return
        moment = fields.Datetime.now() + pauses.growing(failures - 1)
        self.write(
            {
                "link_error": reason,
                "link_failures": failures,
                "link_next_try_at": moment,
            }
        )
        self.env["allegro.account"]._wake("invoice", moment)
