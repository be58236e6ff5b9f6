"""Invoices: made, paid and put on Allegro by a scheduled action of their own.

Apart from the other actions, because a PDF takes a second: statuses and tracking
numbers must not wait behind a hundred of them.
"""

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ...allegro.errors import (
    AllegroConflictError,
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)

_logger = logging.getLogger(__name__)

#: Allegro scans a new file for some seconds, and takes no next one meanwhile.
SCAN_TIME = timedelta(minutes=1)
#: What Allegro has against one document: no reason to stop with the others.
_REFUSALS = (
    AllegroConflictError,
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)


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

    def _toggle_scheduled_actions(self):
        result = super()._toggle_scheduled_actions()
        action = self.env.ref(
            "allegro_sales_channel.ir_cron_allegro_invoice", raise_if_not_found=False
        )
        if action:
            # what was sold is invoiced also while Allegro wants a new consent
            action.sudo().toggle(self._name, [("state", "!=", "draft")])
        return result

    @api.model
    def _cron_invoice(self):
        """Make due invoices, register payments, put documents on Allegro."""
        if self._make_invoices() and self._register_payments():
            self._run_for_each_account("_push_documents")

    def _make_invoices(self):
        orders = self.env["sale.order"]
        domain = orders._allegro_to_invoice()
        return self._for_each(orders, domain, orders.__class__._allegro_invoice)

    def _register_payments(self):
        moves = self.env["account.move"]
        domain = [
            ("allegro_payment_due", "=", True),
            ("allegro_payment_error", "=", False),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
            ("allegro_order_id.allegro_payment_state", "=", "paid"),
            ("allegro_order_id.allegro_account_id.payment_journal_id", "!=", False),
        ]
        return self._for_each(moves, domain, _register_payment)

    def _for_each(self, model, domain, work):
        """Do a piece of work for each record of a domain, a commit after each.

        :param work: function of one locked record
        :return: False when the time is up
        """
        ids = model.search(domain, order="id").ids
        self.env["ir.cron"]._commit_progress(remaining=len(ids))
        for record_id in ids:
            # one by one: a commit makes Odoo forget all it has read
            record = model.browse(record_id).try_lock_for_update()
            record = record.filtered_domain(domain)
            if record:
                work(record)
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return True

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
        state = move.allegro_document_state
        content = None
        if state == "wanted":
            content = self._pdf_or_error(move)
            if content is None:
                return
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
            elif state == "sent":
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
        except _REFUSALS as error:
            move._allegro_document_done("error", str(error))

    def _pdf_or_error(self, move):
        try:
            with self.env.cr.savepoint():
                return move.with_company(move.company_id)._allegro_pdf()
        except (psycopg2.OperationalError, LockError):
            raise
        except Exception as error:
            # reports are the user's to edit: there is no end to what may be wrong
            if not isinstance(error, UserError):
                _logger.warning("No PDF of invoice %s", move.id, exc_info=True)
            move._allegro_document_done("error", str(error) or type(error).__name__)
            return None


def _register_payment(move):
    try:
        with move.env.cr.savepoint():
            move._allegro_register_payment()
    except (psycopg2.OperationalError, LockError):
        raise
    except UserError as error:
        move.allegro_payment_error = str(error)
