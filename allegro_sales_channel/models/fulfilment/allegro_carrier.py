from odoo import api, fields, models

from ...allegro.shipments import OTHER


class AllegroCarrier(models.Model):
    """Who Allegro lets one choose for a tracking number.

    A copy of Allegro's own list, for the time when Allegro is away. One that Allegro
    drops is archived: old parcels still name it.
    """

    _name = "allegro.carrier"
    _description = "Allegro carrier"
    _inherit = ["allegro.guarded"]
    _order = "is_other, name, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True, readonly=True)
    is_other = fields.Boolean(
        compute="_compute_is_other",
        store=True,
        help="Any carrier that Allegro does not know by itself. It can't be followed"
        " there.",
    )

    _code_unique = models.UniqueIndex("(code)", "This carrier is here already.")

    @api.depends("code")
    def _compute_is_other(self):
        for carrier in self:
            carrier.is_other = carrier.code == OTHER

    @api.model
    def _by_code(self, code):
        """The carrier that Allegro has today under this code; empty when none."""
        return self.search([("code", "=", code)], limit=1) if code else self

    @api.model
    def _take_over(self, carriers):
        """Make this list the same as Allegro's.

        :param carriers: list of ``Carrier``
        """
        known = {
            carrier.code: carrier
            for carrier in self.with_context(active_test=False).search([])
        }
        for listed in carriers:
            name = listed.name or self._name_of(listed.id)
            carrier = known.pop(listed.id, None)
            if carrier is None:
                self.create({"code": listed.id, "name": name})
            elif (carrier.name, carrier.active) != (name, True):
                carrier.write({"name": name, "active": True})
        for dropped in known.values():
            dropped.active = False

    def _name_of(self, code):
        return self.env._("Other carrier") if code == OTHER else code
