"""A closed period stops a booking, never the goods of an Allegro order."""

from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _is_date_in_lock_period(self):
        """Of Allegro's orders only a date of transfer can be in a closed period.

        For Odoo it is the planned date as well. But that is the deadline which Allegro
        names: on it nothing is booked, and it lies in a closed month as soon as an
        order is late. What happens today happens, also on a day that is closed; Odoo
        itself books its value on the first open day. Whoever dates it back is refused.
        """
        if not super()._is_date_in_lock_period():
            return False
        if not self.move_ids:
            # Odoo makes a transfer before its goods, with which it is asked again
            return False
        if not self._allegro_moves_order():
            return True
        company = self.company_id
        done = self.date_done and company._allegro_local_date(self.date_done)
        if not done or done >= company._allegro_today():
            return False
        return bool(
            company._get_lock_date_violations(
                done, fiscalyear=True, sale=False, purchase=False, tax=False, hard=True
            )
        )

    def _allegro_moves_order(self):
        """Does it move goods of an Allegro order: for its delivery, or to check them?

        What brings the goods to the delivery knows the order by its reference alone.
        """
        self.ensure_one()
        # sudo: whoever works in the warehouse need not have rights on sales
        picking = self.sudo()
        orders = picking.sale_id | picking.reference_ids.sale_ids
        if orders.allegro_account_id:
            return True
        places = picking.location_id | picking.location_dest_id
        audits = [("allegro_audit_location_id", "in", places.ids)]
        return bool(picking.env["stock.warehouse"].search_count(audits, limit=1))
