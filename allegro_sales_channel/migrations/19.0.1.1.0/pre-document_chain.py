"""Documents that were posted before have a place on their way, too.

Here and not by computing it anew for every entry of the company's books: most of them
have nothing to do with Allegro.
"""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    if column_exists(cr, "account_move", "allegro_chain_state"):
        return
    cr.execute(
        """
        ALTER TABLE account_move
            ADD COLUMN allegro_chain_state varchar,
            ADD COLUMN allegro_chain_waits boolean,
            ADD COLUMN allegro_posted_at timestamp
        """
    )
    cr.execute(
        """
        UPDATE account_move
           SET allegro_posted_at = create_date,
               allegro_chain_state = CASE allegro_document_state
                   WHEN 'accepted' THEN 'on_allegro'
                   WHEN 'error' THEN 'error'
                   ELSE 'posted'
               END,
               allegro_chain_waits =
                   COALESCE(allegro_document_state IN ('wanted', 'sent'), FALSE)
         WHERE allegro_order_id IS NOT NULL
           AND state = 'posted'
        """
    )
