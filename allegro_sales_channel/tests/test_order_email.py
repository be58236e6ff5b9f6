from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AllegroCommon, company_invoice, form_json, line_json


@tagged("post_install", "-at_install")
class TestOrderEmail(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.allegro_order_email = True
        cls.account.order_email_partner_ids = cls.env["res.partner"].create(
            [
                {"name": "Packer", "email": "packer@example.com"},
                {"name": "Boss", "email": "boss@example.com"},
            ]
        )

    def mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("state", "=", "outgoing")]
        )

    def test_one_email_for_a_new_order(self):
        before = self.mails()
        form = form_json(
            line_json("SKU-1", quantity=2),
            line_json("UNKNOWN", "5.00"),
            delivery_cost="9.99",
            messageToSeller="Is it <b>black</b>?",
            invoice=company_invoice(),
        )
        self.fake.put(form)
        for _time in "12":
            self.fake.announce(form["id"])
            self.run_action("sync")
        form["fulfillment"]["status"] = "SENT"
        self.fake.put(form, "FULFILLMENT_STATUS_CHANGED")
        self.run_action("sync")
        mail = self.mails() - before
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.account.order_email_partner_ids)
        order = self.env["sale.order"].browse(mail.res_id)
        self.assertEqual(order.allegro_checkout_form_id, form["id"])
        self.assertIn(order.name, mail.subject)
        self.assertIn("260.99", mail.subject.replace(",", "."))
        for words in (
            "buyer_one",
            "Part SKU-1",
            "Part UNKNOWN",
            "Allegro Kurier DPD",
            "Jan Kowalski",
            "Firma Testowa",
            "Is it &lt;b&gt;black&lt;/b&gt;?",
            f"/odoo/sales/{order.id}",
            order.allegro_url,
        ):
            self.assertIn(words, mail.body_html)

    def test_times_payment_and_language_are_the_readers(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.company.partner_id.tz = "Europe/Warsaw"
        self.account.order_email_partner_ids.lang = "pl_PL"
        order = self.import_forms(
            form_json(
                payment={
                    "id": "1",
                    "type": "ONLINE",
                    "provider": "P24",
                    "finishedAt": "2026-09-10T08:00:00Z",
                    "paidAmount": {"amount": "123.00", "currency": "PLN"},
                }
            )
        )
        order.allegro_dispatch_to = "2026-09-11 21:59:59"
        template = self.env.ref("allegro_sales_channel.mail_template_allegro_order")
        rendered = template._generate_template(order.ids, ["body_html"])
        body = " ".join(rendered[order.id]["body_html"].split())
        self.assertIn("10 wrz 2026, 10:00", body)
        self.assertIn("11 wrz 2026, 23:59<", body)
        payment = order.with_context(lang="pl_PL")._fields["allegro_payment_type"]
        labels = dict(
            payment._description_selection(order.with_context(lang="pl_PL").env)
        )
        self.assertIn(labels["ONLINE"], body)
        self.assertIn("(Przelewy24)", body)

    def test_off_means_off(self):
        self.company.allegro_order_email = False
        before = self.mails()
        self.import_forms(form_json())
        self.assertEqual(self.mails(), before)

    def test_without_chosen_people_the_company_gets_it(self):
        self.account.order_email_partner_ids = False
        self.company.partner_id.email = "shop@example.com"
        before = self.mails()
        self.import_forms(form_json())
        self.assertEqual((self.mails() - before).email_to, "shop@example.com")

    def test_without_anybody_there_is_none(self):
        self.account.order_email_partner_ids = False
        self.company.partner_id.email = False
        before = self.mails()
        self.assertTrue(self.import_forms(form_json()))
        self.assertEqual(self.mails(), before)

    def test_none_for_what_was_bought_before_the_connection(self):
        self.account.state = "draft"
        self.account.state = "connected"
        before = self.mails()
        [order] = self.import_forms(form_json())
        self.assertTrue(order.allegro_back_fill)
        self.assertEqual(self.mails(), before)

    def test_a_renewed_consent_is_no_new_beginning(self):
        self.account.connected_at = "2026-01-01"
        self.account.state = "reconnect"
        self.account.state = "connected"
        [order] = self.import_forms(form_json())
        self.assertFalse(order.allegro_back_fill)

    def test_a_template_that_can_not_be_made_keeps_no_order_out(self):
        template = self.env.ref("allegro_sales_channel.mail_template_allegro_order")
        template.subject = "{{ object.no_such_field }}"
        form_id = self.fake.put(form_json())
        self.run_action("sync")
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(order.state, "sale")
        self.assertIn("could not be made", "".join(order.message_ids.mapped("body")))

    def test_a_mail_server_that_is_down_keeps_no_order_out(self):
        server = self.env.registry["ir.mail_server"]
        with patch.object(server, "_connect__", side_effect=OSError("down")) as sent:
            form_id = self.fake.put(form_json())
            self.run_action("sync")
        sent.assert_not_called()
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(
            self.mails().filtered(lambda m: m.res_id == order.id).state, "outgoing"
        )

    def test_a_lost_template_keeps_no_order_out(self):
        template = self.env.ref("allegro_sales_channel.mail_template_allegro_order")
        with self.assertRaisesRegex(UserError, "is needed"):
            template.unlink()
        # as after a restore by hand
        self.env["ir.model.data"].search(
            [("model", "=", "mail.template"), ("res_id", "=", template.id)]
        ).unlink()
        self.assertTrue(self.import_forms(form_json()))
