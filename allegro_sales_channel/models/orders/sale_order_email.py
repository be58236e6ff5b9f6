"""The e-mail to the seller about a new order."""

import logging

import psycopg2

from odoo import Command, api, fields, models

_logger = logging.getLogger(__name__)


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    order_email_partner_ids = fields.Many2many(
        "res.partner",
        "allegro_account_order_email_partner_rel",
        string="Order e-mails to",
        domain=[("email", "!=", False)],
        help="Who gets an e-mail for each new order, when the company's settings say"
        " so. Empty: the company's own address.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _allegro_import(self, account, forms):
        orders = super()._allegro_import(account, forms)
        orders._allegro_send_order_email()
        return orders

    def _allegro_send_order_email(self):
        """Queue one e-mail for each of these new orders.

        Odoo's own mail queue sends them: a mail server that is down keeps no order
        out. Queued in the transaction that makes the order, so once, or not at all.
        """
        template = self.env.ref(
            "allegro_sales_channel.mail_template_allegro_order",
            raise_if_not_found=False,
        )
        orders = self.filtered(
            lambda order: order.company_id.allegro_order_email
            and not order.allegro_back_fill
        )
        if not template or not orders:
            return
        for order in orders:
            try:
                with self.env.cr.savepoint():
                    order._allegro_queue_order_email(template)
            except psycopg2.OperationalError:
                raise  # the database is in trouble, not the e-mail
            except Exception as error:
                # the template is the user's to edit, also into one that can't be made
                _logger.warning("No e-mail for %s", order.name, exc_info=True)
                order.message_post(
                    body=self.env._(
                        "The e-mail about this new Allegro order could not be made:"
                        " %(error)s",
                        error=error,
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
        template.sudo().with_context(tz=company._allegro_timezone()).send_mail(
            self.id,
            force_send=False,
            email_values={
                "recipient_ids": [Command.set(recipients.ids)],
                "email_to": own_address,
                "is_internal": True,
            },
        )
