from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class AllegroPortalAccount(PortalAccount):
    def _get_overdue_invoices_domain(self, partner_id=None):
        """What was paid through Allegro, or is paid to the carrier, is not overdue."""
        overdue = super()._get_overdue_invoices_domain(partner_id)
        # sudo: a buyer may not look for Allegro's side of his invoices
        moves = request.env["account.move"].sudo()
        settled = moves.search([*overdue, ("allegro_order_id", "!=", False)]).filtered(
            lambda move: move._allegro_is_settled()
        )
        return [*overdue, ("id", "not in", settled.ids)]
