"""What an Allegro order knows beyond an ordinary one, and shows."""

from odoo import api, fields, models

#: Allegro's own words, and what people read.
FULFILLMENT_STATUSES = [
    ("NEW", "New"),
    ("PROCESSING", "In progress"),
    ("READY_FOR_SHIPMENT", "Ready for shipment"),
    ("READY_FOR_PICKUP", "Ready for pickup"),
    ("SENT", "Sent"),
    ("PICKED_UP", "Picked up"),
    ("CANCELLED", "Cancelled"),
    ("SUSPENDED", "Suspended"),
    ("RETURNED", "Returned"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Which order on Allegro

    allegro_account_id = fields.Many2one(
        "allegro.account",
        string="Allegro account",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    allegro_checkout_form_id = fields.Char(
        "Allegro order", copy=False, readonly=True, index="btree_not_null"
    )
    allegro_marketplace = fields.Char("Marketplace", copy=False, readonly=True)
    allegro_url = fields.Char(
        "Order on Allegro", compute="_compute_allegro_url", compute_sudo=True
    )
    allegro_revision = fields.Char(copy=False, readonly=True)

    # Its state

    allegro_status = fields.Char("Allegro status", copy=False, readonly=True)
    allegro_fulfillment_status = fields.Selection(
        FULFILLMENT_STATUSES,
        string="Allegro fulfilment",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The order's status as confirmed by Allegro.",
    )
    allegro_fulfillment_target = fields.Selection(
        FULFILLMENT_STATUSES,
        string="Wanted on Allegro",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The status that Allegro is being told, empty when there is nothing to"
        " tell.",
    )
    allegro_sync_error = fields.Text(
        "Allegro's refusal",
        copy=False,
        readonly=True,
        help="What Allegro answered when it refused something for this order.",
    )
    allegro_fulfilled_by_allegro = fields.Boolean(
        "Shipped by Allegro",
        copy=False,
        readonly=True,
        help="Allegro's own warehouse ships this order (One Fulfillment): nothing is"
        " taken from your stock.",
    )
    allegro_has_unmanaged = fields.Boolean(
        "Has unmanaged items",
        copy=False,
        readonly=True,
        help="The order has items on Allegro that are no product in Odoo. They are not"
        " on this order.",
    )
    allegro_unmanaged_items = fields.Text(
        "Items not in Odoo", copy=False, readonly=True
    )

    # The people

    allegro_buyer_login = fields.Char("Buyer", copy=False, readonly=True)
    allegro_buyer_email = fields.Char(
        "Buyer's e-mail",
        copy=False,
        readonly=True,
        help="An alias of Allegro's, valid for this purchase.",
    )
    allegro_buyer_phone = fields.Char("Buyer's phone", copy=False, readonly=True)
    allegro_message = fields.Text("Buyer's message", copy=False, readonly=True)
    allegro_seller_note = fields.Text("Seller's note", copy=False, readonly=True)

    # Delivery

    allegro_recipient_phone = fields.Char(
        "Recipient's phone", related="partner_shipping_id.phone"
    )
    allegro_delivery_method = fields.Char("Delivery method", copy=False, readonly=True)
    allegro_delivery_method_id = fields.Char(copy=False, readonly=True)
    allegro_smart = fields.Boolean("Smart!", copy=False, readonly=True)
    allegro_dispatch_to = fields.Datetime(
        "Send by",
        copy=False,
        readonly=True,
        help="Until then the parcel should be handed over, as promised to the buyer.",
    )
    allegro_pickup_point_id = fields.Char("Pickup point", copy=False, readonly=True)
    allegro_pickup_point_name = fields.Char(copy=False, readonly=True)
    allegro_pickup_point_address = fields.Char(copy=False, readonly=True)

    # Invoice and money

    allegro_invoice_required = fields.Boolean(
        "Invoice wanted",
        copy=False,
        readonly=True,
        help="The buyer asked for an invoice on Allegro.",
    )
    allegro_invoice_tax_id = fields.Char(
        "Tax number given", copy=False, readonly=True, help="As the buyer typed it."
    )
    allegro_invoice_due_date = fields.Date("Payment due", copy=False, readonly=True)
    allegro_tax_id_doubtful = fields.Boolean(compute="_compute_allegro_tax_id_doubtful")
    allegro_total_to_pay = fields.Monetary(
        "Total on Allegro",
        copy=False,
        readonly=True,
        help="What the buyer pays, as Allegro reckons it.",
    )
    allegro_total_difference = fields.Monetary(
        "Not on this order",
        compute="_compute_allegro_total_difference",
        help="Total on Allegro less the total of this order.",
    )
    allegro_paid_amount = fields.Monetary("Paid", copy=False, readonly=True)
    allegro_payment_type = fields.Selection(
        [
            ("ONLINE", "Online"),
            ("CASH_ON_DELIVERY", "On delivery"),
            ("WIRE_TRANSFER", "Bank transfer"),
            ("SPLIT_PAYMENT", "Split payment"),
            ("EXTENDED_TERM", "Extended term"),
        ],
        string="Payment",
        copy=False,
        readonly=True,
    )
    allegro_payment_provider = fields.Char(
        "Payment operator", copy=False, readonly=True
    )
    allegro_payment_finished_at = fields.Datetime(
        "Payment completed",
        copy=False,
        readonly=True,
        help="With payment on delivery: when the buyer completed the order, not when"
        " the money came.",
    )

    # One form, one order, always: the database itself refuses a second one.
    _allegro_form_unique = models.UniqueIndex(
        "(allegro_account_id, allegro_checkout_form_id)"
        " WHERE allegro_checkout_form_id IS NOT NULL",
        "This Allegro order is here already.",
    )

    @api.depends("allegro_account_id", "allegro_checkout_form_id")
    def _compute_allegro_url(self):
        for order in self:
            form_id = order.allegro_checkout_form_id
            order.allegro_url = form_id and order.allegro_account_id._order_url(form_id)

    @api.depends("allegro_total_to_pay", "amount_total", "allegro_account_id")
    def _compute_allegro_total_difference(self):
        for order in self:
            difference = order.allegro_total_to_pay - order.amount_total
            order.allegro_total_difference = (
                order.allegro_account_id and order.currency_id.round(difference)
            )

    @api.depends(
        "allegro_invoice_required",
        "allegro_invoice_tax_id",
        "allegro_invoice_tax_id_is_vat",
        "partner_invoice_id.vat",
    )
    def _compute_allegro_tax_id_doubtful(self):
        """A VAT number was given that Odoo could not take for the invoice's partner."""
        for order in self:
            order.allegro_tax_id_doubtful = (
                order.allegro_invoice_required
                and order.allegro_invoice_tax_id_is_vat
                and not order.partner_invoice_id.vat
            )

    def action_confirm(self):
        """Confirm Allegro's orders apart: their date is that of the purchase."""
        allegro = self.filtered("allegro_checkout_form_id")
        other = self - allegro
        if allegro and other:
            return allegro.action_confirm() and other.action_confirm()
        return super().action_confirm()

    def _prepare_confirmation_values(self):
        values = super()._prepare_confirmation_values()
        if self.allegro_account_id:
            # the buyer bought when he bought, not when Odoo came to know of it
            values.pop("date_order", None)
        return values

    def action_allegro_open(self):
        """Open the order on Allegro in a new tab."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.allegro_url, "target": "new"}
