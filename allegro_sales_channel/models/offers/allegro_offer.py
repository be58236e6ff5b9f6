import hashlib

from odoo import api, fields, models
from odoo.fields import Domain

#: Orders counted for one offer that has no product; beyond, "or more" is enough.
_COUNTED_ORDERS = 1000


class AllegroOffer(models.Model):
    _name = "allegro.offer"
    _description = "Allegro offer"
    _order = "waiting_order_count desc, id desc"
    _rec_names_search = ["name", "offer_id", "external_id"]
    _check_company_auto = True

    account_id = fields.Many2one(
        "allegro.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    offer_id = fields.Char("Offer number", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    external_id = fields.Char(
        "Signature",
        readonly=True,
        help="The seller's own reference on the offer. It is matched with the internal"
        " reference of a product, or else with its barcode.",
    )
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What is taken from stock when this offer is bought. Found by itself when"
        " exactly one product has the signature as its internal reference or barcode.",
    )
    conflict_product_ids = fields.Many2many(
        "product.product",
        string="Several products claim it",
        readonly=True,
        help="These products share the offer's signature. Choose the right one: it is"
        " never guessed.",
    )
    waiting_order_keys = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="Fingerprints of the orders that were not imported because of this offer:"
        " enough to count each once, nothing of the orders themselves.",
    )
    waiting_order_count = fields.Integer(
        "Orders seen",
        readonly=True,
        help="Orders in which it was bought since it has had no product.",
    )
    waiting_since = fields.Datetime(
        "First seen",
        readonly=True,
        help="The oldest of these purchases. When the offer gets a product, Allegro is"
        " asked again for the orders since then.",
    )
    url = fields.Char("Offer on Allegro", compute="_compute_url")

    _offer_unique = models.UniqueIndex(
        "(account_id, offer_id)", "This offer is known to this account already."
    )

    @api.depends("offer_id", "account_id.environment")
    def _compute_url(self):
        for offer in self:
            site = offer.account_id._site_url()
            offer.url = f"{site}/oferta/{offer.offer_id}"

    @api.depends("name", "offer_id")
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = f"{offer.name} ({offer.offer_id})"

    @api.model
    def _match_lines(self, account, lines):
        """Which offer, and so which product, each bought line is.

        Offers not met before are created, those without a product are matched anew:
        the product may have been made since.

        :param account: one ``allegro.account``
        :param lines: ``LineItem`` of any number of orders
        :return: dict of the offers, by Allegro's offer id
        """
        named = {line.offer_id: line for line in lines}
        known = self.search(
            [
                ("account_id", "=", account.id),
                ("offer_id", "in", list(named)),
            ]
        )
        offers = {offer.offer_id: offer for offer in known}
        missing = [line for key, line in named.items() if key not in offers]
        created = self.create(
            [
                {
                    "account_id": account.id,
                    "offer_id": line.offer_id,
                    "name": line.offer_name,
                    "external_id": line.external_id,
                }
                for line in missing
            ]
        )
        offers.update((offer.offer_id, offer) for offer in created)
        for offer in known:
            line = named[offer.offer_id]
            if line.external_id and offer.external_id != line.external_id:
                offer.external_id = line.external_id
        (known + created).filtered(lambda o: not o.product_id)._match_products()
        return offers

    def _match_products(self):
        """Give each offer the one product that bears its signature, when it is one."""
        signatures = {offer.external_id for offer in self if offer.external_id}
        if not signatures:
            return
        company = self.company_id.ensure_one()
        products = self.env["product.product"].search(
            Domain("company_id", "in", (False, company.id))
            & (
                Domain("default_code", "in", list(signatures))
                | Domain("barcode", "in", list(signatures))
            )
        )
        by_code = products.grouped("default_code")
        by_barcode = products.grouped("barcode")
        for offer in self.filtered("external_id"):
            signature = offer.external_id
            found = by_code.get(signature) or by_barcode.get(
                signature, products.browse()
            )
            if len(found) == 1:
                offer.product_id = found
            if offer.conflict_product_ids or len(found) > 1:
                offer.conflict_product_ids = found if len(found) > 1 else False

    def _note_waiting(self, form):
        """Remember that an order waits for these offers, each order once.

        :param form: ``CheckoutForm``; nothing of it is kept but the moment
        """
        digest = hashlib.sha256(form.id.encode()).hexdigest()[:16]
        bought_at = form.bought_at.replace(tzinfo=None, microsecond=0)
        for offer in self.sudo():
            keys = offer.waiting_order_keys or []
            if digest not in keys and len(keys) < _COUNTED_ORDERS:
                offer.waiting_order_keys = [*keys, digest]
                offer.waiting_order_count = len(keys) + 1
            if not offer.waiting_since or bought_at < offer.waiting_since:
                offer.waiting_since = bought_at

    def write(self, vals):
        result = super().write(vals)
        if vals.get("product_id"):
            self._import_waiting()
        return result

    def _import_waiting(self):
        """Let what waited for the products of these offers be read from Allegro again.

        Nothing of the orders was kept, so their account compares what Allegro lists.
        """
        waiting = self.filtered("waiting_since")
        for account, offers in waiting.grouped("account_id").items():
            account._look_back(min(offers.mapped("waiting_since")))
        # sudo: the fingerprints are nobody's to read or write
        self.sudo().write(
            {
                "waiting_order_keys": False,
                "waiting_order_count": 0,
                "waiting_since": False,
                "conflict_product_ids": False,
            }
        )
