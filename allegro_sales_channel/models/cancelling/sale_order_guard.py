"""What Odoo's own buttons may do with Allegro's orders, and what they say of it."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...allegro import statuses


class AllegroOrderGuard(models.AbstractModel):
    """The part of ``sale.order`` that keeps Odoo's own buttons in step with Allegro."""

    _name = "allegro.order.guard"
    _description = "Odoo's own buttons on Allegro orders"

    # Odoo's own Set to Quotation and Confirm

    def _allegro_reason_against_revival(self):
        """Why this order can't become a living one again; False when it can.

        On Allegro it is over for good, whoever ended it: its goods were audited,
        written off or given to the order that took its place.
        """
        self.ensure_one()
        if self.allegro_merged_into_id:
            return self.env._(
                "%(order)s was merged on Allegro: %(successor)s took its place. It"
                " can't be brought back to life.",
                order=self.name,
                # sudo: to be named only
                successor=self.sudo().allegro_merged_into_id.name,
            )
        if self.allegro_cancelled_by or self._allegro_is_cancelled():
            return self.env._(
                "%(order)s is cancelled on Allegro and can't be brought back to life."
                " When the buyer wants the goods after all, he buys them anew.",
                order=self.name,
            )
        return False

    def _allegro_is_cancelled(self):
        """Is it cancelled on Allegro, by whomever, or wanted to be?"""
        self.ensure_one()
        return statuses.CANCELLED in (
            self.allegro_status,
            self.allegro_fulfillment_status,
            self.allegro_fulfillment_target,
        )

    def _allegro_check_revival(self):
        """
        :raises UserError: naming the first order that is over on Allegro
        """
        for order in self.filtered("allegro_checkout_form_id"):
            if reason := order._allegro_reason_against_revival():
                raise UserError(reason)

    # Odoo's own Cancel

    def _allegro_check_cancel_in_odoo(self):
        """Refuse, or note, that Allegro does not hear of a cancellation in Odoo.

        :raises UserError: naming the first order that is still open on Allegro, or when
            the user may not cancel Allegro's orders
        """
        for order in self.filtered("allegro_checkout_form_id"):
            if order.state == "cancel":
                continue
            if order.allegro_can_cancel:
                # what has left already can't be cancelled that way either
                raise UserError(
                    order._allegro_cancel_refusal()
                    or self.env._(
                        "%(order)s is open on Allegro. Use Cancel order: it also writes"
                        " off the parts and tells Allegro.",
                        order=order.name,
                    )
                )
            order._allegro_check_right_to_cancel()
            order.message_post(body=order._allegro_odoo_cancel_text())

    def _allegro_check_right_to_cancel(self):
        if not self.env.user.has_group("allegro_sales_channel.group_allegro_cancel"):
            raise AccessError(
                self.env._(
                    "Cancelling Allegro orders is reserved to those who have the right"
                    " “Cancel Allegro orders”. Ask an administrator for it."
                )
            )

    def _allegro_odoo_cancel_text(self):
        """What Odoo's own Cancel is about to do, where each part is now."""
        reserved, _missing = self._allegro_parts()
        left = self._allegro_left_parts()
        sentences = [
            self.env._(
                "Cancelled in Odoo only. Allegro was not told, and no part was written"
                " off."
            )
        ]
        if reserved:
            sentences.append(
                self.env._(
                    "No longer reserved: %(parts)s.",
                    parts=self._allegro_parts_text(reserved),
                )
            )
        if left:
            sentences.append(
                self.env._(
                    "Handed over already, and not brought back by this: %(parts)s.",
                    parts=self._allegro_parts_text(left),
                )
            )
        return " ".join(sentences)
