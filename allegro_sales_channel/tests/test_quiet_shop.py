"""Nothing of a shop reaches Allegro's buyer, or keeps an order out (behaviour 10.6)."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import AllegroCommon, company_invoice, form_json

ALIAS = "abc+1@allegromail.pl"


class QuietCommon(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env,
            "colleague",
            "sales_team.group_sale_manager,stock.group_stock_user",
            email="colleague@example.com",
            notification_type="email",
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "A customer", "email": "customer@example.com"}
        )

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].search([]).unlink()

    def _mailed(self):
        """The addresses to which mails are on their way, or were sent."""
        mails = self.env["mail.mail"].search([("state", "!=", "cancel")])
        addresses = mails.recipient_ids.mapped("email_normalized")
        addresses += [mail.email_to for mail in mails if mail.email_to]
        return sorted(addresses)

    def _template(self, model="sale.order", **values):
        return self.env["mail.template"].create(
            {
                "name": "Of the shop",
                "model_id": self.env["ir.model"]._get_id(model),
                "subject": "Thank you",
                "body_html": "<p>For <t t-out='object.display_name'/></p>",
                "use_default_to": False,
                "partner_to": "{{ object.partner_id.id }}",
                **values,
            }
        )

    def _broken_report(self, model="sale.order"):
        view = self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "broken",
                "key": "allegro_sales_channel.test_broken",
                "arch": "<t t-name='broken'><t t-out='1 / 0'/></t>",
            }
        )
        return self.env["ir.actions.report"].create(
            {
                "name": "Broken",
                "model": model,
                "report_type": "qweb-pdf",
                "report_name": view.key,
            }
        )

    def _direct_order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.products["SKU-1"].id})
                ],
            }
        )


@tagged("post_install", "-at_install")
class TestConfirmation(QuietCommon):
    def test_quotation_template_of_the_company(self):
        """With its mail, its terms and its journal: Allegro's orders are none."""
        template = self.env["sale.order.template"].create(
            {
                "name": "Standard",
                "note": "<p>Our terms</p>",
                "require_payment": True,
                "mail_template_id": self._template().id,
            }
        )
        self.company.sale_order_template_id = template

        order = self.import_forms(form_json())

        self.assertEqual(order.state, "sale")
        self.assertFalse(order.sale_order_template_id)
        self.assertNotIn("Our terms", order.note or "")
        self.assertEqual(self._mailed(), [])

    def test_template_that_a_person_chose_tells_nothing(self):
        order = self.import_forms(form_json())
        order.sale_order_template_id = self.env["sale.order.template"].create(
            {"name": "Standard", "mail_template_id": self._template().id}
        )
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self._mailed(), [])

    def test_confirmation_mail(self):
        order = self.import_forms(form_json())
        order._action_cancel()
        order.action_draft()
        order.with_context(send_email=True).action_confirm()
        order._send_payment_succeeded_for_order_mail()
        self.assertEqual(self._mailed(), [])
        self.assertFalse(order.pending_email_template_id)

        direct = self._direct_order()
        direct.with_context(send_email=True).action_confirm()
        self.assertEqual(self._mailed(), ["customer@example.com"])

    def _another_addon(self, work):
        """Let something be done at each confirmation, as an automation rule would."""
        if not hasattr(self, "works"):
            self.works = []
            registry_class = self.env.registry["sale.order"]
            confirm = registry_class._action_confirm

            def confirm_and_work(orders):
                result = confirm(orders)
                for order in orders:
                    self.works[-1](order)
                return result

            self.patch(registry_class, "_action_confirm", confirm_and_work)
        self.works.append(work)

    def test_mail_of_another_addon_that_cannot_be_made(self):
        report = self._broken_report()
        broken = {
            "no such field": self._template(body_html="<t t-out='object.nothing'/>"),
            "PDF": self._template(report_template_ids=[Command.set(report.ids)]),
            "gone": self.env["mail.template"],
        }
        ways = {
            "send_mail": lambda order, mail: mail.send_mail(order.id),
            "post": lambda order, mail: order.message_post_with_source(mail),
            "mail": lambda order, mail: order.message_mail_with_source(mail),
        }
        answers = []
        for name, template in broken.items():
            for way, send in ways.items():
                with self.subTest(name, way=way):
                    self._another_addon(
                        lambda order, send=send, template=template: answers.append(
                            send(order, template.with_env(order.env))
                        )
                    )
                    order = self.import_forms(form_json())
                    self.assertEqual(order.state, "sale")
                    self.assertEqual(order.picking_ids.state, "assigned")
        self.assertEqual(len(answers), 9)
        self.assertFalse(any(answers))
        self.assertEqual(self._mailed(), [])

    def test_mail_of_another_addon_to_buyer_and_colleague(self):
        template = self._template(
            partner_to=f"{{{{ object.partner_id.id }}}},{self.colleague.partner_id.id}",
            email_cc="{{ object.allegro_buyer_email }}, boss@example.com",
        )
        self._another_addon(lambda order: template.send_mail(order.id))
        self.import_forms(form_json())
        mail = self.env["mail.mail"].search([("subject", "=", "Thank you")])
        self.assertEqual(mail.recipient_ids, self.colleague.partner_id)
        self.assertEqual(mail.email_cc, "boss@example.com")
        self.assertEqual(mail.state, "outgoing")

    def test_mail_of_another_addon_to_the_buyer_alone(self):
        by_address = self._template(
            partner_to=False, email_to="{{ object.allegro_buyer_email }}"
        )
        for template in (self._template(), by_address):
            self._another_addon(
                lambda order, t=template: t.send_mail(order.id, force_send=True)
            )
            self.import_forms(form_json())
        mails = self.env["mail.mail"].search([])
        self.assertEqual(mails.mapped("state"), ["cancel", "cancel"])
        self.assertIn("Allegro", mails[0].failure_reason)

    def test_company_of_the_invoice_gets_nothing_either(self):
        form = form_json(invoice=company_invoice())
        order = self.import_forms(form)
        order.partner_invoice_id.email = "firma@example.com"
        template = self._template(partner_to="{{ object.partner_invoice_id.id }}")
        template.send_mail(order.id)
        order.message_post_with_source(template, subtype_xmlid="mail.mt_comment")
        order.message_mail_with_source(template)
        self.assertEqual(self._mailed(), [])
        # as a customer of the shop it does
        direct = self._direct_order()
        direct.partner_id = direct.partner_invoice_id = order.partner_invoice_id
        template.send_mail(direct.id)
        self.assertEqual(self._mailed(), ["firma@example.com"])

    def test_alias_is_spared_on_any_document(self):
        """A shop's marketing is no business of an alias that Allegro made."""
        buyer = self.import_forms(form_json()).partner_id
        self.assertEqual(buyer.email, ALIAS)
        direct = self._direct_order()
        direct.partner_id = buyer
        template = self._template()
        template.send_mail(direct.id)
        self._template("res.partner", partner_to="{{ object.id }}").send_mail(buyer.id)
        self.assertEqual(self._mailed(), [])

        buyer.email = "anna@example.com"  # given to the shop by the buyer
        template.send_mail(direct.id)
        self.assertEqual(self._mailed(), ["anna@example.com"])

    def test_followers(self):
        order = self.import_forms(form_json())
        order.message_subscribe((order.partner_id + self.colleague.partner_id).ids)
        order.message_post(body="Said by Odoo", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._mailed(), ["colleague@example.com"])

    def test_sellers_own_mail_is_as_ever(self):
        self.company.allegro_order_email = True
        self.account.order_email_partner_ids = self.colleague.partner_id
        self.import_forms(form_json())
        self.assertEqual(self._mailed(), ["colleague@example.com"])


