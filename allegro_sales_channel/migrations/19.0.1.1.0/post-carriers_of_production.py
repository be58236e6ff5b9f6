"""Whose list a carrier is from was not kept: production's went before all others."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE allegro_carrier
           SET from_production = TRUE
         WHERE active
           AND EXISTS (
                SELECT 1
                  FROM allegro_account
                 WHERE environment = 'production'
                   AND carriers_read_at IS NOT NULL
               )
        """
    )
