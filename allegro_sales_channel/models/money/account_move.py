"""Invoices and their corrections: what is kept of them."""

from odoo import fields, models

from . import account_move_correction  # noqa: F401 - what it inherits

#: What is credited for an error may be invoiced anew, all else not.
CORRECTION_KINDS = [
    ("return", "Goods returned"),
    ("discount", "Price reduced"),
    ("error", "Error on the invoice"),
    ("buyer_data", "Buyer's data corrected"),
]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "allegro.move.correction", "allegro.guarded"]

    allegro_correction_kind = fields.Selection(
        CORRECTION_KINDS,
        string="Kind of correction",
        copy=False,
        readonly=True,
        help="What is credited for an error may be invoiced anew, all else not.",
    )
    allegro_correction_reason = fields.Char(
        "Reason of the correction", copy=False, readonly=True
    )
    allegro_correction_key = fields.Char(
        copy=False,
        readonly=True,
        help="What caused the correction: each cause corrects an invoice once.",
    )
    _allegro_correction_unique = models.UniqueIndex(
        "(reversed_entry_id, allegro_correction_key)"
        " WHERE allegro_correction_key IS NOT NULL AND state != 'cancel'",
        "This invoice is corrected for that already.",
    )

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        """Odoo keeps given amounts only of lines with taxes: here of the others too."""
        base_line = super()._prepare_product_base_line_for_taxes_computation(
            product_line
        )
        given = product_line.extra_tax_data or {}
        is_as_given = all(
            given.get(name) == product_line[name] for name in ("quantity", "price_unit")
        )
        if (
            product_line.allegro_corrected_line_id
            and not product_line.tax_ids
            and is_as_given
        ):
            for name in ("manual_total_excluded_currency", "manual_total_excluded"):
                base_line[name] = given.get(name)
        return base_line


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "allegro.move.line.correction", "allegro.guarded"]

    allegro_corrected_line_id = fields.Many2one(
        "account.move.line",
        string="Corrected line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
