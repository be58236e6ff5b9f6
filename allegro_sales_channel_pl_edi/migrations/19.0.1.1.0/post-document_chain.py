"""Documents that are at KSeF have their place on the way to Allegro, too."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    moves = env["account.move"].search(
        [("allegro_order_id", "!=", False), ("l10n_pl_edi_status", "!=", False)]
    )
    for name in ("allegro_chain_state", "allegro_chain_waits"):
        env.add_to_compute(moves._fields[name], moves)
    moves.flush_recordset()
