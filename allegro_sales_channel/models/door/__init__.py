from . import (
    allegro_account,
    allegro_account_consent,
    allegro_account_overview,
    allegro_account_runner,
    allegro_account_warnings,
    allegro_guarded,
    needed,
)
