"""Whom an Allegro order is invoiced to, and which fiscal position that means."""

from odoo import api, fields, models

from ...allegro import rules


class SaleOrder(models.Model):
    _inherit = "sale.order"

    allegro_invoice_tax_id_is_vat = fields.Boolean(copy=False, readonly=True)
    allegro_vat_eu_verified = fields.Boolean(
        "EU VAT number verified by Allegro",
        copy=False,
        readonly=True,
        help="Allegro found the company's EU VAT number valid, so that goods sent to"
        " another EU country may be sold without VAT.",
    )
    allegro_invoice_party_kind = fields.Selection(
        [("company", "Company"), ("person", "Private person")],
        string="Invoice for a",
        compute="_compute_allegro_invoice_party_kind",
    )
    allegro_invoice_vat = fields.Char(
        "VAT number", related="partner_invoice_id.commercial_partner_id.vat"
    )

    @api.model
    def _allegro_form_values(self, form):
        values = super()._allegro_form_values(form)
        invoice = form.invoice
        number, is_vat = rules.given_number(invoice) if invoice else (None, False)
        verified = bool(
            invoice and invoice.required and rules.VAT_EU_VERIFIED in invoice.features
        )
        return {
            **values,
            "allegro_invoice_tax_id": number or False,
            "allegro_invoice_tax_id_is_vat": is_vat,
            "allegro_vat_eu_verified": verified,
        }

    @api.depends("partner_invoice_id.is_company", "allegro_invoice_required")
    def _compute_allegro_invoice_party_kind(self):
        for order in self:
            company = order.partner_invoice_id.commercial_partner_id.is_company
            order.allegro_invoice_party_kind = order.allegro_invoice_required and (
                "company" if company else "person"
            )

    @api.depends("partner_invoice_id", "allegro_vat_eu_verified")
    def _compute_fiscal_position_id(self):
        """Companies of other EU countries are known by their own VAT number.

        Odoo looks at the customer, who on Allegro is a person without one. Only a
        number that Allegro has verified counts, and only when the goods go abroad.
        """
        result = super()._compute_fiscal_position_id()
        for order in self:
            abroad = order.partner_shipping_id.country_id != order.company_id.country_id
            if order.allegro_vat_eu_verified and abroad:
                positions = self.env["account.fiscal.position"]
                company = order.partner_invoice_id.commercial_partner_id
                order.fiscal_position_id = positions.with_company(
                    order.company_id
                )._get_fiscal_position(company, company)
        return result
