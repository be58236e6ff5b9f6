from odoo import api, models
from odoo.exceptions import ValidationError


class StockLocation(models.Model):
    _inherit = "stock.location"

    @api.constrains("location_id", "usage")
    def _check_allegro_audit_location(self):
        """Parts to be checked must never be for sale, nor out of the stock's value."""
        # sudo: it is a location of the audit, whoever may see the warehouse
        warehouses = self.env["stock.warehouse"].sudo()
        for warehouse in warehouses.search(
            [("allegro_audit_location_id", "child_of", self.ids)]
        ):
            audit = warehouse.allegro_audit_location_id
            # not by the location's own warehouse, which Odoo reckons only afterwards
            around = [("view_location_id", "parent_of", audit.ids)]
            if audit.usage != "internal" or warehouses.search_count(around, limit=1):
                raise ValidationError(
                    self.env._(
                        "Parts of cancelled Allegro orders wait in %(location)s until"
                        " they are checked: it has to stay an internal location outside"
                        " all warehouses, or they could be sold.",
                        location=audit.display_name,
                    )
                )
