"""The seller cancels an Allegro order: its parts are written off."""

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools.misc import clean_context, formatLang

from ...allegro import statuses
from . import (  # noqa: F401 - what it inherits
    sale_order_cancelled,
    sale_order_credit,
    sale_order_guard,
    sale_order_parts,
)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "allegro.order.cancelled",
        "allegro.order.credit",
        "allegro.order.guard",
        "allegro.order.parts",
    ]

    allegro_cancelled_by = fields.Selection(
        [
            ("buyer", "Buyer"),
            ("allegro", "Allegro, never paid"),
            ("seller", "Seller"),
        ],
        string="Cancelled by",
        copy=False,
        readonly=True,
        help="Who cancelled this Allegro order. Its parts have been dealt with.",
    )
    allegro_can_cancel = fields.Boolean(compute="_compute_allegro_can_cancel")
    allegro_is_over = fields.Boolean(
        compute="_compute_allegro_is_over",
        help="It was cancelled on Allegro or replaced there by another order.",
    )
    allegro_scrap_ids = fields.One2many(
        "stock.scrap",
        "allegro_order_id",
        string="Written off",
        groups="allegro_sales_channel.group_allegro_user,stock.group_stock_user",
    )
    allegro_scrap_count = fields.Integer(
        "Write-offs", compute="_compute_allegro_scrap_count", compute_sudo=True
    )
    allegro_stock_audit_ids = fields.One2many(
        "allegro.stock.audit",
        "order_id",
        string="Parts stock audit",
        groups="allegro_sales_channel.group_allegro_user,stock.group_stock_user",
    )
    allegro_stock_audit_count = fields.Integer(
        "Parts in the audit", compute="_compute_allegro_stock_audit_count"
    )
    allegro_to_check_count = fields.Integer(
        "Parts to check", compute="_compute_allegro_stock_audit_count"
    )

    @api.depends(
        "allegro_checkout_form_id",
        "allegro_status",
        "allegro_fulfillment_status",
        "allegro_fulfillment_target",
        "allegro_fulfilled_by_allegro",
        "state",
    )
    def _compute_allegro_can_cancel(self):
        for order in self:
            order.allegro_can_cancel = (
                order.allegro_checkout_form_id
                and not order._allegro_cancel_refusal_of_status()
            )

    @api.depends(
        "allegro_merged_into_id",
        "allegro_cancelled_by",
        "allegro_status",
        "allegro_fulfillment_status",
        "allegro_fulfillment_target",
    )
    def _compute_allegro_is_over(self):
        for order in self:
            order.allegro_is_over = bool(order._allegro_reason_against_revival())

    @api.depends("allegro_scrap_ids")
    def _compute_allegro_scrap_count(self):
        for order in self:
            order.allegro_scrap_count = len(order.allegro_scrap_ids)

    @api.depends("allegro_stock_audit_ids.state")
    def _compute_allegro_stock_audit_count(self):
        for order in self:
            audits = order.sudo().allegro_stock_audit_ids
            order.allegro_stock_audit_count = len(audits)
            order.allegro_to_check_count = len(
                audits.filtered(lambda audit: audit.state == "to_check")
            )

    # Buttons

    def action_allegro_cancel(self):
        """Open *Cancel order* for these orders.

        :raises UserError: when it is one order that can't be cancelled this way
        """
        self._allegro_check_right_to_cancel()
        if len(self) == 1 and (refusal := self._allegro_cancel_refusal()):
            raise UserError(refusal)
        wizard = self.env["allegro.cancel.wizard"].create({"order_ids": self.ids})
        return wizard._open()

    def action_allegro_open_scraps(self):
        """Show what was written off of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_stock_scrap"
        )
        action["domain"] = [("allegro_order_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_allegro_open_stock_audit(self):
        """Show the parts of this order in the Parts stock audit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "allegro_sales_channel.action_allegro_stock_audit"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action

    # Odoo's own. The synchronisation, which knows what Allegro says, is not asked.

    def action_cancel(self):
        """Odoo's own Cancel is not a way around Allegro.

        An order that is still open on Allegro is cancelled by *Cancel order*, or else
        the buyer would go on waiting for it. The others (handed over, or cancelled on
        Allegro already) may be cancelled here alone by who has the right, which their
        chatter then says.
        """
        if not self.env.su:
            self._allegro_check_cancel_in_odoo()
        return super().action_cancel()

    def action_draft(self):
        """What is over on Allegro is not brought back to life."""
        self._allegro_check_revival()
        return super().action_draft()

    def action_confirm(self):
        """What is over on Allegro is not brought back to life."""
        if not self.env.su:
            self._allegro_check_revival()
        return super().action_confirm()

    # Whether

    def _allegro_cancel_refusal(self):
        """Why this order can't be cancelled by the seller now.

        :return: a sentence, or False when it can
        """
        self.ensure_one()
        refusal = self._allegro_cancel_refusal_of_status()
        if refusal:
            return refusal
        left = self._allegro_left_parts()
        return bool(left) and self.env._(
            "%(order)s: %(delivery)s has been handed over already. Ask the buyer to"
            " return the goods instead.",
            order=self.name,
            delivery=left[0].delivery.picking_id.name or left[0].delivery.reference,
        )

    def _allegro_cancel_refusal_of_status(self):
        """As :meth:`_allegro_cancel_refusal`, by what Odoo and Allegro say of it."""
        self.ensure_one()
        if not self.allegro_checkout_form_id:
            return self.env._("%(order)s is not an Allegro order.", order=self.name)
        if self.state == "cancel":
            return self.env._("%(order)s is cancelled already.", order=self.name)
        if self.allegro_fulfilled_by_allegro:
            return self.env._(
                "%(order)s is shipped by Allegro's own warehouse. Ask Allegro to cancel"
                " it.",
                order=self.name,
            )
        if self.allegro_status == statuses.CANCELLED:
            return self.env._(
                "%(order)s was cancelled on Allegro by the buyer already.",
                order=self.name,
            )
        for status in (
            self.allegro_fulfillment_target,
            self.allegro_fulfillment_status,
        ):
            if status in statuses.LEFT_THE_HOUSE:
                return self.env._(
                    "%(order)s has been handed over to the courier already. Ask the"
                    " buyer to return the goods instead.",
                    order=self.name,
                )
        return False

    # Doing it

    def _allegro_cancel_by_seller(self, kept):
        """Cancel, write the parts off and want CANCELLED on Allegro: all or nothing.

        :param kept: dict by ``Part`` of every part that the user saw: False to write
            it off, or the reason to send it to the audit instead
        :return: what was done, in words
        :raises UserError: when the order can't be cancelled, or its parts are not
            what the user saw
        """
        self.ensure_one()
        self._allegro_check_right_to_cancel()
        self.check_access("write")
        order = self.sudo().with_company(self.company_id)
        order._allegro_lock()
        if refusal := order._allegro_cancel_refusal():
            raise UserError(refusal)
        parts, missing = order._allegro_parts(with_free=True)
        if set(parts) != set(kept):
            raise UserError(
                self.env._(
                    "The stock of %(order)s has changed since this window was opened."
                    " Close it and open it again.",
                    order=self.name,
                )
            )
        order._allegro_drop_draft_invoices()
        order._action_cancel()
        credit_notes = order._allegro_credit_invoices()
        written_off = [part for part in parts if not kept[part]]
        order._allegro_scrap(
            [order._allegro_scrap_values(part) for part in written_off],
            self.env.ref("allegro_sales_channel.scrap_reason_seller").sudo(),
        )
        to_audit = [part for part in parts if kept[part]]
        order.env["allegro.stock.audit"]._take_in(order, to_audit, "seller", kept)
        order.allegro_cancelled_by = "seller"
        if order.allegro_fulfillment_status == statuses.CANCELLED:
            order.allegro_fulfillment_target = False  # done in Allegro's own panel
        else:
            order._allegro_want(statuses.CANCELLED)
        order.activity_unlink(["allegro_sales_channel.mail_activity_type_cancelled"])
        order._allegro_ask_credit_notes(credit_notes)
        words = order._allegro_cancel_words(written_off, to_audit, missing)
        order.message_post(body=words)
        return words

    def _allegro_lock(self):
        """Keep other workers and people off this order until the commit."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "%(order)s is being changed by somebody else just now. Try again in"
                    " a moment.",
                    order=self[:1].name,
                )
            ) from error

    def _allegro_scrap_values(self, part):
        return {
            "product_id": part.product.id,
            "lot_id": part.lot.id,
            "package_id": part.package.id,
            "owner_id": part.owner.id,
            "location_id": part.location.id,
            "scrap_qty": part.quantity,
        }

    def _allegro_scrap(self, rows, reason_tag):
        """Scrap parts of this order, now.

        :param rows: list of the values that differ
        :return: the scraps, done
        """
        # the browser's defaults are none of the system's
        env = self.env(context=clean_context(self.env.context))
        scraps = env["stock.scrap"].sudo()
        for row in rows:
            # one by one, flushed: in a batch, mrp sets the others' quantity to 1
            scrap = scraps.create(
                {
                    **row,
                    "product_uom_id": self.env["product.product"]
                    .browse(row["product_id"])
                    .uom_id.id,
                    "company_id": self.company_id.id,
                    "origin": self.name,
                    "allegro_order_id": self.id,
                    "scrap_reason_tag_ids": reason_tag.ids,
                }
            )
            scrap.do_scrap()
            scrap.flush_recordset()
            scraps += scrap
        return scraps

    def _allegro_value_of(self, part):
        """What a part costs, in the company's currency."""
        product = part.product.sudo().with_company(self.company_id)
        by_lot = product.lot_valuated and part.lot
        cost = part.lot.sudo() if by_lot else product
        return part.quantity * cost.with_company(self.company_id).standard_price

    # In words

    def _allegro_cancel_words(self, written_off, to_audit, missing):
        """What the cancellation did, for the chatter and for whoever asked for it."""
        sentences = [self.env._("Cancelled by the seller; Allegro is told.")]
        if written_off:
            sentences.append(
                self.env._(
                    "Written off: %(parts)s.",
                    parts=self._allegro_parts_text(written_off),
                )
            )
        if to_audit:
            sentences.append(
                self.env._(
                    "Sent to the Parts stock audit: %(parts)s.",
                    parts=self._allegro_parts_text(to_audit),
                )
            )
        if missing:
            sentences.append(self._allegro_missing_text(missing))
        return " ".join(sentences)

    @api.model
    def _allegro_parts_text(self, parts):
        return ", ".join(
            self._allegro_quantity_text(part.product, part.quantity, part.lot)
            for part in parts
        )

    def _allegro_missing_text(self, missing):
        """
        :param missing: dict of quantities by product
        """
        return self.env._(
            "Not in stock, so not written off: %(parts)s.",
            parts=", ".join(
                self._allegro_quantity_text(product, quantity)
                for product, quantity in missing.items()
            ),
        )

    @api.model
    def _allegro_quantity_text(self, product, quantity, lot=None):
        precision = self.env["decimal.precision"].precision_get("Product Unit")
        digits = 0 if float(quantity).is_integer() else precision
        number = formatLang(self.env, quantity, digits=digits)
        name = product.display_name + (f" ({lot.name})" if lot else "")
        return f"{number} {product.uom_id.name} {name}"
