"""Two steps of a document's way to Allegro: it is sent to KSeF, and KSeF is asked."""

from odoo import api, models

from odoo.addons.allegro_sales_channel.models.door.fault import attempt, in_words
from odoo.addons.allegro_sales_channel.models.door.seams import Words

from ..ksef import Ksef, KsefRefusedError, KsefTroubleError


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    @api.model
    def get_warnings(self):
        warnings = super().get_warnings()
        if not self.env.user.has_group("allegro_sales_channel.group_allegro_user"):
            return warnings
        return warnings + [
            account._warning("ksef", account._ksef_words())
            for account in self.search(
                # what is over at the second try is nobody's concern
                [("company_id.allegro_ksef_failures", ">", 1)]
            )
        ]

    def _ksef_words(self):
        company = self.company_id
        return Words(
            self.env._("KSeF is out of reach"),
            self.env._(
                "Invoices of %(company)s wait for KSeF: %(problem)s",
                company=company.name,
                problem=company.allegro_ksef_problem,
            ),
        )

    def _send_to_ksef(self):
        """Send the documents that are to go there, through one session."""
        due = self.env["account.move"]._allegro_ksef_to_send(self)
        self._with_ksef(due.ids, self._send_one_to_ksef, is_sending=True)

    def _ask_ksef(self):
        """Ask of the documents of which KSeF has not told yet whether it takes them."""
        due = self.env["account.move"]._allegro_ksef_to_ask(self)
        self._with_ksef(due.ids, self._ask_ksef_of_one)

    def _with_ksef(self, move_ids, work, *, is_sending=False):
        """Work these documents; trouble with KSeF stops them all, and is said once.

        :param work: function of a :class:`Ksef` and a document
        :param is_sending: it takes an open session
        """
        company = self.company_id
        if not move_ids or company._allegro_ksef_is_paused():
            return
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(move_ids))
        try:
            ksef = Ksef(company)
            if is_sending:
                ksef.open()
                cron._commit_progress()
            for move_id in move_ids:
                work(ksef, self.env["account.move"].browse(move_id))
                if not cron._commit_progress(1):
                    break
            company._allegro_ksef_works()
        except KsefTroubleError as error:
            company._allegro_ksef_trouble(error)
            # what can't be done now must not make Odoo come at once
            cron._commit_progress(remaining=0)
        else:
            cron._commit_progress()

    def _send_one_to_ksef(self, ksef, move):
        """Send a document of which it is on disk before that it may be at KSeF.

        :raises KsefTroubleError: when it is not the document's own fault
        """
        move = move.try_lock_for_update(allow_referencing=True)
        if not move.filtered_domain(move._allegro_ksef_to_send_domain(self)):
            return
        error = attempt(self.env, move._allegro_ksef_intend, ksef.session_id)
        if error:
            move._allegro_ksef_stopped(in_words(error))
            return
        content = move._allegro_ksef_file()
        self.env["ir.cron"]._commit_progress()
        try:
            reference = ksef.send(content)
        except KsefTroubleError as error:
            if not error.is_unknown:
                move._allegro_ksef_not_there()
            raise
        except KsefRefusedError as error:
            move._allegro_ksef_not_there()
            move._allegro_ksef_stopped(
                self.env._("KSeF does not take it: %(words)s", words=error)
            )
        else:
            move._allegro_ksef_arrived(reference)

    def _ask_ksef_of_one(self, ksef, move):
        """Ask KSeF of a document, in no transaction, and follow its answer.

        :raises KsefTroubleError: when it is not the document's own fault
        """
        reference, session_id = move.l10n_pl_edi_ref, move.l10n_pl_edi_session_id
        content = move._allegro_ksef_file()
        self.env["ir.cron"]._commit_progress()
        refusal, answer, original = None, None, None
        try:
            answer = (
                ksef.status(session_id, reference)
                if reference
                else ksef.find(session_id, content)
            )
            original = ksef.original(move._allegro_ksef_original_number(answer))
        except KsefRefusedError as error:
            refusal = error
        move = move.try_lock_for_update(allow_referencing=True)
        if not move.filtered_domain(move._allegro_ksef_to_ask_domain(self)):
            return  # somebody else was faster
        if refusal:
            move._allegro_ksef_later(
                self.env._("KSeF gives no answer about it: %(words)s", words=refusal)
            )
        elif answer is None:
            move._allegro_ksef_not_there()
        else:
            if not reference:
                move._allegro_ksef_arrived(answer.get("referenceNumber"))
            error = attempt(self.env, move._allegro_ksef_follow, answer, original)
            if error:
                move._allegro_ksef_later(in_words(error))
