"""Orders from before the import: to be looked up, and nothing else."""

from odoo import api, fields, models

from ...allegro import statuses
from ..door.moments import naive
from ..orders.sale_order import FULFILLMENT_STATUSES

#: Items named in the summary; an order of more says how many there are.
_NAMED_ITEMS = 5


class AllegroHistoricOrder(models.Model):
    """An older order as Allegro has it: read-only, and without a partner, stock or
    accounting."""

    _name = "allegro.historic.order"
    _description = "Older Allegro order"
    _inherit = ["allegro.order.link", "allegro.guarded"]
    _order = "bought_at desc, id desc"
    _rec_name = "checkout_form_id"
    _rec_names_search = ["checkout_form_id", "buyer_login", "summary"]

    account_id = fields.Many2one(
        "allegro.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    checkout_form_id = fields.Char("Allegro order", required=True, readonly=True)
    bought_at = fields.Datetime("Bought", required=True, readonly=True, index=True)
    buyer_login = fields.Char("Buyer", readonly=True)
    total = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    is_cancelled = fields.Boolean(
        "Cancelled", readonly=True, help="By the buyer, by Allegro or by the seller."
    )
    fulfillment_status = fields.Selection(
        FULFILLMENT_STATUSES, string="Fulfilment", readonly=True
    )
    delivery_method = fields.Char(readonly=True)
    marketplace = fields.Char(readonly=True)
    summary = fields.Char("Items", readonly=True)

    _form_unique = models.UniqueIndex(
        "(account_id, checkout_form_id)", "This order is in the history already."
    )

    def action_import(self):
        """Make sales orders of these after all: someone still has to work on them."""
        self.env["allegro.account"]._check_is_user()
        self.check_access("read")
        requests = self.env["allegro.request"].sudo()
        for account, orders in self.grouped("account_id").items():
            requests |= requests._want(
                account,
                "orders",
                checkout_form_ids=orders.mapped("checkout_form_id"),
            )
        return requests._open()

    @api.model
    def _store(self, account, forms):
        """Keep these forms, bringing up to date those that are here.

        :param forms: list of ``CheckoutForm``
        :return: dict of "new", "changed" or "skipped" by form id
        """
        known = self.search(
            [
                ("account_id", "=", account.id),
                ("checkout_form_id", "in", [form.id for form in forms]),
            ]
        )
        by_form = {order.checkout_form_id: order for order in known}
        results, missing = {}, []
        for form in forms:
            values = self._form_values(account, form)
            order = by_form.get(form.id)
            if not order:
                missing.append(values)
                results[form.id] = "new"
            elif changes := order._differing(values):
                order.write(changes)
                results[form.id] = "changed"
            else:
                results[form.id] = "skipped"
        self.create(missing)
        return results

    def _differing(self, values):
        """Those of the values that this order does not have."""
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    @api.model
    def _form_values(self, account, form):
        orders = self.env["sale.order"]
        code = form.total_to_pay.currency
        return {
            "account_id": account.id,
            "checkout_form_id": form.id,
            "bought_at": naive(form.bought_at),
            "buyer_login": form.buyer.login,
            "total": float(form.total_to_pay.amount),
            "currency_id": self.env["res.currency"]._allegro_by_code(code).id,
            "is_cancelled": form.status == statuses.CANCELLED or form.seller_cancelled,
            "fulfillment_status": orders._allegro_word(
                "allegro_fulfillment_status", form.fulfillment_status
            )
            or False,
            "delivery_method": (form.delivery and form.delivery.method_name) or False,
            "marketplace": form.marketplace or False,
            "summary": self._summary(form),
        }

    @api.model
    def _summary(self, form):
        named = [
            f"{line.quantity} × {line.offer_name}" for line in form.lines[:_NAMED_ITEMS]
        ]
        more = len(form.lines) - len(named)
        if more:
            named.append(self.env._("and %(count)s more", count=more))
        return "; ".join(named)
