"""Where the parts of an order are: on a shelf, in packing, or at the customer's."""

from collections import defaultdict
from dataclasses import dataclass, replace

from odoo import models


@dataclass(frozen=True)
class Part:
    """Pieces of one product that lie together.

    All but the quantity are single or empty records.

    :ivar location: where they are now
    :ivar shelf: where they were stored, so where they go back to
    :ivar quantity: in the product's own unit
    :ivar delivery: the move by which they left, empty when they are here
    """

    product: models.BaseModel
    lot: models.BaseModel
    package: models.BaseModel
    owner: models.BaseModel
    location: models.BaseModel
    shelf: models.BaseModel
    quantity: float
    delivery: models.BaseModel


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _allegro_parts(self, *, with_free=False):
        """The stocked parts that are here for this order, by place, lot and product.

        Kits are their components, as in the deliveries. Never more than the quants
        hold: what a delivery promises beyond that is missing, not a part.

        :param with_free: also take what is not reserved but free on the shelves; what
            was picked from them already is taken in any case
        :return: list of :class:`Part`, and a dict of the missing quantity by product
        """
        self.ensure_one()
        moves = self.sudo()._allegro_open_moves()
        parts, missing = self._allegro_reserved_parts(moves.move_line_ids)
        wanted = defaultdict(self.env["stock.move"].sudo)
        for move in moves:
            wanted[move.product_id, move.location_id] += move
        for (product, _location), wanting in wanted.items():
            quantity = sum(move._allegro_unreserved() for move in wanting)
            if with_free or wanting._allegro_earlier_steps():
                free = wanting._allegro_free_parts(quantity)
                parts += free
                quantity -= sum(part.quantity for part in free)
            missing[product] += quantity
        return _merged(parts), _without_zeros(missing)

    def _allegro_open_moves(self):
        """Every step that is still to come for a stocked product of this order."""
        moves = self.order_line.move_ids | self.picking_ids.move_ids
        return moves.filtered(
            lambda move: move.state not in ("draft", "done", "cancel")
            and move.product_id.is_storable
            and move.location_id.usage in ("internal", "transit")
        )

    def _allegro_reserved_parts(self, move_lines):
        """The parts of reserved or picked lines, and what of them is not there."""
        parts, missing = [], defaultdict(float)
        reserved = defaultdict(float)
        for line in move_lines:
            reserved[_place(line)] += line.quantity_product_uom
        there = {}
        for place, own in reserved.items():
            # what is there, without what other orders have reserved of it
            quants = self.env["stock.quant"].sudo().search(_quant_domain(place))
            others = max(0, sum(quants.mapped("reserved_quantity")) - own)
            there[place] = max(0, sum(quants.mapped("quantity")) - others)
        for line in move_lines:
            place = _place(line)
            quantity = min(line.quantity_product_uom, there[place])
            there[place] -= quantity
            missing[line.product_id] += line.quantity_product_uom - quantity
            shelves = line.move_id._allegro_shelves(
                quantity, line.lot_id, line.location_id
            )
            for shelf, share in shelves.items():
                parts.append(
                    Part(
                        product=line.product_id,
                        lot=line.lot_id,
                        package=line.package_id,
                        owner=line.owner_id,
                        location=line.location_id,
                        shelf=shelf,
                        quantity=share,
                        delivery=line.move_id.browse(),
                    )
                )
        return parts, missing

    def _allegro_left_parts(self):
        """The parts that were handed over and did not come back.

        :return: list of :class:`Part`
        """
        self.ensure_one()
        moves = self.sudo().order_line.move_ids | self.sudo().picking_ids.move_ids
        done = moves.filtered(
            lambda move: move.state == "done" and move.product_id.is_storable
        )
        returned = defaultdict(float)
        for line in done.filtered(
            lambda move: move.location_id.usage == "customer"
        ).move_line_ids:
            returned[line.product_id, line.lot_id] += line.quantity_product_uom
        parts = []
        for line in done.filtered(
            lambda move: move.location_dest_id.usage == "customer"
        ).move_line_ids:
            key = (line.product_id, line.lot_id)
            back = min(returned[key], line.quantity_product_uom)
            returned[key] -= back
            left = line.quantity_product_uom - back
            shelves = line.move_id._allegro_shelves(left, line.lot_id, line.location_id)
            for shelf, share in shelves.items():
                parts.append(
                    Part(
                        product=line.product_id,
                        lot=line.lot_id,
                        package=line.package_id.browse(),
                        owner=line.owner_id,
                        location=line.location_dest_id,
                        shelf=shelf,
                        quantity=share,
                        delivery=line.move_id,
                    )
                )
        return _merged(parts)


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


def _place(line):
    return (
        line.product_id,
        line.lot_id,
        line.package_id,
        line.owner_id,
        line.location_id,
    )


def _quant_domain(place):
    names = ("product_id", "lot_id", "package_id", "owner_id", "location_id")
    pairs = zip(names, place, strict=True)
    return [(name, "=", record.id) for name, record in pairs]


def _merged(parts):
    """One part for each place, without empty ones, in the order of the shelves."""
    quantities = defaultdict(float)
    for part in parts:
        quantities[replace(part, quantity=0)] += part.quantity
    merged = [
        replace(part, quantity=part.product.uom_id.round(quantity))
        for part, quantity in quantities.items()
        if part.product.uom_id.compare(quantity, 0) > 0
    ]
    return sorted(
        merged,
        key=lambda part: (
            part.location.complete_name or "",
            part.product.display_name,
            part.lot.name or "",
        ),
    )


def _without_zeros(quantities):
    return {
        product: product.uom_id.round(quantity)
        for product, quantity in quantities.items()
        if product.uom_id.compare(quantity, 0) > 0
    }
