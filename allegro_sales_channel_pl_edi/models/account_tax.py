from odoo import fields, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    allegro_exemption_basis = fields.Char(
        "Legal basis of the exemption",
        size=256,
        copy=False,
        help="The article by which sales with this tax are exempt, for KSeF. It is"
        " needed for exempt sales only, not for the rate of 0 %.",
    )

    def _allegro_exemption_bases(self):
        """Of these taxes, or of those that they are copies of, each once."""
        own = [tax.allegro_net_tax_id or tax for tax in self]
        return list(dict.fromkeys(tax.allegro_exemption_basis or "" for tax in own))
