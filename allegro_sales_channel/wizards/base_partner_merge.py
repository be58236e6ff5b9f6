from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Hand what the system knows of a buyer on to the contact that stays.

        Odoo writes whatever the others have, as the user, who may not write this.
        """
        # sudo: it stays with the buyer, whoever merges
        partners = (src_partners + dst_partner).sudo()
        values = {}
        for name, field in partners._fields.items():
            if partners._is_systems(field):
                # as with Odoo's own values: that of the contact that stays comes first
                having = partners.filtered(name)[-1:]
                values[name] = field.convert_to_write(having[name], having)
        partners.write(dict.fromkeys(values, False))
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.sudo().write(values)
        return result
