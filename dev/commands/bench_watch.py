"""``python3 -m dev bench watch``: what the watch finds, and what it imagines."""

import argparse
import sys

from .. import console
from ..places import REPOSITORY

_ROW = "{:8} {:>5} {:>10} {:>7} {:>14} {:>14} {:>14}"


def run(arguments):
    """:return: 0 when each outage was found, with at most one false alarm each time"""
    parser = argparse.ArgumentParser(prog="python3 -m dev bench watch")
    parser.add_argument("--seeds", type=int, default=4, help="4 unless told")
    seeds = parser.parse_args(arguments).seeds
    # the pure package, without the addon around it
    sys.path.insert(0, str(REPOSITORY / "allegro_sales_channel"))
    from ..watch_trial import DAYS, SELLERS, trial

    console.say(
        f"\n{DAYS} days with nights, weekends, holidays, Advent and Christmas;"
        " every outage lasts more\nthan twice the usual gap.\n"
    )
    heads = ("seller", "seed", "usual gap", "found", "after (median)", "after (last)")
    console.say(_ROW.format(*heads, "false alarms"))
    is_good = True
    for name, a_day in SELLERS.items():
        for seed in range(1, seeds + 1):
            result = trial(a_day, seed)
            found = sorted(
                outage.found_after
                for outage in result.outages
                if outage.found_after is not None
            )
            most = max(result.false_alarms)
            is_good = is_good and len(found) == len(result.outages) and most <= 1
            console.say(
                _ROW.format(
                    name,
                    seed,
                    _short(result.gap),
                    f"{len(found)}/{len(result.outages)}",
                    _short(found[len(found) // 2]),
                    _short(found[-1]),
                    f"{sum(result.false_alarms)} in {len(result.false_alarms)} runs",
                )
            )
    return 0 if is_good else 1


def _short(duration):
    minutes = round(duration.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes:02} min"
