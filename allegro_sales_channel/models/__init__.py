# The sales channel comes first: its table must exist when sale.order's column is made.
from . import sales_channel  # isort: skip

from . import account_move, sale_order, stock_picking
