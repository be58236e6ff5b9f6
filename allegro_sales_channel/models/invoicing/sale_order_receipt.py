"""The receipt of an Allegro order: when it is made, and when it is not any more."""

from odoo import models
from odoo.exceptions import UserError

from ...allegro import document_router as router


class AllegroOrderReceipt(models.AbstractModel):
    """The part of ``sale.order`` about receipts of the cash register."""

    _name = "allegro.order.receipt"
    _description = "Receipt of an Allegro order"

    def _allegro_gets_receipt(self):
        """Is one printed, alone or beside an invoice?"""
        self.ensure_one()
        return (
            self.allegro_document in router.RECEIPTS
            or self.allegro_document_with_receipt
        )

    def _allegro_make_receipt(self):
        """Put the order among the receipts to print, once."""
        self.ensure_one()
        if not self.allegro_receipt_ids:
            self.env["allegro.receipt"]._make(self)

    def _allegro_receipt_amounts(self):
        """What is sold, by the rates as they are called on invoices.

        :return: list of dicts of values of ``allegro.receipt.amount``
        """
        self.ensure_one()
        amounts = {}
        for line in self.order_line.filtered(lambda line: not line.display_type):
            own = [tax.allegro_net_tax_id or tax for tax in line.tax_ids]
            rate = ", ".join(tax.invoice_label or tax.name for tax in own)
            gross, tax = amounts.get(rate, (0.0, 0.0))
            amounts[rate] = (gross + line.price_total, tax + line.price_tax)
        return [
            {
                "rate": rate or self.env._("No VAT"),
                "amount": gross,
                "amount_tax": tax,
            }
            for rate, (gross, tax) in amounts.items()
            if not self.currency_id.is_zero(gross)
        ]

    def _allegro_withdraw_receipts(self):
        """What is not printed yet is decided anew."""
        waiting = self.allegro_receipt_ids.filtered(lambda r: r.state == "to_print")
        waiting.unlink()
        self._allegro_note_invoice_due()

    def _allegro_refuse_late_choice(self):
        """:raises UserError: where another document can't be chosen any more"""
        for order in self:
            receipts = order.allegro_receipt_ids
            is_printed = "printed" in receipts.mapped("state")
            if is_printed or order._allegro_has_invoice():
                raise UserError(
                    self.env._("%(order)s has its document already.", order=order.name)
                )

    def _allegro_receipt_words(self):
        """A line for each of its receipts, as people read it."""
        for receipt in self.allegro_receipt_ids:
            state = dict(receipt._fields["state"]._description_selection(self.env))
            words = [self.env._("Receipt"), receipt.number, f"({state[receipt.state]})"]
            yield " ".join(filter(None, words))

    def action_allegro_open_receipts(self):
        """The order's receipt, in the list where it is printed."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_receipt"
        )
        return action | {"domain": [("order_id", "in", self.ids)], "context": {}}
