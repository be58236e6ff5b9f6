from . import (
    allegro_account,
    allegro_account_consent,
    allegro_account_overview,
    allegro_account_runner,
    allegro_account_warnings,
    allegro_account_writers,
    allegro_guarded,
    allegro_trail,
    allegro_trailed,
    needed,
)
