"""An offer on Allegro, and which product it is in Odoo."""

import hashlib

from odoo import api, fields, models
from odoo.fields import Command, Domain

from . import allegro_offer_suggestion  # noqa: F401 - what it inherits

#: Orders counted for one offer that has no product; beyond, "or more" is enough.
_COUNTED_ORDERS = 1000

MAPPINGS = [
    ("missing", "No product yet"),
    ("conflict", "Claimed by several products"),
    ("mapped", "Has its product"),
    ("ignored", "Ignored"),
]


class AllegroOffer(models.Model):
    _name = "allegro.offer"
    _description = "Allegro offer"
    _inherit = ["allegro.offer.suggestion", "allegro.guarded"]
    _order = "waiting_order_count desc, id desc"
    _rec_names_search = ["name", "offer_id", "external_id"]
    _check_company_auto = True

    account_id = fields.Many2one(
        "allegro.account", required=True, readonly=True, index=True, ondelete="cascade"
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

    # What one piece of it is

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

    # What Allegro lists

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
    url = fields.Char("Offer on Allegro", compute="_compute_url")

    # What it may be

    suggested_product_id = fields.Many2one(
        "product.product",
        "Suggestion",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    suggestion_reason = fields.Char("Because", readonly=True)

    # The orders that wait for its product

    waiting_order_keys = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="Fingerprints of the orders that were not imported because of this offer:"
        " enough to count each once, nothing of the orders themselves.",
    )
    waiting_order_count = fields.Integer(
        "Waiting orders",
        readonly=True,
        # a database sorts the unknown before all numbers
        default=0,
        help="Orders in which it was bought since it has had no product.",
    )
    waiting_since = fields.Datetime(
        "First seen",
        readonly=True,
        help="The oldest of these purchases. When the offer gets a product, Allegro is"
        " asked again for the orders since then.",
    )

    _offer_unique = models.UniqueIndex(
        "(account_id, offer_id)", "This offer is known to this account already."
    )
    _pieces_positive = models.Constraint(
        "CHECK (pieces > 0)", "An offer is of at least one piece of its product."
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

    def write(self, vals):
        result = super().write(vals)
        if vals.get("product_id"):
            for step in self._mapped_steps():
                getattr(self, step)()
        return result

    @api.model
    def _mapped_steps(self):
        """What is done when offers get their product, in this order."""
        return ["_complete_orders", "_look_for_waiting_orders", "_forget_waiting"]

    # Which product it is

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
        """Give each offer its product: by its signature, or else by the EAN."""
        wanted = self.filtered(lambda offer: not offer.is_ignored)
        wanted._match_signatures()
        for offer in wanted.sudo().filtered("catalogue_parts"):
            if offer.mapping == "missing":
                offer._match_catalogue_parts()

    def _match_signatures(self):
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

    def _contents(self):
        """What one piece of this offer takes from stock.

        :return: list of pairs of a product and its pieces
        """
        self.ensure_one()
        contents = [(self.product_id, self.pieces)]
        return contents + [
            (part.product_id, part.quantity) for part in self.component_ids
        ]

    def _is_open(self):
        """Is a product still wanted for it?"""
        return self.mapping in ("missing", "conflict")

    # Orders that wait for it

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

    def _forget_waiting(self):
        # sudo: the fingerprints are nobody's to read or write
        self.sudo().write(
            {
                "waiting_order_keys": False,
                "waiting_order_count": 0,
                "waiting_since": False,
                "conflict_product_ids": False,
            }
        )

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

    def action_choose_product(self):
        """Open the resolver: every suggestion with its reason."""
        self.ensure_one()
        wizard = self.env["allegro.offer.resolver"]._for_offer(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which product is this?"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_ignore(self):
        """Ask no more about these offers; can be taken back."""
        self.is_ignored = True

    def action_stop_ignoring(self):
        self.is_ignored = False
        # sudo: what is found is the system's; the right was needed for the line above
        self.sudo()._match_products()

    def action_forget_product(self):
        """Take the product off: the offer is unmanaged again, past orders stay."""
        self.write({"product_id": False, "pieces": 1, "component_ids": [(5,)]})
