from odoo import fields, models
from odoo.tools import SQL, sql


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sales_channel_id = fields.Many2one(
        "sales.channel",
        string="Sales channel",
        default=lambda self: self._default_sales_channel_id(),
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        # A copy is made by a person in Odoo, so the marketplace knows nothing of it.
        copy=False,
        help="Where this order was made. Its invoices and deliveries show the same"
        " channel. A duplicate of an order is a direct order.",
    )
    sales_channel_color = fields.Integer(
        related="sales_channel_id.color", export_string_translation=False
    )

    # === DEFAULT METHODS ===

    def _default_sales_channel_id(self):
        return self.env["sales.channel"]._get_direct_id()

    # === CRUD METHODS ===

    def _auto_init(self):
        """Make every order that exists at installation a direct one, at no cost.

        PostgreSQL adds a column with a constant default without touching a row,
        whereas Odoo would update them all, one by one, with all their indexes.
        """
        if not sql.column_exists(self.env.cr, self._table, "sales_channel_id"):
            direct = self.env["sales.channel"]._create_direct()
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE sale_order"
                    " ADD COLUMN sales_channel_id int4 NOT NULL DEFAULT %s",
                    direct.id,
                )
            )
            # The default is Odoo's to know, it was wanted for the old rows only.
            self.env.cr.execute(
                SQL("ALTER TABLE sale_order ALTER COLUMN sales_channel_id DROP DEFAULT")
            )
        return super()._auto_init()

    # === BUSINESS METHODS ===

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["sales_channel_id"] = self.sales_channel_id.id
        return values

    def _get_invoice_grouping_keys(self):
        # An invoice belongs to one channel, so orders of two are invoiced apart.
        return super()._get_invoice_grouping_keys() + ["sales_channel_id"]