@tagged("post_install", "-at_install")
class TestPeopleWrite(QuietCommon):
    """What a person writes to the buyer goes to him."""

    def _compose(self, orders, **context):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.colleague)
            .with_context(
                default_model="sale.order", default_res_ids=orders.ids, **context
            )
            .create(
                {
                    "subject": "Your order",
                    "body": "<p>Which colour?</p>",
                    "partner_ids": [Command.set(orders.partner_id.ids)],
                }
            )
        )
        composer.action_send_mail()

    def test_in_the_chatter(self):
        order = self.import_forms(form_json())
        order.with_user(self.colleague).message_post(
            body="Which colour?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=order.partner_id.ids,
        )
        self.assertEqual(self._mailed(), [ALIAS])

    def test_with_the_composer(self):
        order = self.import_forms(form_json())
        self._compose(order)
        self.assertEqual(self._mailed(), [ALIAS])

    def test_to_many_at_once(self):
        orders = self.import_forms(form_json(), form_json())
        self._compose(
            orders,
            default_composition_mode="mass_mail",
            default_template_id=self._template().id,
        )
        self.assertEqual(set(self._mailed()), {ALIAS})

    def test_an_order_by_the_button(self):
        order = self.import_forms(form_json())
        action = order.with_user(self.colleague).action_quotation_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.colleague)
            .with_context(**action["context"])
            .create({})
        )
        composer.action_send_mail()
        self.assertEqual(self._mailed(), [ALIAS])

    def test_an_invoice_by_the_button(self):
        order = self.import_forms(form_json())
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.move.send"].with_user(self.colleague).sudo()._send_mail(
            invoice,
            self.env.ref("account.email_template_edi_invoice"),
            subject="Your invoice",
            body="<p>Here it is</p>",
            partner_ids=order.partner_id.ids,
        )
        self.assertEqual(self._mailed(), [ALIAS])


