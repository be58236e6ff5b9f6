"""What the buyer, or the seller in Allegro's panel, changes after the purchase."""

from contextlib import contextmanager

from odoo import models

#: What the goods need to arrive; where they have left, it is too late to change it.
_WHERE_TO = (
    "allegro_recipient",
    "allegro_pickup_point_id",
    "allegro_pickup_point_address",
    "allegro_delivery_method",
)


_POINT = (
    "allegro_pickup_point_id",
    "allegro_pickup_point_name",
    "allegro_pickup_point_address",
)


class AllegroOrderChanges(models.AbstractModel):
    """The part of ``sale.order`` that follows a form: steps of the recipe."""

    _name = "allegro.order.changes"
    _description = "Changes of Allegro orders"

    def _allegro_leave_point(self, news):
        """Another way of delivery that names no pickup point has none.

        A point that is left out with the same method is no news.
        """
        delivery = news.form.delivery
        if "allegro_delivery_method_id" in news.changes and not delivery.pickup_point:
            news.changes |= {
                name: False
                for name in _POINT
                if self[name] and name not in news.changes
            }

    def _allegro_write_changes(self, news):
        if news.changes:
            self._track_set_log_message(self.env._("Changed on Allegro"))
            self.write(news.changes)

    def _allegro_follow_recipient(self, news):
        """Send what is still here to where the buyer wants it now."""
        changed = [name for name in _WHERE_TO if name in news.changes]
        if self.state != "sale" or not changed:
            return
        deliveries = self.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        gone = deliveries.filtered(lambda picking: picking.state == "done")
        if gone:
            self._allegro_too_late(
                self.env._("The buyer changed the delivery after the goods had left"),
                self.env._(
                    "%(deliveries)s left before the change. Ask the carrier whether it"
                    " can be redirected, or tell the buyer.",
                    deliveries=", ".join(gone.mapped("name")),
                ),
                changed,
            )
        if "allegro_recipient" in changed:
            self._allegro_redirect(news.form, deliveries - gone, gone)

    def _allegro_redirect(self, form, deliveries, gone):
        """
        :param deliveries: those of this order that have not left
        :param gone: those that have
        """
        recipient = self._allegro_parties(form)["partner_shipping_id"]
        open_deliveries = deliveries.filtered(lambda picking: picking.state != "cancel")
        open_deliveries.partner_id = recipient
        for delivery in open_deliveries:
            delivery.message_post(
                body=self.env._(
                    "The buyer changed the delivery address on Allegro: %(address)s",
                    address=self.allegro_recipient,
                )
            )
        if gone:
            return  # the order goes on saying where the goods went
        # Without the context Odoo asks people to do what is done above.
        self.with_context(update_delivery_shipping_partner=True).write(
            {"partner_shipping_id": recipient}
        )

    def _allegro_follow_taxes(self, news):
        """Another country, or another buyer's number, may mean other taxes."""
        if self.state == "sale" and self.fiscal_position_id != news.taxed_by:
            with self._allegro_unlocked():
                self._recompute_taxes()

    def _allegro_follow_deadline(self, news):
        if self.state != "sale" or "allegro_dispatch_to" not in news.changes:
            return
        if self.commitment_date == news.before["allegro_dispatch_to"]:
            # Odoo hands it on to the open deliveries as their deadline
            self.commitment_date = news.changes["allegro_dispatch_to"]

    @contextmanager
    def _allegro_unlocked(self):
        """Change lines of orders that are locked: a lock keeps people out, not Allegro.

        Odoo, and other addons, look at the lock in many places. It is back before the
        transaction ends, so nobody ever sees it open; an error undoes the whole.
        """
        locked = self.filtered("locked")
        locked.locked = False
        yield
        locked.locked = True

    def _allegro_parties(self, form):
        """The partners whom the form names now, as values of this order."""
        partners = self.env["res.partner"]
        return partners._allegro_partners(self.allegro_account_id, [form])[0]
