"""An Allegro order's invoices and credit notes: its payment, and its PDF on Allegro.

How they get there is a chain of steps, see ``account_move_chain``.

What is wanted stands beside what Allegro has confirmed, as everywhere: a scheduled
action looks for what is wanted and repeats it until it is confirmed.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...allegro import gate, writers
from ...allegro.documents import LARGEST_FILE_BYTES
from ..door import pauses
from ..door.fault import in_words
from ..door.trail_gate import Subject
from . import (  # noqa: F401 - what it inherits
    account_move_chain,
    account_move_dates,
    account_move_margin,
    account_move_paid,
)

#: States in which a file of this name may lie on Allegro.
ON_ALLEGRO = ("sent", "accepted", "error")
#: A document is tried so often before a person has to look: some three days.
DOCUMENT_TRIES = 17


class AccountMove(models.Model):
    _name = "account.move"
    # before Odoo's own what adds to its methods
    _inherit = [
        "allegro.move.paid",
        "allegro.move.dates",
        "allegro.move.margin",
        "allegro.move.chain",
        "account.move",
        "allegro.trailed",
    ]

    allegro_order_id = fields.Many2one(
        "sale.order",
        string="Allegro order",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    allegro_invoice_required = fields.Boolean(
        related="allegro_order_id.allegro_invoice_required"
    )
    allegro_payment_words = fields.Char(
        "Payment on Allegro",
        compute="_compute_allegro_payment_words",
        help="How the buyer pays, as Allegro says. What is booked is beside the total.",
    )
    allegro_tax_point_words = fields.Char(
        "Tax point",
        compute="_compute_allegro_tax_point_words",
        help="When the tax becomes due by the Polish VAT act, and why.",
    )
    allegro_rate_is_given = fields.Boolean(
        "Exchange rate typed by hand", copy=False, readonly=True
    )
    allegro_is_issued = fields.Boolean(
        "Issued",
        compute="_compute_allegro_is_issued",
        help="It counts as issued by the law: it need not be on Allegro.",
    )
    allegro_posted_at = fields.Datetime(
        "Waiting since",
        copy=False,
        readonly=True,
        help="When it was posted, the last time.",
    )
    allegro_chain_state = fields.Selection(
        [
            ("posted", "Posted"),
            ("ksef_sent", "Sent to KSeF"),
            ("ksef_accepted", "Accepted by KSeF"),
            ("on_allegro", "On Allegro"),
            ("error", "Held up"),
        ],
        string="Way to Allegro",
        compute="_compute_allegro_chain",
        store=True,
        help="How far the document has come on its way to the buyer.",
    )
    allegro_chain_waits = fields.Boolean(
        "Waits for its next step",
        compute="_compute_allegro_chain",
        store=True,
        index=True,
    )
    allegro_chain_reason = fields.Text(
        "What is in the way", compute="_compute_allegro_chain_reason"
    )
    allegro_document_state = fields.Selection(
        [
            ("wanted", "Waiting to be put on Allegro"),
            ("sent", "Allegro is checking it"),
            ("accepted", "On Allegro"),
            ("error", "Not on Allegro"),
        ],
        string="Document on Allegro",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    allegro_document_error = fields.Text(
        "Why it is not on Allegro", copy=False, readonly=True
    )
    allegro_document_failures = fields.Integer(copy=False, readonly=True)
    allegro_document_next_try_at = fields.Datetime(
        "Next try",
        copy=False,
        readonly=True,
        help="Putting it on Allegro failed for a reason that may pass.",
    )
    allegro_document_held_at = fields.Datetime(
        copy=False,
        readonly=True,
        help="Since then it waits, because invoices were switched off or in shadow"
        " mode.",
    )
    allegro_document_held_words = fields.Char(
        "Not sent",
        compute="_compute_allegro_document_held_words",
        compute_sudo=True,
    )
    allegro_document_wanted_by_id = fields.Many2one(
        "res.users",
        "Wanted on Allegro by",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    allegro_document_version = fields.Integer(copy=False, readonly=True, default=1)
    allegro_payment_due = fields.Boolean(
        copy=False,
        readonly=True,
        help="The buyer's payment is registered as soon as Allegro has it.",
    )
    allegro_payment_error = fields.Text(
        "Payment not registered", copy=False, readonly=True
    )
    company_price_include = fields.Selection(
        [("tax_included", "Tax Included"), ("tax_excluded", "Tax Excluded")],
        related=None,
        compute="_compute_company_price_include",
        # also where a buyer looks at his invoice, who sees nothing of Allegro's side
        compute_sudo=True,
    )

    # the few among many that the overview counts
    _allegro_trouble_idx = models.Index(
        "(allegro_order_id) WHERE allegro_document_state = 'error'"
        " OR allegro_payment_error IS NOT NULL"
    )

    @api.depends("company_id.account_price_include", "allegro_order_id")
    def _compute_company_price_include(self):
        for move in self:
            move.company_price_include = (
                "tax_included"
                if move.allegro_order_id
                else move.company_id.sudo().account_price_include
            )

    @api.depends("state")
    def _compute_allegro_is_issued(self):
        for move in self:
            move.allegro_is_issued = move.state == "posted"

    def _prepare_create_values(self, vals_list):
        """A credit note is of the same Allegro order as its invoice.

        Here, behind Odoo's look at what the user may write: whoever makes the note need
        not be one who may say which order it is of.
        """
        return super()._prepare_create_values(
            [self._allegro_order_of_reversed(vals) | vals for vals in vals_list]
        )

    @api.model
    def _allegro_order_of_reversed(self, vals):
        reversed_entry = self.sudo().browse(vals.get("reversed_entry_id") or ())
        order = reversed_entry.allegro_order_id
        return {"allegro_order_id": order.id} if order else {}

    def _post(self, soft=True):
        # sudo: the dates follow from the order, whoever posts its invoice
        self.sudo().filtered("allegro_order_id")._allegro_settle_dates()
        posted = super()._post(soft=soft)
        # sudo: what becomes of a document on Allegro is the system's, whoever posts it
        mine = posted.sudo().filtered("allegro_order_id")
        mine._allegro_begin_chain()
        to_pay = mine.filtered(
            lambda move: move.move_type == "out_invoice"
            and move.allegro_order_id.allegro_account_id.payment_journal_id
            and move.allegro_order_id.allegro_payment_type != "CASH_ON_DELIVERY"
        )
        if to_pay:
            to_pay.allegro_payment_due = True
            self.env["allegro.account"]._wake("invoice")
        return posted

    def button_draft(self):
        result = super().button_draft()
        # sudo: what becomes of a document on Allegro is the system's
        mine = self.sudo().filtered("allegro_order_id")
        for move in mine.filtered(lambda m: m.allegro_document_state in ON_ALLEGRO):
            # what lies on Allegro stays there: the next one needs a name of its own
            move.allegro_document_version += 1
        mine._allegro_document_done(False)
        mine.write(
            {
                "allegro_posted_at": False,
                "allegro_payment_due": False,
                "allegro_payment_error": False,
            }
        )
        return result

    # Correcting it

    def action_allegro_correct(self):
        """Open *Correct* for one of these invoices.

        :raises UserError: when there is nothing to correct
        """
        invoices = self._allegro_correctable()
        if not invoices:
            raise UserError(
                self.env._(
                    "There is no posted invoice of which something is left to correct."
                )
            )
        wizard = self.env["allegro.correct.wizard"].create(
            {"choice_ids": invoices.ids, "invoice_id": invoices[0].id}
        )
        return wizard._open()

    def _allegro_correctable(self):
        """The posted invoices of Allegro orders of which something is left."""
        return self.filtered(
            lambda move: move.allegro_order_id
            and move.move_type == "out_invoice"
            and move.state == "posted"
            and any(move._allegro_rest())
        )

    def _allegro_corrected_document(self):
        """The invoice that this credit note corrects, as its buyer reads it."""
        # sudo: whoever may see the credit note
        note = self.sudo()
        is_mine = note.allegro_order_id and note.move_type == "out_refund"
        return note.reversed_entry_id if is_mine else note.browse()

    @api.depends(
        "allegro_document_state", "allegro_order_id.allegro_account_id.invoice_mode"
    )
    def _compute_allegro_document_held_words(self):
        for move in self:
            account = move.allegro_order_id.allegro_account_id
            is_waiting = account and move.allegro_document_state == "wanted"
            move.allegro_document_held_words = is_waiting and account._held_words(
                [writers.INVOICE]
            )

    # The document on Allegro

    def action_allegro_upload_document(self):
        """Put these documents on Allegro, or try it again."""
        self.check_access("write")
        for move in self:
            if move.state != "posted" or not move.allegro_invoice_required:
                raise UserError(
                    self.env._(
                        "%(document)s can't be put on Allegro: that takes a posted"
                        " document of an order whose buyer asked for an invoice.",
                        document=move.display_name,
                    )
                )
        # sudo: the wish is the system's; the right is checked above
        self.sudo()._allegro_want_document()

    def _allegro_want_document(self):
        """Want the PDF on Allegro; a scheduled action puts it there soon."""
        self._allegro_document_done("wanted")
        self.allegro_document_wanted_by_id = self.env.uid
        self.env["allegro.account"]._wake("invoice")

    @api.model
    def _allegro_documents_due(self, account):
        """The documents of which Allegro is to be told or asked now, oldest first."""
        mode = account._mode(writers.INVOICE)
        wanted = Domain("allegro_document_state", "=", "wanted")
        wanted &= Domain("state", "=", "posted")
        if mode == gate.SHADOW:
            wanted &= Domain("allegro_document_held_at", "=", False)
        due = Domain("allegro_document_state", "=", "sent")
        if mode != gate.OFF:
            due |= wanted
        due = self.search(
            Domain("allegro_order_id.allegro_account_id", "=", account.id)
            & due
            & (
                Domain("allegro_document_next_try_at", "=", False)
                | Domain("allegro_document_next_try_at", "<=", fields.Datetime.now())
            ),
            order="id",
        )
        return due.filtered(lambda move: not move._allegro_awaited())

    def _allegro_about_document(self):
        """What the trail says that this document on Allegro is about."""
        self.ensure_one()
        order, user = self.allegro_order_id, self.allegro_document_wanted_by_id
        return Subject(self._name, self.id, order.id, user.id)

    def _allegro_make_pdf(self):
        """Make the document as Odoo sends it to customers, where it is not there yet.

        :raises UserError: when it can't be made, or is too large for Allegro
        """
        self.ensure_one()
        if not self.invoice_pdf_report_id:
            self.env["account.move.send"]._generate_and_send_invoices(
                self, sending_methods=[], extra_edis=set(), invoice_edi_format=False
            )
            self.invalidate_recordset(["invoice_pdf_report_id"])
        content = self.invoice_pdf_report_id.raw
        if not content or not content.startswith(b"%PDF-"):
            raise UserError(
                self.env._(
                    "The PDF could not be made. Is wkhtmltopdf installed on the server?"
                )
            )
        if len(content) > LARGEST_FILE_BYTES:
            raise UserError(
                self.env._(
                    "The PDF has %(size).1f MB; Allegro takes at most 3 MB.",
                    size=len(content) / 1024**2,
                )
            )

    def _allegro_file_name(self):
        """Unique on the order, and the same however often it is asked for."""
        self.ensure_one()
        version = self.allegro_document_version
        suffix = f"_{version}" if version > 1 else ""
        return f"{self.name.replace('/', '_')}{suffix}.pdf"

    def _allegro_document_done(self, state, error=False):
        """What has become of the document; what was in the way before is over.

        :param state: of ``allegro_document_state``; False when it is none of Allegro's
        :param error: why it is not on Allegro
        """
        self.write(
            {
                "allegro_document_state": state,
                "allegro_document_error": error,
                "allegro_document_failures": 0,
                "allegro_document_next_try_at": False,
                "allegro_document_held_at": False,
            }
        )

    def _allegro_document_later(self, reason, *, is_answered=True):
        """Try again by itself: once at once, then ever more rarely.

        :param reason: what is in the way and may pass, in words
        :param is_answered: Allegro answered, so after some days a person has to look;
            an outage is waited for as long as it takes
        """
        self.ensure_one()
        failures = self.allegro_document_failures + 1
        if is_answered and failures >= DOCUMENT_TRIES:
            self._allegro_document_done("error", reason)
            return
        # the first time an answer may just have been lost, or a scan take a second
        pause = pauses.growing(failures - 2) if failures > 1 else timedelta(0)
        moment = fields.Datetime.now() + pause
        self.write(
            {
                "allegro_document_error": reason,
                "allegro_document_failures": failures,
                "allegro_document_next_try_at": moment,
            }
        )
        self.env["allegro.account"]._wake("invoice", moment)

    def _allegro_follow_document(self, document):
        """Take over what Allegro says of a document that is there.

        :param document: ``BillingDocument``
        """
        if document.is_rejected:
            self._allegro_document_done(
                "error", self.env._("Allegro has checked the file and rejected it.")
            )
        elif not document.is_waiting:
            self._allegro_document_done("accepted")
        elif self.allegro_document_state != "sent" or self.allegro_document_error:
            self._allegro_document_done("sent")

    # The payment

    def _allegro_register_payment(self):
        """Register the buyer's payment on the account's clearing journal.

        Allegro has it, and pays it out later: the journal is where it waits.
        """
        self.ensure_one()
        order = self.allegro_order_id
        company = self.company_id
        paid_at = order.allegro_payment_finished_at or fields.Datetime.now()
        register = (
            self.env["account.payment.register"]
            .with_company(company)
            .with_context(active_model="account.move", active_ids=self.ids)
            .create(
                {
                    "journal_id": order.allegro_account_id.payment_journal_id.id,
                    "payment_date": company._allegro_local_date(paid_at),
                    "communication": " ".join(
                        filter(None, (self.name, order.allegro_payment_id))
                    ),
                }
            )
        )
        register._create_payments()
        self.write({"allegro_payment_due": False, "allegro_payment_error": False})

    def _allegro_payment_failed(self, error):
        """Keep why the payment could not be registered."""
        self.allegro_payment_error = in_words(error)

    def action_allegro_retry_payment(self):
        """Register the payment once more, after what was in the way is gone."""
        self.check_access("write")
        # sudo: the failure is the system's; the right is checked above
        self.sudo().allegro_payment_error = False
        self.env["allegro.account"]._wake("invoice")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_computed_taxes(self):
        """Taxes stay included in the price also when Odoo computes them anew.

        That is what its button to update taxes and accounts does.
        """
        taxes = super()._get_computed_taxes()
        if taxes and self.move_id.allegro_order_id:
            return taxes._origin._allegro_gross()
        return taxes
