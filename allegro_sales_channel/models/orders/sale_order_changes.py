"""What the buyer, or the seller in Allegro's panel, changes after the purchase."""

from markupsafe import Markup

from odoo import api, fields, models

from ...allegro import people

#: What the goods need to arrive; where they have left, it is too late to change it.
_WHERE_TO = (
    "allegro_recipient",
    "allegro_pickup_point_id",
    "allegro_pickup_point_address",
    "allegro_delivery_method",
)
_INVOICE_TO = (
    "allegro_invoice_required",
    "allegro_invoice_party",
    "allegro_invoice_tax_id",
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    allegro_recipient = fields.Char(
        "Recipient on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="Person and address as the buyer last gave them.",
    )
    allegro_invoice_party = fields.Char(
        "Invoice data on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="For whom the buyer last wanted the invoice.",
    )

    # The difference stands in the chatter, told by Odoo's own tracking.
    allegro_pickup_point_id = fields.Char(tracking=True)
    allegro_pickup_point_address = fields.Char("Pickup point's address", tracking=True)
    allegro_delivery_method = fields.Char(tracking=True)
    allegro_dispatch_to = fields.Datetime(tracking=True)
    allegro_invoice_required = fields.Boolean(tracking=True)
    allegro_invoice_tax_id = fields.Char(tracking=True)
    allegro_invoice_due_date = fields.Date(tracking=True)
    allegro_message = fields.Text(tracking=True)
    allegro_seller_note = fields.Text(tracking=True)
    allegro_paid_amount = fields.Monetary(tracking=True)
    allegro_total_to_pay = fields.Monetary(tracking=True)

    @api.model
    def _allegro_form_values(self, form):
        return {
            **super()._allegro_form_values(form),
            "allegro_recipient": people.recipient_text(form) or False,
            "allegro_invoice_party": people.invoice_party_text(form) or False,
        }

    def _allegro_follow(self, form, changes):
        self._track_set_log_message(self.env._("Changed on Allegro"))
        result = super()._allegro_follow(form, changes)
        if self.state == "sale":
            if changes.keys() & set(_WHERE_TO):
                self._allegro_redirect(form, changes)
            if changes.keys() & set(_INVOICE_TO):
                self._allegro_change_invoice_party(form)
            if "allegro_dispatch_to" in changes:
                # Odoo hands it on to the open deliveries as their deadline
                self.commitment_date = changes["allegro_dispatch_to"]
            self._allegro_change_delivery_cost(form)
        return result

    def _allegro_redirect(self, form, changes):
        """Send what is still here to where the buyer wants it now."""
        deliveries = self.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        gone = deliveries.filtered(lambda picking: picking.state == "done")
        if gone:
            self._allegro_too_late(
                self.env._("The buyer changed the delivery after the goods had left"),
                self.env._(
                    "%(deliveries)s left before the change. Ask the carrier whether it"
                    " can be redirected, or tell the buyer.",
                    deliveries=", ".join(gone.mapped("name")),
                ),
                [name for name in _WHERE_TO if name in changes],
            )
        if "allegro_recipient" not in changes:
            return
        recipient = self._allegro_parties(form)["partner_shipping_id"]
        open_deliveries = deliveries.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        open_deliveries.partner_id = recipient
        for delivery in open_deliveries:
            delivery.message_post(
                body=self.env._(
                    "The buyer changed the delivery address on Allegro: %(address)s",
                    address=self.allegro_recipient,
                )
            )
        if gone:
            return  # the order goes on saying where the goods went
        taxed_as = self.fiscal_position_id
        # Without the context Odoo asks people to do what is done above.
        self.with_context(update_delivery_shipping_partner=True).write(
            {"partner_shipping_id": recipient}
        )
        if self.fiscal_position_id != taxed_as:
            self._recompute_taxes()

    def _allegro_change_invoice_party(self, form):
        """Invoice whom the buyer wants now, as long as there is no invoice."""
        party = self._allegro_parties(form)["partner_invoice_id"]
        if party == self.partner_invoice_id.id:
            return
        self.partner_invoice_id = party
        invoices = self.invoice_ids.filtered(lambda move: move.state != "cancel")
        if invoices:
            self._allegro_too_late(
                self.env._("The buyer changed the invoice data after invoicing"),
                self.env._(
                    "%(invoices)s was made before the change: correct it.",
                    invoices=", ".join(move.display_name for move in invoices),
                ),
                ["allegro_invoice_party"],
            )

    def _allegro_change_delivery_cost(self, form):
        """Another delivery method may cost more or less, until it is invoiced."""
        cost = form.delivery and form.delivery.cost
        line = self.order_line.filtered("is_delivery")
        if not cost or len(line) > 1 or line.qty_invoiced:
            return
        amount = float(cost.amount)
        if line and self.currency_id.compare_amounts(line.price_unit, amount):
            line.price_unit = amount
        elif not line and amount:
            values = self._allegro_delivery_values(self.allegro_account_id, form)
            self.order_line = [fields.Command.create(value) for value in values]

    def _allegro_parties(self, form):
        """The partners whom the form names now, as values of this order."""
        partners = self.env["res.partner"]
        return partners._allegro_partners(self.allegro_account_id, [form])[0]

    def _allegro_too_late(self, summary, advice, names):
        """Ask a person to deal with a change that Odoo can't follow any more.

        :param names: the fields that changed, shown with what they say now
        """
        shown = Markup("").join(
            Markup("<li>%s: %s</li>")
            % (self._fields[name]._description_string(self.env), self[name] or "-")
            for name in names
        )
        note = Markup("<p>%s</p><ul>%s</ul>") % (advice, shown)
        self._allegro_ask_person(summary, note)

    def _allegro_ask_person(self, summary, note):
        """An activity for whoever answers for this order.

        :param summary: what it is about, in a few words
        :param note: ``Markup``: what happened and what to do
        """
        self.ensure_one()
        for user in self._allegro_responsible_users():
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=summary,
                note=note,
                user_id=user.id,
            )
