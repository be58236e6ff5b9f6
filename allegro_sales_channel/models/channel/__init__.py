from . import sales_channel  # isort: skip - its table comes before its columns
from . import account_move, sale_order, stock_picking
