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
    # What Allegro last said of the delivery's cost: the lines, and the difference that
    # nothing else explains, when their price was settled with the buyer.
    cr.execute(
        """
        UPDATE sale_order
           SET allegro_delivery_cost = COALESCE(charged.amount, 0)
               + COALESCE(allegro_total_to_pay, 0) - COALESCE(amount_total, 0)
               - COALESCE(allegro_unexplained_amount, 0)
               - CASE WHEN allegro_has_unmanaged
                      THEN COALESCE(allegro_unmanaged_amount, 0) ELSE 0 END
          FROM sale_order AS known
          LEFT JOIN (
                SELECT order_id, SUM(price_total) AS amount
                  FROM sale_order_line
                 WHERE is_delivery AND allegro_is_bought
                 GROUP BY order_id
               ) AS charged
            ON charged.order_id = known.id
         WHERE known.id = sale_order.id
           AND sale_order.allegro_account_id IS NOT NULL
        """
    )
