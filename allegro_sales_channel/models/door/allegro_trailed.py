"""Documents of which Allegro is told: the way to their trail."""

from odoo import fields, models


class AllegroTrailed(models.AbstractModel):
    """For models that the trail's lines are about."""

    _name = "allegro.trailed"
    _description = "Document with a trail"

    allegro_trail_count = fields.Integer(
        "Told to Allegro",
        compute="_compute_allegro_trail_count",
        groups="allegro_sales_channel.group_allegro_user",
    )

    def _allegro_trail_key(self):
        """The field of the trail's lines that names one of these documents."""
        return "order_id" if self._name == "sale.order" else "res_id"

    def _allegro_trail_domain(self):
        key = self._allegro_trail_key()
        domain = [(key, "in", self.ids)]
        return (
            domain if key == "order_id" else [*domain, ("res_model", "=", self._name)]
        )

    def _compute_allegro_trail_count(self):
        key = self._allegro_trail_key()
        counted = dict(
            self.env["allegro.trail"]._read_group(
                self._allegro_trail_domain(), [key], ["__count"]
            )
        )
        for document in self:
            found = document._origin if key == "order_id" else document.id
            document.allegro_trail_count = counted.get(found, 0)

    def action_allegro_open_trail(self):
        """What Allegro was told of these documents, and what came of it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_trail"
        )
        return {**action, "domain": self._allegro_trail_domain(), "context": {}}
