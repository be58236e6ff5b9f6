"""Invoices of Allegro orders: for whom, when one is due, and how it is made."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...allegro import people, rules, statuses
from ..door.fault import in_words
from . import (  # noqa: F401 - what it inherits
    sale_order_correct,
    sale_order_deadline,
    sale_order_document,
    sale_order_receipt,
    sale_order_tax_point,
)
from .account_move_dates import MissingRateError

#: A rate that is missing is looked for again so soon: banks publish them by day.
RATE_PAUSE = timedelta(hours=1)
_INVOICE_TO = {
    "allegro_invoice_required",
    "allegro_invoice_party",
    "allegro_invoice_tax_id",
}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "allegro.order.correct",
        "allegro.order.deadline",
        "allegro.order.document",
        "allegro.order.receipt",
        "allegro.order.tax.point",
    ]

    # What the buyer wants

    allegro_invoice_required = fields.Boolean(
        "Invoice wanted",
        copy=False,
        readonly=True,
        tracking=True,
        help="The buyer asked for an invoice on Allegro.",
    )
    allegro_invoice_party = fields.Char(
        "Invoice data on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="For whom the buyer last wanted the invoice.",
    )
    allegro_invoice_tax_id = fields.Char(
        "Tax number given",
        copy=False,
        readonly=True,
        tracking=True,
        help="As the buyer typed it.",
    )
    allegro_invoice_name = fields.Char("Invoice for", related="partner_invoice_id.name")
    allegro_invoice_tax_id_is_vat = fields.Boolean(copy=False, readonly=True)
    allegro_tax_id_doubtful = fields.Boolean(compute="_compute_allegro_tax_id_doubtful")
    allegro_invoice_party_kind = fields.Selection(
        [("company", "Company"), ("person", "Private person")],
        string="Invoice for a",
        compute="_compute_allegro_invoice_party_kind",
    )
    allegro_invoice_due_date = fields.Date(
        "Payment due", copy=False, readonly=True, tracking=True
    )

    # Which document it gets

    allegro_document = fields.Selection(
        selection="_allegro_document_selection",
        string="Document",
        compute="_compute_allegro_document",
        store=True,
        copy=False,
        help="The document that the order gets, until one is made.",
    )
    allegro_document_reason_code = fields.Char(
        compute="_compute_allegro_document", store=True, copy=False
    )
    allegro_document_with_receipt = fields.Boolean(
        "Receipt beside the invoice",
        compute="_compute_allegro_document",
        store=True,
        copy=False,
    )
    allegro_document_reason = fields.Text(
        "Why this document", compute="_compute_allegro_document_reason"
    )
    allegro_document_choice = fields.Selection(
        selection="_allegro_document_selection",
        string="Document chosen",
        copy=False,
        tracking=True,
        groups="account.group_account_invoice",
        help="Another document than the one found for the order. It stays, whatever"
        " changes.",
    )
    allegro_invoice_asked_on = fields.Date(
        "Invoice asked for on",
        copy=False,
        readonly=True,
        help="Since when the buyer wants an invoice: the day of the purchase, or the"
        " one on which he asked for it afterwards.",
    )

    # What is made

    allegro_receipt_ids = fields.One2many(
        "allegro.receipt",
        "order_id",
        string="Receipts",
        readonly=True,
        groups="allegro_sales_channel.group_allegro_user,account.group_account_invoice",
    )
    allegro_receipt_count = fields.Integer(
        "Receipts made", compute="_compute_allegro_receipt_count", compute_sudo=True
    )
    allegro_invoice_due = fields.Boolean(
        "Automatic invoice due",
        copy=False,
        readonly=True,
        help="The order has come to where its invoice is made by itself, and it is not"
        " made yet.",
    )
    allegro_invoice_error = fields.Text(
        "Automatic invoice failed", copy=False, readonly=True
    )
    allegro_invoice_next_try_at = fields.Datetime(
        "Automatic invoice: next try",
        copy=False,
        readonly=True,
        help="It failed for want of an exchange rate, which may come by itself.",
    )
    allegro_invoice_blocked = fields.Boolean(
        "No automatic invoice",
        compute="_compute_allegro_invoice_blocked",
        store=True,
        help="The order needs a person's eye before it is invoiced.",
    )
    allegro_invoice_block_reason = fields.Text(
        "Why there is no automatic invoice",
        compute="_compute_allegro_invoice_block_reason",
    )
    allegro_tax_waits = fields.Boolean(
        "Waits for its tax to be looked at", compute="_compute_allegro_tax_waits"
    )
    allegro_tax_accepted = fields.Json(
        "Tax differences let pass",
        copy=False,
        readonly=True,
        help="Which differences to Allegro's tax a person has let pass. Others are not"
        " among them, so they wait again.",
    )
    allegro_move_ids = fields.One2many(
        "account.move", "allegro_order_id", string="Allegro invoices and credit notes"
    )

    # the few among many that the overview counts
    _allegro_to_invoice_idx = models.Index(
        "(allegro_account_id)"
        " WHERE allegro_invoice_required IS TRUE AND invoice_status = 'to invoice'"
    )
    _allegro_invoice_due_idx = models.Index(
        "(allegro_account_id) WHERE allegro_invoice_due IS TRUE"
    )

    allegro_document_summary = fields.Text(
        "Documents",
        compute="_compute_allegro_documents",
        compute_sudo=True,
        help="Invoices and credit notes of this order, and where they are.",
    )
    allegro_document_failed = fields.Boolean(
        compute="_compute_allegro_documents", compute_sudo=True
    )

    # Until when

    allegro_document_deadline = fields.Date(
        "Document due",
        compute="_compute_allegro_document_deadline",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="Until then its invoice has to be issued (art. 106i of the Polish VAT"
        " act); a credit note that is drafted has the same time from its draft.",
    )
    allegro_document_deadline_words = fields.Char(
        "Why it is due then",
        compute="_compute_allegro_document_deadline_words",
        compute_sudo=True,
    )
    allegro_document_urgency = fields.Selection(
        [("near", "Due soon"), ("late", "Late")],
        string="Document's urgency",
        compute="_compute_allegro_document_urgency",
        compute_sudo=True,
    )
    allegro_document_reminded = fields.Selection(
        [("near", "That it is due soon"), ("late", "That it is late")],
        string="Reminded of the document",
        copy=False,
        readonly=True,
    )

    @api.depends("allegro_receipt_ids")
    def _compute_allegro_receipt_count(self):
        for order in self:
            order.allegro_receipt_count = len(order.allegro_receipt_ids)

    @api.depends(
        "allegro_receipt_ids.state",
        "allegro_receipt_ids.number",
        "allegro_move_ids.state",
        "allegro_move_ids.name",
        "allegro_move_ids.allegro_chain_state",
        "allegro_move_ids.allegro_chain_reason",
        "allegro_move_ids.allegro_document_state",
        "allegro_invoice_due",
        "allegro_invoice_blocked",
        "allegro_invoice_error",
    )
    def _compute_allegro_documents(self):
        for order in self:
            moves = order.allegro_move_ids.filtered(lambda m: m.state != "cancel")
            lines = [move._allegro_document_words() for move in moves]
            lines += order._allegro_receipt_words()
            stopped = order.allegro_invoice_blocked or order.allegro_invoice_error
            if order.allegro_invoice_due and not lines and not stopped:
                lines = [self.env._("It is made soon")]
            order.allegro_document_summary = "\n".join(lines) or self.env._("None yet")
            order.allegro_document_failed = "error" in moves.mapped(
                "allegro_chain_state"
            )

    @api.depends(
        "allegro_invoice_required",
        "allegro_invoice_tax_id",
        "allegro_invoice_tax_id_is_vat",
        "partner_invoice_id.vat",
    )
    def _compute_allegro_tax_id_doubtful(self):
        """A VAT number was given that Odoo could not take for the invoice's partner."""
        for order in self:
            order.allegro_tax_id_doubtful = (
                order.allegro_invoice_required
                and order.allegro_invoice_tax_id_is_vat
                and not order.partner_invoice_id.vat
            )

    @api.depends("partner_invoice_id.is_company", "allegro_invoice_required")
    def _compute_allegro_invoice_party_kind(self):
        for order in self:
            company = order.partner_invoice_id.commercial_partner_id.is_company
            order.allegro_invoice_party_kind = order.allegro_invoice_required and (
                "company" if company else "person"
            )

    @api.depends(
        "allegro_account_id",
        "allegro_document_choice",
        "allegro_has_unmanaged",
        "allegro_invoice_required",
        "allegro_invoice_tax_id",
        "allegro_move_ids.state",
        "allegro_receipt_ids",
        "allegro_payment_type",
        "allegro_total_to_pay",
        "date_order",
        "order_line.product_id.categ_id",
        "order_line.tax_ids.allegro_margin_scheme",
        "order_line.tax_ids.allegro_net_tax_id.allegro_margin_scheme",
        "partner_invoice_id.is_company",
    )
    def _compute_allegro_document(self):
        for order in self:
            (
                order.allegro_document,
                order.allegro_document_reason_code,
                order.allegro_document_with_receipt,
            ) = order._allegro_settle_document()

    @api.depends("allegro_document_reason_code", "allegro_document_with_receipt")
    def _compute_allegro_document_reason(self):
        words = self._allegro_document_reasons()
        beside = self.env._("A receipt is printed as well.")
        for order in self:
            reason = words.get(order.allegro_document_reason_code)
            parts = [reason, order.allegro_document_with_receipt and beside]
            order.allegro_document_reason = " ".join(filter(None, parts))

    @api.constrains("allegro_document_choice")
    def _check_allegro_document_choice(self):
        self._allegro_check_choice()

    # Steps of the recipes

    @api.model
    def _allegro_invoice_form_values(self, form):
        invoice = form.invoice
        if not invoice:
            return {}
        number, is_vat = rules.given_number(invoice)
        values = {
            "allegro_invoice_required": invoice.required,
            "allegro_invoice_party": people.invoice_party_text(form),
            "allegro_invoice_due_date": invoice.due_date,
            "allegro_vat_eu_verified": (
                invoice.required and rules.VAT_EU_VERIFIED in invoice.features
            ),
        }
        if number:
            values |= {
                "allegro_invoice_tax_id": number,
                "allegro_invoice_tax_id_is_vat": is_vat,
            }
        return values

    def _allegro_follow_invoice_party(self, news):
        """Invoice whom the buyer wants now, as long as there is no invoice."""
        if self.state != "sale" or not news.changes.keys() & _INVOICE_TO:
            return
        self._allegro_withdraw_receipts()
        if self.allegro_receipt_ids:
            self._allegro_too_late(
                self.env._("The buyer changed the invoice data after his receipt"),
                self.env._(
                    "The receipt was printed before the change. An invoice for a"
                    " company may follow it only when its NIP is on the receipt."
                ),
                ["allegro_invoice_party"],
            )
        party = self._allegro_parties(news.form)["partner_invoice_id"]
        if party == self.partner_invoice_id.id:
            return
        self.partner_invoice_id = party
        invoices = self.invoice_ids.filtered(lambda move: move.state != "cancel")
        if invoices:
            self._allegro_too_late(
                self.env._("The buyer changed the invoice data after invoicing"),
                self.env._(
                    "%(invoices)s was made before the change: correct it.",
                    invoices=", ".join(move.display_name for move in invoices),
                ),
                ["allegro_invoice_party"],
            )

    # Its tax, when Allegro has another one

    @api.depends(
        "allegro_tax_differs",
        "allegro_tax_accepted",
        "order_line.allegro_tax_rate",
        "order_line.allegro_tax_exemption",
        "order_line.tax_ids",
    )
    def _compute_allegro_tax_waits(self):
        for order in self:
            order.allegro_tax_waits = (
                order.allegro_tax_differs
                and order.company_id.allegro_tax_difference == "wait"
                and not set(order._allegro_tax_differences()).issubset(
                    order.allegro_tax_accepted or []
                )
            )

    def _allegro_differing_lines(self):
        return self.order_line.filtered("allegro_tax_differs")

    def _allegro_tax_differences(self):
        """What a person looks at: changed taxes, or another line, are not among them.

        Each on its own, so neither the lines' sequence nor a correction of one of them
        takes back what was said of the others.
        """
        self.ensure_one()
        return [
            f"{line._origin.id}: {line.allegro_tax_rate}"
            f" {line.allegro_tax_exemption} {sorted(line.tax_ids._origin.ids)}"
            for line in self._allegro_differing_lines()
        ]

    def _allegro_tax_difference_words(self):
        return [
            self.env._(
                "%(line)s: %(tax)s here, %(told)s on Allegro",
                line=line.product_id.display_name,
                tax=", ".join(line.tax_ids.mapped("name")) or self.env._("no tax"),
                told=" ".join(
                    filter(None, [line.allegro_tax_rate, line.allegro_tax_exemption])
                ),
            )
            for line in self._allegro_differing_lines()
        ]

    # May it be invoiced by itself?

    def _allegro_invoice_block_codes(self):
        """What speaks against an automatic invoice: keys of the words below."""
        self.ensure_one()
        if not self.allegro_account_id:
            return []
        checks = {
            "cancelled": self._allegro_is_cancelled() or self.state == "cancel",
            "returned": self.allegro_fulfillment_status == statuses.RETURNED,
            "back_fill": self.allegro_back_fill,
            "unmanaged": self.allegro_has_unmanaged,
            "difference": not self.currency_id.is_zero(self.allegro_total_difference),
            "tax_id": self.allegro_tax_id_doubtful,
            "document": self._allegro_waits_for_person(),
            "tax_point": self._allegro_gets_invoice()
            and self._allegro_tax_point_is_unclear(),
            "tax": self.allegro_tax_waits,
        }
        return [code for code, is_so in checks.items() if is_so]

    def _allegro_invoice_block_words(self):
        return {
            "cancelled": self.env._("The order is cancelled."),
            "returned": self.env._("The buyer returned the order."),
            "back_fill": self.env._(
                "It was bought before the Allegro account was connected, or loaded on"
                " request: it may have been invoiced elsewhere."
            ),
            "unmanaged": self.env._("Some of its items are not in Odoo."),
            "difference": self.env._("Its total is not the total on Allegro."),
            "tax_id": self.env._(
                "The tax number that the buyer gave is not valid. Correct it on the"
                " invoice's customer."
            ),
            "document": self.env._("A person has to decide which document it gets."),
            "tax_point": self.env._(
                "Its tax point is not clear: a payment or a parcel has another month"
                " than the first, no known day, or is not there yet. Make the invoice"
                " by hand, and choose the tax point on its draft or divide it."
            ),
            "tax": self.env._(
                "Its VAT is not what the offer on Allegro says. Correct"
                " the taxes or the fiscal position, or let it be invoiced with Odoo's"
                " tax."
            ),
        }

    @api.depends(
        "allegro_account_id",
        "allegro_status",
        "allegro_fulfillment_status",
        "allegro_fulfillment_target",
        "state",
        "allegro_back_fill",
        "allegro_has_unmanaged",
        "allegro_total_to_pay",
        "amount_total",
        "allegro_invoice_required",
        "allegro_invoice_tax_id",
        "partner_invoice_id.vat",
        "partner_shipping_id.country_id",
        "amount_tax",
        "allegro_payment_type",
        "allegro_payment_amount",
        "allegro_payment_finished_at",
        "allegro_surcharge_amount",
        "allegro_surcharge_finished_at",
        "picking_ids.state",
        "picking_ids.date_done",
        "allegro_tax_waits",
        "allegro_document",
    )
    def _compute_allegro_invoice_blocked(self):
        for order in self:
            order.allegro_invoice_blocked = bool(order._allegro_invoice_block_codes())

    @api.depends(
        "allegro_invoice_blocked",
        "allegro_total_difference",
        "allegro_tax_waits",
        "allegro_document_reason",
    )
    def _compute_allegro_invoice_block_reason(self):
        words = self._allegro_invoice_block_words()
        for order in self:
            codes = order._allegro_invoice_block_codes()
            why = {"document": order.allegro_document_reason}
            reasons = [
                " ".join(filter(None, [words[code], why.get(code)])) for code in codes
            ]
            if "tax" in codes:
                reasons += order._allegro_tax_difference_words()
            order.allegro_invoice_block_reason = "\n".join(reasons)

    # When it is due

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._allegro_note_asked(when_bought=True)
        orders._allegro_note_invoice_due()
        return orders

    def write(self, vals):
        if "allegro_document_choice" in vals:
            # sudo: who may choose need not see what is printed
            self.sudo()._allegro_refuse_late_choice()
        result = super().write(vals)
        if "allegro_document_choice" in vals:
            self.sudo()._allegro_withdraw_receipts()
        if vals.get("allegro_invoice_required"):
            self._allegro_note_asked()
        if "allegro_fulfillment_status" in vals:
            self._allegro_note_invoice_due()
        return result

    def _allegro_note_invoice_due(self):
        """Remember which of these orders have come to where they are invoiced.

        Noted in the transaction that brings them there, so none is forgotten; and
        only then, so switching the setting on does not reach back.
        """
        due = self.filtered(
            lambda order: order.allegro_account_id
            and not order.allegro_back_fill
            and order.company_id.allegro_auto_invoice
            and order.allegro_fulfillment_status
            in statuses.INVOICE_AFTER[order.company_id.allegro_auto_invoice_when]
            and not order.invoice_ids.filtered(lambda move: move.state != "cancel")
            and not order.sudo().allegro_receipt_ids
        )
        if due:
            due.allegro_invoice_due = True
            self.env["allegro.account"]._wake("invoice")

    # Making it

    @api.model
    def _allegro_to_invoice(self):
        """The domain of the orders whose invoice is to be made now."""
        return [
            ("allegro_invoice_due", "=", True),
            ("allegro_invoice_blocked", "=", False),
            "|",
            ("allegro_invoice_error", "=", False),
            ("allegro_invoice_next_try_at", "<=", fields.Datetime.now()),
            ("state", "=", "sale"),
            ("company_id.allegro_auto_invoice", "=", True),
        ]

    def _allegro_invoice(self):
        """Make and post the invoice of one order."""
        self.ensure_one()
        company = self.company_id
        self.with_company(company).with_context(
            tz=company._allegro_timezone(), lang=company.partner_id.lang
        )._allegro_make_documents()

    def _allegro_invoice_failed(self, error):
        """Keep what was in the way.

        An accountant can do something about any of it: closed periods, missing
        accounts, a customer that may not be invoiced. A missing rate may come by
        itself.
        """
        waits = isinstance(error, MissingRateError)
        self.write(
            {
                "allegro_invoice_error": in_words(error),
                "allegro_invoice_next_try_at": waits
                and fields.Datetime.now() + RATE_PAUSE,
            }
        )

    def _allegro_make_documents(self):
        self.ensure_one()
        if self._allegro_gets_receipt():
            self._allegro_make_receipt()
        if self._allegro_gets_invoice():
            self._allegro_make_invoice()
        self.allegro_invoice_due = False
        self._allegro_forget_invoice_error()

    def _allegro_make_invoice(self):
        self.ensure_one()
        if self.invoice_status == "to invoice":
            invoice = self._create_invoices()
            invoice.invoice_date = self.company_id._allegro_today()
            invoices = self.invoice_ids.filtered(lambda move: move.state != "cancel")
            invoiced = sum(invoices.mapped("amount_total_in_currency_signed"))
            if self.currency_id.compare_amounts(invoiced, self.amount_total):
                raise UserError(
                    self.env._(
                        "The invoice would be %(invoice)s, the order is %(order)s."
                        " Check the taxes of its lines.",
                        invoice=invoice.amount_total,
                        order=self.amount_total,
                    )
                )
            self._allegro_check_open(invoice)
            invoice.action_post()

    def _allegro_forget_invoice_error(self):
        self.write(
            {"allegro_invoice_error": False, "allegro_invoice_next_try_at": False}
        )

    def _allegro_check_open(self, invoice):
        """Odoo books a closed day's invoice later, but never later than today.

        :raises UserError: naming what is closed today, and what to do
        """
        closed = invoice._get_violated_lock_dates(
            self.company_id._allegro_today(), invoice._affect_tax_report()
        )
        if closed:
            raise UserError(
                self.env._(
                    "Today is in a closed period: %(locks)s. Retry on the first day"
                    " after it; or earlier, when an accountant has opened it, which a"
                    " hard lock does not allow.",
                    locks=self.company_id._format_lock_dates(closed),
                )
            )

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        account = self.allegro_account_id
        if not account:
            return values
        values["allegro_order_id"] = self.id
        if account.invoice_journal_id and not self.journal_id:
            values["journal_id"] = account.invoice_journal_id.id
        if self.allegro_invoice_due_date:
            values["invoice_date_due"] = self.allegro_invoice_due_date
        if self._allegro_has_own_term():
            values["invoice_payment_term_id"] = False
        # Odoo takes the first parcel's day, in Greenwich
        values["delivery_date"] = (self._allegro_days_left() or [False])[-1]
        return values

    def _allegro_has_own_term(self):
        """Is it known from Allegro when this is paid, whatever terms the buyer has?

        It is paid at once, to the carrier, or by the day that the buyer agreed upon.
        """
        known = ("paid", "on_delivery", "collected", "term")
        return self.allegro_payment_state in known

    def _get_invoice_grouping_keys(self):
        # one order on Allegro, one document for its buyer
        return super()._get_invoice_grouping_keys() + ["allegro_order_id"]

    # Buttons

    def action_allegro_retry_invoice(self):
        """Make the invoice, or bring it on to Allegro, once more."""
        self.check_access("write")
        # sudo: what failed is the system's; the right is checked above
        orders = self.sudo()
        orders.filtered("allegro_invoice_error")._allegro_forget_invoice_error()
        orders.allegro_move_ids._allegro_retry_chain()
        self.env["allegro.account"]._wake("invoice")

    def action_allegro_accept_tax(self):
        """Let the order be invoiced with Odoo's tax: a person has looked at it.

        :raises AccessError: for those who may not invoice
        """
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Ask somebody who may make invoices to look at the taxes.")
            )
        # sudo: the field is the system's; the right is checked above
        for order in self.sudo().filtered("allegro_tax_waits"):
            order.allegro_tax_accepted = order._allegro_tax_differences()
            order.message_post(
                body=Markup("%s<ul>%s</ul>")
                % (
                    self.env._("Invoiced with Odoo's tax, not with Allegro's:"),
                    Markup("").join(
                        Markup("<li>%s</li>") % words
                        for words in order._allegro_tax_difference_words()
                    ),
                )
            )
        self.env["allegro.account"]._wake("invoice")
