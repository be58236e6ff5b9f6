"""Delivery is taxed as the goods, and another tax than Allegro's is looked at first.

Whoever set a tax on his delivery product himself has decided, and keeps it.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    accounts = env["allegro.account"].with_context(active_test=False)
    for account in accounts.search([("delivery_tax_rule", "=", "product")]):
        taxes = account.delivery_product_id.taxes_id
        if not taxes._filter_taxes_by_company(account.company_id):
            account.delivery_tax_rule = "goods"
    due = env["sale.order"].search([("allegro_invoice_due", "=", True)])
    due.order_line.modified(["allegro_tax_rate"])
    env.flush_all()
