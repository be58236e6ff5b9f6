from . import (
    account_move,
    allegro_account,
    product_category,
    res_company,
    sale_order,
    sale_order_line,
)
