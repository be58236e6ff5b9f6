"""Which carrier a tracking number of an order belongs to."""

from odoo import models

from ...allegro import fulfilment_rules
from ...allegro.shipments import LONGEST_CARRIER_NAME, OTHER


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _allegro_carrier_for(self, waybill=None, picking=None):
        """The carrier of a tracking number, as far as it can be known.

        What a number's form tells for sure comes first; then what the delivery's own
        method is mapped to, then that of the order's method on Allegro, then what the
        method's name says.

        :param waybill: the number, None when there is none yet
        :param picking: the delivery that it is for
        :return: an ``allegro.carrier``, in doubt the one for other carriers; empty only
            when Allegro's list was never read
        """
        self.ensure_one()
        carriers = self.env["allegro.carrier"].sudo()
        company = self.company_id
        methods = self.env["allegro.delivery.method"].sudo().with_company(company)
        own = methods._by_method(self.allegro_delivery_method_id)
        mapped = own.allegro_carrier_id
        delivery = picking and picking.carrier_id
        if delivery and delivery != own.carrier_id:
            known = methods.search(
                [("carrier_id", "=", delivery.id), ("allegro_carrier_id", "!=", False)],
                limit=1,
            )
            code = fulfilment_rules.carrier_of_method(delivery.name)
            mapped = known.allegro_carrier_id or carriers._by_code(code) or mapped
        of_number = fulfilment_rules.carrier_of_waybill(waybill or "")
        of_name = fulfilment_rules.carrier_of_method(self.allegro_delivery_method)
        return (
            carriers._by_code(of_number)
            or mapped.filtered("active")
            or carriers._by_code(of_name)
            or carriers._by_code(OTHER)
        )

    def _allegro_parcel_values(self, carrier, waybill, picking=None, **values):
        """The values of a new parcel of this order.

        :param carrier: ``allegro.carrier``; empty for another one
        """
        self.ensure_one()
        name = carrier.name
        if not carrier or carrier.is_other:
            delivery = picking and picking.carrier_id
            name = values.pop("carrier_name", None) or (
                delivery.name if delivery else self.allegro_delivery_method
            )
            name = (name or self.env._("Other carrier"))[:LONGEST_CARRIER_NAME]
        return {
            "order_id": self.id,
            "picking_id": picking.id if picking else False,
            "carrier_code": carrier.code or OTHER,
            "waybill": waybill,
            **values,
            "carrier_name": name,
        }
