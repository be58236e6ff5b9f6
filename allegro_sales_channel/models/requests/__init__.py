from . import (
    allegro_account,
    allegro_daily_proof,
    allegro_historic_order,
    allegro_offer,
    allegro_request,
    allegro_request_history,
    allegro_request_listed,
    allegro_request_offers,
    allegro_request_orders,
    allegro_request_proof,
    sale_order,
)
