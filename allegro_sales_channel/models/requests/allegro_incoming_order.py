from odoo import fields, models

from ...allegro import rules


class AllegroIncomingOrder(models.Model):
    _inherit = "allegro.incoming.order"

    asked_for = fields.Boolean(
        readonly=True,
        help="A person named this very order, so it is imported although it was bought"
        " before the import's start.",
    )

    def _wanted(self, form):
        return super()._wanted(form) or (self.asked_for and rules.is_importable(form))
