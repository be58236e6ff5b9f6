"""Orders whose tax point is not clear are not invoiced by themselves any more."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    orders = env["sale.order"].search([("allegro_invoice_due", "=", True)])
    env.add_to_compute(orders._fields["allegro_invoice_blocked"], orders)
    orders.flush_recordset(["allegro_invoice_blocked"])
