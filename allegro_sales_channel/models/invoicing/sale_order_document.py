"""Which document an Allegro order gets: facts, answer, and a person's choice."""

from decimal import Decimal

from odoo import api, models
from odoo.exceptions import ValidationError

from ...allegro import document_router as router


class AllegroOrderDocument(models.AbstractModel):
    """The part of ``sale.order`` that decides which document it gets."""

    _name = "allegro.order.document"
    _description = "Document that an Allegro order gets"

    @api.model
    def _allegro_document_selection(self):
        return [
            ("invoice_ksef", self.env._("Invoice to KSeF")),
            ("invoice", self.env._("Invoice")),
            ("receipt", self.env._("Receipt")),
            ("receipt_nip", self.env._("Receipt with the buyer's NIP")),
            ("margin_invoice", self.env._("Invoice under the margin scheme")),
            ("none", self.env._("None")),
            ("person", self.env._("A person decides")),
        ]

    def _allegro_document_reasons(self):
        """Why the order gets its document, by the router's code."""
        return {
            router.UNMANAGED: self.env._("Some of its items are not in Odoo."),
            router.MIXED_MARGIN: self.env._(
                "Some of it is sold under the margin scheme and some is not: one"
                " invoice can't tell both. Make the invoices by hand."
            ),
            router.COMPANY_ASKED: self.env._(
                "The buyer asked for an invoice for a company."
            ),
            router.PERSON_ASKED: self.env._(
                "The buyer asked for an invoice for a private person."
            ),
            router.NUMBER_GIVEN: self.env._("The buyer gave his NIP."),
            router.SMALL_WITH_NUMBER: self.env._(
                "The buyer gave his NIP and asked for no invoice: up to 450 PLN, or"
                " 100 EUR, a receipt with it is one."
            ),
            router.GOODS_NEED_RECEIPT: self.env._(
                "Some of its goods need a receipt from the first sale, as their"
                " category says."
            ),
            router.PAYMENT_NEEDS_RECEIPT: self.env._(
                "It is not known that it is paid through a bank, the post or a"
                " courier: only then no receipt is needed."
            ),
            router.PERSONS_GET: self.env._(
                "The buyer is a private person and asked for no invoice: as the"
                " settings say."
            ),
            router.TAXED_ABROAD: self.env._(
                "It is taxed in the buyer's country (OSS), and the buyer asked for no"
                " invoice: it is no sale for the cash register here."
            ),
            router.CHOSEN: self.env._("Somebody chose it."),
        }

    def _allegro_settle_document(self):
        """What is decided now, unless there is a document already."""
        self.ensure_one()
        chosen = self.allegro_document_choice
        if not self.allegro_account_id:
            return False, False, False
        if self.allegro_document and self._allegro_is_documented():
            return (
                self.allegro_document,
                self.allegro_document_reason_code,
                self.allegro_document_with_receipt,
            )
        if chosen:
            return chosen, router.CHOSEN, False
        return router.route(self._allegro_document_facts())

    def _allegro_is_documented(self):
        """Is a document made, or begun?"""
        self.ensure_one()
        return bool(self.allegro_receipt_ids) or self._allegro_has_invoice()

    def _allegro_has_invoice(self):
        self.ensure_one()
        invoices = self.allegro_move_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        )
        return bool(invoices)

    def _allegro_document_facts(self):
        """
        :return: :class:`Facts`
        """
        self.ensure_one()
        company = self.company_id
        total = Decimal(f"{self.allegro_total_to_pay:.2f}")
        rate = self.currency_rate or 1.0
        party = self.partner_invoice_id.commercial_partner_id
        sold = self._allegro_lines_sold()
        return router.Facts(
            seller_country=company.account_fiscal_country_id.code or "",
            persons_get=company.allegro_person_document,
            persons_in_ksef=company.allegro_persons_in_ksef,
            has_ksef=company._allegro_has_ksef(),
            asked=self.allegro_invoice_required,
            is_company=party.is_company,
            gave_nip=router.is_nip(self.allegro_invoice_tax_id or ""),
            total=total,
            currency=self.currency_id.name,
            # of złoty, where the company keeps its books in it
            total_pln=Decimal(f"{self.allegro_total_to_pay / rate:.2f}"),
            bought_on=company._allegro_local_date(self.date_order),
            payment=self.allegro_payment_type or None,
            is_unmanaged=self.allegro_has_unmanaged,
            margin=self._allegro_margin(sold),
            needs_receipt=sold.product_id.categ_id._allegro_needs_receipt(),
            is_taxed_abroad=sold.tax_ids._allegro_is_oss(),
        )

    def _allegro_lines_sold(self):
        """Lines that bear a tax, or could: not the deposits, which are outside VAT."""
        deposit = self.env.ref("allegro_sales_channel.product_deposit")
        return self.order_line.filtered(
            lambda line: line.product_id
            and not line.display_type
            and line.product_id != deposit
        )

    @api.model
    def _allegro_margin(self, lines):
        under = lines.filtered(lambda line: line.tax_ids._allegro_is_margin())
        if not under:
            return None
        return router.ALL if under == lines else router.SOME

    def _allegro_gets_invoice(self):
        self.ensure_one()
        return self.allegro_document in router.INVOICES

    def _allegro_waits_for_person(self):
        """For another reason than its items that are not in Odoo."""
        self.ensure_one()
        return self.allegro_document == router.PERSON and not self.allegro_has_unmanaged

    def _allegro_is_for_ksef(self):
        """Does its invoice go to KSeF, be it one under the margin scheme?"""
        self.ensure_one()
        if self.allegro_document == router.MARGIN_INVOICE:
            return self._allegro_document_facts().goes_to_ksef
        return self.allegro_document == router.INVOICE_KSEF

    @api.model
    def _allegro_decide_anew(self, domain):
        """A setting changed: the orders that have no document yet are decided again.

        :param domain: which orders it may be about
        """
        orders = self.sudo().search(
            [
                ("allegro_account_id", "!=", False),
                ("state", "=", "sale"),
                ("invoice_status", "!=", "invoiced"),
                *domain,
            ]
        )
        orders.modified(["allegro_document_choice"])

    def _allegro_check_choice(self):
        for order in self:
            if (
                order.allegro_document_choice == router.INVOICE_KSEF
                and not order.company_id._allegro_has_ksef()
            ):
                raise ValidationError(
                    self.env._(
                        "%(order)s: the company is not connected to KSeF.",
                        order=order.name,
                    )
                )
