"""Which e-mail of a buyer came from Allegro: the alias of one of his purchases."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE res_partner
           SET allegro_email = email_normalized
         WHERE allegro_buyer_id IS NOT NULL
           AND EXISTS (
                SELECT 1
                  FROM sale_order
                 WHERE sale_order.partner_id = res_partner.id
                   AND LOWER(sale_order.allegro_buyer_email)
                     = res_partner.email_normalized
               )
        """
    )
