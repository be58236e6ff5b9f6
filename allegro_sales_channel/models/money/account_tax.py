from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ["account.tax", "allegro.guarded"]

    allegro_net_tax_id = fields.Many2one(
        comodel_name="account.tax",
        string="Copy for Allegro of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="Allegro's prices contain the tax. Lines of Allegro orders therefore carry"
        " a copy of the product's tax that is included in the price; the tax"
        " itself, and all other sales, stay as they are.",
    )

    allegro_margin_scheme = fields.Boolean(
        "Margin scheme (used goods)",
        copy=False,
        help="What is sold with this tax is taxed by its margin: the invoice shows"
        " no VAT. Its rate is 0 %; the tax on the margin is reckoned elsewhere.",
    )

    @api.constrains("allegro_margin_scheme", "amount", "amount_type")
    def _check_allegro_margin_scheme(self):
        for tax in self.filtered("allegro_margin_scheme"):
            if tax.amount or tax.amount_type != "percent":
                raise ValidationError(
                    self.env._(
                        "%(tax)s: under the margin scheme the price shows no VAT, so"
                        " the tax must be 0 %%.",
                        tax=tax.name,
                    )
                )

    def _allegro_is_margin(self):
        """Is any of these, or of those that they are copies of, the margin scheme's?"""
        own = self.mapped("allegro_net_tax_id") | self
        return any(own.mapped("allegro_margin_scheme"))

    def _allegro_is_oss(self):
        """Is any of these another country's VAT, declared under OSS?"""
        # sudo: who sells need not read how taxes are booked
        taxes = self.sudo().flatten_taxes_hierarchy()
        tag = self.env.ref("l10n_eu_oss.tag_oss", raise_if_not_found=False)
        return bool(tag and tag in taxes.repartition_line_ids.tag_ids)

    def _allegro_gross(self):
        """The same taxes, contained in the price.

        A tax that is contained in the price already stands for itself. Others get a
        copy, made once and found again. When the original was changed meanwhile, its
        copy is archived, not altered, because posted invoices carry it, and a new one
        made.

        :return: ``account.tax`` of the same length and order
        """
        gross = self.env["account.tax"]
        for tax in self:
            gross += tax if tax._allegro_is_gross() else tax._allegro_gross_copy()
        return gross

    def _allegro_is_gross(self):
        self.ensure_one()
        taxes = self.flatten_taxes_hierarchy()
        return all(tax.price_include for tax in taxes)

    def _allegro_gross_copy(self):
        self.ensure_one()
        # a seller or the scheduled action may well not be allowed to create taxes
        tax = self.sudo()
        copies = (
            self.env["account.tax"]
            .sudo()
            .search(
                [
                    ("allegro_net_tax_id", "=", tax.id),
                ]
            )
        )
        wanted = tax._allegro_signature()
        for copy in copies:
            if copy._allegro_signature() == wanted:
                return copy.sudo(self.env.su)
        for copy in copies:
            copy.write(
                {
                    "active": False,
                    "name": self.env._(
                        "%(tax)s (until change %(id)s)", tax=copy.name, id=copy.id
                    ),
                }
            )
        return tax._allegro_make_gross_copy().sudo(self.env.su)

    def _allegro_make_gross_copy(self):
        self.ensure_one()
        # what is printed on the invoice; one that is set comes along in every language
        label = {} if self.invoice_label else {"invoice_label": self.name}
        copy = self.copy(
            {
                "name": self.env._("%(tax)s, included (Allegro)", tax=self.name),
                **label,
                "price_include_override": "tax_included",
                "allegro_net_tax_id": self.id,
                "active": True,
                # fiscal positions map the product's own tax; mapping the copy as well
                # would make it an alternative that Odoo offers or applies elsewhere
                "fiscal_position_ids": [Command.clear()],
                "original_tax_ids": [Command.clear()],
            }
        )
        if self.amount_type == "group":
            copy.children_tax_ids = self.children_tax_ids._allegro_gross()
        return copy

    def _allegro_signature(self):
        """What must be equal for a copy to be a true one, in a comparable form."""
        self.ensure_one()
        children = self.children_tax_ids.sorted("sequence")
        return (
            self.invoice_label or self.name,
            self.amount_type,
            self.amount,
            self.type_tax_use,
            self.tax_scope,
            self.tax_group_id.id,
            self.tax_exigibility,
            self.cash_basis_transition_account_id.id,
            self.include_base_amount,
            self.is_base_affected,
            self.country_id.id,
            self.sequence,
            tuple(child._allegro_signature() for child in children),
            tuple(
                (
                    line.document_type,
                    line.repartition_type,
                    line.factor_percent,
                    line.account_id.id,
                    tuple(sorted(line.tag_ids.ids)),
                    line.use_in_tax_closing,
                )
                for line in self.repartition_line_ids
            ),
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_allegro_copies(self):
        """Never used copies go with their original."""
        self.search([("allegro_net_tax_id", "in", self.ids)]).unlink()
