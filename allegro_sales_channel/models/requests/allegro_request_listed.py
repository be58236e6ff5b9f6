"""What Allegro lists of a period, piece by piece."""

from datetime import datetime

from odoo import models

from ..door.moments import aware
from ..orders.allegro_account_journal import BATCH

#: The orders listed last: they may be listed again, at the seams of the list.
_REMEMBERED = 4 * BATCH


class AllegroRequestListed(models.AbstractModel):
    """The part of ``allegro.request`` that reads Allegro's list."""

    _name = "allegro.request.listed"
    _description = "Reading Allegro's list of orders"

    def _fetch_listed(self, client):
        """What Allegro lists of the period, newest first, in pieces.

        After an interruption it goes on behind the last piece that was committed. A
        purchase of that very moment would come twice, so the last ones are remembered.

        :return: iterator of lists of ``Fetched``
        """
        position = self.sudo().position or {}
        seen = dict.fromkeys(position.get("last", ()))
        bought_from, until = aware(self.date_from), aware(self.date_to)
        # what can't be read tells no moment, and leaves none to go on from
        goes_on = "until" in position
        if goes_on:
            until = datetime.fromisoformat(position["until"])
        self.env["ir.cron"]._commit_progress()
        if not goes_on:
            self.total_count = client.count_checkout_forms(bought_from, until)
            self.env["ir.cron"]._commit_progress()
        piece = []
        for fetched in client.iter_checkout_forms(bought_from, until):
            if fetched.checkout_form_id in seen:
                continue
            seen[fetched.checkout_form_id] = None
            if len(seen) > _REMEMBERED:
                seen.pop(next(iter(seen)))
            piece.append(fetched)
            if len(piece) == BATCH:
                yield piece
                piece = []
        if piece:
            yield piece

    def _remember_position(self, fetched):
        """Keep where the list is, to be committed together with this piece."""
        position = self.sudo().position or {}
        ids = [answer.checkout_form_id for answer in fetched]
        moments = [answer.form.last_bought_at for answer in fetched if answer.form]
        if "until" in position or moments:
            until = min(moments).isoformat() if moments else position["until"]
            last = (position.get("last", []) + ids)[-_REMEMBERED:]
            self.sudo().position = {**position, "until": until, "last": last}
