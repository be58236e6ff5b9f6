"""What the tax point of an Allegro order follows from: what was paid, what has left."""

from decimal import Decimal

from odoo import models

from ...allegro import statuses
from ...allegro.tax_point import FOR_A_PERSON, Payment, tax_point


class AllegroOrderTaxPoint(models.AbstractModel):
    """The part of ``sale.order`` that tells when its tax becomes due."""

    _name = "allegro.order.tax.point"
    _description = "Tax points of Allegro orders"

    def _allegro_tax_point(self, invoiced=None, said=None):
        """By the Polish VAT act, in the company's local dates.

        :param invoiced: the day of the invoice, None as long as there is none
        :param said: as for :meth:`_allegro_days_left`
        :return: :class:`TaxPoint`
        """
        self.ensure_one()
        first, later = self._allegro_received()
        # a top-up is paid at once, however the order is
        payments = [
            self._allegro_payment(*first, self.allegro_payment_type),
            self._allegro_payment(*later, None),
        ]
        # what has a day to come is not paid yet
        today = self.company_id._allegro_today()
        payments = [paid for paid in payments if not paid.day or paid.day <= today]
        left = self._allegro_days_left(said)
        return tax_point(
            _exact(self.allegro_total_to_pay),
            payments,
            left,
            all_left=bool(left) and not self._allegro_has_parcel_here(),
            to_union=self._allegro_is_to_union(),
            invoiced=invoiced or None,
        )

    def _allegro_payment(self, moment, amount, kind):
        date = self.company_id._allegro_local_date(moment) if moment else None
        return Payment(date, _exact(amount), kind)

    def _allegro_tax_point_is_unclear(self):
        """Does a person have to decide, where it matters?"""
        return (
            self.company_id.account_fiscal_country_id.code == "PL"
            and self._allegro_tax_point().reason in FOR_A_PERSON
        )

    def _allegro_days_left(self, said=None):
        """The company's date on which each parcel left, the first one first.

        :param said: the day for what left without a delivery in Odoo; today where
            nothing is said but that Allegro has it as handed over
        """
        company = self.company_id
        gone = self._allegro_parcels_gone().mapped("date_done")
        days = sorted(map(company._allegro_local_date, filter(None, gone)))
        if not days and said:
            days = [said]
        elif not days and self.allegro_fulfillment_status in statuses.HANDED_OVER:
            days = [company._allegro_today()]
        return days

    def _allegro_parcels_gone(self):
        # sudo: who invoices need not be of the warehouse
        return self.sudo().picking_ids.filtered(
            lambda picking: picking.state == "done"
            and picking.location_dest_id.usage == "customer"
        )

    def _allegro_has_parcel_here(self):
        """Of an order sent in several; Allegro knows no parcel that stays here."""
        return bool(self._allegro_parcels_gone() and self._allegro_open_pickings())

    def _allegro_is_to_union(self):
        """Is it sold without VAT to a company in another country of the Union?"""
        country = self.partner_shipping_id.country_id
        return (
            country != self.company_id.account_fiscal_country_id
            and self._allegro_goes_to_union()
            and bool(self.partner_invoice_id.commercial_partner_id.vat)
            and self.currency_id.is_zero(self.amount_tax)
        )


def _exact(amount):
    """As Allegro wrote it."""
    return Decimal(f"{amount:.2f}")
