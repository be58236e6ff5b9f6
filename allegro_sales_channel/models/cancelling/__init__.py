from . import (
    allegro_account,
    allegro_stock_audit,
    res_company,
    sale_order,
    sale_order_cancelled,
    sale_order_credit,
    sale_order_parts,
    stock_location,
    stock_move,
    stock_quant,
    stock_scrap,
    stock_warehouse,
)
