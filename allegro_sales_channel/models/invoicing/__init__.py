from . import (
    account_move,
    allegro_account,
    allegro_receipt,
    allegro_receipt_amount,
    product_category,
    res_company,
    sale_order,
    sale_order_line,
)
