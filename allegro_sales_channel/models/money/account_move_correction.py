"""Corrections of an invoice: the state before less the state after.

A correction takes off what the invoice and its earlier corrections say, less what an
invoice over the remainder would say: so net, tax and gross of the last one reach zero
together, in both currencies, however they are rounded. Odoo would tax the part that is
taken back by itself, and leave cents behind.
"""

from collections import namedtuple

from odoo import Command, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, float_compare, float_is_zero
from odoo.tools.misc import clean_context

from .worth import NO_TAX, TAX_FIELDS, Worth

#: Odoo rounds what has the same key together: corrections by themselves.
_COMPUTATION_KEY = "allegro_correction"

#: One line of the invoice in a correction.
CorrectedLine = namedtuple("CorrectedLine", "line before after")


class AllegroMoveCorrection(models.AbstractModel):
    """The part of ``account.move`` that corrects it by credit notes."""

    _name = "allegro.move.correction"
    _description = "Corrections of Allegro's invoices"

    # Making one

    def _allegro_correct(
        self, quantities, amounts=None, *, kind, reason=None, key=None
    ):
        """Draft a credit note.

        :param quantities: dict by line of this invoice of the pieces taken back
        :param amounts: dict by line of the gross amount taken off what is left then
        :param kind: of ``allegro_correction_kind``
        :param reason: in the language of the document; by default that of the kind
        :param key: what causes it, such as a return's id; there is one correction for
            each, None for those that a person asks for
        :return: the credit note, not posted
        :raises AccessError: for those who may not make invoices
        :raises UserError: when there is one of that key, or less is left
        """
        self.ensure_one()
        self.check_access("write")
        self.browse().check_access("create")
        # sudo: what is corrected is the system's to keep; the right is checked above.
        # The browser's defaults are none of the system's.
        env = self.env(context=clean_context(self.env.context), su=True)
        invoice = self.with_env(env).with_company(self.company_id)
        amounts = amounts or {}
        invoice._allegro_lock_corrections()
        invoice._allegro_check_key(key)
        left = invoice._allegro_left()
        invoice._allegro_check_taken(left, quantities, amounts)
        return invoice._allegro_in_its_language()._allegro_draft_correction(
            invoice._allegro_taken_parts(left, quantities, amounts), kind, reason, key
        )

    def _allegro_in_its_language(self):
        """The same invoice, for words that its buyer reads."""
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        return self.with_context(lang=lang)

    def _allegro_correct_rest(self, lines, *, kind, reason=None, key):
        """Draft a credit note over all that is left of some lines.

        Safe to call again.

        :param lines: of this invoice
        :return: the credit note; none where nothing is left, or one is there already
        """
        quantities, amounts = self._allegro_rest(lines)
        if not quantities and not amounts or self._allegro_correction_of(key):
            return self.browse()
        return self._allegro_correct(
            quantities, amounts, kind=kind, reason=reason, key=key
        )

    def _allegro_rest(self, lines=None):
        """What there is to take back.

        :param lines: of this invoice; all of them by default
        :return: dicts of pieces and of gross amounts by line, as ``_allegro_correct``
            takes them; both empty when nothing is left
        """
        quantities, amounts = {}, {}
        for line, left in self.sudo()._allegro_left().items():
            if lines is not None and line not in lines:
                continue
            if not line._allegro_is_no_quantity(left.quantity):
                quantities[line] = left.quantity
            elif not self.currency_id.is_zero(left.gross):
                amounts[line] = left.gross
        return quantities, amounts

    def _allegro_draft_correction(self, parts, kind, reason, key):
        """
        :param parts: list of pairs of a line and the :class:`Worth` that is taken off
        """
        field = self._fields["allegro_correction_kind"]
        reason = (reason or "").strip() or dict(field._description_selection(self.env))[
            kind
        ]
        orders = self.env["sale.order"].union(
            *(line.sale_line_ids.order_id for line, _part in parts)
        )
        return self._reverse_moves(
            [
                {
                    "ref": self.env._(
                        "Correction of %(invoice)s: %(reason)s",
                        invoice=self.name,
                        reason=reason,
                    ),
                    "invoice_date": False,
                    "invoice_origin": ", ".join(orders.mapped("name")),
                    "line_ids": [
                        Command.create(
                            line.with_env(self.env)._allegro_correcting_values(part)
                        )
                        for line, part in parts
                    ],
                    "allegro_correction_kind": kind,
                    "allegro_correction_reason": reason,
                    "allegro_correction_key": key,
                }
            ]
        )

    # Whether

    def _allegro_lock_corrections(self):
        """One correction at a time.

        Written to, not only locked: who began before the first correction was there
        does not see it, and has to begin again.
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "%(invoice)s is being changed by somebody else just now. Try again"
                    " in a moment.",
                    invoice=self.display_name,
                )
            ) from error
        self.env.cr.execute(
            SQL("UPDATE account_move SET id = id WHERE id = %s", self.id)
        )

    def _allegro_check_key(self, key):
        first = self._allegro_correction_of(key)
        if first:
            raise UserError(
                self.env._(
                    "%(invoice)s is corrected for that already, by %(credit_note)s.",
                    invoice=self.display_name,
                    credit_note=first.display_name,
                )
            )

    def _allegro_correction_of(self, key):
        """The correction of this invoice that has a key already."""
        return (
            self.sudo()
            ._allegro_corrections()
            .filtered(lambda note: key and note.allegro_correction_key == key)
        )

    def _allegro_check_taken(self, left, quantities, amounts):
        if self.state != "posted" or self.move_type != "out_invoice" or not left:
            raise UserError(
                self.env._(
                    "%(document)s can't be corrected: that takes a posted invoice.",
                    document=self.display_name,
                )
            )
        for line in quantities.keys() | amounts.keys():
            if line not in left:
                raise UserError(
                    self.env._(
                        "%(line)s is not a line of %(invoice)s.",
                        line=line.display_name,
                        invoice=self.display_name,
                    )
                )
            quantity = quantities.get(line, 0)
            line._allegro_check_quantity(quantity, left[line].quantity)
            after = line._allegro_gross_without(left[line], quantity)
            line._allegro_check_amount(amounts.get(line, 0), after)

    # The arithmetic

    def _allegro_corrections(self, before=None):
        """The credit notes of this invoice, also those that are drafts yet.

        :param before: only those that were made before this one
        """
        return self.reversal_move_ids.filtered(
            lambda note: note.move_type == "out_refund"
            and note.state != "cancel"
            and (not before or note.id < before.id)
        )

    def _allegro_left(self, before=None):
        """What the invoice says, less what its corrections took off.

        :param before: only those made before this credit note
        :return: dict of :class:`Worth` by line
        """
        left = self._allegro_worths()
        for note in self._allegro_corrections(before):
            for line, worth in note._allegro_worths().items():
                corrected = line._allegro_corrected_line(self)
                if corrected in left:
                    left[corrected] -= worth
        return {line: self._allegro_rounded(worth) for line, worth in left.items()}

    def _allegro_worths(self):
        """What the ledger has of each line of this document."""
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        worths = {}
        for base_line in base_lines:
            line = base_line["record"]
            if line.display_type == "product":
                worths[line] = self._allegro_worth_of(
                    base_line, line._allegro_gross()
                ) + (line._allegro_deviation(base_line))
        return worths

    def _allegro_worth_of(self, base_line, gross):
        """
        :param base_line: as Odoo reckons taxes, rounded
        :param gross: as it is priced
        """
        details = base_line["tax_details"]
        amounts = {
            (NO_TAX, name): details[name] + details[f"delta_{name}"]
            for name in ("total_excluded_currency", "total_excluded")
        }
        for tax_data in details["taxes_data"]:
            # the other half of a reverse charge follows from this one
            if not tax_data["is_reverse_charge"]:
                for name in TAX_FIELDS:
                    amounts[str(tax_data["tax"].id), name] = tax_data[name]
        return Worth(base_line["quantity"], gross, amounts)

    def _allegro_rounded(self, worth):
        return worth.rounded(self.currency_id, self.company_currency_id)

    def _allegro_taken_parts(self, left, quantities, amounts):
        """What is taken off: first pieces, then money off what is left of them.

        :param left: dict of :class:`Worth` by line
        :return: list of pairs of a line and a :class:`Worth`; one of nothing where only
            what is beside the lines is corrected
        """
        found = []
        for taken_back, taken_off in ((quantities, {}), ({}, amounts)):
            if any((taken_back | taken_off).values()):
                parts = self._allegro_difference(left, taken_back, taken_off)
                found += parts.items()
                left = {line: left[line] - parts.get(line, Worth()) for line in left}
        return found or [(next(iter(left)), Worth())]

    def _allegro_difference(self, left, quantities, amounts):
        """What has to be taken off, so that the rest is as an invoice of it would be.

        :param left: dict of :class:`Worth` by line
        :return: the same, without lines that stay as they are
        """
        after = {}
        for line, before in left.items():
            quantity = before.quantity - quantities.get(line, 0)
            if line._allegro_is_no_quantity(quantity):
                quantity = 0
            gross = line._allegro_gross_without(before, quantities.get(line, 0))
            after[line] = (quantity, gross - amounts.get(line, 0))
        invoiced = self._allegro_invoiced_anew(after)
        differences = {
            line: self._allegro_rounded(before - invoiced.get(line, Worth()))
            for line, before in left.items()
        }
        return self._allegro_gathered(differences)

    def _allegro_invoiced_anew(self, lines):
        """What an invoice would say of these quantities and gross amounts.

        :param lines: dict of (quantity, gross) by line
        :return: dict of :class:`Worth` by line; none for what is nothing
        """
        taxes = self.env["account.tax"]
        grosses = {}
        base_lines = []
        for line, (quantity, gross) in lines.items():
            if quantity:
                base_lines.append(line._allegro_base_line(quantity, gross))
                grosses[line] = gross
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        return {
            base_line["record"]: self._allegro_worth_of(
                base_line, grosses[base_line["record"]]
            )
            for base_line in base_lines
        }

    def _allegro_gathered(self, differences):
        """Only what is to be seen.

        Reckoned anew, lines that nobody touched may differ by a cent in the company's
        currency alone: a line that is corrected anyhow takes it, of the same account
        and taxes.
        """
        shown = {line: part for line, part in differences.items() if part.of_document()}
        for line, part in differences.items():
            if line in shown or not part:
                continue
            alike = [
                other
                for other in shown
                if other.account_id == line.account_id and other.tax_ids == line.tax_ids
            ]
            bearer = alike[0] if alike else line
            shown[bearer] = shown.get(bearer, Worth()) + part.of_company()
        return {line: self._allegro_rounded(part) for line, part in shown.items()}

    # Looking back at one

    def _allegro_corrected_lines(self):
        """What this credit note changes: each line before and after it.

        :return: list of :class:`CorrectedLine`, in the order of the invoice
        """
        note = self.sudo()
        original = note.reversed_entry_id
        if note.move_type != "out_refund" or not original:
            return []
        left = original._allegro_left(before=note)
        taken = {}
        for line, worth in note._allegro_worths().items():
            corrected = line._allegro_corrected_line(original)
            if corrected in left:
                taken[corrected] = taken.get(corrected, Worth()) + worth
        return [
            CorrectedLine(
                line, left[line], note._allegro_rounded(left[line] - taken[line])
            )
            for line in original.invoice_line_ids
            if taken.get(line, Worth()).of_document()
        ]


class AllegroMoveLineCorrection(models.AbstractModel):
    """The part of ``account.move.line`` about corrections."""

    _name = "allegro.move.line.correction"
    _description = "Corrected lines of Allegro's invoices"

    def _allegro_corrected_line(self, invoice):
        """Which line of the invoice this line of a credit note takes back.

        Those that people write are told by what they are of.

        :return: one line, or none
        """
        lines = invoice.invoice_line_ids
        if self.allegro_corrected_line_id:
            return lines & self.allegro_corrected_line_id
        alike = lines.filtered(
            lambda line: line.display_type == "product"
            and line.product_id == self.product_id
            and line.tax_ids == self.tax_ids
        )
        of_order = alike.filtered(lambda line: line.sale_line_ids & self.sale_line_ids)
        return (of_order or alike)[:1]

    def _allegro_is_gross(self):
        return all(tax.price_include for tax in self.tax_ids.flatten_taxes_hierarchy())

    def _allegro_gross(self):
        """The gross amount as it is priced; of a correction's amounts their own.

        What takes only money back has no pieces, and its amount for a price.
        """
        if self.allegro_corrected_line_id and not self.quantity:
            return self.price_unit
        if self._allegro_is_gross():
            return self.quantity * self.price_unit * (1 - self.discount / 100)
        return self.price_total

    def _allegro_deviation(self, base_line):
        """How the ledger's net differs from what Odoo reckons by today's settings."""
        details, sign = base_line["tax_details"], base_line["sign"]
        return Worth(
            amounts={
                (NO_TAX, name): sign * booked - details[name] - details[f"delta_{name}"]
                for name, booked in (
                    ("total_excluded_currency", self.amount_currency),
                    ("total_excluded", self.balance),
                )
            }
        )

    def _allegro_is_no_quantity(self, quantity):
        return float_is_zero(quantity, precision_rounding=self._allegro_precision())

    def _allegro_precision(self):
        return self.product_uom_id.rounding or 0.01

    def _allegro_gross_without(self, left, quantity):
        """What remains of the gross amount without some of the pieces."""
        rest = left.quantity - quantity
        if self._allegro_is_no_quantity(rest) and quantity:
            return 0.0
        if not quantity:
            return left.gross
        return self.currency_id.round(left.gross * rest / left.quantity)

    def _allegro_check_quantity(self, quantity, left):
        rounding = self._allegro_precision()
        # of lines that take something off, pieces are less than nothing
        sign = -1 if left < 0 else 1
        for smaller, larger in ((0, sign * quantity), (sign * quantity, sign * left)):
            if float_compare(smaller, larger, precision_rounding=rounding) > 0:
                raise UserError(
                    self.env._(
                        "%(quantity)g of %(line)s can't be taken back: %(left)g left.",
                        quantity=quantity,
                        line=self.name,
                        left=left,
                    )
                )

    def _allegro_check_amount(self, amount, left):
        currency = self.currency_id
        too_much = currency.compare_amounts(amount, max(left, 0)) > 0
        if amount and left < 0:
            too_much = currency.compare_amounts(amount, left) != 0
        elif currency.compare_amounts(amount, 0) < 0:
            too_much = True
        if too_much:
            raise UserError(
                self.env._(
                    "%(amount)s can't be taken off %(line)s: %(left)s are left.",
                    amount=currency.format(amount),
                    line=self.name,
                    left=currency.format(left),
                )
            )

    def _allegro_base_line(self, quantity, gross):
        """This line with another quantity and gross amount, as Odoo reckons taxes."""
        base_line = self.move_id._prepare_product_base_line_for_taxes_computation(self)
        as_priced = self._allegro_gross() * quantity / self.quantity
        if quantity == self.quantity and self.currency_id.is_zero(gross - as_priced):
            return base_line
        base_line |= {
            "quantity": quantity,
            "manual_total_excluded_currency": None,
            "manual_total_excluded": None,
            "manual_tax_amounts": None,
        }
        if not self.currency_id.is_zero(gross - as_priced):
            base_line |= {
                "price_unit": gross / quantity,
                "discount": 0.0,
                "special_mode": "total_included",
            }
        return base_line

    def _allegro_correcting_values(self, part):
        """The line of a credit note that takes a part of this one off.

        :param part: :class:`Worth`
        """
        [values] = self.with_context(include_business_fields=True).copy_data()
        for name in ("amount_currency", "debit", "credit", "date_maturity"):
            values.pop(name, None)
        worth = part.gross if self._allegro_is_gross() else part.net
        price = worth / part.quantity if part.quantity else part.gross
        values |= {
            "quantity": part.quantity,
            "price_unit": price,
            "discount": 0.0,
            "allegro_corrected_line_id": self.id,
            "extra_tax_data": {
                "computation_key": _COMPUTATION_KEY,
                "currency_id": self.currency_id.id,
                "quantity": part.quantity,
                "price_unit": price,
                "discount": 0.0,
                "rate": self.move_id.invoice_currency_rate,
                **part.manual_amounts(),
            },
        }
        if part.gross and not part.quantity:
            values["name"] = self.env._("Price reduced: %(line)s", line=self.name)
        return values
