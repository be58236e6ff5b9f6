"""What a line of an invoice comes to, as it can be added up and taken off."""

from dataclasses import dataclass, field

#: What Odoo's taxes keep of each tax of a line.
TAX_FIELDS = (
    "base_amount_currency",
    "base_amount",
    "tax_amount_currency",
    "tax_amount",
)
#: The key of an amount that is of no tax: the net.
NO_TAX = ""


@dataclass(frozen=True)
class Worth:
    """Pieces of a line, and all the amounts that Odoo has of them.

    :ivar quantity: in the line's own unit
    :ivar gross: in the document's currency as it is priced: rounding over the whole
        document may move a cent between the nets of its lines
    :ivar amounts: dict by (id of a tax as text or ``NO_TAX``, name of Odoo's field);
        names that end in ``_currency`` are in the document's currency, the others in
        the company's
    """

    quantity: float = 0.0
    gross: float = 0.0
    amounts: dict = field(default_factory=dict)

    def __add__(self, other):
        return self._joined(other, 1)

    def __sub__(self, other):
        return self._joined(other, -1)

    def _joined(self, other, sign):
        keys = self.amounts.keys() | other.amounts.keys()
        return Worth(
            self.quantity + sign * other.quantity,
            self.gross + sign * other.gross,
            {
                key: self.amounts.get(key, 0.0) + sign * other.amounts.get(key, 0.0)
                for key in keys
            },
        )

    @property
    def net(self):
        """In the document's currency."""
        return self.amounts.get((NO_TAX, "total_excluded_currency"), 0.0)

    def rounded(self, currency, company_currency):
        """The same without the crumbs of floating point.

        :param currency: ``res.currency`` of the document
        :param company_currency: that of its company
        """
        return Worth(
            self.quantity,
            currency.round(self.gross),
            {
                (tax, name): (
                    currency if name.endswith("_currency") else company_currency
                ).round(amount)
                for (tax, name), amount in self.amounts.items()
            },
        )

    def of_document(self):
        """Only what is in the document's own currency."""
        return self._kept(lambda name: name.endswith("_currency"))

    def of_company(self):
        """Only what is in the company's currency, without pieces."""
        kept = self._kept(lambda name: not name.endswith("_currency"))
        return Worth(amounts=kept.amounts)

    def _kept(self, condition):
        amounts = {
            key: amount for key, amount in self.amounts.items() if condition(key[1])
        }
        return Worth(self.quantity, self.gross, amounts)

    def __bool__(self):
        return bool(self.quantity or self.gross or any(self.amounts.values()))

    def manual_amounts(self):
        """As Odoo takes over amounts that are not to be reckoned anew."""
        manual = {
            f"manual_{name}": amount
            for (tax, name), amount in self.amounts.items()
            if tax == NO_TAX
        }
        manual["manual_tax_amounts"] = taxes = {}
        for (tax, name), amount in self.amounts.items():
            if tax != NO_TAX:
                taxes.setdefault(tax, {})[name] = amount
        return manual
