from datetime import timedelta

from odoo import api, fields, models

from ...allegro.shipments import OTHER

#: A carrier is dropped when Allegro has not listed it for so long: a list may be cut
#: short for once.
_MISSING_FOR = timedelta(days=2)


class AllegroCarrier(models.Model):
    """Who Allegro lets one choose for a tracking number.

    A copy of Allegro's own list, for the time when Allegro is away. One that Allegro
    drops is archived: old parcels still name it. The sandbox's list stands only until
    Allegro's real one has been read.
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

    from_production = fields.Boolean(
        readonly=True, help="Allegro itself has listed it, not only its sandbox."
    )
    missing_since = fields.Datetime(
        readonly=True, help="Since when Allegro lists it no longer."
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
    def _stands(self, environment):
        """Is a list that is read there to be taken over?

        Production's always; another one's only while there is none of production's,
        whether or not an account is connected to it today.
        """
        known = self.with_context(active_test=False)
        return environment == "production" or not known.search_count(
            [("from_production", "=", True)], limit=1
        )

    @api.model
    def _take_over(self, carriers, from_production=False):
        """Make this list the same as Allegro's.

        :param carriers: list of ``Carrier``; an empty one is no list
        """
        known = {
            carrier.code: carrier
            for carrier in self.with_context(active_test=False).search([])
        }
        for listed in carriers:
            carrier = known.pop(listed.id, None)
            if carrier is None:
                carrier = self.create(
                    {"code": listed.id, "name": listed.name or self._name_of(listed.id)}
                )
            carrier._keep(
                {
                    "name": listed.name or carrier.name,
                    "active": True,
                    "from_production": from_production or carrier.from_production,
                    "missing_since": False,
                }
            )
        if carriers:
            self.union(*known.values())._miss()

    def _keep(self, values):
        if any(self[name] != value for name, value in values.items()):
            self.write(values)

    def _miss(self):
        """Archive those that have been missing for long, note the others."""
        now = fields.Datetime.now()
        self.filtered(lambda carrier: not carrier.missing_since).missing_since = now
        self.filtered(
            lambda carrier: carrier.missing_since <= now - _MISSING_FOR
        ).active = False

    def _name_of(self, code):
        return self.env._("Other carrier") if code == OTHER else code
