"""The KSeF file, FA(3), of an invoice whose prices contain the tax.

As shipped, ``l10n_pl_edi`` writes the price of the line where the net price belongs,
5 % as exempt, the total of a foreign invoice in złoty, nothing of OSS, and leaves lines
without VAT out while the total has them. KSeF checks no arithmetic, so nobody notices.
Source of the fields: the schema beside it, ``l10n_pl_edi/data/fa3_schema.xsd``.
"""

from odoo import models
from odoo.tools import float_repr


class AccountMove(models.Model):
    _inherit = "account.move"

    def _l10n_pl_edi_get_xml_values(self):
        values = super()._l10n_pl_edi_get_xml_values()
        if not self.allegro_order_id:
            return {
                **values,
                "total": float_repr(self.amount_total_signed, 2),
                "exchange_rate": self.invoice_currency_rate,
                "charges": [],
            }
        lines = {f"odoo-line-{line.id}": line for line in self.invoice_line_ids}
        for line_values in values["invoice_lines"]:
            line = lines[line_values["UU_ID"]]
            line_values["P_9A"] = line._allegro_net_unit_price()
            if line._allegro_has_tag("K_15"):
                line_values["P_12"] = "5"
        if not self.commercial_partner_id.is_company:
            # a person's invoice is for who is on it, whoever bought
            values["buyer"] = self.partner_id
            values["buyer_address"] = self.partner_id._display_address(
                without_company=True
            ).replace("\n", " ")
        of_tag = values["get_amounts_from_tag"]
        values["get_amounts_from_tag"] = lambda tag: (
            of_tag(tag) or self._allegro_oss_amount(tag)
        )
        charges = self._allegro_deposit_lines()
        sign = -1 if self.move_type == "out_refund" else 1
        charged = sum(charges.mapped("price_total"))
        return {
            **values,
            "total": float_repr(sign * (self.amount_total - charged), 2),
            # złoty for one unit of the currency, of which Odoo knows the reverse
            "exchange_rate": f"{1 / self.invoice_currency_rate:.6f}",
            "charges": [
                {"name": line.name, "amount": float_repr(sign * line.price_total, 2)}
                for line in charges
            ],
            "charges_total": float_repr(sign * charged, 2),
            "to_pay": float_repr(sign * self.amount_total, 2),
        }

    def _l10n_pl_edi_check_mandatory_fields(self):
        errors = super()._l10n_pl_edi_check_mandatory_fields()
        for move in self.filtered("allegro_order_id"):
            lost = move._allegro_lines_without_tag()
            if lost:
                errors["allegro_tax_tags"] = {
                    "message": self.env._(
                        "These lines of %(invoice)s would be missing in KSeF, because"
                        " their taxes have no tag of the Polish VAT return: %(lines)s",
                        invoice=move.display_name,
                        lines=", ".join(lost.mapped("display_name")),
                    )
                }
        return errors

    def _allegro_oss_amount(self, tag):
        """Net or tax of what was sold abroad under OSS, 0 for any other tag.

        KSeF's part asks for tags that Odoo's own OSS taxes don't bear: theirs is one
        for both, without a country.
        """
        if tag not in ("OSS_Base", "OSS_Tax"):
            return 0
        lines = self.line_ids.filtered(
            lambda line: "OSS"
            in line.tax_tag_ids.with_context(lang="en_US").mapped("name")
            and bool(line.tax_ids) == (tag == "OSS_Base")
        )
        return -sum(lines.mapped("amount_currency"))

    def _allegro_deposit_lines(self):
        """Deposits are outside VAT: what is charged beside the invoice's total."""
        deposit = self.env.ref("allegro_sales_channel.product_deposit")
        return self.invoice_line_ids.filtered(
            lambda line: line.product_id == deposit and not line.tax_ids
        )

    def _allegro_lines_without_tag(self):
        lines = self.invoice_line_ids - self._allegro_deposit_lines()
        return lines.filtered(
            lambda line: line.display_type == "product" and not line.tax_tag_ids
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _allegro_net_unit_price(self):
        """Net price of one, with the eight decimals that FA(3) allows."""
        self.ensure_one()
        price = self.price_subtotal / self.quantity if self.quantity else 0
        whole, decimals = f"{price:.8f}".split(".")
        return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"

    def _allegro_has_tag(self, name):
        self.ensure_one()
        tags = self.env["account.account.tag"]._get_tax_tags(
            name, self.env.ref("base.pl").id
        )
        return bool(self.tax_tag_ids & tags)
