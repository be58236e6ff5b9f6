"""Parts stock audit: somebody looks at each part of an order that was cancelled."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools.misc import clean_context


class AllegroStockAudit(models.Model):
    """Pieces of one product and lot that wait for a person's decision.

    They lie in the warehouse's audit location, moved there by a real transfer, or are
    still with the customer when the goods had left before the cancellation.
    """

    _name = "allegro.stock.audit"
    _description = "Part to check after a cancellation"
    _inherit = ["mail.thread", "allegro.guarded"]
    _order = "waiting_since, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    allegro_account_id = fields.Many2one(
        related="order_id.allegro_account_id", store=True, index=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    buyer_login = fields.Char(related="order_id.allegro_buyer_login")
    reason = fields.Selection(
        [
            ("buyer", "Buyer cancelled"),
            ("allegro", "Never paid"),
            ("seller", "Kept by seller"),
        ],
        help="Why the part is here. Kept by seller: the seller cancelled the order, but"
        " took the part out of the write-off.",
        required=True,
        readonly=True,
    )
    reason_text = fields.Char("Seller's reason", readonly=True)

    # Which part

    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_image = fields.Image(related="product_id.image_256")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    owner_id = fields.Many2one("res.partner", readonly=True)
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    value = fields.Monetary(
        readonly=True, help="At the product's cost on the day of the cancellation."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # Where it is

    location_id = fields.Many2one(
        "stock.location",
        string="Shelf",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        help="Where the part was taken from, and where Back in stock puts it.",
    )
    package_id = fields.Many2one("stock.package", readonly=True, check_company=True)
    move_id = fields.Many2one(
        "stock.move", string="Transfer to the audit", readonly=True, copy=False
    )
    picking_id = fields.Many2one(related="move_id.picking_id", string="Transfer")
    delivery_move_id = fields.Many2one("stock.move", readonly=True, copy=False)
    has_left = fields.Boolean(
        "Had left",
        readonly=True,
        help="The part had been handed over before the order was cancelled. It is to be"
        " checked when it comes back.",
    )

    # What became of it

    state = fields.Selection(
        [
            ("to_check", "To check"),
            ("back_in_stock", "Back in stock"),
            ("written_off", "Written off"),
        ],
        required=True,
        readonly=True,
        default="to_check",
        index=True,
        tracking=True,
    )
    scrap_reason_tag_id = fields.Many2one(
        "stock.scrap.reason.tag", string="Write-off reason", tracking=True
    )
    note = fields.Text(tracking=True)
    photo = fields.Image(max_width=1920, max_height=1920)
    has_photo = fields.Boolean(compute="_compute_has_photo")
    resolved_move_id = fields.Many2one("stock.move", readonly=True, copy=False)
    scrap_id = fields.Many2one("stock.scrap", readonly=True, copy=False)
    resolved_at = fields.Datetime("Decided on", readonly=True, copy=False)
    resolved_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )

    # How long it has been waiting

    waiting_since = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    waiting_days = fields.Integer(
        "Days waiting", compute="_compute_waiting", aggregator=None
    )
    is_overdue = fields.Boolean(
        "Waiting too long", compute="_compute_waiting", search="_search_is_overdue"
    )

    # Computed

    @api.depends("product_id", "lot_id", "order_id")
    def _compute_display_name(self):
        for audit in self:
            names = (audit.product_id, audit.lot_id, audit.order_id)
            audit.display_name = ", ".join(
                # the order may be another salesperson's
                record.sudo().display_name
                for record in names
                if record
            )

    @api.depends("photo")
    def _compute_has_photo(self):
        for audit in self.with_context(bin_size=True):
            audit.has_photo = bool(audit.photo)

    @api.depends("waiting_since", "state", "company_id.allegro_audit_days")
    def _compute_waiting(self):
        now = fields.Datetime.now()
        for audit in self:
            waiting = audit.state == "to_check" and now - audit.waiting_since
            audit.waiting_days = waiting.days if waiting else 0
            days = audit.company_id.allegro_audit_days
            audit.is_overdue = waiting and waiting >= timedelta(days=days)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        companies = self.env.companies
        overdue = Domain("state", "=", "to_check") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "waiting_since", "<=", now - timedelta(days=company.allegro_audit_days)
            )
            for company in companies
        )
        return overdue if True in value else ~overdue

    # News for open screens: their orders' news, by which the page's counter counts anew

    @api.model_create_multi
    def create(self, vals_list):
        audits = super().create(vals_list)
        audits.sudo().order_id._allegro_notify()
        return audits

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # sudo: the order may be another salesperson's
            self.sudo().order_id._allegro_notify()
        return result

    # In

    @api.model
    def _take_in(self, order, parts, reason, reason_texts=None):
        """Move parts out of sale and note one line for each.

        :param order: the cancelled ``sale.order``, whose reservations are gone
        :param parts: list of ``Part`` that are here
        :param reason: a value of the field
        :param reason_texts: dict of the seller's own words by ``Part``
        """
        if not parts:
            return self
        warehouse = order.warehouse_id.sudo()
        audit_location = warehouse._allegro_audit_location()
        moves = self._transfer(
            warehouse.int_type_id,
            order.name,
            [
                {
                    "product": part.product,
                    "quantity": part.quantity,
                    "lot": part.lot,
                    "package": part.package,
                    "owner": part.owner,
                    "location": part.location,
                    "destination": audit_location,
                }
                for part in parts
            ],
        )
        return self.sudo().create(
            [
                {
                    **self._values(order, part, reason),
                    "reason_text": (reason_texts or {}).get(part),
                    "move_id": move.id,
                }
                for part, move in zip(parts, moves, strict=True)
            ]
        )

    @api.model
    def _note_left(self, order, parts, reason):
        """Note parts that are with the customer already: nothing can be moved.

        :param parts: list of ``Part`` that have left
        """
        return self.sudo().create(
            [
                {
                    **self._values(order, part, reason),
                    "has_left": True,
                    "delivery_move_id": part.delivery.id,
                }
                for part in parts
            ]
        )

    @api.model
    def _values(self, order, part, reason):
        return {
            "order_id": order.id,
            "product_id": part.product.id,
            "lot_id": part.lot.id,
            "owner_id": part.owner.id,
            # in packing a part is in the buyer's box, on its shelf in the shelf's own
            "package_id": part.package.id if part.location == part.shelf else False,
            "location_id": part.shelf.id,
            "quantity": part.quantity,
            "value": order._allegro_value_of(part),
            "reason": reason,
        }

    # Out

    def action_back_to_stock(self):
        """Put these parts back on the shelves they came from.

        :raises UserError: when a part was written off, or is not where it should be
        """
        todo = self._lock_undecided("back_in_stock")
        todo._check_all_there()
        for order, audits in todo.sudo().grouped("order_id").items():
            warehouse = order.warehouse_id
            left = audits.filtered("has_left")
            here = audits - left
            here._return(warehouse.int_type_id)
            return_type = warehouse.out_type_id.return_picking_type_id
            left._return(return_type or warehouse.in_type_id)
        todo._decide("back_in_stock")
        return True

    def action_write_off(self):
        """Take these parts out of stock for good, for the reason on each.

        :raises UserError: when a part was put back in stock already
        """
        todo = self._lock_undecided("written_off")
        default_tag = self.env.ref("allegro_sales_channel.scrap_reason_buyer")
        for audit in todo:
            audit = audit.sudo()
            if not audit.scrap_reason_tag_id:
                audit.scrap_reason_tag_id = default_tag
            if not audit.has_left:
                audit._scrap()
        todo._decide("written_off")
        return True

    def action_undo(self):
        """Take the decision back, while the parts are where it put them.

        :raises UserError: naming the part that has moved on
        """
        self.check_access("write")
        self._lock()
        decided = self.filtered(lambda audit: audit.state != "to_check").sudo()
        for audit in decided.filtered("resolved_move_id"):
            audit._move_back()
        decided.write(
            {
                "state": "to_check",
                "resolved_move_id": False,
                "scrap_id": False,
                "resolved_at": False,
                "resolved_by_id": False,
            }
        )
        return True

    def action_ask_write_off(self):
        """Open the question for which reason these parts are written off."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write off"),
            "res_model": "allegro.write.off.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_audit_ids": self.ids},
        }

    def _lock_undecided(self, wanted):
        """Lock these lines against other people, and sort out what is to be done.

        :param wanted: the state they are to get
        :return: the lines to check; those that have the state already are left alone
        :raises UserError: when it was decided otherwise
        """
        self.check_access("write")
        self._lock()
        other = self.filtered(lambda audit: audit.state not in ("to_check", wanted))
        if other:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(part)s: this is decided already (%(state)s). Undo that first.",
                    part=other[0].display_name,
                    state=states[other[0].state],
                )
            )
        return self.filtered(lambda audit: audit.state == "to_check")

    def _lock(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is deciding about these parts just now. Try again in"
                    " a moment."
                )
            ) from error

    def _audit_location(self):
        return self.move_id.sudo().location_dest_id

    def _decide(self, state):
        """Set the state; what has to be moved was moved before."""
        self.sudo().write(
            {
                "state": state,
                "resolved_at": fields.Datetime.now(),
                "resolved_by_id": self.env.uid,
            }
        )

    def _return(self, picking_type):
        """Move the parts to their shelves: from the audit, or from the customer."""
        if not self:
            return
        audits = self.sudo()
        rows = []
        for audit in audits:
            delivery = audit.delivery_move_id
            rows.append(
                {
                    "product": audit.product_id,
                    "quantity": audit.quantity,
                    "lot": audit.lot_id,
                    "owner": audit.owner_id,
                    "location": delivery.location_dest_id or audit._audit_location(),
                    "destination": audit._shelf(),
                    "destination_package": audit._package_on_shelf(),
                    "returned": delivery,
                }
            )
        moves = self._transfer(picking_type, audits.order_id.name, rows)
        for audit, move in zip(audits, moves, strict=True):
            audit.resolved_move_id = move

    def _shelf(self):
        """The shelf it came from, or the warehouse's stock when that is no more."""
        shelf = self.location_id
        return shelf if shelf.active else self.order_id.warehouse_id.lot_stock_id

    def _package_on_shelf(self):
        """The shelf's own box, unless it has gone elsewhere meanwhile."""
        package = self.package_id
        is_there = package and package.location_id in (
            self._shelf(),
            self.env["stock.location"],
        )
        return package if is_there else self.env["stock.package"]

    def _check_all_there(self):
        """Be sure that these parts are in the audit, all of them together."""
        needed = defaultdict(float)
        for audit in self.filtered(lambda audit: not audit.has_left):
            location = audit._audit_location()
            # several lines may be pieces of the same heap
            heap = (audit.product_id, audit.lot_id, audit.owner_id, location)
            needed[heap] += audit.quantity
            audit._check_there(location, needed[heap])

    def _check_there(self, location, quantity, package=None):
        """Be sure that so many pieces are at a place, and free.

        :raises UserError: saying how many are
        """
        there = self._quantity_at(location, package)
        if self.product_uom_id.compare(there, quantity) < 0:
            raise UserError(
                self.env._(
                    "%(part)s: of %(quantity)s %(unit)s only %(there)s are in"
                    " %(location)s and free. Something moved or reserved them in"
                    " Inventory meanwhile.",
                    part=self.display_name,
                    quantity=quantity,
                    unit=self.product_uom_id.name,
                    there=there,
                    location=location.sudo().display_name,
                )
            )

    def _quantity_at(self, location, package=None):
        audit = self.sudo()
        return max(
            0,
            self.env["stock.quant"]
            .sudo()
            ._get_available_quantity(
                audit.product_id,
                location,
                lot_id=audit.lot_id,
                package_id=package,
                owner_id=audit.owner_id,
                strict=True,
            ),
        )

    def _scrap(self):
        """Write off what is really there; what is missing is said."""
        there = min(self.quantity, self._quantity_at(self._audit_location()))
        missing = self.product_uom_id.round(self.quantity - there)
        if missing:
            self.message_post(
                body=self.env._(
                    "%(missing)s %(unit)s were not in %(location)s any more and could"
                    " not be written off.",
                    missing=missing,
                    unit=self.product_uom_id.name,
                    location=self._audit_location().display_name,
                )
            )
        if self.product_uom_id.is_zero(there):
            return
        self.scrap_id = self.order_id._allegro_scrap(
            [
                {
                    "product_id": self.product_id.id,
                    "lot_id": self.lot_id.id,
                    "owner_id": self.owner_id.id,
                    "location_id": self._audit_location().id,
                    "scrap_qty": there,
                }
            ],
            self.scrap_reason_tag_id,
        )
        self.resolved_move_id = self.scrap_id.move_ids

    def _move_back(self):
        """Reverse the move of the decision."""
        done = self.resolved_move_id
        line = done.move_line_ids[:1]
        if done.location_dest_id.usage == "internal":
            self._check_there(
                done.location_dest_id,
                line.quantity_product_uom,
                line.result_package_id,
            )
        self._transfer(
            self.order_id.warehouse_id.int_type_id,
            self.order_id.name,
            [
                {
                    "product": self.product_id,
                    # less than the line's when not all was there to be written off
                    "quantity": line.quantity_product_uom,
                    "lot": self.lot_id,
                    "package": line.result_package_id,
                    "owner": self.owner_id,
                    "location": done.location_dest_id,
                    "destination": done.location_id,
                    "returned": done,
                }
            ],
        )

    @api.model
    def _transfer(self, picking_type, origin, rows):
        """Move goods now, as a transfer that everybody can look up.

        :param rows: list of dicts: product, quantity in its own unit, location and
            destination; also lot, package, owner, destination_package, and returned:
            the move that this one takes back
        :return: the done moves, in the order of the rows
        """
        # the browser's defaults are none of the system's
        env = self.env(context=clean_context(self.env.context))
        picking = (
            env["stock.picking"]
            .sudo()
            .with_company(picking_type.company_id)
            .create(
                {
                    "picking_type_id": picking_type.id,
                    "origin": origin,
                    "location_id": rows[0]["location"].id,
                    "location_dest_id": rows[0]["destination"].id,
                }
            )
        )
        moves = env["stock.move"].sudo()
        for row in rows:
            moves += moves.create(self._move_values(picking, row))
        picking.with_context(cancel_backorder=True)._action_done()
        return moves

    @api.model
    def _move_values(self, picking, row):
        product, returned = row["product"], row.get("returned")
        places = {
            "product_id": product.id,
            "location_id": row["location"].id,
            "location_dest_id": row["destination"].id,
        }
        line = {
            **places,
            "product_uom_id": product.uom_id.id,
            "quantity": row["quantity"],
            "picking_id": picking.id,
            "picked": True,
        }
        for key, name in (
            ("lot", "lot_id"),
            ("package", "package_id"),
            ("owner", "owner_id"),
            ("destination_package", "result_package_id"),
        ):
            if row.get(key):
                line[name] = row[key].id
        values = {
            **places,
            "product_uom": product.uom_id.id,
            "product_uom_qty": row["quantity"],
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "company_id": picking.company_id.id,
            "origin": picking.origin,
            "picked": True,
            "move_line_ids": [(0, 0, line)],
        }
        if returned:
            # so that its value, and what the order counts as delivered, follow
            values["origin_returned_move_id"] = returned.id
            values["sale_line_id"] = returned.sale_line_id.id
            values["to_refund"] = True
        return values
