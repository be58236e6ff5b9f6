"""The part of an Allegro document's way that leads through KSeF.

What is sent stands on disk before it travels, as *sent* without a reference: Odoo then
sends it no second time either, and lets nobody change it. Where no answer came, KSeF is
asked what it has of that session, and only what is not there is sent again.
"""

import base64
import hashlib
from datetime import timedelta

from reportlab.graphics.barcode import createBarcodeDrawing
from stdnum.pl import nip

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.allegro_sales_channel.models.door import pauses

from ..ksef import answer_words, is_same_document, status_of

#: KSeF needs some seconds.
_FIRST_ASKED = timedelta(seconds=10)
#: So long a request may be on its way, with all its pauses and repetitions.
_ON_ITS_WAY = timedelta(minutes=2)
#: However long KSeF takes, it is asked once an hour.
_LONGEST_PAUSE = timedelta(hours=1)
#: An answer that can't be right is asked for so often before a person has to look.
_TRIES = 12
#: KSeF's codes of a file. The last: its session broke, or KSeF itself did.
_UNDER_WAY = (100, 150)
_ACCEPTED = 200
_DUPLICATE = 440
_BROKEN = (405, 435, 500, 550)
#: Where a document's verification link leads, by the mode of Odoo's client.
_SITE = {"prod": "https://qr.ksef.mf.gov.pl", "test": "https://qr-test.ksef.mf.gov.pl"}


