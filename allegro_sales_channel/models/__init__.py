# The sales channel comes first: its table must exist when sale.order's column is made.
from . import sales_channel  # isort: skip

# How an order is imported comes before the files that add to it: of two files, the one
# imported later has the first say.
from . import sale_order_import  # isort: skip

from . import (
    account_move,
    account_tax,
    allegro_account,
    allegro_account_audit,
    allegro_account_connect,
    allegro_account_push,
    allegro_account_sync,
    allegro_account_sync_carriers,
    allegro_account_warnings,
    allegro_carrier,
    allegro_delivery_method,
    allegro_incoming_order,
    allegro_offer,
    allegro_parcel,
    allegro_stock_audit,
    res_company_audit,
    res_partner,
    sale_order,
    sale_order_allegro,
    sale_order_cancel,
    sale_order_cancelled,
    sale_order_credit,
    sale_order_fulfilment,
    sale_order_line,
    sale_order_panel,
    sale_order_parcels,
    sale_order_parts,
    sale_order_steps,
    stock_picking,
    stock_picking_fulfilment,
    stock_quant,
    stock_scrap,
    stock_warehouse,
)
