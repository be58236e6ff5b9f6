"""Whoever wanted an invoice is taken to have asked for it with the purchase.

Before the update, because the deadlines that it computes count from it.
"""


def migrate(cr, version):
    cr.execute(
        "ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS allegro_invoice_asked_on date"
    )
    cr.execute(
        """
        UPDATE sale_order
           SET allegro_invoice_asked_on = date_order
         WHERE allegro_invoice_required
        """
    )
