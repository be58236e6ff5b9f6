"""What an Allegro order knows beyond an ordinary one, and the recipes of its import."""

import logging

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..door.fault import attempt, in_log, in_words
from ..door.people import people_of
from . import (  # noqa: F401 - what it inherits
    sale_order_changes,
    sale_order_import,
    sale_order_merge,
)

_logger = logging.getLogger(__name__)

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
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "allegro.order.import",
        "allegro.order.changes",
        "allegro.order.merge",
        "allegro.trailed",
        "allegro.guarded",
    ]

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

    allegro_back_fill = fields.Boolean(
        "Bought before the connection",
        copy=False,
        readonly=True,
        help="The order was bought before its Allegro account was connected, or loaded"
        " on request: no e-mail was sent for it and no invoice is made by itself.",
    )

    # Its state

    allegro_status = fields.Char("Allegro status", copy=False, readonly=True)
    allegro_fulfillment_status = fields.Selection(
        FULFILLMENT_STATUSES,
        string="Allegro fulfilment",
        copy=False,
        readonly=True,
        index="btree_not_null",
        tracking=True,
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
    allegro_missing_since = fields.Datetime(
        "Not found on Allegro since",
        copy=False,
        readonly=True,
        help="Since then Allegro answers that it has no such order. It is asked for"
        " again by itself, and what is wanted of it is told when it is back.",
    )
    allegro_follow_error = fields.Text(
        "Not taken over from Allegro",
        compute="_compute_allegro_follow_error",
        # the inbox is for whoever works with Allegro, the reason for all who see this
        compute_sudo=True,
        help="Why Odoo could not take over what Allegro says of this order now.",
    )
    allegro_fulfilled_by_allegro = fields.Boolean(
        "Shipped by Allegro",
        copy=False,
        readonly=True,
        help="Allegro's own warehouse ships this order (One Fulfillment): nothing is"
        " taken from your stock.",
    )
    allegro_unread = fields.Text(
        "Not understood",
        copy=False,
        readonly=True,
        help="What Allegro says of this order that Odoo does not know or could not"
        " read. Nothing was decided by it.",
    )

    # Items that are no product here

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
    allegro_unmanaged_offer_ids = fields.Many2many(
        "allegro.offer",
        "allegro_order_unmanaged_offer_rel",
        string="Offers without a product",
        copy=False,
        readonly=True,
        groups="allegro_sales_channel.group_allegro_user",
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
    allegro_message = fields.Text(
        "Buyer's message", copy=False, readonly=True, tracking=True
    )
    allegro_seller_note = fields.Text(
        "Seller's note", copy=False, readonly=True, tracking=True
    )
    allegro_recipient = fields.Char(
        "Recipient on Allegro",
        copy=False,
        readonly=True,
        tracking=True,
        help="Person and address as the buyer last gave them.",
    )
    # who a parcel goes to, and where a courier brings it, as its label says
    allegro_recipient_name = fields.Char("Ship to", related="partner_shipping_id.name")
    allegro_recipient_address = fields.Char(
        "Recipient's address", related="partner_shipping_id.contact_address_inline"
    )
    allegro_recipient_phone = fields.Char(
        "Recipient's phone", related="partner_shipping_id.phone"
    )

    # Where the goods go. What the buyer changes stands in the chatter, told by Odoo's
    # own tracking.

    allegro_delivery_method = fields.Char(
        "Delivery method", copy=False, readonly=True, tracking=True
    )
    allegro_delivery_method_id = fields.Char(copy=False, readonly=True)
    allegro_smart = fields.Boolean("Smart!", copy=False, readonly=True)
    allegro_dispatch_to = fields.Datetime(
        "Send by",
        copy=False,
        readonly=True,
        tracking=True,
        help="Until then the parcel should be handed over, as promised to the buyer.",
    )
    allegro_pickup_point_id = fields.Char(
        "Pickup point", copy=False, readonly=True, tracking=True
    )
    allegro_pickup_point_name = fields.Char(copy=False, readonly=True)
    allegro_pickup_point_address = fields.Char(
        "Pickup point's address", copy=False, readonly=True, tracking=True
    )

    # Merged purchases

    allegro_merged_into_id = fields.Many2one(
        "sale.order",
        string="Merged into",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The buyer merged this purchase with others: this order took its place.",
    )
    allegro_merged_order_ids = fields.One2many(
        "sale.order",
        "allegro_merged_into_id",
        string="Made of the orders",
        readonly=True,
    )
    # Counted, and never on the order's own form: a list of orders there would be a form
    # within itself, in which Odoo's other addons no longer find their own lines.
    allegro_merged_count = fields.Integer(
        "Orders replaced", compute="_compute_allegro_merged_count"
    )

    # One form, one order, always: the database itself refuses a second one.
    _allegro_form_unique = models.UniqueIndex(
        "(allegro_account_id, allegro_checkout_form_id)"
        " WHERE allegro_checkout_form_id IS NOT NULL",
        "This Allegro order is here already.",
    )
    # the few among many that the overview counts
    _allegro_refused_idx = models.Index(
        "(allegro_account_id) WHERE allegro_sync_error IS NOT NULL"
    )

    # Recipes: each chain of steps is written down here, and nowhere else, in the order
    # in which it runs. Each step is a method in the wing that knows about it; another
    # addon adds its own by extending a list.

    @api.model
    def _allegro_import_steps(self):
        """How forms become orders.

        :return: list of names of methods that take a :class:`Batch`
        """
        return [
            "_allegro_match_offers",
            # first, so that what merged purchases reserved is free for the new order
            "_allegro_make_way",
            "_allegro_create_orders",
            "_allegro_confirm_orders",
            "_allegro_forget_history",
            # the seller was faster than the import
            "_allegro_ask_about_cancelled",
            "_allegro_send_order_emails",
            "_allegro_link_successors",
        ]

    @api.model
    def _allegro_new_order_steps(self):
        """Where the values of a new order come from.

        :return: list of names of methods that take a :class:`NewOrder` and return a
            dict of values
        """
        return [
            "_allegro_identity_values",
            "_allegro_form_values",
            "_allegro_unmanaged_values",
            "_allegro_unmanaged_amount_values",
            "_allegro_pricelist_values",
            "_allegro_carrier_values",
            "_allegro_line_commands",
        ]

    @api.model
    def _allegro_form_steps(self):
        """Where the values come from that follow the form, on new and known orders.

        :return: list of names of methods that take a ``CheckoutForm`` and return a dict
            of values. What the form does not say is not in it, or None: absent is not
            changed.
        """
        return [
            "_allegro_state_form_values",
            "_allegro_people_form_values",
            "_allegro_delivery_form_values",
            "_allegro_money_form_values",
            "_allegro_invoice_form_values",
            "_allegro_unread_form_values",
        ]

    @api.model
    def _allegro_line_steps(self):
        """Where the lines of a new order come from.

        :return: list of names of methods that take a :class:`NewOrder` and return a
            list of dicts of values
        """
        return ["_allegro_item_lines", "_allegro_delivery_lines"]

    def _allegro_follow_steps(self):
        """What happens to an order whose form is not as it was.

        :return: list of names of methods that take the :class:`News`
        """
        return [
            "_allegro_note_return",
            # what was wanted here, and what Allegro shows meanwhile
            "_allegro_drop_echo",
            "_allegro_end_wish",
            "_allegro_stop_telling_cancelled",
            "_allegro_want_shipments_read",
            "_allegro_leave_point",
            "_allegro_write_changes",
            # a cancelled order is no longer followed where it would go
            "_allegro_follow_cancellation",
            "_allegro_correct_returned",
            "_allegro_follow_recipient",
            "_allegro_follow_invoice_party",
            "_allegro_follow_taxes",
            "_allegro_follow_deadline",
            "_allegro_follow_delivery_cost",
            "_allegro_add_managed_items",
            "_allegro_tell_screens",
        ]

    def _allegro_follow_state_steps(self):
        """What happens to an order whose form can't be read, but where it stands can.

        So it can be cancelled, and its statuses are followed.

        :return: list of names of methods that take the :class:`News`, without a form
        """
        return [
            "_allegro_note_return",
            "_allegro_drop_echo",
            "_allegro_end_wish",
            "_allegro_stop_telling_cancelled",
            "_allegro_write_changes",
            "_allegro_follow_cancellation",
            "_allegro_correct_returned",
            "_allegro_tell_screens",
        ]

    # Computed

    @api.depends("allegro_account_id", "allegro_checkout_form_id")
    def _compute_allegro_url(self):
        for order in self:
            form_id = order.allegro_checkout_form_id
            order.allegro_url = form_id and order.allegro_account_id._order_url(form_id)

    @api.depends("allegro_account_id", "allegro_checkout_form_id")
    def _compute_allegro_follow_error(self):
        rows = self._allegro_not_followed()
        errors = {
            (row.account_id, row.checkout_form_id): row.error or "" for row in rows
        }
        for order in self:
            key = (order.allegro_account_id, order.allegro_checkout_form_id)
            order.allegro_follow_error = errors.get(key, False)

    def _allegro_not_followed(self):
        """The rows of the inbox with what could not be taken over into these orders."""
        return self.env["allegro.incoming.order"].search(
            [
                ("account_id", "in", self.allegro_account_id.ids),
                (
                    "checkout_form_id",
                    "in",
                    self.filtered("allegro_account_id").mapped(
                        "allegro_checkout_form_id"
                    ),
                ),
                ("state", "in", ("failed", "quarantined")),
            ]
        )

    @api.depends("allegro_merged_order_ids")
    def _compute_allegro_merged_count(self):
        for order in self:
            order.allegro_merged_count = len(order.allegro_merged_order_ids)

    # Odoo's own

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

    def _send_order_notification_mail(self, mail_template, *args, **kwargs):
        """Allegro tells its buyers about their orders; the shop does not."""
        if self.allegro_account_id:
            return None
        return super()._send_order_notification_mail(mail_template, *args, **kwargs)

    def _get_program_domain(self):
        """Of sale_loyalty, where it is installed: no coupons, points or rewards."""
        if self.allegro_account_id:
            return Domain.FALSE
        return super()._get_program_domain()

    # Buttons

    def action_allegro_open(self):
        """Open the order on Allegro in a new tab."""
        self.ensure_one()
        self.check_access("read")  # the address is computed for whoever asks
        return {"type": "ir.actions.act_url", "url": self.allegro_url, "target": "new"}

    def action_allegro_retry_follow(self):
        """Read these orders again, and take over what failed before."""
        self.check_access("write")
        return self._allegro_not_followed().action_retry()

    def action_allegro_open_merged(self):
        """Show the orders that this one replaced."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["name"] = self.env._("Merged into %(order)s", order=self.name)
        action["domain"] = [("allegro_merged_into_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # Asking people

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

    def _allegro_responsible_users(self):
        """The salesperson, else the team's leader, else whoever may cancel orders."""
        responsible = self.user_id or self.team_id.user_id
        if responsible:
            return responsible
        group = "allegro_sales_channel.group_allegro_cancel"
        return people_of(self.env, group, self.company_id)

    # The e-mail to the seller about a new order

    def _allegro_send_order_emails(self, batch):
        """Queue one e-mail for each new order.

        Odoo's own mail queue sends them: a mail server that is down keeps no order
        out. Queued in the transaction that makes the order, so once, or not at all.
        """
        template = self.env.ref(
            "allegro_sales_channel.mail_template_allegro_order",
            raise_if_not_found=False,
        )
        orders = batch.orders.filtered(
            lambda order: order.company_id.allegro_order_email
            and not order.allegro_back_fill
        )
        for order in orders if template else ():
            error = attempt(self.env, order._allegro_queue_order_email, template)
            if error:
                # the template is the user's to edit, also into one that can't be made
                _logger.warning("No e-mail for %s: %s", order.name, in_log(error))
                order.message_post(
                    body=self.env._(
                        "The e-mail about this new Allegro order could not be made:"
                        " %(error)s",
                        error=in_words(error),
                    )
                )

    def _allegro_queue_order_email(self, template):
        self.ensure_one()
        company = self.company_id
        recipients = self.allegro_account_id.order_email_partner_ids
        own_address = False if recipients else company.partner_id.email
        if not recipients and not own_address:
            _logger.info("No e-mail for order %s: nobody to send it to", self.id)
            return
        template.sudo().send_mail(
            self.id,
            force_send=False,
            email_values={
                "recipient_ids": [Command.set(recipients.ids)],
                "email_to": own_address,
                "is_internal": True,
            },
        )
