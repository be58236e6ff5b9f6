"""Which product an offer is: found by Odoo itself, and found anew."""

from datetime import datetime, timezone

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command, Domain

_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


class AllegroOfferMatching(models.AbstractModel):
    """The part of ``allegro.offer`` that finds its product.

    What a person chose stays. What was found here is found anew when its reason has
    gone: the signature changed at Allegro or on the product, the product archived.
    """

    _name = "allegro.offer.matching"
    _description = "Products of offers"

    @api.model
    def _match_lines(self, account, lines):
        """Which offer, and so which product, each bought line is.

        Offers not met before are created, those without a product are matched anew:
        the product may have been made since.

        :param account: one ``allegro.account``
        :param lines: ``LineItem`` of any number of orders
        :return: dict of the offers, by Allegro's offer id
        """
        # of several purchases the last one tells what the offer is now
        by_time = sorted(lines, key=lambda line: line.bought_at or _LONG_AGO)
        named = {line.offer_id: line for line in by_time}
        known = self.search(
            [
                ("account_id", "=", account.id),
                ("offer_id", "in", list(named)),
            ]
        )
        offers = {offer.offer_id: offer for offer in known}
        missing = [line for key, line in named.items() if key not in offers]
        created = self._create_met(
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
            offer._follow_signature(named[offer.offer_id])
        (known + created)._match_products()
        return offers

    @api.model
    def _create_met(self, vals_list):
        """Create offers that were not met before.

        :raises ConcurrencyError: another worker met one of them at the same moment, as
            the import and the comparison do that begin together when an account is
            connected: what it made is seen by whoever begins again
        """
        try:
            with self.env.cr.savepoint():
                return self.create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError("An offer was met by another worker") from error

    def _follow_signature(self, line):
        """Take over the signature of a purchase, unless Allegro's list is newer."""
        self.ensure_one()
        if not line.external_id or line.external_id == self.external_id:
            return
        read_at = self.account_id.offers_read_at
        bought_at = (line.bought_at or _LONG_AGO).replace(tzinfo=None)
        if not self.external_id or not read_at or bought_at > read_at:
            self.sudo().external_id = line.external_id

    def _match_products(self):
        """Find the product of each offer that has none, or whose reason has gone."""
        for company, offers in self.grouped("company_id").items():
            wanted = offers.filtered(lambda offer: offer._is_to_be_found())
            claimed = wanted._match_signatures(company)
            (wanted - claimed)._match_catalogue(company)
        # found now, or sold again since its product is as it was
        self.filtered(
            lambda offer: offer._is_managed() and offer.waiting_since
        )._after_mapping()

    def _is_to_be_found(self):
        """Is it for Odoo to find a product? Not where a person has spoken."""
        return self._is_open() and self.mapped_by not in ("suggestion", "person")

    def _match_signatures(self, company):
        """Give each offer the one product that bears its signature, when it is one.

        :return: the offers whose signature is borne by any product
        """
        signatures = [offer.external_id for offer in self if offer.external_id]
        claimed = self.browse()
        if not signatures:
            return claimed
        products = self._products_of(
            company,
            Domain("default_code", "in", signatures)
            | Domain("barcode", "in", signatures),
        )
        by_code = products.grouped("default_code")
        by_barcode = products.grouped("barcode")
        obstacles = products._allegro_obstacles(company)
        for offer in self.filtered("external_id"):
            signature = offer.external_id
            found = by_code.get(signature) or by_barcode.get(signature)
            if not found:
                continue
            claimed |= offer
            if len(found) > 1 or found in obstacles:
                offer._claimed_by(found)
            elif found._allegro_doubt():
                offer._claimed_by(found.browse())
                offer._suggest_doubtful(found)
            else:
                offer._found(found, "signature")
        return claimed

    def _match_catalogue(self, company):
        """Give each offer the products whose barcodes Allegro's catalogue names."""
        # sudo: what the catalogue says is nobody's to read
        offers = self.sudo()
        eans = offers._catalogue_eans()
        products = self._products_of(company, Domain("barcode", "in", list(eans)))
        by_barcode = products.grouped("barcode")
        obstacles = products._allegro_obstacles(company)
        for offer in offers:
            # what a person has put into a set is not overwritten
            is_settled = offer.is_set and offer.mapped_by != "catalogue"
            parts = [] if is_settled else offer.catalogue_parts or []
            contents = []
            for part in parts:
                named = [by_barcode[ean] for ean in part["eans"] if ean in by_barcode]
                contents.append((products.browse().union(*named), part["quantity"]))
            offer._take_contents(contents, obstacles)

    def _take_contents(self, contents, obstacles):
        """Take products for this offer's contents, when each of them is certain.

        A set of which one part is unknown stays without product.

        :param contents: list of pairs: the products that a part may be, and its pieces
        :param obstacles: dict of texts by product
        """
        self.ensure_one()
        found = self.env["product.product"].union(*(part for part, _n in contents))
        is_certain = (
            contents
            and all(len(part) == 1 for part, _pieces in contents)
            and len(found) == len(contents)
            and not any(product in obstacles for product in found)
        )
        if not is_certain:
            # of one part a person can say which product it is
            self._claimed_by(found if len(contents) == 1 else found.browse())
        elif not any(product._allegro_doubt() for product in found):
            self._found_contents(contents)

    @api.model
    def _products_of(self, company, domain):
        """The products in use of a company that a domain finds."""
        products = self.env["product.product"]
        own = Domain(products._check_company_domain(company))
        return products.search(own & domain)

    def _catalogue_eans(self):
        """The EANs that Allegro's catalogue names for these offers."""
        return {
            ean
            for offer in self.sudo()
            for part in offer.catalogue_parts or []
            for ean in part["eans"]
        }

    def _claimed_by(self, products):
        """Note which products, none of which can be taken, claim this offer."""
        if self.conflict_product_ids != products:
            self.sudo().conflict_product_ids = products

    def _found(self, product, mapped_by):
        if self.mapped_by == "catalogue":
            # what belonged to the product that it was
            self.sudo().write({"component_ids": [Command.clear()], "pieces": 1})
        # sudo: how it was found is nobody's to write
        self.sudo().write(
            {
                "product_id": product.id,
                "mapped_by": mapped_by,
                "conflict_product_ids": [Command.clear()],
            }
        )

    def _found_contents(self, contents):
        """:param contents: list of pairs of a product and its pieces"""
        (first, pieces), *others = contents
        # before it is said who found them: else a change makes them a person's
        self.sudo().write(
            {
                "pieces": pieces,
                "component_ids": [
                    Command.clear(),
                    *(
                        Command.create({"product_id": product.id, "quantity": quantity})
                        for product, quantity in others
                    ),
                ],
            }
        )
        self._found(first, "catalogue")

    # Whether what was found still holds

    def _problems(self):
        """What is wrong with the products that these offers have.

        :return: dict of texts by offer, without those that can be sent
        """
        problems = {}
        having = self.filtered("product_id")
        for company, offers in having.grouped("company_id").items():
            products = offers.product_id | offers.component_ids.product_id
            obstacles = products._allegro_obstacles(company)
            for offer in offers:
                own = offer.product_id | offer.component_ids.product_id
                hard = [obstacles[product] for product in own if product in obstacles]
                if text := hard[0] if hard else offer._lost_reason():
                    problems[offer] = text
        return problems

    def _lost_reason(self):
        """Why Odoo would not find these products any more.

        :return: in words; False when it would, or when a person chose them
        """
        self.ensure_one()
        if self.mapped_by == "signature":
            own, words = self.product_id, {self.external_id}
            if not self.external_id:
                # taken away at Allegro it speaks for no other product
                return own._allegro_doubt()
        elif self.mapped_by == "catalogue":
            own = self.product_id | self.component_ids.product_id
            words = self._catalogue_eans()
        else:
            return False
        for product in own:
            if doubt := product._allegro_doubt():
                return doubt
            if not words & {product.default_code, product.barcode}:
                return self.env._(
                    "%(product)s no longer has %(signature)s, by which it was found.",
                    product=product.display_name,
                    signature=", ".join(sorted(words)) or self.env._("the EAN"),
                )
        return False
