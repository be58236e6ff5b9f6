"""Which product an offer without one may be, found by the scheduled action."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...allegro import suggestions

#: Products that are compared with one offer, those that share most with it.
_CANDIDATES = 200
#: Words of an offer's name by which products are looked for.
_WORDS = 6


class AllegroOfferSuggestion(models.AbstractModel):
    """The part of ``allegro.offer`` that suggests products."""

    _name = "allegro.offer.suggestion"
    _description = "Suggestions of products for offers"

    def _suggest(self):
        """Keep the best suggestion for each of these offers."""
        for offer in self:
            # several that claim it are a conflict, for a person to settle
            is_clear = offer.mapping == "missing"
            best = is_clear and offer._suggestions(limit=1)
            product, reason = best[0] if best else (False, False)
            offer.sudo().write(
                {
                    "suggested_product_id": product and product.id,
                    "suggestion_reason": reason,
                }
            )

    def _suggest_doubtful(self, product):
        """Suggest the product with this offer's signature, which is no plain goods."""
        self.ensure_one()
        same = suggestions.Suggestion(product.id, 100, suggestions.SAME_REFERENCE)
        reason = self._reason_text(same, product)
        if (self.suggested_product_id, self.suggestion_reason) != (product, reason):
            self.sudo().write(
                {"suggested_product_id": product.id, "suggestion_reason": reason}
            )

    def _suggestions(self, limit=10):
        """Products that this offer may be, best first.

        :return: list of pairs of a product and the reason in words
        """
        self.ensure_one()
        parts = self.sudo().catalogue_parts or []
        eans = [ean for part in parts for ean in part["eans"]]
        products = self._candidates(eans)
        ranked = suggestions.rank(
            self.name,
            self.external_id or "",
            eans,
            [
                suggestions.Candidate(
                    product.id,
                    product.default_code or "",
                    product.barcode or "",
                    product.name,
                )
                for product in products
            ],
        )
        by_id = {product.id: product for product in products}
        return [
            (by_id[found.key], self._reason_text(found, by_id[found.key]))
            for found in ranked[:limit]
        ]

    def _candidates(self, eans):
        """The products worth comparing: by reference, by EAN, by words of the name."""
        words = sorted(set(suggestions.words(self.name)), key=len, reverse=True)
        names = Domain.OR([Domain("name", "ilike", word) for word in words[:_WORDS]])
        references = self.name.split() + [self.external_id] * bool(self.external_id)
        exact = Domain("default_code", "in", references) | Domain(
            "barcode", "in", [*eans, self.external_id or ""]
        )
        pattern = suggestions.pattern(self.external_id or "")
        if pattern:
            exact |= Domain("default_code", "=ilike", pattern)
        goods = Domain("type", "=", "consu") & Domain("sale_ok", "=", True)
        company = self.company_id
        products = self.env["product.product"]
        own = Domain(products._check_company_domain(company))
        found = products.search(own & exact, limit=_CANDIDATES)
        found |= products.search(own & goods & names, limit=_CANDIDATES)
        obstacles = found._allegro_obstacles(company)
        return found.filtered(lambda product: product not in obstacles)

    def _reason_text(self, found, product):
        texts = {
            suggestions.SAME_REFERENCE: self.env._(
                "The same reference: %(value)s", value=self.external_id
            ),
            suggestions.SAME_EAN: self.env._(
                "The same EAN: %(value)s", value=product.barcode
            ),
            suggestions.REFERENCE_ALIKE: self.env._(
                "The reference is written alike: %(value)s", value=product.default_code
            ),
            suggestions.REFERENCE_IN_NAME: self.env._(
                "Its reference is in the offer's name: %(value)s",
                value=product.default_code,
            ),
            suggestions.NAME_ALIKE: self.env._(
                "A similar name (%(score)s %%)", score=found.score
            ),
        }
        doubt = product._allegro_doubt()
        if not doubt:
            return texts[found.reason]
        return self.env._(
            "%(reason)s. But: %(doubt)s", reason=texts[found.reason], doubt=doubt
        )

    # Buttons

    def action_use_suggestion(self):
        """Give each of these offers the product that was suggested for it."""
        usable = self.filtered(
            lambda offer: offer.suggested_product_id and offer.mapping == "missing"
        )
        if not usable:
            raise UserError(self.env._("There is no suggestion to use here."))
        for offer in usable:
            offer._use_suggested(offer.suggested_product_id)
        return self._mapped_notification(usable)

    def _use_suggested(self, product, **values):
        """A person says that it is a product that was suggested."""
        self.write({"product_id": product.id, **values})
        # sudo: how it was found is nobody's to write
        self.sudo().mapped_by = "suggestion"

    @api.model
    def _mapped_notification(self, offers):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s offers have their product now. Orders that waited for"
                    " them are being asked for.",
                    count=len(offers),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
