"""From posting through KSeF to Allegro, against a KSeF that answers over real HTTP."""

import base64
import hashlib
import re
from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.allegro_sales_channel.allegro.errors import AllegroUnavailableError

from ..ksef import Ksef
from .ksef_server_common import KsefServerCommon

SEND = r"POST /sessions/online/[^/]+/invoices"
ASK = r"GET /sessions/[^/]+/invoices/[^/]+"
LIST = r"GET /sessions/[^/]+/invoices"
OPEN = r"POST /sessions/online"


@tagged("post_install", "-at_install")
class TestKsefChain(KsefServerCommon):
    def assert_on_allegro(self, invoice):
        self.assertEqual(len(self.ksef.accepted), 1)
        [there] = self.ksef.accepted
        self.assertEqual(invoice.l10n_pl_edi_number, there.ksef_number)
        self.assertEqual(invoice.l10n_pl_edi_attachment_id.raw, there.content)
        self.later(minutes=2)
        self.assertEqual(invoice.allegro_chain_state, "on_allegro")
        self.assertFalse(invoice.allegro_chain_waits)
        self.assertFalse(invoice.allegro_chain_reason)

    # As it should be

    def test_each_step_waits_for_the_one_before(self):
        self.ksef.slowness = 1
        invoice = self.on_its_way()
        self.assertFalse(invoice.allegro_chain_reason)
        self.assertEqual(invoice.allegro_chain_state, "ksef_sent")
        self.assertTrue(invoice.allegro_chain_waits)
        self.assertIn("Sent to KSeF", invoice.allegro_order_id.allegro_document_summary)
        self.assertFalse(self.fake.files)
        self.later(seconds=10)
        self.assertEqual(invoice.allegro_chain_state, "ksef_sent")
        self.assertFalse(invoice.invoice_pdf_report_id, "no PDF without the number")
        self.later(minutes=1)
        self.assertTrue(invoice.l10n_pl_edi_number)
        self.assertEqual(invoice.allegro_chain_state, "ksef_accepted")
        self.assertEqual(len(self.fake.files), 1)
        self.assert_on_allegro(invoice)

    def test_it_is_asked_after_seconds(self):
        triggers = self.env["ir.cron.trigger"].search([])
        self.on_its_way()
        moments = (self.env["ir.cron.trigger"].search([]) - triggers).mapped("call_at")
        now = self.clock()
        self.assertTrue(any(5 <= (at - now).total_seconds() <= 15 for at in moments))

    def test_several_go_by_one_session(self):
        orders = self.sold_to_a_company() + self.sold_to_a_company()
        self.run_invoicing()
        self.later(seconds=10)
        self.assertEqual(len(self.ksef.accepted), 2)
        self.assertEqual(len(self.ksef.asked(OPEN)), 1)
        self.assertEqual(
            orders.invoice_ids.mapped("allegro_chain_state"), ["ksef_accepted"] * 2
        )

    def test_who_gets_none_in_ksef(self):
        order = self.sold_to_a_company()
        order.allegro_document_choice = "invoice"
        self.run_invoicing()
        self.assertFalse(self.ksef.asked(".*/sessions.*"))
        self.later(minutes=2)
        self.assertEqual(order.invoice_ids.allegro_chain_state, "on_allegro")

    def test_a_company_without_certificate(self):
        self.company.l10n_pl_edi_certificate = False
        order = self.sold_to_a_company()
        self.run_invoicing()
        self.later(minutes=2)
        self.assertEqual(order.invoice_ids.allegro_chain_state, "on_allegro")
        self.assertFalse(order.invoice_ids.allegro_ksef_due)

    def test_where_invoices_are_made_by_hand_a_person_begins(self):
        self.company.allegro_auto_invoice = False
        order = self.sold_to_a_company()
        invoice = order._create_invoices()
        invoice.action_post()
        self.run_invoicing()
        self.assertFalse(self.ksef.invoices)
        invoice.action_allegro_upload_document()
        self.run_invoicing()
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_a_correction_waits_for_the_originals_number(self):
        self.ksef.slowness = 1
        invoice = self.on_its_way()
        note = invoice._reverse_moves(cancel=True)
        self.run_invoicing()
        self.assertEqual(note.allegro_chain_state, "posted")
        self.assertIn(invoice.name, note.allegro_chain_reason)
        self.assertEqual(len(self.ksef.invoices), 1)
        self.later(seconds=10)
        self.later(minutes=1)
        self.later(seconds=10)
        self.assertEqual(len(self.ksef.invoices), 2)
        [number] = self.ksef.invoices[1].root.findall(".//{*}NrKSeFFaKorygowanej")
        self.assertEqual(number.text, invoice.l10n_pl_edi_number)
        self.later(minutes=5)
        self.later(minutes=5)
        self.later(minutes=5)
        self.assertEqual(note.allegro_chain_state, "on_allegro")

    # The PDF

    def test_a_pdf_made_before_is_made_anew(self):
        invoice = self.on_its_way()
        self.env["account.move.send"]._generate_and_send_invoices(
            invoice, sending_methods=[], extra_edis=set(), invoice_edi_format=False
        )
        invoice.invalidate_recordset()
        old = invoice.invoice_pdf_report_id
        self.assertTrue(old)
        self.later(seconds=10)
        self.assertTrue(invoice.invoice_pdf_report_id)
        self.assertNotEqual(invoice.invoice_pdf_report_id, old)

    def test_the_link_to_verify_it(self):
        invoice = self.on_its_way()
        self.assertFalse(invoice._allegro_ksef_link())
        self.later(seconds=10)
        digest = hashlib.sha256(self.ksef.accepted[0].content).digest()
        code = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        link = invoice._allegro_ksef_link()
        self.assertEqual(
            link,
            f"https://qr-test.ksef.mf.gov.pl/invoice/1234567883/10-09-2026/{code}",
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        self.assertIn(invoice.l10n_pl_edi_number, html.decode())
        self.assertRegex(
            html.decode(), r"data:image/svg\+xml;base64,[A-Za-z0-9+/]{100}"
        )

    # Answers that get lost

    def test_a_lost_answer_is_asked_for(self):
        self.ksef.goes_wrong(SEND, is_carried_out=True)
        invoice = self.on_its_way()
        self.assertEqual(invoice.l10n_pl_edi_status, "sent")
        self.assertFalse(invoice.l10n_pl_edi_ref)
        self.assertEqual(invoice.allegro_chain_state, "ksef_sent")
        for _time in "123":
            self.later(minutes=1)
        self.assertEqual(len(self.ksef.invoices), 1)
        self.assertEqual(invoice.l10n_pl_edi_ref, self.ksef.invoices[0].reference)
        self.assert_on_allegro(invoice)

    def test_a_gateways_time_out_is_a_lost_answer(self):
        self.ksef.goes_wrong(SEND, is_carried_out=True, status=504, body="<html>")
        invoice = self.on_its_way()
        for _time in "123":
            self.later(minutes=1)
        self.assertEqual(len(self.ksef.invoices), 1)
        self.assert_on_allegro(invoice)

    def test_what_never_arrived_is_sent_again(self):
        self.ksef.goes_wrong(SEND)
        invoice = self.on_its_way()
        content = invoice.l10n_pl_edi_attachment_id.raw
        for _time in "1234":
            self.later(minutes=1)
        self.assertEqual(len(self.ksef.invoices), 1)
        self.assertEqual(self.ksef.invoices[0].content, content, "the same file")
        self.assert_on_allegro(invoice)

    def test_killed_before_and_after_it_was_sent(self):
        for is_sent in (True, False):
            with self.subTest(is_sent=is_sent):
                self.ksef.sessions.clear()
                order = self.sold_to_a_company()
                send = Ksef.send

                def dies(ksef, content, is_sent=is_sent, send=send):
                    if is_sent:
                        send(ksef, content)
                    raise KeyboardInterrupt

                # assertRaises would undo what is committed
                with (
                    patch.object(Ksef, "send", dies),
                    suppress(KeyboardInterrupt),
                ):
                    self.run_invoicing()
                self.env.invalidate_all()
                self.assertEqual(order.invoice_ids.l10n_pl_edi_status, "sent")
                for _time in "1234":
                    self.later(minutes=1)
                self.assertEqual(len(self.ksef.invoices), 1)
                self.assert_on_allegro(order.invoice_ids)

    def test_two_workers_send_one(self):
        send = Ksef.send

        def meanwhile(ksef, content):
            with patch.object(Ksef, "send", send):
                self.account._send_to_ksef()
                self.account._ask_ksef()
            return send(ksef, content)

        with patch.object(Ksef, "send", meanwhile):
            invoice = self.on_its_way()
        self.assertEqual(len(self.ksef.asked(SEND)), 1)
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_nobody_asks_too_early(self):
        """Not even by hand: what is on its way can't be found yet."""
        self.ksef.goes_wrong(SEND, is_carried_out=True)
        invoice = self.on_its_way()
        invoice.action_l10n_pl_edi_update_invoice_status()
        invoice.action_allegro_retry_chain()
        self.run_invoicing()
        self.assertFalse(self.ksef.asked(LIST))

    # A number that KSeF has already

    def test_sent_before_by_somebody_whose_answer_was_lost(self):
        invoice = self.on_its_way()
        self.later(seconds=10)
        [first] = self.ksef.accepted
        # as if Odoo's own wizard had sent it: nothing of it is here, its time differs
        invoice._allegro_detach("l10n_pl_edi_attachment_file")
        invoice.l10n_pl_edi_number = False
        first.content = re.sub(
            rb"(<DataWytworzeniaFa>)[^<]*", rb"\g<1>2026-09-10T07:00:00Z", first.content
        )
        invoice._allegro_ksef_not_there()
        self.run_invoicing()
        self.assertEqual(len(self.ksef.invoices), 2)
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_another_document_of_this_number(self):
        invoice = self.on_its_way()
        self.later(seconds=10)
        [first] = self.ksef.accepted
        first.content = first.content.replace(b"123.00", b"124.00")
        invoice._allegro_detach("l10n_pl_edi_attachment_file")
        invoice.l10n_pl_edi_number = False
        invoice._allegro_ksef_not_there()
        self.run_invoicing()
        self.later(seconds=10)
        self.assertEqual(invoice.allegro_chain_state, "error")
        self.assertFalse(invoice.l10n_pl_edi_number)
        self.assertIn(first.ksef_number, invoice.allegro_chain_reason)

    def test_a_duplicate_without_its_originals_number(self):
        self.ksef.verdict = {"code": 440, "description": "Duplikat faktury"}
        invoice = self.on_its_way()
        self.later(seconds=10)
        self.assertEqual(invoice.allegro_chain_state, "error")
        self.assertIn("already", invoice.allegro_chain_reason)

    # No

    def test_a_rejection_says_why_and_can_be_retried(self):
        self.ksef.verdict = {
            "code": 450,
            "description": "Błąd weryfikacji",
            "details": ["P_15 is wrong"],
        }
        invoice = self.on_its_way()
        self.later(seconds=10)
        order = invoice.allegro_order_id
        self.assertEqual(invoice.allegro_chain_state, "error")
        self.assertEqual(invoice.l10n_pl_edi_status, "rejected")
        for words in ("450", "Błąd weryfikacji", "P_15 is wrong"):
            self.assertIn(words, order.allegro_document_summary)
        self.assertTrue(order.allegro_document_failed)
        self.later(days=1)
        self.assertEqual(len(self.ksef.invoices), 1, "it waits for a person")
        self.ksef.verdict = None
        invoice.action_allegro_retry_chain()
        self.run_invoicing()
        self.later(seconds=10)
        self.assertEqual(len(self.ksef.invoices), 2)
        self.assert_on_allegro(invoice)

    def test_a_rejected_one_is_corrected_and_posted_again(self):
        self.ksef.verdict = {"code": 450, "description": "no"}
        invoice = self.on_its_way()
        self.later(seconds=10)
        self.ksef.verdict = None
        invoice.button_draft()
        self.assertFalse(invoice.allegro_chain_state)
        invoice.action_post()
        self.run_invoicing()
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_ksef_does_not_take_it(self):
        body = self.answers.error_body(21405, "Błąd walidacji danych wejściowych.")
        self.ksef.goes_wrong(SEND, status=400, body=body)
        invoice = self.on_its_way()
        self.assertEqual(invoice.allegro_chain_state, "error")
        self.assertIn("Błąd walidacji", invoice.allegro_chain_reason)
        self.assertFalse(invoice.l10n_pl_edi_status)
        invoice.action_allegro_retry_chain()
        self.run_invoicing()
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_a_file_that_can_not_be_made_stops_no_other(self):
        bad = self.sold_to_a_company()
        good = self.sold_to_a_company()
        render = type(self.env["account.move"])._l10n_pl_edi_render_xml

        def fails(move):
            if move.allegro_order_id == bad:
                raise ValueError("broken")
            return render(move)

        with patch.object(
            type(self.env["account.move"]), "_l10n_pl_edi_render_xml", fails
        ):
            self.run_invoicing()
        self.assertEqual(bad.invoice_ids.allegro_chain_state, "error")
        self.assertIn("broken", bad.invoice_ids.allegro_chain_reason)
        self.assertEqual(good.invoice_ids.allegro_chain_state, "ksef_sent")

    def test_what_breaks_at_ksef_is_sent_again(self):
        self.ksef.verdict = {"code": 550, "description": "Anulowana przez system"}
        invoice = self.on_its_way()
        self.later(seconds=10)
        self.assertNotEqual(invoice.allegro_chain_state, "error")
        self.assertIn("550", invoice.allegro_chain_reason)
        self.ksef.verdict = None
        self.later(minutes=2)
        self.later(seconds=10)
        self.assertEqual(len(self.ksef.sessions), 2)
        self.assert_on_allegro(invoice)

    def test_what_breaks_for_ever_ends_at_a_person(self):
        self.ksef.verdict = {"code": 500, "description": "Nieznany błąd"}
        invoice = self.on_its_way()
        for _time in range(30):
            self.later(hours=1)
        self.assertEqual(invoice.allegro_chain_state, "error")
        self.assertLess(len(self.ksef.invoices), 15)

    # Trouble

    def test_long_acceptance_is_waited_for(self):
        self.ksef.slowness = 20
        invoice = self.on_its_way()
        for _time in range(22):
            self.later(hours=1)
        self.assertEqual(len(self.ksef.asked(SEND)), 1)
        self.assert_on_allegro(invoice)

    def test_maintenance_loses_nothing_and_is_said_once(self):
        self.ksef.goes_wrong(".*", status=503, body="<html>maintenance", times=1000)
        orders = self.sold_to_a_company() + self.sold_to_a_company()
        self.run_invoicing()
        asked = len(self.ksef.requests)
        self.run_invoicing()
        self.assertEqual(len(self.ksef.requests), asked, "it is left alone for a while")
        for invoice in orders.invoice_ids:
            self.assertFalse(invoice.allegro_ksef_error)
            self.assertEqual(invoice.allegro_chain_state, "posted")
            self.assertIn("503", invoice.allegro_chain_reason)
        self.later(minutes=2)
        user = new_test_user(
            self.env,
            "packer",
            groups="allegro_sales_channel.group_allegro_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        warnings = self.env["allegro.account"].with_user(user).get_warnings()
        [warning] = [w for w in warnings if "KSeF" in w["text"]]
        # what the banner shows of each
        self.assertEqual(warning.keys(), {"account_id", "code", "text", "button"})
        self.ksef.faults.clear()
        self.later(hours=1)
        self.later(seconds=10)
        self.assertEqual(len(self.ksef.accepted), 2)
        self.assertFalse(self.company.allegro_ksef_problem)

    def test_answers_that_can_not_be_read(self):
        answers = ("<html>", {}, {"status": []}, {"status": {"code": "x"}})
        for asked in (ASK, LIST):
            for body in answers:
                self.ksef.goes_wrong(asked, status=200, body=body)
        self.ksef.goes_wrong(SEND, is_carried_out=True, status=200, body={})
        invoice = self.on_its_way()
        for _time in range(12):
            self.later(hours=1)
            self.assertNotEqual(invoice.allegro_chain_state, "error")
        self.assertEqual(len(self.ksef.invoices), 1)
        self.assert_on_allegro(invoice)

    def test_a_pause_that_ksef_asks_for(self):
        self.ksef.goes_wrong(SEND, status=429, headers={"Retry-After": "600"})
        invoice = self.on_its_way()
        self.assertFalse(invoice.l10n_pl_edi_status, "it was not taken")
        self.later(minutes=9)
        self.assertEqual(len(self.ksef.asked(SEND)), 1)
        self.later(minutes=2)
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_tokens_end(self):
        for is_for_good in (False, True):
            with self.subTest(is_for_good=is_for_good):
                self.ksef.access_ends(for_good=is_for_good)
                order = self.sold_to_a_company()
                self.run_invoicing()
                self.ksef.access_ends(for_good=is_for_good)
                self.later(seconds=10)
                self.assertTrue(order.invoice_ids.l10n_pl_edi_number)
                self.assertFalse(self.company.allegro_ksef_problem)

    def test_an_access_that_is_no_longer_accepted(self):
        self.ksef.access_ends(for_good=True)
        body = self.answers.error_body(21115, "Nieprawidłowy certyfikat.")
        self.ksef.goes_wrong(
            "POST /auth/xades-signature", status=400, body=body, times=1000
        )
        invoice = self.on_its_way()
        self.assertIn("Nieprawidłowy certyfikat", self.company.allegro_ksef_problem)
        self.assertIn("certificate", invoice.allegro_chain_reason)
        self.ksef.faults.clear()
        invoice.action_allegro_retry_chain()
        self.run_invoicing()
        self.later(seconds=10)
        self.assert_on_allegro(invoice)

    def test_a_certificate_that_is_gone(self):
        self.ksef.goes_wrong(SEND, status=503, body="")
        invoice = self.on_its_way()
        self.company.l10n_pl_edi_certificate = False
        self.later(minutes=5)
        self.assertIn("certificate", invoice.allegro_chain_reason)
        self.assertFalse(self.fake.files)

    def test_a_session_that_is_over(self):
        self.on_its_way()
        for session in self.ksef.sessions.values():
            session.is_open = False
        self.on_its_way()
        self.assertEqual(len(self.ksef.sessions), 2)
        self.assertEqual(len(self.ksef.invoices), 2)

    def test_ksef_goes_on_while_allegro_is_away(self):
        invoice = self.on_its_way()
        self.fake.failure = AllegroUnavailableError("down")
        self.later(seconds=10)
        self.assertEqual(invoice.allegro_chain_state, "ksef_accepted")
        self.fake.failure = None
        self.later(hours=1)
        self.assert_on_allegro(invoice)

    # People

    def test_odoos_own_question_leaves_it_to_the_action(self):
        invoice = self.on_its_way()
        with self.running_actions():
            self.env["account.move"].with_company(
                self.company
            )._cron_l10n_pl_edi_check_invoice_status()
        self.assertFalse(self.ksef.asked(ASK))
        self.run_invoicing()
        self.assertTrue(invoice.l10n_pl_edi_number)

    def test_who_may_not_write_invoices_retries_none(self):
        invoice = self.on_its_way()
        user = new_test_user(self.env, "reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            invoice.with_user(user).action_allegro_retry_chain()
