"""The KSeF file, FA(3), of an Allegro document, whose prices contain the tax.

As shipped, ``l10n_pl_edi`` writes the price of the line where the net price belongs,
nothing of OSS, and leaves lines without VAT out while the total has them. KSeF checks
no arithmetic, so nobody notices. What is wrong differs with its version, so the file is
taken as it comes and put right; those of other documents are Odoo's, untouched.
"""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ..fa3 import Fa3
from ..vat_kinds import MARGIN, VAT_KINDS
from . import (  # noqa: F401 - what it inherits
    account_move_correction,
    account_move_ksef,
    account_move_payment,
)

#: How KSeF's states appear on a document's way to Allegro.
_CHAIN_STATES = {"sent": "ksef_sent", "accepted": "ksef_accepted"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "account.move",
        "allegro.ksef.correction",
        "allegro.ksef.payment",
        "allegro.move.ksef",
    ]

    allegro_ksef_due = fields.Boolean(
        "Goes to KSeF",
        copy=False,
        readonly=True,
        help="It was so when the document was posted.",
    )
    allegro_ksef_error = fields.Text("Why it is not in KSeF", copy=False, readonly=True)
    allegro_ksef_failures = fields.Integer(copy=False, readonly=True)
    allegro_ksef_next_try_at = fields.Datetime(
        "Next try at KSeF", copy=False, readonly=True
    )
    allegro_pdf_ksef_number = fields.Char(
        "KSeF number on the PDF", copy=False, readonly=True
    )

    @api.depends("l10n_pl_edi_status", "allegro_ksef_due")
    def _compute_allegro_is_issued(self):
        """What goes to KSeF and is not accepted there is not issued: art. 106na."""
        result = super()._compute_allegro_is_issued()
        for move in self:
            if move.l10n_pl_edi_status or move.allegro_ksef_due:
                move.allegro_is_issued &= move.l10n_pl_edi_status == "accepted"
        return result

    # The way to Allegro

    @api.depends(
        "l10n_pl_edi_status",
        "allegro_ksef_due",
        "allegro_ksef_error",
        "allegro_ksef_next_try_at",
        "reversed_entry_id.l10n_pl_edi_status",
    )
    def _compute_allegro_chain(self):
        result = super()._compute_allegro_chain()
        for move in self.filtered("allegro_chain_state"):
            status = move.l10n_pl_edi_status
            if move._allegro_ksef_is_stopped():
                move.allegro_chain_state = "error"
                move.allegro_chain_waits = False
            elif move.allegro_chain_state == "posted":
                move.allegro_chain_state = _CHAIN_STATES.get(status, "posted")
                if move._allegro_awaited():
                    move.allegro_chain_waits = True
        return result

    @api.depends(
        "allegro_ksef_error",
        "allegro_chain_waits",
        "company_id.allegro_ksef_problem",
        "reversed_entry_id.l10n_pl_edi_number",
    )
    def _compute_allegro_chain_reason(self):
        result = super()._compute_allegro_chain_reason()
        for move in self.filtered("allegro_chain_state"):
            awaited = move._allegro_awaited()
            reason = move.allegro_ksef_error
            if awaited == "original" and not reason:
                reason = self.env._(
                    "It waits for the KSeF number of %(invoice)s.",
                    invoice=move.reversed_entry_id.name,
                )
            elif awaited and not reason:
                reason = move.company_id.allegro_ksef_problem
            move.allegro_chain_reason = reason or move.allegro_chain_reason
        return result

    def _allegro_ksef_is_stopped(self):
        """Is it for a person to go on?"""
        is_given_up = self.allegro_ksef_error and not self.allegro_ksef_next_try_at
        return bool(is_given_up or self.l10n_pl_edi_status == "rejected")

    def _allegro_awaited(self):
        """KSeF's number, or that of the original, which a correction has to name."""
        self.ensure_one()
        status = self.l10n_pl_edi_status
        if status == "accepted" or not (status or self.allegro_ksef_due):
            return super()._allegro_awaited()
        original = self.reversed_entry_id
        return "original" if original and original._allegro_awaited() else "ksef"

    def _allegro_begin_chain(self):
        for move in self:
            move.allegro_ksef_due = move._allegro_goes_to_ksef()
        if any(self.mapped("allegro_ksef_due")):
            self.env["allegro.account"]._wake("invoice")
        return super()._allegro_begin_chain()

    def _allegro_retry_chain(self):
        self.filtered(
            lambda move: move.state == "posted" and move._allegro_awaited()
        )._allegro_ksef_retry()
        return super()._allegro_retry_chain()

    def _allegro_make_pdf(self):
        """A PDF that was made before KSeF gave the number, or without it, is old."""
        number = self.l10n_pl_edi_number
        if number and self.allegro_pdf_ksef_number != number:
            self._allegro_detach("invoice_pdf_report_file")
        result = super()._allegro_make_pdf()
        self.allegro_pdf_ksef_number = number
        return result

    def button_draft(self):
        result = super().button_draft()
        # sudo: what becomes of a document at KSeF is the system's
        self.sudo().filtered("allegro_order_id").write(
            {
                "allegro_ksef_due": False,
                "allegro_ksef_error": False,
                "allegro_ksef_failures": 0,
                "allegro_ksef_next_try_at": False,
                "allegro_pdf_ksef_number": False,
            }
        )
        return result

    def action_l10n_pl_edi_update_invoice_status(self):
        """Of Allegro's documents the scheduled action asks, at once.

        Odoo takes a document that KSeF has already for a rejected one.
        """
        self.ensure_one()
        if not self.allegro_order_id:
            return super().action_l10n_pl_edi_update_invoice_status()
        self.check_access("write")
        # sudo: when it is asked about is the system's; the right is checked above
        self.sudo()._allegro_ksef_ask_now()
        self.env["allegro.account"]._wake("invoice")
        return {"type": "ir.actions.client", "tag": "reload"}

    # The file

    def _l10n_pl_edi_render_xml(self):
        content = super()._l10n_pl_edi_render_xml()
        if not self.allegro_order_id:
            return content
        troubles = self._allegro_troubles()
        if troubles:
            raise UserError("\n".join(troubles))
        file = Fa3(content)
        self._allegro_write_buyer(file)
        self._allegro_write_eu_numbers(file)
        self._allegro_write_supply_date(file)
        self._allegro_write_sums(file)
        self._allegro_write_advance_rate(file)
        self._allegro_write_remarks(file)
        self._allegro_write_correction(file)
        self._allegro_write_lines(file)
        self._allegro_write_charges(file)
        self._allegro_write_payment(file)
        refusal = file.why_refused()
        if refusal:
            raise UserError(
                self.env._(
                    "KSeF would refuse %(invoice)s: %(reason)s",
                    invoice=self.display_name,
                    reason=refusal,
                )
            )
        return str(file)

    def _allegro_write_buyer(self, file):
        if self.commercial_partner_id.is_company:
            return
        # a person's invoice is for who is on it, whoever bought
        buyer = self.partner_id
        address = buyer._display_address(without_company=True).replace("\n", " ")
        file.put(
            "Podmiot2",
            "DaneIdentyfikacyjne",
            [("BrakID", "1"), ("Nazwa", buyer.name)],
        )
        place = [("KodKraju", buyer.country_code), ("AdresL1", address)]
        file.put("Podmiot2", "Adres", *([place] if buyer.country_code else []))
        # Allegro's alias and number serve the delivery: nothing for the tax office
        file.put("Podmiot2", "DaneKontaktowe")

    def _allegro_write_eu_numbers(self, file):
        """Both parties' EU VAT numbers where they decide the tax: art. 97(10).

        In the fields for them, as ``l10n_pl_edi`` does only for triangular sales.
        """
        is_to_union = any(
            line._allegro_vat_kind().is_to_union for line in self._allegro_vat_lines()
        )
        file.put("Podmiot1", "PrefiksPodatnika", *(["PL"] if is_to_union else []))
        buyer = self.commercial_partner_id
        if not is_to_union or not buyer.vat:
            return
        vat = re.sub(r"[^0-9A-Z]", "", buyer.vat.upper())
        country, number = (
            (vat[:2], vat[2:]) if vat[:2].isalpha() else (buyer.country_code, vat)
        )
        file.put(
            "Podmiot2",
            "DaneIdentyfikacyjne",
            [
                ("KodUE", "EL" if country == "GR" else country),
                ("NrVatUE", number),
                ("Nazwa", buyer.name),
            ],
        )

    def _allegro_write_supply_date(self, file):
        """Where it is not the day of the invoice: art. 106e(1)(6).

        What is paid and still here has the day of the payment instead. Odoo compares
        with the accounting date, which is the tax point.
        """
        date = self.delivery_date or self.taxable_supply_date
        differs = date and date != self.invoice_date
        file.put("Fa", "P_6", *([date.isoformat()] if differs else []))

    def _allegro_write_sums(self, file):
        """The sums of every kind of sale, and the total without what is beside VAT."""
        in_zloty = self.currency_id.name == "PLN"
        for kind in VAT_KINDS:
            lines, taxes = self._allegro_kind(kind)
            file.put("Fa", kind.net, *_amounts(lines, "amount_currency"))
            if kind.tax:
                tax = _amounts(taxes, "amount_currency")
                file.put("Fa", kind.tax, *(tax or ["0.00"] if lines else []))
            if kind.tax and kind.rate:
                zloty = [] if in_zloty else _amounts(taxes, "balance")
                file.put("Fa", f"{kind.tax}W", *zloty)
        file.put("Fa", "P_15", float_repr(self._allegro_vat_total(), 2))

    def _allegro_write_advance_rate(self, file):
        """KursWalutyZ is of advance invoices only; of others the lines have theirs."""
        is_advance = self._l10n_pl_edi_get_ksef_invoice_type() == "ZAL"
        rates = self._allegro_rate() if is_advance else []
        file.put("Fa", "KursWalutyZ", *rates)

    def _allegro_rate(self):
        """Złoty for one unit of a foreign currency in a list, empty for złoty.

        Odoo knows the reverse.
        """
        if self.currency_id.name == "PLN":
            return []
        return [f"{1 / self.invoice_currency_rate:.6f}"]

    def _allegro_write_remarks(self, file):
        """Whether the buyer pays the tax, and by which law nobody does."""
        lines = self._allegro_vat_lines()
        is_reverse = any(line._allegro_vat_kind().is_reverse for line in lines)
        file.put("Adnotacje", "P_18", "1" if is_reverse else "2")
        if any(line._allegro_vat_kind() is MARGIN for line in lines):
            file.put("Adnotacje", "PMarzy", [("P_PMarzy", "1"), ("P_PMarzy_3_1", "1")])
        bases = self._allegro_exemption_bases()
        exemption = [("P_19", "1"), ("P_19A", "; ".join(bases))]
        file.put("Adnotacje", "Zwolnienie", exemption if bases else [("P_19N", "1")])

    def _allegro_exemption_bases(self):
        exempt = self._allegro_vat_lines().filtered(
            lambda line: line._allegro_vat_kind().rate == "zw"
        )
        return exempt.tax_ids._allegro_exemption_bases()

    def _allegro_write_lines(self, file):
        file.put(
            "Fa",
            "FaWiersz",
            *(
                [("NrWierszaFa", str(number)), *fields]
                for number, fields in enumerate(self._allegro_fa3_rows(), start=1)
            ),
        )

    def _allegro_write_charges(self, file):
        """What is to be paid beside P_15."""
        charges = self._allegro_deposit_lines()
        if not charges:
            return
        sign = self._allegro_sign()
        charged = sum(charges.mapped("price_total"))
        file.put(
            "Fa",
            "Rozliczenie",
            [
                *(
                    (
                        "Obciazenia",
                        [
                            ("Kwota", float_repr(sign * line.price_total, 2)),
                            ("Powod", line.name),
                        ],
                    )
                    for line in charges
                ),
                ("SumaObciazen", float_repr(sign * charged, 2)),
                ("DoZaplaty", float_repr(sign * self.amount_total, 2)),
            ],
        )

    def _l10n_pl_edi_check_mandatory_fields(self):
        errors = super()._l10n_pl_edi_check_mandatory_fields()
        troubles = [trouble for move in self for trouble in move._allegro_troubles()]
        if troubles:
            errors["allegro_fa3"] = {"message": "\n".join(troubles)}
        return errors

    def _allegro_troubles(self):
        """Why this document must not go to KSeF as it is, in words; usually none."""
        if not self.allegro_order_id:
            return []
        return [
            *self._allegro_lost_lines_trouble(),
            *self._allegro_exemption_trouble(),
            *self._allegro_original_trouble(),
            *self._allegro_sums_trouble(),
        ]

    def _allegro_lost_lines_trouble(self):
        lost = self._allegro_lines_without_tag()
        if lost:
            yield self.env._(
                "These lines of %(invoice)s would be missing in KSeF, because their"
                " taxes have no tag of the Polish VAT return: %(lines)s",
                invoice=self.display_name,
                lines=", ".join(lost.mapped("display_name")),
            )

    def _allegro_exemption_trouble(self):
        if "" in self._allegro_exemption_bases():
            yield self.env._(
                "%(invoice)s has exempt sales: their tax lacks the legal basis of the"
                " exemption, which KSeF asks for.",
                invoice=self.display_name,
            )

    def _allegro_original_trouble(self):
        original = self.reversed_entry_id
        if original.l10n_pl_edi_status == "sent":
            yield self.env._(
                "%(credit_note)s corrects %(invoice)s, of which KSeF has not told the"
                " number yet.",
                credit_note=self.display_name,
                invoice=original.display_name,
            )

    def _allegro_sums_trouble(self):
        sums = [amounts for kind in VAT_KINDS for amounts in self._allegro_kind(kind)]
        sold = -sum(line.amount_currency for lines in sums for line in lines)
        total = self._allegro_vat_total()
        if self.currency_id.compare_amounts(sold, total):
            yield self.env._(
                "%(invoice)s has sales and taxes of %(sold)s for KSeF, but a total of"
                " %(total)s.",
                invoice=self.display_name,
                sold=self.currency_id.format(sold),
                total=self.currency_id.format(total),
            )

    def _allegro_sign(self):
        return -1 if self.move_type == "out_refund" else 1

    def _allegro_vat_total(self):
        """The total without what is charged beside it."""
        charged = sum(self._allegro_deposit_lines().mapped("price_total"))
        return self._allegro_sign() * (self.amount_total - charged)

    def _allegro_kind(self, kind):
        """The ledger's lines of a kind of sale, and of its tax."""
        lines = self._allegro_vat_lines().filtered(
            lambda line: line._allegro_vat_kind() == kind
        )
        taxes = self.line_ids.filtered(
            lambda line: line.display_type == "tax"
            and kind.tax_tag in line._allegro_tag_names()
        )
        return lines, taxes

    def _allegro_vat_lines(self):
        return self.invoice_line_ids.filtered(lambda line: line._allegro_vat_kind())

    def _allegro_deposit_lines(self):
        """Deposits are outside VAT: what is charged beside the invoice's total."""
        deposit = self.env.ref("allegro_sales_channel.product_deposit")
        return self.invoice_line_ids.filtered(
            lambda line: line.product_id == deposit and not line.tax_ids
        )

    def _allegro_lines_without_tag(self):
        lines = self.invoice_line_ids - self._allegro_deposit_lines()
        return lines.filtered(
            lambda line: line.display_type == "product" and not line._allegro_vat_kind()
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _allegro_fa3_fields(self):
        """The row of this line, in the schema's order; the ledger's net is true."""
        self.ensure_one()
        quantity = self.move_id._allegro_sign() * self.quantity
        return self._allegro_fa3_row(quantity, -self.amount_currency)

    def _allegro_fa3_row(self, quantity, net, price=None):
        """Fields of a row that says so much of this line.

        :param price: for one piece; by default it follows from the net, with the eight
            decimals that FA(3) allows
        """
        if price is None and quantity:
            price = net / quantity
        is_margin = self._allegro_vat_kind() is MARGIN
        price_field, value_field = ("P_9B", "P_11A") if is_margin else ("P_9A", "P_11")
        return [
            ("P_7", self.name),
            ("P_8A", self.product_uom_id.name or "szt."),
            ("P_8B", _decimals(quantity, 6)),
            (price_field, None if price is None else _decimals(price, 8, least=2)),
            (value_field, float_repr(net, 2)),
            *self._allegro_fa3_tax(),
        ]

    def _allegro_fa3_before_and_after(self, before, after):
        """Two rows; where there are no pieces, at the price of the other one.

        :param before: :class:`Worth`
        :param after: the same
        """
        price_before, price_after = (
            worth.net / worth.quantity if worth.quantity else None
            for worth in (before, after)
        )
        if price_before is None:
            price_before = price_after
        if price_after is None:
            price_after = price_before
        return [
            [
                *self._allegro_fa3_row(before.quantity, before.net, price_before),
                ("StanPrzed", "1"),
            ],
            self._allegro_fa3_row(after.quantity, after.net, price_after),
        ]

    def _allegro_fa3_tax(self):
        kind = self._allegro_vat_kind()
        if kind.rate or kind is MARGIN:
            return [
                ("P_12", kind.rate),
                *(("KursWaluty", rate) for rate in self.move_id._allegro_rate()),
            ]
        # OSS: another country's tax, of which nothing is converted to złoty here
        percent = sum(self.tax_ids.mapped("amount"))
        return [("P_12_XII", _decimals(percent, 2)), ("Procedura", "WSTO_EE")]

    def _allegro_vat_kind(self):
        """Of ``VAT_KINDS``; None without a tag of the Polish VAT return."""
        if self.display_type != "product":
            return None
        if self.tax_ids._allegro_is_margin():
            return MARGIN
        names = self._allegro_tag_names()
        return next((kind for kind in VAT_KINDS if kind.tag in names), None)

    def _allegro_tag_names(self):
        tags = self.tax_tag_ids.with_context(lang="en_US")
        return {(tag.name or "").lstrip("+-") for tag in tags}


def _amounts(lines, name):
    """The sum of these lines as what is sold, in a list; empty without lines."""
    return [float_repr(-sum(lines.mapped(name)), 2)] if lines else []


def _decimals(number, digits, least=0):
    whole, decimals = f"{number:.{digits}f}".split(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole
