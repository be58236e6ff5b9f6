from . import (
    allegro_bulk_result,
    allegro_device_wizard,
    allegro_tracking_batch,
    allegro_tracking_wizard,
    res_config_settings,
)
