"""``Platnosc`` of an Allegro document: what was paid by then, and how.

Odoo writes what is booked. What the buyer has paid through Allegro is paid in law,
booked or not; the file is in Polish, as is what Odoo writes into it.
"""

from odoo import models
from odoo.tools import float_repr

from odoo.addons.allegro_sales_channel.models.money.sale_order import OPERATORS

#: Kinds of payment of Allegro's -> how KSeF names them: 6 is a bank transfer.
FORMS = {
    "CASH_ON_DELIVERY": {"PlatnoscInna": "1", "OpisPlatnosci": "Za pobraniem"},
    "EXTENDED_TERM": {
        "PlatnoscInna": "1",
        "OpisPlatnosci": "Allegro (odroczony termin płatności)",
    },
    "WIRE_TRANSFER": {"FormaPlatnosci": "6"},
}


class AllegroKsefPayment(models.AbstractModel):
    """The part of ``account.move`` that writes how an Allegro document is paid."""

    _name = "allegro.ksef.payment"
    _description = "Payment in the KSeF file of Allegro's documents"

    def _allegro_write_payment(self, file):
        if self.move_type == "out_refund":
            # nothing is due to the seller, and what he gives back is no payment to him
            file.put("Fa", "Platnosc")
            return
        form = self._allegro_form_of_payment()
        for name in ("FormaPlatnosci", "PlatnoscInna", "OpisPlatnosci"):
            file.put("Platnosc", name, *filter(None, [form.get(name)]))
        payments = self._allegro_payments_by_then()
        if payments:
            self._allegro_write_paid(file, form, payments)
        if self._allegro_is_settled():
            file.put("Platnosc", "TerminPlatnosci")
        if not self._allegro_leaves_payment_to_us():
            file.put("Platnosc", "RachunekBankowy")

    def _allegro_payments_by_then(self):
        """What was paid when the invoice was issued, with its day: all KSeF asks for.

        :return: list of (date, amount)
        """
        return [
            (date, amount)
            for date, amount in self._allegro_payments()
            if date and date <= self.invoice_date
        ]

    def _allegro_write_paid(self, file, form, payments):
        """At once, or in parts, whose mark is 1 for less than all and 2 for all."""
        paid = sum(amount for _date, amount in payments)
        is_whole = self.currency_id.is_zero(self.amount_total - paid)
        is_at_once = is_whole and len(payments) == 1
        mark = "2" if is_whole else "1"
        date, _amount = payments[-1]
        parts = [
            [
                ("KwotaZaplatyCzesciowej", float_repr(amount, 2)),
                ("DataZaplatyCzesciowej", date.isoformat()),
                *form.items(),
            ]
            for date, amount in payments
        ]
        contents = {
            "Zaplacono": ["1"] if is_at_once else [],
            "DataZaplaty": [date.isoformat()] if is_at_once else [],
            "ZnacznikZaplatyCzesciowej": [] if is_at_once else [mark],
            "ZaplataCzesciowa": [] if is_at_once else parts,
        }
        for name, content in contents.items():
            file.put("Platnosc", name, *content)

    def _allegro_form_of_payment(self):
        """The elements that name it; none where nobody knows yet."""
        order = self._allegro_billed_order()
        kind = order.allegro_payment_type
        if kind in FORMS:
            return FORMS[kind]
        if not self._allegro_payments():
            return {}
        # of others nothing is said
        operator = OPERATORS.get(order.allegro_payment_provider)
        name = f"Allegro ({operator})" if operator else "Allegro"
        return {"PlatnoscInna": "1", "OpisPlatnosci": name}
