"""Invoices: made, paid and put on Allegro by a scheduled action of their own.

Apart from the other actions, because a PDF takes a second: statuses and tracking
numbers must not wait behind a hundred of them.
"""

import logging
from datetime import timedelta

from odoo import fields, models

from ...allegro.errors import (
    AllegroConflictError,
    AllegroDataError,
    AllegroNotFoundError,
    AllegroRejectedError,
    AllegroUnavailableError,
)
from ..door.fault import Fault, attempt, in_words, whose
from ..door.seams import Words

_logger = logging.getLogger(__name__)

#: Allegro scans a new file for some seconds, and takes no next one meanwhile.
SCAN_TIME = timedelta(minutes=1)
#: Nothing holds a document up so long that no person is needed.
DOCUMENT_PATIENCE = timedelta(days=2)
#: Not Allegro's no to a document: its order is not found just now, a file of its name
#: is there already or another one is being looked at, the answer can't be read.
_MAY_PASS = (AllegroConflictError, AllegroDataError, AllegroNotFoundError)


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
        due = moves._allegro_documents_due(self)
        wanted = due.filtered(lambda move: move.allegro_document_state == "wanted")
        due_ids, is_any_wanted = (wanted + (due - wanted)).ids, bool(wanted)
        self.env["ir.cron"]._commit_progress(remaining=len(due_ids))
        if not due_ids:
            return
        with self._client() as client:
            for move_id in due_ids:
                self._push_document(client, moves.browse(move_id))
                if not self.env["ir.cron"]._commit_progress(1):
                    return
        if is_any_wanted:
            # to see what has become of them
            self._wake("invoice", fields.Datetime.now() + SCAN_TIME)
            self.env["ir.cron"]._commit_progress()

    def _push_document(self, client, move):
        """Bring one document further, in transactions that end before Allegro is asked.

        :raises AllegroError: when it is Allegro that is in trouble
        """
        content = None
        if move.allegro_document_state == "wanted":
            own = move.with_company(move.company_id)
            error = attempt(self.env, own._allegro_make_pdf)
            if error:
                move._allegro_document_done("error", in_words(error))
                return
            content = own.invoice_pdf_report_id.raw
        try:
            self._put_document(client, move, content)
        except AllegroUnavailableError as error:
            # Were this document the cause, the next ones must not wait behind it.
            move._allegro_document_later(in_words(error), is_answered=False)
            self.env["ir.cron"]._commit_progress()
            raise
        except Exception as error:
            if whose(error) is not Fault.DOCUMENT:
                raise
            # what Allegro has against one document is no reason to stop the others
            if isinstance(error, _MAY_PASS):
                move._allegro_document_later(in_words(error))
            else:
                move._allegro_document_done("error", in_words(error))

    def _put_document(self, client, move, content):
        """Tell Allegro of one document what it does not know yet.

        Uploading has no key that would make it safe to repeat, so Allegro is always
        asked first what it has: also after a time-out nothing is put there twice.

        :param content: the PDF; None when it is there, to see what has become of it
        """
        form_id = move.allegro_order_id.allegro_checkout_form_id
        number, file_name = move.name, move._allegro_file_name()
        self.env["ir.cron"]._commit_progress()
        on_allegro = client.billing_documents(form_id)
        mine = [
            document
            for document in on_allegro
            if file_name == document.file_name
            or (number == document.number and not document.file_name)
        ]
        if any(document.uploaded_at for document in mine):
            move._allegro_follow_document(mine[-1])
            return
        if content is None:
            move._allegro_document_later(
                self.env._("Allegro no longer lists it: it may have been removed.")
            )
            return
        if _is_scanning(on_allegro):
            move._allegro_document_later(self._scanning_text())
            return
        try:
            if mine:
                client.upload_invoice_file(form_id, mine[-1].id, content)
            else:
                client.upload_invoice(form_id, number, file_name, content)
        except AllegroRejectedError:
            # Allegro may have begun to scan another one since it was asked
            if not _is_scanning(client.billing_documents(form_id)):
                raise
            move._allegro_document_later(self._scanning_text())
        else:
            move._allegro_document_done("sent")

    def _scanning_text(self):
        return self.env._("Allegro takes no next file while it checks another one.")

    # The watch

    def _overdue_orders(self):
        """Domain of the orders whose automatic invoice needs a person."""
        return [
            ("allegro_account_id", "=", self.id),
            ("allegro_invoice_due", "=", True),
            ("allegro_invoice_error", "!=", False),
            ("allegro_invoice_next_try_at", "=", False),
            ("state", "=", "sale"),
        ]

    def _overdue_documents(self):
        """Domain of the invoices that should be on Allegro and are not."""
        day = fields.Date.today() - DOCUMENT_PATIENCE
        return [
            ("allegro_order_id.allegro_account_id", "=", self.id),
            ("state", "=", "posted"),
            "|",
            ("allegro_document_state", "=", "error"),
            "&",
            ("allegro_document_state", "in", ("wanted", "sent")),
            ("invoice_date", "<", day),
        ]

    def _find_documents_overdue(self):
        orders = self.env["sale.order"].sudo().search_count(self._overdue_orders())
        moves = self.env["account.move"].sudo().search_count(self._overdue_documents())
        return {"orders": orders, "invoices": moves} if orders or moves else None

    def _say_documents_overdue(self, facts):
        return Words(
            self.env._("Invoices for Allegro need a person"),
            self.env._(
                "Of %(account)s, %(orders)s orders could not be invoiced and"
                " %(invoices)s invoices are not on Allegro although they should be."
                " Each says why.",
                account=self.name,
                orders=facts["orders"],
                invoices=facts["invoices"],
            ),
            "action_open_overdue_documents",
            self.env._("Open them"),
        )

    def action_open_overdue_documents(self):
        """Show the orders without their invoice; when there are none, the invoices."""
        self.ensure_one()
        self.check_access("read")
        model, domain = "sale.order", self._overdue_orders()
        if not self.env[model].search_count(domain, limit=1):
            model, domain = "account.move", self._overdue_documents()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices for Allegro need a person"),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
        }


def _is_scanning(on_allegro):
    return any(document.is_waiting for document in on_allegro)
