import re

from odoo import api, fields, models

from ...allegro import tracking_numbers

#: How Allegro's marketplaces name it when the buyer fetches his goods, or the seller
#: brings them. Points and lockers have other names.
_IN_PERSON = re.compile(
    r"odbi[oó]r osobisty|transport własny|dostawa własna|przesyłka własna"
    r"|osobn[ií] odběr|osobný odber|személyes átvétel",
    re.IGNORECASE,
)


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

    without_number = fields.Boolean(
        "No tracking number",
        compute="_compute_without_number",
        store=True,
        readonly=False,
        precompute=True,
        help="The buyer fetches the goods himself, or you bring them: handing over does"
        " not ask for a tracking number.",
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

    # Not of the name: what a person has set here stays when Allegro renames it.
    @api.depends("method_id")
    def _compute_without_number(self):
        for method in self:
            method.without_number = bool(_IN_PERSON.search(method.name or ""))

    @api.model
    def _goes_without_number(self, method_id, name):
        """Does a way of delivery need no tracking number?

        :param name: tells it where the method is not listed here
        """
        method = self._by_method(method_id)
        return method.without_number if method else bool(_IN_PERSON.search(name or ""))

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
            method = known.get(listed.id, self.browse())
            # what Allegro leaves out for once is not changed
            is_named = listed.name != listed.id
            values = {
                "name": listed.name if is_named else method.name or listed.id,
                "marketplaces": ", ".join(listed.marketplaces) or method.marketplaces,
                "cash_on_delivery": listed.cash_on_delivery,
            }
            if not method:
                code = tracking_numbers.carrier_of_method(listed.name)
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
