from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Hand the buyer's number on to the contact that stays.

        Odoo writes whatever the others have, as the user, who may not write this one.
        """
        # sudo: the number is the system's, and stays with the buyer whoever merges
        partners = (src_partners + dst_partner).sudo()
        numbers = [number for number in partners.mapped("allegro_buyer_id") if number]
        partners.allegro_buyer_id = False
        result = super()._update_values(src_partners, dst_partner)
        if numbers:
            # as with Odoo's other values, that of the contact that stays comes first
            dst_partner.sudo().allegro_buyer_id = numbers[-1]
        return result
