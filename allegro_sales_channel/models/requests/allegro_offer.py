"""All the seller's offers, as Allegro lists them."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class AllegroOffer(models.Model):
    _inherit = "allegro.offer"

    read_by_id = fields.Many2one(
        "allegro.request",
        readonly=True,
        groups="base.group_system",
        help="The request that read this offer last: what it did not read is on sale no"
        " longer.",
    )

    def action_read_all_offers(self):
        """Read the offers of every connected account from Allegro."""
        self.env["allegro.account"]._check_is_user()
        accounts = self.env["allegro.account"].search([("state", "=", "connected")])
        if not accounts:
            raise UserError(self.env._("No Allegro account is connected."))
        requests = self.env["allegro.request"].sudo()
        for account in accounts:
            requests |= requests._want(account, "offers")
        return requests._open()

    @api.model
    def _store_listed(self, account, offers, request):
        """Keep a page of Allegro's list; each offer once, what is mapped stays mapped.

        :param offers: list of ``Offer``
        :param request: the ``allegro.request`` that reads them
        :return: dict of the numbers of "new", "changed" and "skipped" ones
        """
        listed = {offer.id: offer for offer in offers}
        known = self.search(
            [("account_id", "=", account.id), ("offer_id", "in", list(listed))]
        )
        counts = {"new": len(listed) - len(known), "changed": 0, "skipped": 0}
        for offer in known:
            answer = listed.pop(offer.offer_id)
            values = _listed_values(answer)
            changes = {k: v for k, v in values.items() if offer[k] != v}
            counts["changed" if changes else "skipped"] += 1
            # in a write of its own: it marks the offer as seen, whatever changed
            offer.sudo().write({**changes, "read_by_id": request.id})
        created = self._create_met(
            [
                {
                    "account_id": account.id,
                    "offer_id": answer.id,
                    "read_by_id": request.id,
                    **_listed_values(answer),
                }
                for answer in listed.values()
            ]
        )
        (known + created).filtered(lambda o: o._is_open())._match_products()
        return counts

    @api.model
    def _mark_unlisted(self, account, request):
        """What Allegro listed before, but not this time, is on sale no longer."""
        self.sudo().search(
            [
                ("account_id", "=", account.id),
                ("is_live", "=", True),
                ("read_by_id", "!=", request.id),
            ]
        ).is_live = False


def _listed_values(offer):
    return {
        "name": offer.name,
        "external_id": offer.external_id or False,
        "is_live": offer.active,
    }
