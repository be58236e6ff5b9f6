from . import (
    account_move,
    account_tax,
    allegro_account,
    sale_order,
    sale_order_line,
    sale_order_lines,
)
