"""Where the parts of an order are: on a shelf, in packing, or at the customer's."""

from collections import defaultdict

from odoo import models

from .part import Part, merged


class AllegroOrderParts(models.AbstractModel):
    """The part of ``sale.order`` that knows where its goods are."""

    _name = "allegro.order.parts"
    _description = "Parts of Allegro orders"

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
        return merged(parts), _without_zeros(missing)

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
        return merged(parts)


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


def _without_zeros(quantities):
    return {
        product: product.uom_id.round(quantity)
        for product, quantity in quantities.items()
        if product.uom_id.compare(quantity, 0) > 0
    }
