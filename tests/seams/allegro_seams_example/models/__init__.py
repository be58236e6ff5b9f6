from . import allegro_account, allegro_request, sale_order
