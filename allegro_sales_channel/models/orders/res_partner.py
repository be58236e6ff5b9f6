from odoo import api, fields, models
from odoo.tools import email_normalize

from ...allegro import people, rules
from ...allegro.errors import AllegroDataError

#: The fields that make two delivery or invoice contacts the same.
_CONTACT_FIELDS = (
    "name",
    "company_name",
    "street",
    "zip",
    "city",
    "country_id",
    "phone",
    "email",
)

#: How to come from a document to the orders that it is about.
_ORDERS = {
    "stock.picking": "sale_id",
    "account.move": "line_ids.sale_line_ids.order_id",
}

#: VAT numbers that do not begin with the code of their country.
_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB"}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "allegro.guarded"]

    allegro_buyer_id = fields.Char(
        "Allegro buyer",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="Allegro's number of this buyer: the only thing about a buyer that never"
        " changes. The e-mail address is an alias that does.",
    )

    allegro_email = fields.Char(
        "Allegro e-mail",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The alias that Allegro last gave for this buyer, as far as it is the"
        " e-mail address here. One that you type stays.",
    )

    def _get_complete_name(self):
        """A recipient, or whom the invoice is for, bears a name of his own.

        Odoo puts the parent's before it, which is right for the people of a company:
        on Allegro one person buys for another, who alone belongs on the document.
        """
        buyer = self.sudo().parent_id
        is_of_buyer = buyer.allegro_buyer_id and not buyer.is_company
        if not is_of_buyer or not self.name:
            return super()._get_complete_name()
        return ", ".join(filter(None, (self.company_name, self.name)))

    @api.model
    def _allegro_partners(self, account, forms):
        """The partners of each order: buyer, recipient and invoice party.

        :param account: one ``allegro.account``
        :param forms: list of ``CheckoutForm``
        :return: list, in the order of the forms, of dicts with the values of
            ``partner_id``, ``partner_shipping_id`` and ``partner_invoice_id``
        """
        buyers = self._allegro_buyers(account, forms)
        contacts = []
        for form in forms:
            buyer = buyers[form.buyer.id]
            contacts.append((buyer, "delivery", self._allegro_recipient_values(form)))
            if form.invoice and form.invoice.required and not form.invoice.company_name:
                contacts.append((buyer, "invoice", self._allegro_person_values(form)))
        found = iter(self._allegro_contacts(contacts))
        partners = []
        for form in forms:
            buyer = buyers[form.buyer.id]
            shipping = next(found)
            if not form.invoice or not form.invoice.required:
                invoice = buyer
            elif form.invoice.company_name:
                invoice = self._allegro_company(account, form.invoice)
            else:
                invoice = next(found)
            partners.append(
                {
                    "partner_id": buyer.id,
                    "partner_shipping_id": shipping.id,
                    "partner_invoice_id": invoice.id,
                }
            )
        return partners

    # Buyers

    def _allegro_buyers(self, account, forms):
        """Dict of the buyers' partners by Allegro's buyer id."""
        buyers = {form.buyer.id: form.buyer for form in forms}
        known = self.search(
            [
                ("allegro_buyer_id", "in", list(buyers)),
                ("company_id", "=", account.company_id.id),
            ],
            order="id desc",
        )
        partners = {partner.allegro_buyer_id: partner for partner in known}
        for key, partner in partners.items():
            partner._allegro_renew_alias(buyers[key].email)
        missing = [buyer for key, buyer in buyers.items() if key not in partners]
        created = self.create(
            [self._allegro_buyer_values(account, buyer) for buyer in missing]
        )
        partners.update((partner.allegro_buyer_id, partner) for partner in created)
        return partners

    def _allegro_renew_alias(self, alias):
        """The alias of the newest purchase is the one that is sure to work.

        It takes the place of the one before, never of what a person typed.
        """
        self.ensure_one()
        known = self.allegro_email
        is_ours = self.email_normalized == known if known else not self.email
        if alias and is_ours and known != email_normalize(alias):
            self.write({"email": alias, "allegro_email": email_normalize(alias)})

    def _allegro_buyer_values(self, account, buyer):
        full_name = _joined(buyer.first_name, buyer.last_name)
        return {
            **self._allegro_address_values(buyer.address),
            "name": full_name or buyer.company_name or buyer.login,
            "company_name": buyer.company_name if full_name else False,
            "email": buyer.email or False,
            "allegro_email": email_normalize(buyer.email),
            "phone": buyer.phone_number or False,
            "lang": self._allegro_lang(buyer.language),
            "allegro_buyer_id": buyer.id,
            # a buyer is this company's customer, none of the others' business
            "company_id": account.company_id.id,
        }

    def _allegro_lang(self, language):
        """The buyer's language when it is installed, else the company's default."""
        code = (language or "").replace("-", "_")
        installed = dict(self.env["res.lang"].get_installed())
        return code if code in installed else self.env.company.partner_id.lang

    # What goes to nobody by itself

    @api.model
    def _allegro_spared(self, record, emails):
        """Which addresses get only what a person writes to them.

        A buyer on Allegro is Allegro's customer: no confirmation, coupon or other mail
        of a shop goes to an alias of Allegro's, nor, about an order there, to those
        whom it names.

        :param record: the document that a mail is about, if any
        :param emails: iterable of normalized addresses
        :return: set of those among them
        """
        orders = _orders_of(record.sudo()).filtered("allegro_account_id")
        named = (
            orders.partner_id | orders.partner_invoice_id | orders.partner_shipping_id
        )
        aliases = self.sudo().search([("allegro_email", "in", list(emails))])
        spared = {
            *named.mapped("email_normalized"),
            *map(email_normalize, orders.mapped("allegro_buyer_email")),
            *aliases.mapped("allegro_email"),
        }
        return spared.intersection(emails)

    # Contacts

    def _allegro_recipient_values(self, form):
        """The contact to whom the parcel goes.

        At a pickup point it is still the person: the point has fields of its own.
        """
        delivery = form.delivery
        person = (delivery and delivery.address) or form.buyer.address
        name = _joined(person and person.first_name, person and person.last_name)
        company = person and person.company_name
        buyer_name = _joined(form.buyer.first_name, form.buyer.last_name)
        return {
            **self._allegro_address_values(self._allegro_where_to(form)),
            "name": name or company or buyer_name or form.buyer.login,
            "company_name": company if name and company else False,
            "phone": (person and person.phone_number) or False,
            "email": False,
        }

    def _allegro_where_to(self, form):
        """The address of the recipient: the one given, else the only one there is.

        :return: ``Address``; it may name no place where none is needed: at a pickup
            point, or when Allegro's own warehouse sends it
        :raises AllegroDataError: when there is none to send to
        """
        delivery = form.delivery
        given = delivery and delivery.address
        if people.names_a_place(given):
            return given
        if delivery and delivery.pickup_point:
            return given
        known = form.buyer.address
        if people.names_a_place(known):
            return known
        if rules.fulfilled_by_allegro(form):
            return given
        raise AllegroDataError(
            "delivery.address",
            self.env._("names no place, and the buyer's own address does not either"),
        )

    def _allegro_person_values(self, form):
        """The invoice contact of a person."""
        invoice = form.invoice
        name = _joined(invoice.person_first_name, invoice.person_last_name)
        buyer_name = _joined(form.buyer.first_name, form.buyer.last_name)
        return {
            **self._allegro_address_values(invoice.address or form.buyer.address),
            "name": name or buyer_name or form.buyer.login,
            "company_name": False,
            "phone": False,
            "email": False,
        }

    def _allegro_address_values(self, address):
        country = self._allegro_country(address and address.country_code)
        return {
            "street": (address and address.street) or False,
            "zip": (address and address.zip_code) or False,
            "city": (address and address.city) or False,
            "country_id": country.id,
        }

    @api.model
    def _allegro_country(self, code):
        countries = self.env["res.country"]
        if not code:
            return countries
        code = _COUNTRY_OF_PREFIX.get(code.upper(), code.upper())
        return countries.search([("code", "=", code)], limit=1)

    def _allegro_contacts(self, wanted):
        """Child contacts, reused when every field is equal.

        :param wanted: list of (parent partner, type, values)
        :return: list of partners in the same order
        """
        parents = self.union(*(parent for parent, _type, _values in wanted))
        children = self.search(
            [
                ("parent_id", "in", parents.ids),
                ("type", "in", ("delivery", "invoice")),
            ]
        )
        known = {child._allegro_contact_key(): child for child in children}
        missing = {}
        for parent, kind, values in wanted:
            key = _contact_key(parent.id, kind, values)
            if key not in known and key not in missing:
                missing[key] = {
                    **values,
                    "parent_id": parent.id,
                    "type": kind,
                    "company_id": parent.company_id.id,
                    "lang": parent.lang,
                }
        created = self.create(list(missing.values()))
        known.update(zip(missing, created, strict=True))
        return [
            known[_contact_key(parent.id, kind, values)]
            for parent, kind, values in wanted
        ]

    def _allegro_contact_key(self):
        self.ensure_one()
        values = {name: self[name] for name in _CONTACT_FIELDS}
        values["country_id"] = self.country_id.id
        return _contact_key(self.parent_id.id, self.type, values)

    # Companies

    def _allegro_company(self, account, invoice):
        """The company to be invoiced: a commercial partner of its own.

        Found by its VAT number, else by name and address, else created. A number that
        is not valid is not written (Odoo would refuse it): the order flags it.
        """
        vat = rules.vat_number(invoice)
        country = self._allegro_country(vat and vat.country_code)
        valid = self._allegro_valid_vat(vat, country)
        values = {
            **self._allegro_address_values(invoice.address),
            "name": invoice.company_name,
        }
        company_domain = [
            ("parent_id", "=", False),
            ("company_id", "in", (False, account.company_id.id)),
        ]
        if valid:
            # people write a domestic number without its country as well
            spellings = [valid, vat.number, f"{vat.country_code}{vat.number}"]
            same = [("vat", "in", spellings), ("country_id", "in", (False, country.id))]
        else:
            same = [
                ("is_company", "=", True),
                ("vat", "=", False),
                *((name, "=", value) for name, value in values.items()),
            ]
        found = self.search([*company_domain, *same], order="id", limit=1)
        return found or self.create(
            {
                **values,
                "country_id": values["country_id"] or country.id,
                "vat": valid,
                "is_company": True,
                "company_id": account.company_id.id,
            }
        )

    @api.model
    def _allegro_valid_vat(self, vat, country):
        """The number as Odoo wants it written, False when it is none or not valid."""
        if not vat:
            return False
        number = f"{vat.country_code or ''}{vat.number}"
        if not country:
            return False
        checked, _country = self._run_vat_checks(country, number, validation="setnull")
        return checked or False


def _orders_of(record):
    """The sale orders that a document is about."""
    if record._name == "sale.order":
        return record
    path = _ORDERS.get(record._name)
    return record.mapped(path) if path else record.env["sale.order"]


def _contact_key(parent_id, kind, values):
    return (parent_id, kind, *(values.get(name) or False for name in _CONTACT_FIELDS))


def _joined(*words):
    return " ".join(word for word in words if word)
