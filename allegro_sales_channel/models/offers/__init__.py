from . import (
    allegro_account,
    allegro_offer,
    allegro_offer_component,
    allegro_offer_matching,
    allegro_offer_suggestion,
    product_product,
)
