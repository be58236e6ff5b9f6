"""*Check connection* and the file for support (rules 11.6 and 11.7)."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields, tools
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..allegro.errors import AllegroAuthorisationError
from ..allegro.seller import Seller
from .common import AllegroCommon, form_json
from .fake_oauth import SCOPES

MANAGER = "allegro_sales_channel.group_allegro_manager"
USER = "allegro_sales_channel.group_allegro_user"


class CheckCommon(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "boss", groups=MANAGER)
        cls.user = new_test_user(cls.env, "worker", groups=USER)
        cls.account.scopes_granted = " ".join(SCOPES)
        cls.env["ir.config_parameter"].set_param("web.base.url", "https://x.example")
        for action in cls.account._scheduled_actions():
            cls.env.ref(action.xml_id).nextcall = fields.Datetime.now()

    def setUp(self):
        super().setUp()
        self._config(max_cron_threads=2)
        self._printing("ok")

    def _config(self, **values):
        self.startPatcher(patch.dict(tools.config.options, values))

    def _printing(self, state):
        self.startPatcher(
            patch.object(
                self.env.registry["ir.actions.report"],
                "get_wkhtmltopdf_state",
                lambda _report: state,
            )
        )


@tagged("post_install", "-at_install")
class TestCheck(CheckCommon):
    def _findings(self):
        action = self.account.with_user(self.manager).action_check_connection()
        check = self.env[action["res_model"]].browse(action["res_id"])
        lines = check.with_user(self.manager).line_ids
        return {line.label: (line.result, line.text) for line in lines}

    def _found(self, label):
        return self._findings()[label]

    def test_all_is_well(self):
        findings = self._findings()
        self.assertEqual(
            {label: result for label, (result, _text) in findings.items()},
            dict.fromkeys(
                (
                    "Account",
                    "Clock",
                    "Permissions",
                    "Limits",
                    "Redirect address",
                    "Scheduled actions",
                    "PDF printing",
                ),
                "fine",
            ),
        )
        self.assertIn("test_seller", findings["Account"][1])
        self.assertIn("/allegro/oauth/callback", findings["Redirect address"][1])

    def test_allegro_refuses(self):
        self.fake.seller = self._refuse
        result, text = self._found("Account")
        self.assertEqual(result, "bad")
        self.assertIn("trace-id t-1", text)
        self.assertIn("http://127.0.0.1:1", text)

    def _refuse(self):
        raise AllegroAuthorisationError("Expired", status=401, trace_id="t-1")

    def test_allegro_answers_as_another_seller(self):
        self.fake.seller = lambda: Seller("9", "somebody", None)
        self.assertIn("somebody", self._found("Account")[1])

    def test_a_token_is_never_renewed_here(self):
        self.account.token_expires_at = fields.Datetime.now()
        self.fake.seller = self._refuse
        result, text = self._found("Account")
        self.assertEqual(result, "warning")
        self.assertIn("renewal", text)

    def test_not_connected(self):
        for state, word in (("draft", "Connect"), ("reconnect", "Reconnect")):
            self.account.state = state
            result, text = self._found("Account")
            self.assertEqual(result, "bad")
            self.assertIn(f"press {word}", text)

    def test_clock(self):
        for ahead, expected in ((600, "bad"), (-600, "bad"), (60, "fine")):
            self.fake.clock_ahead = ahead
            self.assertEqual(self._found("Clock")[0], expected)
        self.fake.clock_ahead = None
        self.assertEqual(self._found("Clock")[0], "warning")

    def test_permissions(self):
        self.account.scopes_granted = SCOPES[0]
        result, text = self._found("Permissions")
        self.assertEqual(result, "warning")
        self.assertIn("allegro:api:orders:read (no orders come in)", text)

    def test_limits(self):
        self.account.paused_until = fields.Datetime.now() + timedelta(minutes=1)
        self.assertEqual(self._found("Limits")[0], "warning")

    def test_redirect_address(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "http://x.example")
        result, text = self._found("Redirect address")
        self.assertEqual(result, "warning")
        self.assertIn("web.base.url", text)

    def test_scheduled_actions(self):
        cron = self.env.ref("allegro_sales_channel.ir_cron_allegro_push")
        cron.active = False
        result, text = self._found("Scheduled actions")
        self.assertEqual(result, "bad")
        self.assertIn(cron.cron_name, text)
        self._config(max_cron_threads=0)
        self.assertIn("max_cron_threads", self._found("Scheduled actions")[1])

    def test_printing(self):
        for state in ("install", "upgrade", "workers", "broken"):
            self._printing(state)
            result, text = self._found("PDF printing")
            self.assertEqual(result, "bad")
            self.assertIn("wkhtmltopdf", text)

    def test_for_managers_only(self):
        account = self.account.with_user(self.user)
        with self.assertRaises(AccessError):
            account.action_check_connection()
        with self.assertRaises(AccessError):
            account.action_support_file()
        with self.assertRaises(AccessError):
            account._support_data()


@tagged("post_install", "-at_install")
class TestSupportFile(CheckCommon, HttpCase):
    def _download(self, user="boss"):
        self.authenticate(user, user)
        address = self.account.with_user(self.manager).action_support_file()["url"]
        return self.url_open(address)

    def _marked(self, form):
        """The form with a mark in each of its texts that are a person's or a part's."""
        buyer, address = form["buyer"], form["delivery"]["address"]
        for place, names in (
            (buyer, ("login", "firstName", "lastName", "companyName")),
            (buyer["address"], ("street", "city")),
            (address, ("firstName", "lastName", "street", "city", "companyName")),
        ):
            place.update(dict.fromkeys(names, "MARKED"))
        buyer["email"] = "marked@example.com"
        form["messageToSeller"] = "MARKED"
        return form

    def test_no_secrets_and_no_people(self):
        order = self.import_forms(self._marked(form_json()))
        error = "MARKED Kowalski (Unauthorized, HTTP 401, trace-id trace-77)"
        order.write(
            {
                "allegro_sync_error": error,
                "allegro_push_error": "MARKED (ValueError)",
                "allegro_invoice_error": error,
            }
        )
        self.env["allegro.incoming.order"]._add(self.account, ["form-1"])
        self.env["allegro.incoming.order"].search(
            [("account_id", "=", self.account.id)]
        ).write({"state": "quarantined", "error": f"{error}\n{error}"})
        secrets = {
            name: f"MARKED-{name}"
            for name, field in self.account._fields.items()
            if field.store
            and field.groups == "base.group_system"
            and field.type in ("char", "text")
        }
        self.assertIn("refresh_token", secrets)
        self.account.write(
            {
                **secrets,
                "name": "MARKED shop",
                "client_id": "MARKED",
                "seller_login": "MARKED",
                "last_error": error,
            }
        )
        self.company.write(
            {"name": "MARKED firm", "vat": False, "email": "m@marked.pl"}
        )
        self.manager.name = "MARKED boss"
        answer = self._download()

        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertNotIn("marked", answer.text.lower())
        self.assertNotIn("Kowalski", answer.text)
        data = json.loads(answer.text)
        self.assertEqual(
            data["account"]["last_error"],
            {
                "is_error": True,
                "code": "Unauthorized",
                "status": "401",
                "trace_id": "trace-77",
            },
        )
        [row] = data["errors"]["incoming_orders"]
        self.assertEqual((row["order"], row["trace_id"]), ("form-1", "trace-77"))
        [row] = data["errors"]["allegro_sync_error"]
        self.assertEqual(row["order"], order.allegro_checkout_form_id)
        self.assertEqual(row["status"], "401")

    def test_what_support_asks_for(self):
        self.import_forms(form_json(), form_json())
        data = json.loads(self._download().text)
        versions = data["versions"]
        self.assertTrue(versions["odoo"].startswith("19.0"))
        self.assertIn("allegro_sales_channel", versions["addons"])
        self.assertTrue(versions["python"] and versions["postgresql"])
        self.assertEqual(data["account"]["seller_id"], "1000")
        self.assertEqual(data["account"]["state"], "connected")
        self.assertIn("allegro:api:orders:read", data["account"]["scopes_granted"])
        self.assertIn("allegro_auto_invoice", data["company"])
        self.assertEqual(data["counts"]["orders"], {"NEW": 2})
        listed = {action.xml_id for action in self.account._scheduled_actions()}
        self.assertEqual(set(data["scheduled_actions"]), listed)

    def test_for_managers_only(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self._download("worker").status_code, 403)
            self.account.state = "draft"
            missing = self.url_open("/allegro/support/999999")
        self.assertEqual(missing.status_code, 404)