class AllegroMoveKsef(models.AbstractModel):
    """The part of ``account.move`` that goes to KSeF."""

    _name = "allegro.move.ksef"
    _description = "Way of Allegro's invoices through KSeF"

    def _allegro_goes_to_ksef(self):
        """Does this document belong in KSeF?"""
        self.ensure_one()
        if self.move_type == "out_refund":
            original = self.reversed_entry_id
            is_there = original.l10n_pl_edi_status in ("sent", "accepted")
            return is_there or original.allegro_ksef_due
        return (
            self.move_type == "out_invoice"
            and bool(self.allegro_order_id)
            and self.allegro_order_id._allegro_is_for_ksef()
        )

    # What is due

    @api.model
    def _allegro_ksef_to_send(self, account):
        return self.search(self._allegro_ksef_to_send_domain(account), order="id")

    @api.model
    def _allegro_ksef_to_send_domain(self, account):
        """What is to be sent now; a correction waits for its original's number.

        Where invoices are made by hand, a person sends them, or wants them on Allegro.
        """
        return [
            *self._allegro_ksef_due_domain(account),
            ("allegro_ksef_due", "=", True),
            ("l10n_pl_edi_status", "=", False),
            ("invoice_date", "<=", account.company_id._allegro_today()),
            "|",
            ("company_id.allegro_auto_invoice", "=", True),
            ("allegro_document_state", "=", "wanted"),
            "|",
            ("reversed_entry_id", "=", False),
            ("reversed_entry_id.l10n_pl_edi_number", "!=", False),
        ]

    @api.model
    def _allegro_ksef_to_ask(self, account):
        return self.search(self._allegro_ksef_to_ask_domain(account), order="id")

    @api.model
    def _allegro_ksef_to_ask_domain(self, account):
        return [
            *self._allegro_ksef_due_domain(account),
            ("l10n_pl_edi_status", "=", "sent"),
        ]

    @api.model
    def _allegro_ksef_due_domain(self, account):
        """Documents of an account that are not stopped, and whose pause is over."""
        return [
            ("allegro_order_id.allegro_account_id", "=", account.id),
            ("state", "=", "posted"),
            "|",
            ("allegro_ksef_next_try_at", "<=", fields.Datetime.now()),
            "&",
            ("allegro_ksef_next_try_at", "=", False),
            ("allegro_ksef_error", "=", False),
        ]

    # What becomes of it

    def _allegro_ksef_intend(self, session_id):
        """From now on it may be at KSeF.

        :raises UserError: when there is no good file of it
        """
        self.ensure_one()
        if not self.l10n_pl_edi_attachment_id:
            troubles = self._l10n_pl_edi_check_mandatory_fields().values()
            if troubles:
                raise UserError(
                    "\n".join(str(trouble["message"]).strip() for trouble in troubles)
                )
            self._allegro_ksef_attach(self._l10n_pl_edi_render_xml().encode())
        moment = fields.Datetime.now() + _ON_ITS_WAY
        self.write(
            {
                "l10n_pl_edi_status": "sent",
                "l10n_pl_edi_ref": False,
                "l10n_pl_edi_session_id": session_id,
                "l10n_pl_edi_header": False,
                "allegro_ksef_error": False,
                "allegro_ksef_next_try_at": moment,
            }
        )
        self.env["allegro.account"]._wake("invoice", moment)

    def _allegro_ksef_attach(self, content):
        """Keep the file as Odoo does: what KSeF has is this, to the byte."""
        self._allegro_detach("l10n_pl_edi_attachment_file")
        self.env["ir.attachment"].create(
            {
                "name": f"FA3-{self.name.replace('/', '_')}.xml",
                "type": "binary",
                "mimetype": "application/xml",
                "raw": content,
                "res_id": self.id,
                "res_model": self._name,
                "res_field": "l10n_pl_edi_attachment_file",
            }
        )
        self.invalidate_recordset(
            ["l10n_pl_edi_attachment_id", "l10n_pl_edi_attachment_file"]
        )

    def _allegro_ksef_file(self):
        return self.l10n_pl_edi_attachment_id.raw or b""

    def _allegro_ksef_not_there(self):
        """KSeF has nothing of it: it may be sent, the same file."""
        self.write(
            {
                "l10n_pl_edi_status": False,
                "l10n_pl_edi_ref": False,
                "l10n_pl_edi_session_id": False,
                "l10n_pl_edi_header": False,
                "allegro_ksef_error": False,
                "allegro_ksef_next_try_at": False,
            }
        )
        self.env["allegro.account"]._wake("invoice")

    def _allegro_ksef_arrived(self, reference):
        """KSeF has it, and looks at it."""
        moment = fields.Datetime.now() + _FIRST_ASKED
        self.write(
            {
                "l10n_pl_edi_ref": reference,
                "allegro_ksef_error": False,
                "allegro_ksef_next_try_at": moment,
            }
        )
        self.env["allegro.account"]._wake("invoice", moment)

    def _allegro_ksef_later(self, reason=False, **values):
        """Come again by itself, ever more rarely.

        :param reason: what is not as it should be, in words: after some tries a person
            has to look. Without, KSeF is just not ready, however long that takes
        :param values: more to write
        """
        self.ensure_one()
        failures = self.allegro_ksef_failures + 1
        if reason and failures >= _TRIES:
            self._allegro_ksef_stopped(reason, **values)
            return
        moment = fields.Datetime.now() + pauses.growing(failures - 1, _LONGEST_PAUSE)
        self.write(
            {
                "allegro_ksef_error": reason,
                "allegro_ksef_failures": failures,
                "allegro_ksef_next_try_at": moment,
                **values,
            }
        )
        self.env["allegro.account"]._wake("invoice", moment)

    def _allegro_ksef_stopped(self, reason, **values):
        """A person has to look.

        :param reason: why, in words
        """
        self.write(
            {
                "allegro_ksef_error": reason,
                "allegro_ksef_failures": 0,
                "allegro_ksef_next_try_at": False,
                **values,
            }
        )

    # What KSeF says

    def _allegro_ksef_original_number(self, answer):
        """Under which number KSeF has this document already, when it says so."""
        status = status_of(answer)
        if status.get("code") != _DUPLICATE:
            return None
        return (status.get("extensions") or {}).get("originalKsefNumber")

    def _allegro_ksef_follow(self, answer, original=None):
        """Take over what KSeF says of a document that it has.

        :param answer: its status
        :param original: the file that KSeF has already, where this is a second one
        """
        self.ensure_one()
        status = status_of(answer)
        code, number = status.get("code"), answer.get("ksefNumber")
        if code in _UNDER_WAY or (code == _ACCEPTED and not number):
            self._allegro_ksef_later()
        elif code == _ACCEPTED:
            self._allegro_ksef_accepted(number)
        elif code == _DUPLICATE:
            self._allegro_ksef_follow_duplicate(answer, original)
        elif code in _BROKEN:
            # KSeF does not have it: once more, by a session of its own
            self.company_id.sudo().l10n_pl_edi_session_id = False
            self._allegro_ksef_later(
                self._allegro_ksef_words(status),
                l10n_pl_edi_status=False,
                l10n_pl_edi_ref=False,
                l10n_pl_edi_session_id=False,
            )
        elif isinstance(code, int) and 400 <= code < 500:
            self._allegro_ksef_rejected(
                self.env._(
                    "%(words)s Correct what it names and retry; where it is on the"
                    " document itself, reset it to draft first.",
                    words=self._allegro_ksef_words(status),
                )
            )
        else:
            self._allegro_ksef_later(self._allegro_ksef_words(status))

    def _allegro_ksef_words(self, status):
        return self.env._(
            "KSeF says %(code)s: %(words)s.",
            code=status.get("code"),
            words=answer_words(status).rstrip("."),
        )

    def _allegro_ksef_follow_duplicate(self, answer, original):
        """KSeF has a document of this number: this one, sent before, or another."""
        number = self._allegro_ksef_original_number(answer)
        content = self._allegro_ksef_file()
        if number and original and is_same_document(content, original):
            if original != content:
                self._allegro_ksef_attach(original)
            self._allegro_ksef_accepted(number)
            return
        self._allegro_ksef_rejected(
            self.env._(
                "KSeF already has a document with the number %(name)s, which is not"
                " this file (KSeF number: %(number)s). Compare them at KSeF: where this"
                " one was numbered twice, reset it to draft and give it another"
                " number.",
                name=self.name,
                number=number or "?",
            )
        )

    def _allegro_ksef_accepted(self, number):
        message = self._l10n_pl_edi_get_status_mapping()[_ACCEPTED][1]
        self.write(
            {
                "l10n_pl_edi_status": "accepted",
                "l10n_pl_edi_number": number,
                "l10n_pl_edi_header": message,
                "allegro_ksef_error": False,
                "allegro_ksef_failures": 0,
                "allegro_ksef_next_try_at": False,
            }
        )
        self.with_context(no_new_invoice=True).message_post(body=message)
        # a correction may wait for the number
        self.env["allegro.account"]._wake("invoice")

    def _allegro_ksef_rejected(self, reason):
        self._allegro_ksef_stopped(
            reason, l10n_pl_edi_status="rejected", l10n_pl_edi_header=reason
        )
        self.with_context(no_new_invoice=True).message_post(body=reason)

    def _allegro_ksef_retry(self):
        """After a person has mended it: made and sent anew, or asked about at once."""
        for move in self:
            if move.l10n_pl_edi_status != "sent":
                move._allegro_detach("l10n_pl_edi_attachment_file")
                move._allegro_ksef_not_there()
        self.allegro_ksef_failures = 0
        self._allegro_ksef_ask_now()
        self.company_id.allegro_ksef_next_try_at = False

    def _allegro_ksef_ask_now(self):
        """Not of what may be on its way to KSeF: there it can't be found yet."""
        for move in self:
            is_under_way = move.l10n_pl_edi_status == "sent" and not (
                move.l10n_pl_edi_ref or move.allegro_ksef_error
            )
            if not is_under_way:
                move.write(
                    {"allegro_ksef_error": False, "allegro_ksef_next_try_at": False}
                )

    # Its PDF

    def _allegro_detach(self, field_name):
        """A file of this document becomes one that lies beside it."""
        self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", field_name),
            ]
        ).res_field = False
        self.invalidate_recordset()

    def _allegro_ksef_link(self):
        """Where anybody can verify the document, for its QR code.

        Source: https://github.com/CIRFMF/ksef-docs/blob/main/kody-qr.md

        :return: None when it has no number in KSeF
        """
        self.ensure_one()
        # sudo: whoever prints the document need not be one who may see its file
        content = self.sudo()._allegro_ksef_file()
        if not self.allegro_order_id or not self.l10n_pl_edi_number or not content:
            return None
        parameters = self.env["ir.config_parameter"].sudo()
        mode = parameters.get_param("l10n_pl_edi_ksef.mode") or "prod"
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
        return "/".join(
            [
                _SITE["prod" if mode == "prod" else "test"],
                "invoice",
                nip.compact(self.company_id.vat),
                self.invoice_date.strftime("%d-%m-%Y"),
                digest.decode().rstrip("="),
            ]
        )

    def _allegro_ksef_qr(self):
        """The link as a picture, or None: ``data:`` for the report.

        Drawn by what Odoo draws its barcodes with, but as lines: for pixels it needs
        a library that not every server has.
        """
        link = self._allegro_ksef_link()
        if not link:
            return None
        drawing = createBarcodeDrawing("QR", value=link, width=200, height=200)
        picture = base64.b64encode(drawing.asString("svg").encode())
        return f"data:image/svg+xml;base64,{picture.decode()}"
