"""What the steps of an order's recipes hand to each other."""

from dataclasses import dataclass, field

from odoo import models

from ...allegro.checkout_form import CheckoutForm
from ...allegro.form_state import FormState


@dataclass
class Batch:
    """Forms that become orders together.

    :ivar account: one ``allegro.account``
    :ivar forms: list of ``CheckoutForm``, none of which is here yet
    :ivar offers: dict of ``allegro.offer`` by Allegro's offer id
    :ivar managed: the forms with at least one item that is a product here
    :ivar replaced: dict of the orders that a form replaces, by the form's id
    :ivar orders: the new orders
    """

    account: models.BaseModel
    forms: list[CheckoutForm]
    orders: models.BaseModel
    offers: dict = field(default_factory=dict)
    managed: list[CheckoutForm] = field(default_factory=list)
    replaced: dict = field(default_factory=dict)


@dataclass(frozen=True)
class NewOrder:
    """One form that becomes an order.

    :ivar offers: dict of ``allegro.offer`` by Allegro's offer id
    :ivar parties: values of its partners
    """

    account: models.BaseModel
    form: CheckoutForm
    offers: dict
    parties: dict

    @property
    def managed_lines(self):
        """Pairs of a bought line and its offer, of what is a product here."""
        pairs = ((line, self.offers[line.offer_id]) for line in self.form.lines)
        return [(line, offer) for line, offer in pairs if offer._is_managed()]

    @property
    def unmanaged_lines(self):
        """The bought lines that are no product here."""
        return [
            line
            for line in self.form.lines
            if not self.offers[line.offer_id]._is_managed()
        ]


@dataclass
class News:
    """What Allegro says of a known order now.

    :ivar state: ``FormState``: where it stands
    :ivar form: ``CheckoutForm``; None when the rest of it can't be read
    :ivar changes: dict of the values that are not as before; steps before the one
        that writes them may add to it or take away
    :ivar before: dict of what the order said of these until now: whatever people typed
        differs from it
    :ivar taxed_by: the order's ``account.fiscal.position`` until now
    """

    state: FormState
    form: CheckoutForm | None
    changes: dict
    before: dict
    taxed_by: models.BaseModel
