"""An offer on Allegro, and which product it is in Odoo."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..door.moments import naive
from . import (  # noqa: F401 - what it inherits
    allegro_offer_matching,
    allegro_offer_suggestion,
)

#: Orders counted for one offer that has no product; beyond, "or more" is enough.
_COUNTED_ORDERS = 1000

MAPPINGS = [
    ("missing", "No product yet"),
    ("conflict", "To be settled by you"),
    ("mapped", "Has its product"),
    ("ignored", "Ignored"),
]
#: What of a product decides whether an offer can be it.
_DECISIVE = ("active", "type", "sale_ok", "company_id", "default_code", "barcode")
#: ... and of a kit, where there are kits.
_DECISIVE_OF_KIT = ("active", "type", "product_id", "bom_line_ids")


class AllegroOffer(models.Model):
    _name = "allegro.offer"
    _description = "Allegro offer"
    _inherit = [
        "allegro.offer.matching",
        "allegro.offer.suggestion",
        "allegro.guarded",
    ]
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
        domain=[("type", "!=", "combo")],
        help="What is taken from stock when this offer is bought. Found by itself when"
        " exactly one product has the signature as its internal reference or barcode.",
    )
    mapped_by = fields.Selection(
        [
            ("signature", "Found by the signature"),
            ("catalogue", "Found by Allegro's catalogue"),
            ("suggestion", "A suggestion was used"),
            ("person", "Chosen by a person"),
        ],
        string="How it was found",
        readonly=True,
        help="What Odoo found by itself is found anew when its reason has gone, for"
        " instance when the product is archived. What a person chose stays.",
    )
    conflict_product_ids = fields.Many2many(
        "product.product",
        string="Products that claim it",
        readonly=True,
        help="These products have the offer's signature, but Odoo can't decide by"
        " itself. Choose the right one: it is never guessed.",
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
    problem = fields.Char(
        compute="_compute_problem",
        compute_sudo=True,
        help="Why its items are left out of new orders until you have settled it.",
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

    def _mapping_depends(self):
        """What decides whether an offer's products can be sent."""
        ways = [*_DECISIVE, "product_tmpl_id.active"]
        if "bom_ids" in self.env["product.template"]._fields:
            ways += [f"product_tmpl_id.bom_ids.{name}" for name in _DECISIVE_OF_KIT]
        return (
            "is_ignored",
            "conflict_product_ids",
            "mapped_by",
            "external_id",
            "catalogue_parts",
            "company_id",
            *(f"product_id.{way}" for way in ways),
            *(f"component_ids.product_id.{way}" for way in ways),
        )

    @api.depends(lambda self: self._mapping_depends())
    def _compute_mapping(self):
        problems = self._problems()
        for offer in self:
            if offer.is_ignored:
                offer.mapping = "ignored"
            elif offer.conflict_product_ids or offer in problems:
                offer.mapping = "conflict"
            elif offer.product_id:
                offer.mapping = "mapped"
            else:
                offer.mapping = "missing"

    @api.depends(lambda self: self._mapping_depends())
    @api.depends_context("lang")
    def _compute_problem(self):
        problems = self._problems()
        for offer in self:
            offer.problem = offer._claim_text() or problems.get(offer)

    def _claim_text(self):
        """Why those that claim this offer are not taken for it; False for none."""
        self.ensure_one()
        claiming = self.conflict_product_ids
        obstacles = claiming._allegro_obstacles(self.company_id)
        if len(claiming) == 1 and obstacles:
            return obstacles[claiming]
        return claiming and self.env._(
            "Claimed by %(products)s. Choose the right one: it is never guessed.",
            products=", ".join(claiming.mapped("display_name")),
        )

    @api.depends("pieces", "component_ids")
    def _compute_is_set(self):
        for offer in self:
            offer.is_set = offer.pieces > 1 or bool(offer.component_ids)

    @api.constrains("product_id")
    def _check_product(self):
        for company, offers in self.grouped("company_id").items():
            for text in offers.product_id._allegro_obstacles(company).values():
                raise ValidationError(text)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {"mapped_by": "person", **vals} if vals.get("product_id") else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if "mapped_by" in vals:
            return result  # Odoo's own finding
        if "product_id" in vals:
            # also to none: then a person says that it is none of those here
            self.sudo().mapped_by = "person"
            if vals["product_id"]:
                self.sudo().is_ignored = False
                self._after_mapping()
        elif "pieces" in vals:
            self._overruled()
        return result

    def _overruled(self):
        """A person changed contents that Allegro's catalogue had named."""
        own = self.sudo().filtered(lambda offer: offer.mapped_by == "catalogue")
        own.mapped_by = "person"

    def _after_mapping(self):
        for step in self._mapped_steps() if self else ():
            getattr(self, step)()

    @api.model
    def _mapped_steps(self):
        """What is done when offers get their product, in this order."""
        return ["_complete_orders", "_look_for_waiting_orders", "_forget_waiting"]

    # Which product it is

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

    def _is_managed(self):
        """Is it known what is sent for it?"""
        return self.mapping == "mapped"

    def _is_open(self):
        """Is a product still wanted for it?"""
        return self.mapping in ("missing", "conflict")

    # Orders that wait for it

    def _note_waiting(self, form):
        """Remember that an order waits for these offers, each order once.

        :param form: ``CheckoutForm``; nothing of it is kept but the moment
        """
        digest = hashlib.sha256(form.id.encode()).hexdigest()[:16]
        bought_at = naive(form.bought_at)
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

    def action_keep_product(self):
        """It is still this product, whatever it was found by."""
        lost = self.filtered(
            lambda offer: offer.mapping == "conflict" and offer.product_id
        )
        if not lost:
            raise UserError(self.env._("There is no product to keep here."))
        for offer in lost:
            offer.write({"product_id": offer.product_id.id})
        return self._mapped_notification(lost)

    def action_find_product(self):
        """Let Odoo find the product by itself again."""
        self.check_access("write")
        # sudo: how it was found is nobody's to write
        self.sudo().filtered(lambda offer: not offer.product_id).mapped_by = False
        self._match_products()

    def action_forget_product(self):
        """Take the product off: the offer is unmanaged again, past orders stay."""
        self.write({"product_id": False, "pieces": 1, "component_ids": [(5,)]})
