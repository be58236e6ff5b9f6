"""What was done in Allegro's own panel comes back, and is not told again."""

from datetime import timedelta

from odoo import api, fields, models

from ...allegro import fulfilment_rules, rules

#: So long after a change of ours Allegro may still show the status before it.
READ_LAG = timedelta(minutes=2)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _allegro_follow(self, form, changes):
        """A status from Allegro's panel is taken over, and never told to Allegro.

        Allegro may show for a while what was before our own change: that is no news.
        """
        name = "allegro_fulfillment_status"
        if changes.get(name) and self._allegro_is_echo(changes[name]):
            changes = {key: value for key, value in changes.items() if key != name}
        status = changes.get(name)
        if status and self._allegro_ends_wish(status):
            changes = {
                **changes,
                "allegro_fulfillment_target": False,
                "allegro_refused_target": False,
                "allegro_sync_error": False,
            }
        if form.status == rules.CANCELLED:
            self._allegro_buyer_was_faster()
        elif status or (form.lines_sent != "NONE" and not self.allegro_parcel_ids):
            changes = {**changes, "allegro_shipments_unread": True}
            self._allegro_wake_push()
        result = super()._allegro_follow(form, changes) if changes else None
        self._allegro_notify()
        return result

    def _allegro_is_echo(self, status):
        self.ensure_one()
        confirmed_at = self.allegro_confirmed_at
        return (
            confirmed_at
            and status == self.allegro_status_before
            and fields.Datetime.now() - confirmed_at < READ_LAG
        )

    def _allegro_ends_wish(self, status):
        """Did the seller decide in the panel, so that what was wanted here is past?"""
        target = self.allegro_fulfillment_target or self.allegro_refused_target
        if not target:
            return False
        if target == rules.CANCELLED:
            return status == rules.CANCELLED
        is_reached = fulfilment_rules.is_reached(target, status)
        return is_reached or status == fulfilment_rules.SUSPENDED

    @api.model
    def _allegro_values(self, account, form, offers, partners):
        """A new order may have tracking numbers, and its own way of delivery."""
        values = super()._allegro_values(account, form, offers, partners)
        if form.lines_sent in ("SOME", "ALL"):
            values["allegro_shipments_unread"] = True
        method = self.env["allegro.delivery.method"]._by_method(
            form.delivery and form.delivery.method_id
        )
        if method.carrier_id:
            values["carrier_id"] = method.carrier_id.id
        return values
