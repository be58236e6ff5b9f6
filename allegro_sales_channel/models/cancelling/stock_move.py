"""From where goods are taken, and from which shelf they came."""

from collections import defaultdict

from odoo import models

from .part import Part


class StockMove(models.Model):
    _inherit = "stock.move"

    def _allegro_unreserved(self):
        """What this step still needs and no earlier step of the order brings."""
        self.ensure_one()
        earlier = self.move_orig_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
            and move.location_id.usage in ("internal", "transit")
        )
        reserved = sum(self.move_line_ids.mapped("quantity_product_uom"))
        coming = sum(earlier.mapped("product_qty"))
        return max(0, self.product_qty - reserved - coming)

    def _allegro_free_parts(self, quantity):
        """What Odoo would reserve for these moves now.

        :param self: moves of one product from one place
        :return: list of :class:`Part`
        """
        product, location = self.product_id, self.location_id
        quants = self.env["stock.quant"].sudo()
        found = quants._get_reserve_quantity(product, location, quantity)
        return [
            Part(
                product=product,
                lot=quant.lot_id,
                package=quant.package_id,
                owner=quant.owner_id,
                location=quant.location_id,
                shelf=shelf,
                quantity=share,
                delivery=self.browse(),
            )
            for quant, taken in found
            for shelf, share in self._allegro_shelves(
                taken, quant.lot_id, quant.location_id
            ).items()
        ]

    def _allegro_earlier_steps(self):
        """The steps that have brought goods to where these moves take them."""
        return self.move_orig_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "internal"
        )

    def _allegro_shelves(self, quantity, lot, location):
        """From which shelves goods came, through the earlier steps.

        :param lot: of the goods, may be empty
        :param location: where they are now
        :return: dict of quantities by location
        """
        shelves = defaultdict(float)
        steps = self._allegro_earlier_steps()
        for line in steps.move_line_ids.filtered(lambda line: line.lot_id == lot):
            share = min(quantity, line.quantity_product_uom)
            if share > 0:
                quantity -= share
                earlier = line.move_id._allegro_shelves(share, lot, line.location_id)
                for shelf, part in earlier.items():
                    shelves[shelf] += part
        if quantity > 0:
            shelves[location] += quantity
        return shelves
