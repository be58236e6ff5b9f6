"""Invoices: made, paid and put on Allegro by a scheduled action of their own.

Apart from the other actions, because a PDF takes a second: statuses and tracking
numbers must not wait behind a hundred of them.
"""

import logging
from datetime import timedelta

from odoo import fields, models

from ..door.fault import Fault, attempt, in_words, whose

_logger = logging.getLogger(__name__)

#: Allegro scans a new file for some seconds, and takes no next one meanwhile.
SCAN_TIME = timedelta(minutes=1)


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    invoice_journal_id = fields.Many2one(
        "account.journal",
        string="Invoice journal",
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "sale")],
        tracking=True,
        help="The journal of this account's invoices. Empty: the company's first sales"
        " journal.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        string="Clearing journal",
        check_company=True,
        ondelete="restrict",
        domain=[("type", "in", ("bank", "cash"))],
        tracking=True,
        help="The payments that Allegro has received for you are registered here as"
        " soon as their invoice is posted, to be matched with Allegro's payouts. Empty:"
        " no payment is registered. Payments on delivery never are: they come from the"
        " carrier.",
    )

    def _make_invoices(self):
        """Make and post the invoices that are due."""
        orders = self.env["sale.order"]
        domain = [
            ("allegro_account_id", "=", self.id),
            *orders._allegro_to_invoice(),
        ]
        self._for_each(
            orders,
            domain,
            orders.__class__._allegro_invoice,
            orders.__class__._allegro_invoice_failed,
        )

    def _register_payments(self):
        """Register what buyers paid for the posted invoices."""
        moves = self.env["account.move"]
        domain = [
            ("allegro_order_id.allegro_account_id", "=", self.id),
            ("allegro_payment_due", "=", True),
            ("allegro_payment_error", "=", False),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
            ("allegro_order_id.allegro_payment_state", "=", "paid"),
            ("allegro_order_id.allegro_account_id.payment_journal_id", "!=", False),
        ]
        self._for_each(
            moves,
            domain,
            moves.__class__._allegro_register_payment,
            moves.__class__._allegro_payment_failed,
        )

    # Documents on Allegro

    def _push_documents(self):
        moves = self.env["account.move"]
        own = [("allegro_order_id.allegro_account_id", "=", self.id)]
        wanted = moves.search(
            [*own, ("allegro_document_state", "=", "wanted"), ("state", "=", "posted")],
            order="id",
        ).ids
        sent = moves.search([*own, ("allegro_document_state", "=", "sent")]).ids
        self.env["ir.cron"]._commit_progress(remaining=len(wanted) + len(sent))
        if not wanted and not sent:
            return
        with self._client() as client:
            for move_id in wanted + sent:
                self._push_document(client, moves.browse(move_id))
                if not self.env["ir.cron"]._commit_progress(1):
                    return
        if wanted:
            # to see what has become of them
            action = self.env.ref("allegro_sales_channel.ir_cron_allegro_invoice")
            action._trigger(at=fields.Datetime.now() + SCAN_TIME)
            self.env["ir.cron"]._commit_progress()

    def _push_document(self, client, move):
        """Bring one document further, in transactions that end before Allegro is asked.

        Uploading has no key that would make it safe to repeat, so Allegro is always
        asked first what it has: also after a time-out nothing is put there twice.
        """
        form_id = move.allegro_order_id.allegro_checkout_form_id
        number, file_name = move.name, move._allegro_file_name()
        content = None
        if move.allegro_document_state == "wanted":
            own = move.with_company(move.company_id)
            error = attempt(self.env, own._allegro_make_pdf)
            if error:
                move._allegro_document_done("error", in_words(error))
                return
            content = own.invoice_pdf_report_id.raw
        self.env["ir.cron"]._commit_progress()
        try:
            on_allegro = client.billing_documents(form_id)
            mine = [
                document
                for document in on_allegro
                if file_name == document.file_name
                or (number == document.number and not document.file_name)
            ]
            if any(document.uploaded_at for document in mine):
                move._allegro_follow_document(mine[-1])
            elif content is None:
                move._allegro_document_done(
                    "error", self.env._("It has been removed from Allegro.")
                )
            elif any(document.is_waiting for document in on_allegro):
                return  # Allegro takes no next file while it scans one
            elif mine:
                client.upload_invoice_file(form_id, mine[-1].id, content)
                move._allegro_document_done("sent")
            else:
                client.upload_invoice(form_id, number, file_name, content)
                move._allegro_document_done("sent")
        except Exception as error:
            if whose(error) is not Fault.DOCUMENT:
                raise
            # what Allegro has against one document is no reason to stop the others
            move._allegro_document_done("error", in_words(error))
