"""Steps of its own in the recipes of an order."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    example_marketplace = fields.Char(readonly=True)
    example_followed = fields.Integer(readonly=True)

    @api.model
    def _allegro_new_order_steps(self):
        return super()._allegro_new_order_steps() + ["_example_values"]

    @api.model
    def _example_values(self, new):
        return {"example_marketplace": new.form.marketplace}

    def _allegro_follow_steps(self):
        steps = super()._allegro_follow_steps()
        steps.insert(steps.index("_allegro_tell_screens"), "_example_follow")
        return steps

    def _example_follow(self, news):
        if news.changes:
            self.example_followed += 1
