"""Which offers an order lacks was only in the text that people read."""


def migrate(cr, version):
    cr.execute(
        r"""
        INSERT INTO allegro_order_unmanaged_offer_rel (sale_order_id, allegro_offer_id)
        SELECT DISTINCT missing.order_id, allegro_offer.id
          FROM (
                SELECT id AS order_id, allegro_account_id AS account_id,
                       -- each line ends in the number of its offer
                       (regexp_matches(
                           allegro_unmanaged_items, '\(([^()]+)\)$', 'gn'
                       ))[1] AS offer_id
                  FROM sale_order
                 WHERE allegro_has_unmanaged
               ) AS missing
          JOIN allegro_offer
            ON allegro_offer.account_id = missing.account_id
           AND allegro_offer.offer_id = missing.offer_id
            ON CONFLICT DO NOTHING
        """
    )
