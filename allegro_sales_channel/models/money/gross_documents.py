"""Allegro's documents show amounts with tax, as their unit prices are.

Odoo shows the amount of a line with or without tax as the company's prices are. For an
Allegro order that would be a unit price with tax beside an amount without: 2 × 123.00 =
200.00 on an invoice. The totals below, net, tax and gross, are the same either way.
"""

from odoo import api, fields, models

_CHOICES = [("tax_included", "Tax Included"), ("tax_excluded", "Tax Excluded")]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    company_price_include = fields.Selection(
        _CHOICES, related=None, compute="_compute_company_price_include"
    )

    @api.depends("company_id.account_price_include", "allegro_account_id")
    def _compute_company_price_include(self):
        for order in self:
            order.company_price_include = (
                "tax_included"
                if order.allegro_account_id
                else order.company_id.sudo().account_price_include
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    company_price_include = fields.Selection(related="order_id.company_price_include")


class AccountMove(models.Model):
    _inherit = "account.move"

    company_price_include = fields.Selection(
        _CHOICES, related=None, compute="_compute_company_price_include"
    )

    @api.depends("company_id.account_price_include", "allegro_order_id")
    def _compute_company_price_include(self):
        for move in self:
            move.company_price_include = (
                "tax_included"
                if move.allegro_order_id
                else move.company_id.sudo().account_price_include
            )
