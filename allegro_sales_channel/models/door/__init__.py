from . import (
    allegro_account,
    allegro_account_alarms,
    allegro_account_check,
    allegro_account_consent,
    allegro_account_overview,
    allegro_account_runner,
    allegro_account_support,
    allegro_account_writers,
    allegro_guarded,
    allegro_trail,
    allegro_trailed,
    needed,
)
