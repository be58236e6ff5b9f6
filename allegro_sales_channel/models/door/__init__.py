from . import (
    allegro_account,
    allegro_account_consent,
    allegro_account_lanes,
    allegro_account_runner,
    allegro_account_warnings,
    allegro_guarded,
    ir_cron,
    needed,
)
