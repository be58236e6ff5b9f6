from . import account_move, allegro_account, res_company, sale_order, sale_order_line
