"""Invoices under the margin scheme: they show no VAT."""

from odoo import models


class AllegroMoveMargin(models.AbstractModel):
    """The part of ``account.move`` about the margin scheme."""

    _name = "allegro.move.margin"
    _description = "Margin scheme on Allegro's documents"

    def _allegro_is_margin(self):
        """Is it of an Allegro order, and all of it sold under the margin scheme?"""
        self.ensure_one()
        # sudo: whoever may see the document, be it the buyer
        move = self.sudo()
        taxed = move.invoice_line_ids.filtered("tax_ids")
        return bool(move.allegro_order_id and taxed) and all(
            line.tax_ids._allegro_is_margin() for line in taxed
        )

    def _allegro_totals_to_print(self):
        """Odoo's totals; without what they say of VAT where it must not be shown."""
        self.ensure_one()
        totals = self.tax_totals
        return {**totals, "subtotals": []} if self._allegro_is_margin() else totals
