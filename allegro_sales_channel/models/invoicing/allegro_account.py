"""Invoices: made, paid and put on Allegro by a scheduled action of their own.

Apart from the other actions, because a PDF takes a second: statuses and tracking
numbers must not wait behind a hundred of them.
"""

from collections import Counter
from datetime import timedelta
from functools import partial

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ...allegro import gate, writers
from ...allegro.errors import (
    AllegroRejectedError,
    WriteHeldError,
)
from ..door.fault import attempt, in_words
from ..door.people import people_of
from ..door.seams import Tile, Words
from . import (  # noqa: F401 - what it inherits
    allegro_account_pushing,
    allegro_account_receipts,
)
from .sale_order_deadline import REMINDED_BEFORE

#: Allegro scans a new file for some seconds, and takes no next one meanwhile.
SCAN_TIME = timedelta(minutes=1)
#: Nothing holds a document up so long that no person is needed.
DOCUMENT_PATIENCE = timedelta(days=2)
#: How urgent documents are -> the kind of activity that reminds of them.
_ACTIVITIES = {
    "near": "allegro_sales_channel.mail_activity_type_documents_near",
    "late": "allegro_sales_channel.mail_activity_type_documents_late",
}


class AllegroAccount(models.Model):
    _name = "allegro.account"
    _inherit = [
        "allegro.account",
        "allegro.account.pushing",
        "allegro.account.receipts",
    ]

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

    auto_invoice = fields.Boolean(
        "Automatic invoices",
        related="company_id.allegro_auto_invoice",
        readonly=False,
        help="For all accounts of the company.",
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

    # Documents that are due

    def _documents_due(self):
        """How many documents are due soon and how many are late, in one query.

        :return: ``Counter`` by (urgency, what people were reminded of)
        """
        self.ensure_one()
        orders, company = self.env["sale.order"], self.company_id
        counts = Counter()
        for deadline, reminded, count in orders._read_group(
            self._documents_due_domain(),
            ["allegro_document_deadline:day", "allegro_document_reminded"],
            ["__count"],
        ):
            counts[company._allegro_urgency(deadline), reminded] += count
        return counts

    def _documents_due_domain(self):
        """Of the orders whose documents are due soon, or late."""
        latest = self.company_id._allegro_today() + REMINDED_BEFORE
        return (
            Domain("allegro_account_id", "=", self.id)
            & Domain("allegro_document_deadline", "<=", latest)
            & self.env["sale.order"]._allegro_documents_due_domain()
        )

    def _remind_of_documents(self):
        """Tell people once that documents are due soon, and once that some are late.

        The 15th is the same day for the orders of a whole month, so it is the account
        that reminds, and not each of them.
        """
        counts = self._documents_due()
        for urgency, kind in _ACTIVITIES.items():
            due = {told: n for (which, told), n in counts.items() if which == urgency}
            if not due:
                self.activity_unlink([kind])
            elif due.keys() - {urgency} and self._invoicing_users():
                self._remind_of(urgency, kind, sum(due.values()))
        self.env["ir.cron"]._commit_progress()

    def _remind_of(self, urgency, kind, count):
        if not self.activity_search([kind]):
            words = {
                "near": self.env._("Documents due soon: %s", count),
                "late": self.env._("Documents that are late: %s", count),
            }
            note = Markup("<p>%s</p>") % self.env._(
                "Invoices or credit notes of %(account)s have to be issued within the"
                " time that the VAT act gives. See Allegro integration > Orders >"
                " Documents due: each says why it is not made yet. This reminder goes"
                " away by itself.",
                account=self.name,
            )
            for user in self._invoicing_users():
                self.activity_schedule(
                    kind, user_id=user.id, summary=words[urgency], note=note
                )
        orders = self.env["sale.order"].search(self._documents_due_domain())
        news = orders.filtered(lambda order: order.allegro_document_urgency == urgency)
        news.allegro_document_reminded = urgency

    def _invoicing_users(self):
        """Who works with Allegro and may invoice; where nobody does, the managers."""
        users, invoicing = (
            people_of(self.env, group, self.company_id)
            for group in (
                "allegro_sales_channel.group_allegro_user",
                "account.group_account_invoice",
            )
        )
        return users & invoicing or self._managers()

    # On the overview

    @api.model
    def _document_tiles(self):
        """Which invoices somebody has to see to."""
        orders = "allegro_sales_channel.action_allegro_sale_order"
        due = "allegro_sales_channel.action_allegro_documents_due"
        return [
            Tile(
                "documents_late",
                self.env._("Documents late"),
                due,
                "allegro_account_id",
                ("late",),
                is_alarming=True,
            ),
            Tile(
                "documents_due",
                self.env._("Documents due in 7 days"),
                due,
                "allegro_account_id",
                ("this_week",),
            ),
            Tile(
                "invoices_wanted",
                self.env._("Invoices to make"),
                orders,
                "allegro_account_id",
                ("allegro_invoice_wanted", "to_invoice"),
            ),
            Tile(
                "invoices_blocked",
                self.env._("Invoices held back"),
                orders,
                "allegro_account_id",
                ("allegro_invoice_held",),
                is_alarming=True,
            ),
            Tile(
                "documents_failed",
                self.env._("Invoices not on Allegro"),
                "account.action_move_out_invoice_type",
                "allegro_order_id.allegro_account_id",
                ("allegro_document_error",),
                is_alarming=True,
            ),
        ]

    # The documents' way to Allegro

    def _send_to_ksef(self):
        """Nothing is sent there without ``allegro_sales_channel_pl_edi``."""

    def _ask_ksef(self):
        """See what KSeF has made of what was sent there: nothing without that addon."""

    def _push_documents(self):
        due = self.env["account.move"]._allegro_documents_due(self)
        wanted = due.filtered(lambda move: move.allegro_document_state == "wanted")
        is_any_wanted = bool(wanted)
        if self._push_each(wanted + (due - wanted), self._push_document):
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
        put = partial(self._put_document, client, move, content)
        self._put_one(put, move._allegro_document_later, move._allegro_document_done)

    def _put_document(self, client, move, content):
        """Tell Allegro of one document what it does not know yet.

        Uploading has no key that would make it safe to repeat, so Allegro is always
        asked first what it has: also after a time-out nothing is put there twice.

        :param content: the PDF; None when it is there, to see what has become of it
        """
        form_id = move.allegro_order_id.allegro_checkout_form_id
        number, file_name = move.name, move._allegro_file_name()
        about = move._allegro_about_document()
        if content is not None:
            client.gate.expect(writers.INVOICE, {about: {"invoiceNumber": number}})
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
        others = move.allegro_document_held_at and on_allegro
        if others:
            move._allegro_document_done("error", self._others_text(others))
            return
        if _is_scanning(on_allegro):
            move._allegro_document_later(self._scanning_text())
            return
        try:
            sender = client.about(about)
            if mine:
                sender.upload_invoice_file(form_id, mine[-1].id, content)
            else:
                sender.upload_invoice(form_id, number, file_name, content)
        except WriteHeldError as held:
            if held.is_shadow:
                move.allegro_document_held_at = fields.Datetime.now()
        except AllegroRejectedError:
            # Allegro may have begun to scan another one since it was asked
            if not _is_scanning(client.billing_documents(form_id)):
                raise
            move._allegro_document_later(self._scanning_text())
        else:
            move._allegro_document_done("sent")

    def _look_at_held_documents(self):
        """Documents that waited while invoices were held may be there from elsewhere.

        The buyer must not get a second one of his purchase, so Allegro is looked at
        before each of them is sent.
        """
        moves = self.env["account.move"].sudo()
        for account in self.filtered(lambda a: a._mode(writers.INVOICE) == gate.ON):
            moves.search(
                [
                    ("allegro_order_id.allegro_account_id", "=", account.id),
                    ("allegro_document_state", "=", "wanted"),
                    ("allegro_document_held_at", "=", False),
                ]
            ).allegro_document_held_at = fields.Datetime.now()

    def _others_text(self, documents):
        return self.env._(
            "Not sent: while it was held back another document of this order was put on"
            " Allegro: %(documents)s",
            documents=", ".join(
                document.number or document.file_name or document.id
                for document in documents
            ),
        )

    def _scanning_text(self):
        return self.env._("Allegro takes no next file while it checks another one.")

    # The watch

    def _overdue_orders(self):
        """Domain of the orders whose invoice failed, or is late by the law."""
        failed = Domain(
            [
                ("allegro_invoice_due", "=", True),
                ("allegro_invoice_error", "!=", False),
                ("allegro_invoice_next_try_at", "=", False),
                ("state", "=", "sale"),
            ]
        )
        late = self.env["sale.order"]._allegro_documents_due_domain() & Domain(
            "allegro_document_deadline", "<", self.company_id._allegro_today()
        )
        return Domain("allegro_account_id", "=", self.id) & (failed | late)

    def _overdue_documents(self):
        """Domain of the invoices that should be on Allegro and are not."""
        stopped = Domain("allegro_chain_state", "=", "error")
        if self._mode(writers.INVOICE) == gate.ON:
            day = self.company_id._allegro_today() - DOCUMENT_PATIENCE
            stopped |= Domain("allegro_chain_waits", "=", True) & Domain(
                "invoice_date", "<", day
            )
        return (
            Domain("allegro_order_id.allegro_account_id", "=", self.id)
            & Domain("state", "=", "posted")
            & stopped
        )

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
            "domain": list(domain),
        }


def _is_scanning(on_allegro):
    return any(document.is_waiting for document in on_allegro)
