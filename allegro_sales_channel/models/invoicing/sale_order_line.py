from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends(
        "order_id.allegro_account_id",
        "invoice_lines.move_id.reversed_entry_id",
        "invoice_lines.move_id.allegro_correction_kind",
    )
    def _compute_qty_to_invoice(self):
        """What was bought on Allegro is invoiced as bought, each piece once.

        The buyer has paid it, or pays it to the carrier, as a whole; a product that is
        otherwise invoiced as delivered would leave a part of it out. And what was
        credited is not billed again, which Odoo would.
        """
        result = super()._compute_qty_to_invoice()
        for line in self:
            if line.order_id.allegro_account_id and line.state == "sale":
                if not line.display_type and line.product_type != "combo":
                    line.qty_to_invoice = line._allegro_qty_to_invoice()
        return result

    def _allegro_qty_to_invoice(self):
        rest = self.product_uom_qty - self.qty_invoiced
        return max(0, rest - self._allegro_taken_back()) if rest > 0 else rest

    def _allegro_taken_back(self):
        """How many pieces were credited for good; not those billed by an error."""
        return sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id)
            for line in self.invoice_lines
            if line.move_id.move_type == "out_refund"
            and line.move_id.state != "cancel"
            and line.move_id.reversed_entry_id
            and line.move_id.allegro_correction_kind != "error"
        )

    @api.depends("qty_to_invoice")
    def _compute_invoice_status(self):
        """What was billed and credited is invoiced: there is nothing left to bill."""
        result = super()._compute_invoice_status()
        for line in self:
            if (
                line.invoice_status == "no"
                and line.state == "sale"
                and line.order_id.allegro_account_id
                and line._allegro_taken_back()
            ):
                line.invoice_status = "invoiced"
        return result
