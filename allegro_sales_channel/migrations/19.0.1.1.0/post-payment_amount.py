"""What was paid at the purchase was only kept together with later payments."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE sale_order
           SET allegro_payment_amount =
               COALESCE(allegro_paid_amount, 0) - COALESCE(allegro_surcharge_amount, 0)
         WHERE allegro_account_id IS NOT NULL
        """
    )
