"""What was bought on Allegro is told apart from what sellers added by hand."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE sale_order_line
           SET allegro_is_bought = TRUE
          FROM sale_order
         WHERE sale_order.id = sale_order_line.order_id
           AND sale_order.allegro_account_id IS NOT NULL
           AND (
                sale_order_line.allegro_line_item_id IS NOT NULL
                OR sale_order_line.is_delivery
                OR sale_order_line.product_id IN (
                    SELECT res_id
                      FROM ir_model_data
                     WHERE module = 'allegro_sales_channel'
                       AND name IN ('product_deposit', 'product_service')
                )
           )
        """
    )
    # What Allegro last said of the delivery's cost: its total less all else that it
    # lists. The delivery line itself may say what was settled with the buyer.
    cr.execute(
        """
        UPDATE sale_order
           SET allegro_delivery_cost = COALESCE(allegro_total_to_pay, 0)
               - COALESCE(allegro_unexplained_amount, 0)
               - CASE WHEN allegro_has_unmanaged
                      THEN COALESCE(allegro_unmanaged_amount, 0) ELSE 0 END
               - COALESCE((
                    SELECT SUM(price_total)
                      FROM sale_order_line
                     WHERE order_id = sale_order.id
                       AND allegro_is_bought
                       AND is_delivery IS NOT TRUE
               ), 0)
         WHERE allegro_account_id IS NOT NULL
        """
    )
