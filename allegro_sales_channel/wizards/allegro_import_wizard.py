from odoo import fields, models
from odoo.exceptions import UserError

from ..allegro.order_reference import form_ids_in

#: So many orders can be named at once.
_MOST = 100


class AllegroImportWizard(models.TransientModel):
    """Import, or read again, the orders that a person names."""

    _name = "allegro.import.wizard"
    _description = "Import Allegro orders"
    _inherit = ["allegro.dialog"]

    account_id = fields.Many2one(
        "allegro.account",
        required=True,
        domain=[("state", "=", "connected")],
        default=lambda self: self.env["allegro.account"]._default_connected(),
    )
    text = fields.Text("Orders", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.account_id.check_access("read")
        form_ids = self._form_ids()
        if len(form_ids) > _MOST:
            raise UserError(
                self.env._(
                    "These are %(count)s orders. Name at most %(most)s at once, or load"
                    " a period.",
                    count=len(form_ids),
                    most=_MOST,
                )
            )
        request = self.env["allegro.request"].sudo()
        return request._want(
            self.account_id, "orders", checkout_form_ids=form_ids
        )._open()

    def _form_ids(self):
        """What the text names: Allegro's numbers, addresses, numbers of orders here.

        Beside a number, in its line, other words may stand.
        """
        form_ids = []
        for line in self.text.splitlines():
            form_ids += form_ids_in(line) or map(self._form_id_of_order, line.split())
        return list(dict.fromkeys(form_ids))

    def _form_id_of_order(self, name):
        """
        :param name: number of a sales order
        """
        order = self.env["sale.order"].search(
            [("name", "=ilike", name), ("allegro_account_id", "=", self.account_id.id)],
            limit=1,
        )
        if not order:
            raise UserError(
                self.env._(
                    "“%(name)s” is no Allegro order. Paste its number, such as"
                    " 3b5a6f60-9c1d-11ef-8f0e-0242ac120002, or the address of its page"
                    " on Allegro.",
                    name=name[:80],
                )
            )
        return order.allegro_checkout_form_id