@tagged("post_install", "-at_install")
class TestDelivery(QuietCommon):
    def _validate(self, orders):
        for picking in orders.picking_ids:
            picking.move_ids.picked = True
            picking.button_validate()
        self.assertEqual(set(orders.picking_ids.mapped("state")), {"done"})

    def test_delivery_mail(self):
        self.company.stock_move_email_validation = True
        template = self.company.stock_mail_confirmation_template_id
        template.report_template_ids = False
        order, direct = self.import_forms(form_json()), self._direct_order()
        direct.action_confirm()

        self._validate(order)
        self.assertEqual(self._mailed(), [])
        self.assertFalse(
            order.picking_ids.message_ids.filtered(lambda message: message.subject),
            "what was told to nobody is not in the chatter",
        )
        self._validate(direct)
        self.assertEqual(self._mailed(), ["customer@example.com"])

    def test_both_at_once(self):
        self.company.stock_move_email_validation = True
        template = self.company.stock_mail_confirmation_template_id
        template.report_template_ids = False
        order, direct = self.import_forms(form_json()), self._direct_order()
        direct.action_confirm()
        pickings = (order + direct).picking_ids
        pickings.move_ids.picked = True
        pickings.button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        self.assertEqual(self._mailed(), ["customer@example.com"])

    def test_delivery_mail_that_cannot_be_made(self):
        self.company.stock_move_email_validation = True
        for template in (
            self._template("stock.picking", body_html="<t t-out='object.nothing'/>"),
            self._template(
                "stock.picking",
                report_template_ids=[
                    Command.set(self._broken_report("stock.picking").ids)
                ],
            ),
            self.env["mail.template"],
        ):
            self.company.stock_mail_confirmation_template_id = template
            self._validate(self.import_forms(form_json()))

    def test_text_messages(self):
        if "stock_sms" not in self.env.registry._init_modules:
            self.skipTest("text messages are an app of their own")
        self.company.stock_text_confirmation = True
        texted = []
        self.patch(
            self.env.registry["mail.thread"],
            "_message_sms_with_template",
            lambda records, **_kwargs: texted.extend(records),
        )
        asked = []
        self.patch(
            self.env.registry["stock.picking"],
            "_check_warn_sms",
            lambda pickings: asked.append(pickings) or pickings.browse(),
        )
        order, direct = self.import_forms(form_json()), self._direct_order()
        self.customer.phone = "+48600700800"
        direct.action_confirm()
        for picking in (order + direct).picking_ids:
            picking._message_sms_with_template(partner_ids=picking.partner_id.ids)
        self.assertEqual(texted, list(direct.picking_ids))

        self._validate(order)
        self.assertFalse(asked, "nobody is asked whether the buyer is to be texted")
        self._validate(direct)
        self.assertTrue(asked)

    def test_mail_about_an_invoice(self):
        """Such as that of a product, which its own app posts with the invoice."""
        order = self.import_forms(form_json())
        invoice = order._create_invoices()
        invoice.action_post()
        template = self._template("account.move")
        invoice.message_subscribe(order.partner_id.ids)
        invoice.message_post_with_source(template, subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._mailed(), [])


@tagged("post_install", "-at_install")
class TestLoyalty(QuietCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale_loyalty" not in cls.env.registry._init_modules:
            cls.skipTest(cls, "coupons need an app of their own")
        cls.env["loyalty.program"].search([]).active = False

    def _program(self, kind, **values):
        programs = self.env["loyalty.program"]
        defaults = programs._get_template_values()
        name = {
            "next_order_coupons": "next_order_coupons",
            "promotion": "promotion",
            "loyalty": "loyalty",
        }[kind]
        return programs.create(
            {**defaults[name], "name": kind, "program_type": kind, **values}
        )

    def _cards(self):
        return self.env["loyalty.card"].search([])

    def test_next_order_coupon(self):
        template = self._template("loyalty.card")
        program = self._program("next_order_coupons")
        program.communication_plan_ids = [
            Command.clear(),
            Command.create({"trigger": "create", "mail_template_id": template.id}),
        ]
        before = self._cards()
        order = self.import_forms(form_json())

        self.assertEqual(order.state, "sale")
        self.assertFalse(order.coupon_point_ids)
        self.assertEqual(self._cards(), before)
        self.assertEqual(self._mailed(), [])

        self._direct_order().action_confirm()
        self.assertEqual(len(self._cards() - before), 1)
        self.assertEqual(self._mailed(), ["customer@example.com"])

    def test_coupon_whose_pdf_is_broken(self):
        report = self._broken_report("loyalty.card")
        template = self._template(
            "loyalty.card", report_template_ids=[Command.set(report.ids)]
        )
        program = self._program("next_order_coupons")
        program.communication_plan_ids = [
            Command.clear(),
            Command.create({"trigger": "create", "mail_template_id": template.id}),
        ]
        self.fake.put(form_json())
        self.run_action("sync")
        order = self.env["sale.order"].search(
            [("allegro_account_id", "=", self.account.id)]
        )
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.account.incoming_order_ids)

    def test_points_and_rewards(self):
        self._program("loyalty")
        promotion = self._program("promotion")
        before = self._cards()
        order = self.import_forms(form_json())
        self.assertEqual(order.amount_total, 123)
        order.action_open_reward_wizard()
        order._try_apply_program(promotion)
        order.action_update_prices()
        self.assertEqual(order.amount_total, 123)
        self.assertEqual(len(order.order_line), 1)
        self.assertEqual(self._cards(), before)
        self.assertFalse(order.partner_id.loyalty_card_count)

    def test_cancelled_order(self):
        self._program("loyalty")
        order = self.import_forms(form_json())
        order._action_cancel()
        self.assertEqual(order.state, "cancel")
