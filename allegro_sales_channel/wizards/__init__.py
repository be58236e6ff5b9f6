from . import allegro_dialog  # isort: skip - what the others inherit
from . import (
    allegro_bulk_result,
    allegro_cancel_wizard,
    allegro_connection_check,
    allegro_correct_wizard,
    allegro_device_wizard,
    allegro_hand_over_wizard,
    allegro_import_wizard,
    allegro_offer_resolver,
    allegro_period_wizard,
    allegro_tracking_batch,
    allegro_tracking_wizard,
    allegro_write_off_wizard,
    base_partner_merge,
    res_config_settings,
    sale_mass_cancel_orders,
)
