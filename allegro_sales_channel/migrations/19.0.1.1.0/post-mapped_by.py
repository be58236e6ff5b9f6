"""How an offer's product was found was not kept: what it was by is read off it.

Where nothing shows that Odoo found it, a person is taken to have chosen it: that is
never changed by itself. The same goes for a service, and for what is not for sale:
Odoo would not find it any more, but it has been sold so far.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    cr.execute(
        """
        UPDATE allegro_offer
           SET is_ignored = FALSE, -- its product counted all the same
               mapped_by = CASE
                   WHEN allegro_offer.external_id IN (
                            product_product.default_code, product_product.barcode
                        )
                        AND product_template.type <> 'service'
                        AND product_template.sale_ok
                   THEN 'signature'
                   ELSE 'person'
               END
          FROM product_product
          JOIN product_template
            ON product_template.id = product_product.product_tmpl_id
         WHERE product_product.id = allegro_offer.product_id
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    offers = env["allegro.offer"].search([("product_id", "!=", False)])
    env.add_to_compute(offers._fields["mapping"], offers)
    offers.flush_recordset(["mapping"])
