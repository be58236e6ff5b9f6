from odoo import api, fields, models

from ...allegro import fulfilment_rules


class AllegroDeliveryMethod(models.Model):
    """A way of delivery on Allegro, and what it is in Odoo."""

    _name = "allegro.delivery.method"
    _description = "Allegro delivery method"
    _inherit = ["allegro.guarded"]
    _order = "name, id"
    _rec_names_search = ["name", "method_id"]

    method_id = fields.Char("Allegro's number", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True)
    marketplaces = fields.Char(readonly=True)
    cash_on_delivery = fields.Boolean("Paid on delivery", readonly=True)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        string="Delivery method in Odoo",
        company_dependent=True,
        ondelete="restrict",
        help="New orders with this way of delivery get it on their deliveries. Each"
        " company has its own.",
    )
    allegro_carrier_id = fields.Many2one(
        "allegro.carrier",
        string="Carrier on Allegro",
        ondelete="restrict",
        help="Proposed when a tracking number is entered. Found by itself where the"
        " name tells it.",
    )

    _method_unique = models.UniqueIndex(
        "(method_id)", "This delivery method is here already."
    )

    @api.model
    def _by_method(self, method_id):
        """The mapping of one of Allegro's ids, archived or not; empty when none."""
        if not method_id:
            return self
        methods = self.with_context(active_test=False)
        return methods.search([("method_id", "=", method_id)], limit=1)

    @api.model
    def _take_over(self, methods):
        """Add what is new at Allegro; nothing that a person has set is touched.

        Methods that Allegro no longer lists stay: orders still have them.

        :param methods: list of ``DeliveryMethod``
        """
        known = {
            method.method_id: method
            for method in self.with_context(active_test=False).search([])
        }
        new = []
        for listed in methods:
            values = {
                "name": listed.name,
                "marketplaces": ", ".join(listed.marketplaces) or False,
                "cash_on_delivery": listed.cash_on_delivery,
            }
            method = known.get(listed.id)
            if method is None:
                code = fulfilment_rules.carrier_of_method(listed.name)
                carrier = self.env["allegro.carrier"]._by_code(code)
                new.append(
                    {
                        "method_id": listed.id,
                        "allegro_carrier_id": carrier.id,
                        **values,
                    }
                )
            elif any(method[name] != value for name, value in values.items()):
                method.write(values)
        self.create(new)
