"""The tax point of an Allegro document, and the exchange rate that follows from it.

In Poland by its VAT act: art. 19a and 20 for the tax point, art. 31a for the rate, and
31b(1) for the rate of corrections. The tax point is Odoo's own *taxable supply date*,
which moves the accounting date and the rate; elsewhere dates are Odoo's own.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

from ...allegro import tax_point
from ...allegro.working_days import last_working_day_before

#: As exactly as a rate is shown to people.
RATE_DIGITS = 6
#: With them Odoo finds the rate anew.
_RATE_FROM = {
    "invoice_currency_rate",
    "invoice_date",
    "taxable_supply_date",
    "currency_id",
}


class MissingRateError(UserError):
    """There is no exchange rate of the right day, yet."""


class AllegroMoveDates(models.AbstractModel):
    """The part of ``account.move`` about its tax point and its exchange rate."""

    _name = "allegro.move.dates"
    _description = "Tax point and exchange rate of Allegro's documents"

    def _allegro_is_polish(self):
        """Is it of an Allegro order, and taxed in Poland?"""
        # sudo: whoever may see the document
        return bool(self.sudo().allegro_order_id) and self.country_code == "PL"

    def _allegro_issued(self):
        """The day of the document: today as long as it has none."""
        return self.invoice_date or self.company_id._allegro_today()

    # The dates

    @api.depends("allegro_order_id.picking_ids.date_done")
    def _compute_delivery_date(self):
        """The company's date on which the last parcel left.

        Odoo takes the first parcel's day in Greenwich, and also for documents that are
        posted: they stay as they were issued.
        """
        open_moves = self.filtered(
            lambda move: not move.allegro_order_id or move.state != "posted"
        )
        result = super(AllegroMoveDates, open_moves)._compute_delivery_date()
        for move in open_moves.filtered("allegro_order_id"):
            days = move.allegro_order_id._allegro_days_left()
            if days:
                move.delivery_date = days[-1]
        return result

    @api.depends("allegro_order_id", "move_type")
    def _compute_taxable_supply_date(self):
        """Once, when the draft is made: what a person chooses then stays.

        Corrections have the day of their own: art. 29a(13).
        """
        result = super()._compute_taxable_supply_date()
        for move in self.filtered(lambda move: move._allegro_is_polish()):
            move._allegro_take_tax_point()
        return result

    def _allegro_take_tax_point(self):
        """The one that the law says; nothing where it says none."""
        is_invoice = bool(self._allegro_billed_order())
        self.taxable_supply_date = (
            is_invoice and self._allegro_tax_point(self.invoice_date).day
        )

    def _allegro_tax_point(self, invoiced):
        """The order's, as this invoice knows it.

        :param invoiced: the day of the invoice, False as long as there is none
        """
        order = self._allegro_billed_order()
        return order._allegro_tax_point(invoiced, self.delivery_date)

    def _allegro_settle_dates(self):
        """Before they are posted: the day, the tax point that nobody chose, the rate.

        :raises MissingRateError: when there is no rate of the right day
        :raises UserError: when it has another one
        """
        rate = self._fields["invoice_currency_rate"]
        for move in self.filtered(lambda move: move.state == "draft"):
            with self.env.protecting([rate], move.filtered("allegro_rate_is_given")):
                if not move.invoice_date:
                    move.invoice_date = move._allegro_issued()
                if move._allegro_is_polish() and not move.taxable_supply_date:
                    move._allegro_take_tax_point()
            move._allegro_check_rate()

    # The rate

    def _get_invoice_currency_rate_date(self):
        """The last working day before the tax point, or before the invoice if earlier.

        Art. 31a(1) and (2).
        """
        if not self._allegro_is_polish():
            return super()._get_invoice_currency_rate_date()
        issued = self._allegro_issued()
        return last_working_day_before(min(issued, self.taxable_supply_date or issued))

    def _get_expected_currency_rate_at(self, date):
        """Of a correction its original's, art. 31b(1)."""
        original = self._allegro_corrected()
        if original:
            return original.invoice_currency_rate
        return super()._get_expected_currency_rate_at(date)

    @api.depends("reversed_entry_id", "move_type")
    def _compute_invoice_currency_rate(self):
        return super()._compute_invoice_currency_rate()

    def _allegro_corrected(self):
        """The invoice that this corrects, in its currency; none where there is none.

        A credit note that is made from the order does not name it.
        """
        if self.move_type != "out_refund" or not self._allegro_is_polish():
            return self.browse()
        # sudo: whoever may make the correction
        move = self.sudo()
        invoices = move.allegro_order_id.allegro_move_ids.filtered(
            lambda other: other.move_type == "out_invoice" and other.state == "posted"
        )
        originals = move.reversed_entry_id or invoices.sorted("id")
        return originals.filtered(lambda o: o.currency_id == self.currency_id)[:1]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & _RATE_FROM:
            # sudo: that it was typed is the system's to keep, whoever typed it
            self.sudo().filtered("allegro_order_id")._allegro_note_given_rate()
        return result

    def _allegro_note_given_rate(self):
        """A rate that was just written, and is not the one that Odoo takes, is typed.

        Not told from the rate later: what Odoo took before rates were entered is none.
        """
        for move in self.filtered(lambda move: move.state == "draft"):
            move.allegro_rate_is_given = not move._allegro_has_expected_rate()

    def _allegro_expected_rate(self):
        return self._get_expected_currency_rate_at(
            self._get_invoice_currency_rate_date()
        )

    def _allegro_has_expected_rate(self):
        return not float_compare(
            self.invoice_currency_rate,
            self._allegro_expected_rate(),
            precision_digits=RATE_DIGITS,
        )

    def _allegro_check_rate(self):
        """Without a rate Odoo would take a koruna for a złoty, or an old one."""
        currency = self.currency_id
        if currency == self.company_currency_id:
            return
        if not self._allegro_corrected():
            if self.allegro_rate_is_given:
                return
            self._allegro_check_rate_of(self._get_invoice_currency_rate_date())
        if not self._allegro_has_expected_rate():
            rate, expected = self.invoice_currency_rate, self._allegro_expected_rate()
            raise UserError(
                self.env._(
                    "%(document)s has an exchange rate of %(rate)s, but %(expected)s is"
                    " right for it: press the arrows beside the rate. Rates of your own"
                    " are entered under Accounting > Configuration > Currencies.",
                    document=self.display_name,
                    rate=f"{rate:.{RATE_DIGITS}f}",
                    expected=f"{expected:.{RATE_DIGITS}f}",
                )
            )

    def _allegro_check_rate_of(self, date):
        day = format_date(self.env, date)
        newest = self._allegro_newest_rate(date)
        if self._allegro_is_polish() and newest.name != date:
            raise MissingRateError(
                self.env._(
                    "There is no exchange rate for %(currency)s of %(day)s, the last"
                    " working day before the tax point. Enter it under Accounting >"
                    " Configuration > Currencies, then retry.",
                    currency=self.currency_id.name,
                    day=day,
                )
            )
        if not newest:
            raise MissingRateError(
                self.env._(
                    "There is no exchange rate for %(currency)s of %(day)s, or before."
                    " Enter one under Accounting > Configuration > Currencies, then"
                    " retry.",
                    currency=self.currency_id.name,
                    day=day,
                )
            )

    def _allegro_newest_rate(self, date):
        """The rate that Odoo takes: the company's own goes before a shared one."""
        # sudo: whoever may post the document
        return (
            self.env["res.currency.rate"]
            .sudo()
            .search(
                [
                    ("currency_id", "=", self.currency_id.id),
                    ("company_id", "in", (False, self.company_id.root_id.id)),
                    ("name", "<=", date),
                ],
                order="company_id.id, name desc",
                limit=1,
            )
        )

    # In words

    @api.depends(
        "allegro_order_id",
        "move_type",
        "state",
        "invoice_date",
        "delivery_date",
        "taxable_supply_date",
        "currency_id",
        "allegro_rate_is_given",
    )
    @api.depends_context("lang")
    def _compute_allegro_tax_point_words(self):
        for move in self:
            is_said = move._allegro_is_polish() and move._allegro_billed_order()
            move.allegro_tax_point_words = is_said and move._allegro_tax_point_text()

    def _allegro_tax_point_text(self):
        """The day that holds, and why; or why none does."""
        point = self._allegro_tax_point(self._allegro_issued())
        invoiced = self.state == "posted" and self.invoice_date
        day = self.taxable_supply_date or invoiced or point.day
        reason = self._allegro_tax_point_reason(point)
        if not day:
            return self.env._("Not set: %(reason)s", reason=reason)
        text = format_date(self.env, day)
        if not point.day:
            text = f"{text} ({reason})"
        elif point.day == day:
            text = f"{text}: {reason}"
        else:
            text = self.env._(
                "%(day)s; by payment and dispatch %(other)s: %(reason)s",
                day=text,
                other=format_date(self.env, point.day),
                reason=reason,
            )
        if self.currency_id == self.company_currency_id:
            return text
        if self.allegro_rate_is_given:
            return self.env._(
                "%(tax_point)s. Exchange rate typed by hand", tax_point=text
            )
        rate_date = self._get_invoice_currency_rate_date()
        return self.env._(
            "%(tax_point)s. Exchange rate of %(day)s (art. 31a)",
            tax_point=text,
            day=format_date(self.env, rate_date),
        )

    def _allegro_tax_point_reason(self, point):
        words = {
            tax_point.PAID: self.env._("paid before the goods left (art. 19a(8))"),
            tax_point.LEFT: self.env._("the goods left (art. 19a(1))"),
            tax_point.INVOICED: self.env._(
                "invoiced to another EU country (art. 20(1))"
            ),
            tax_point.FIFTEENTH: self.env._(
                "the 15th after the month in which the goods left for another EU"
                " country (art. 20(1))"
            ),
            tax_point.NOT_YET: self.env._("neither paid nor handed over yet"),
            tax_point.PARTLY: self.env._("a part is neither paid nor handed over yet"),
            tax_point.PAYMENT_DAY_UNKNOWN: self.env._(
                "Allegro does not tell the day of a payment"
            ),
            tax_point.SEVERAL_MONTHS: self.env._("its parts fall into several months"),
        }
        if point.day or not point.parts:
            return words[point.reason]
        of_part = {
            tax_point.PAID: self.env._("paid"),
            tax_point.LEFT: self.env._("left"),
            tax_point.INVOICED: self.env._("invoiced"),
            tax_point.FIFTEENTH: self.env._("the 15th after it left"),
        }
        parts = [
            f"{format_date(self.env, day)} ({of_part[reason]})"
            for day, reason in point.parts
        ]
        return f"{words[point.reason]}: {', '.join(parts)}"
