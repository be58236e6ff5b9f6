"""*Read all offers*: the list, then what those without a product are made of."""

from odoo import fields, models

#: Offers whose products are asked for together, and suggested for together.
DETAILS_BATCH = 50


class AllegroRequestOffers(models.AbstractModel):
    """The kind ``offers`` of ``allegro.request``."""

    _name = "allegro.request.offers"
    _description = "Reading all offers"

    def _fetch_offers(self, client):
        """Pages of the list, then the products of the offers that need one.

        :return: iterator of pairs: what it is, and what Allegro answered
        """
        position = self.sudo().position or {"offset": 0}
        while position["offset"] is not None:
            self.env["ir.cron"]._commit_progress()
            yield "page", client.offers(position["offset"])
            position = self.sudo().position
        after = position.get("after", 0)
        while offers := self._offers_to_look_into(after):
            after = offers[-1].id
            offer_ids = offers.mapped("offer_id")
            self.env["ir.cron"]._commit_progress()
            yield "parts", (offers.ids, client.offer_parts(offer_ids))

    def _take_offers(self, piece):
        kind, answer = piece
        getattr(self, f"_take_offer_{kind}")(*answer)

    def _take_offer_page(self, offers, total, next_offset):
        account = self.account_id
        store = self.env["allegro.offer"].sudo()
        counts = store._store_listed(account, offers, self)
        self.sudo().position = {"offset": next_offset}
        self.write(
            {
                "total_count": total,
                "done_count": self.done_count + len(offers),
                "new_count": self.new_count + counts["new"],
                "changed_count": self.changed_count + counts["changed"],
                "skipped_count": self.skipped_count + counts["skipped"],
            }
        )
        if next_offset is None:
            store._mark_unlisted(account, self)
            account.sudo().offers_read_at = fields.Datetime.now()

    def _take_offer_parts(self, ids, parts):
        offers = self.env["allegro.offer"].sudo().browse(ids)
        offers._store_parts(parts)
        offers._suggest()
        self.sudo().position = {"offset": None, "after": ids[-1]}

    def _offers_to_look_into(self, after):
        """The next live offers without a product, oldest first."""
        return self.env["allegro.offer"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("mapping", "in", ("missing", "conflict")),
                "|",
                ("is_live", "=", True),
                ("waiting_order_count", ">", 0),
                ("id", ">", after),
            ],
            order="id",
            limit=DETAILS_BATCH,
        )
