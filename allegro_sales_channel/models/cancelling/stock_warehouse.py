from odoo import fields, models


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "allegro.guarded"]

    allegro_audit_location_id = fields.Many2one(
        "stock.location",
        string="Parts stock audit",
        copy=False,
        readonly=True,
        check_company=True,
        ondelete="restrict",
        help="Where parts of orders that buyers cancelled wait until somebody has"
        " looked at them. They count in the value of the stock, but can't be sold.",
    )

    def _allegro_audit_location(self):
        """This warehouse's location for parts to be checked, made when first needed.

        An internal location, so its content is valued and counted. But it stands
        beside the warehouse, not within: what lies there is neither on hand nor free
        nor forecast in any warehouse, and no delivery can reserve it.

        :return: one ``stock.location``
        """
        self.ensure_one()
        warehouse = self.sudo()
        if not warehouse.allegro_audit_location_id:
            # two workers at once: the second one's write on the warehouse fails
            warehouse.allegro_audit_location_id = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": self.env._(
                            "%(warehouse)s: Parts stock audit", warehouse=warehouse.code
                        ),
                        "usage": "internal",
                        "company_id": warehouse.company_id.id,
                    }
                )
            )
        location = warehouse.allegro_audit_location_id
        if not location.active:
            location.active = True
        if location.warehouse_id:
            # moved into a warehouse once, where its parts would be for sale
            location.location_id = False
        return location
