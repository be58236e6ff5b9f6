# The sales channel comes first: its table must exist when sale.order's column is made.
from . import sales_channel  # isort: skip

from . import (
    account_move,
    account_move_allegro,
    account_tax,
    allegro_account,
    allegro_account_connect,
    allegro_account_invoice,
    allegro_account_push,
    allegro_account_sync,
    allegro_incoming_order,
    allegro_offer,
    gross_documents,
    res_company,
    res_partner,
    sale_order,
    sale_order_allegro,
    sale_order_fulfilment,
    sale_order_import,
    sale_order_line,
    stock_picking,
)

# What builds on the import of orders comes after it.
from . import (  # isort: skip
    sale_order_back_fill,
    sale_order_delivery_tax,
    sale_order_email,
    sale_order_invoice,
    sale_order_invoice_party,
    sale_order_money,
)
