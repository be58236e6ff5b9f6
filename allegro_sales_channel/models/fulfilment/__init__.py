from . import (
    allegro_account,
    allegro_carrier,
    allegro_delivery_method,
    allegro_parcel,
    sale_order,
    sale_order_answers,
    sale_order_line,
    sale_order_packing,
    sale_order_steps,
    stock_picking,
)
