"""All the seller's offers, as Allegro lists them, and what they are made of."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: Offers whose products are asked for together, and suggested for together.
DETAILS_BATCH = 50

MAPPINGS = [
    ("missing", "No product yet"),
    ("conflict", "Claimed by several products"),
    ("mapped", "Has its product"),
    ("ignored", "Ignored"),
]


class AllegroOffer(models.Model):
    _inherit = "allegro.offer"

    # a database sorts the unknown before all numbers
    waiting_order_count = fields.Integer(default=0)
    is_live = fields.Boolean(
        "On sale",
        readonly=True,
        index=True,
        help="Allegro sold it when the offers were last read.",
    )
    is_ignored = fields.Boolean(
        "Ignored",
        help="It is no product of yours in Odoo and is not meant to become one. It"
        " stays off the orders, but is asked about no more.",
    )
    mapping = fields.Selection(
        MAPPINGS, compute="_compute_mapping", store=True, index=True
    )
    pieces = fields.Integer(
        default=1,
        required=True,
        help="How many of the product one piece of this offer is: 4 for an offer of"
        " four spark plugs.",
    )
    component_ids = fields.One2many(
        "allegro.offer.component",
        "offer_id",
        string="Further products of the set",
        help="What else one piece of this offer takes from stock. The price is spread"
        " over the products by their own prices.",
    )
    is_set = fields.Boolean(compute="_compute_is_set")
    catalogue_parts = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="The EANs and pieces of the products in Allegro's catalogue, none when"
        " they were not asked for.",
    )
    ean = fields.Char("EAN", readonly=True, help="From Allegro's catalogue.")
    read_by_id = fields.Many2one(
        "allegro.request", readonly=True, groups="base.group_system"
    )

    _pieces_positive = models.Constraint(
        "CHECK (pieces > 0)", "An offer is of at least one piece of its product."
    )

    @api.depends("product_id", "conflict_product_ids", "is_ignored")
    def _compute_mapping(self):
        for offer in self:
            if offer.product_id:
                offer.mapping = "mapped"
            elif offer.is_ignored:
                offer.mapping = "ignored"
            elif offer.conflict_product_ids:
                offer.mapping = "conflict"
            else:
                offer.mapping = "missing"

    @api.depends("pieces", "component_ids")
    def _compute_is_set(self):
        for offer in self:
            offer.is_set = offer.pieces > 1 or bool(offer.component_ids)

    def _contents(self):
        """What one piece of this offer takes from stock.

        :return: list of pairs of a product and its pieces
        """
        self.ensure_one()
        contents = [(self.product_id, self.pieces)]
        return contents + [
            (part.product_id, part.quantity) for part in self.component_ids
        ]

    # Buttons

    def action_open_form(self):
        """Open the offer itself, for its pieces and its set."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_read_all_offers(self):
        """Read the offers of every connected account from Allegro."""
        accounts = self.env["allegro.account"].search([("state", "=", "connected")])
        if not accounts:
            raise UserError(self.env._("No Allegro account is connected."))
        requests = self.env["allegro.request"].sudo()
        for account in accounts:
            requests |= requests._want(account, "offers")
        return requests._open()

    # What Allegro lists

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
        created = self.create(
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

    def _is_open(self):
        """Is a product still wanted for it?"""
        return self.mapping in ("missing", "conflict")

    # Which product it is

    def _match_products(self):
        """By the offer's signature, and where that tells nothing, by the EAN."""
        wanted = self.filtered(lambda offer: not offer.is_ignored)
        result = super(AllegroOffer, wanted)._match_products()
        for offer in wanted.sudo().filtered("catalogue_parts"):
            if offer.mapping == "missing":
                offer._match_catalogue_parts()
        return result

    def _match_catalogue_parts(self):
        """Take the products whose barcodes Allegro's catalogue names.

        Only when each part is exactly one product of the company: a set of which one
        part is unknown stays without product.
        """
        self.ensure_one()
        parts = self.sudo().catalogue_parts
        products = self.env["product.product"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("barcode", "in", [ean for part in parts for ean in part["eans"]]),
            ]
        )
        contents = []
        for part in parts:
            found = products.filtered(lambda p, part=part: p.barcode in part["eans"])
            if len(found) > 1 and len(parts) == 1:
                self.conflict_product_ids = found
            if len(found) != 1:
                return
            contents.append((found, part["quantity"]))
        (first, pieces), *others = contents
        if first in [product for product, _pieces in others]:
            return
        self.write(
            {
                "pieces": pieces,
                "component_ids": [
                    Command.clear(),
                    *(
                        Command.create({"product_id": product.id, "quantity": quantity})
                        for product, quantity in others
                    ),
                ],
                "product_id": first.id,
            }
        )

    def _store_parts(self, parts):
        """Keep what Allegro's catalogue says of these offers.

        :param parts: list, in the order of these offers, of tuples of ``OfferPart``
        """
        for offer, offer_parts in zip(self, parts, strict=True):
            single = offer_parts[0] if len(offer_parts) == 1 else None
            offer.sudo().write(
                {
                    "catalogue_parts": [
                        {"eans": list(part.eans), "quantity": part.quantity}
                        for part in offer_parts
                    ],
                    "ean": single.eans[0] if single and single.eans else False,
                }
            )
        self.filtered(lambda offer: offer._is_open())._match_products()


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    offer_coverage = fields.Char(
        "Offers with a product",
        compute="_compute_offer_coverage",
        groups="allegro_sales_channel.group_allegro_user",
    )
    offers_read_at = fields.Datetime("Offers read", copy=False, readonly=True)

    @api.depends("offer_ids")
    def _compute_offer_coverage(self):
        counts = self.env["allegro.offer"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("is_live", "=", True),
                ("mapping", "!=", "ignored"),
            ],
            ["account_id", "mapping"],
            ["__count"],
        )
        for account in self:
            mine = {mapping: n for owner, mapping, n in counts if owner == account}
            account.offer_coverage = account._coverage_text(
                sum(mine.values()), mine.get("mapped", 0)
            )

    def _coverage_text(self, live, mapped):
        if not live:
            return False
        missing = live - mapped
        # 999 of 1000 are not yet all
        percent = 100 * mapped // live
        if not missing:
            return self.env._(
                "100 %%: all %(live)s live offers have a product", live=live
            )
        return self.env._(
            "%(percent)s %%: %(missing)s live offers have no product",
            percent=percent,
            missing=missing,
        )

    def action_read_offers(self):
        """Read all the seller's offers from Allegro."""
        self.ensure_one()
        self.check_access("read")
        return self.env["allegro.request"].sudo()._want(self, "offers")._open()


def _listed_values(offer):
    return {
        "name": offer.name,
        "external_id": offer.external_id or False,
        "is_live": offer.active,
    }
