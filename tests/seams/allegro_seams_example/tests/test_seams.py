"""Each seam of the base addon, used by another addon as its author would."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.tests import tagged

from odoo.addons.allegro_sales_channel.allegro import writers
from odoo.addons.allegro_sales_channel.allegro.checkout_form import CheckoutForm
from odoo.addons.allegro_sales_channel.allegro.client import AllegroClient
from odoo.addons.allegro_sales_channel.tests.common import AllegroCommon, form_json


class Allegro(BaseHTTPRequestHandler):
    """Says yes, and later; and lists two threads."""

    protocol_version = "HTTP/1.1"
    asked = []

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.asked.append((self.path, json.loads(self.rfile.read(size))))
        self.send_response(202)
        self.send_header("Location", "https://api.example/threads/7")
        self.send_header("Retry-After", "5")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        body = json.dumps({"threads": [{"id": 1}, {"id": 2}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@tagged("post_install", "-at_install")
class TestSeams(AllegroCommon):
    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        # Odoo's own understands no pair of time-outs
        return super()._request_handler(session, request, **{**kwargs, "timeout": 30})

    def setUp(self):
        super().setUp()
        server = ThreadingHTTPServer(("127.0.0.1", 0), Allegro)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        Allegro.asked.clear()
        address = f"http://127.0.0.1:{server.server_port}"
        self.patch(
            self.env.registry["allegro.account"],
            "_client",
            lambda account: AllegroClient(
                address, "token", "Example/1", gate=account._gate()
            ),
        )

    def _run(self):
        with self.running_actions():
            self.env.ref(
                "allegro_seams_example.ir_cron_example"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_a_scope_is_asked_for_when_its_feature_is_on(self):
        scope = "allegro:api:messaging"
        self.account.scopes_granted = " ".join(self.account._wanted_scopes())
        self.assertNotIn(scope, self.account._wanted_scopes())
        self.assertFalse(self.account.missing_scope_text)
        self.account.example_is_on = True
        self.account.invalidate_recordset()
        self.assertIn(scope, self.account._wanted_scopes())
        # the account says which feature waits for a new consent, and what it would do
        self.assertIn("buyers get no answer", self.account.missing_scope_text)
        self.assertIn("answering buyers", self.account.scope_overview)
        self.account.scopes_granted += f" {scope}"
        self.assertFalse(self.account.missing_scope_text)

    def test_a_scheduled_action_of_its_own(self):
        self.account.message_mode = "on"
        action = self.env.ref("allegro_seams_example.ir_cron_example")
        self.account._toggle_scheduled_actions()
        self.assertTrue(action.active)
        self._run()
        self.assertEqual(self.account.example_counted, 1)
        self.assertEqual(self.account.example_thread, "https://api.example/threads/7")
        self.assertEqual(self.account.example_wait, 5)
        path, body = Allegro.asked[0]
        self.assertEqual(path, "/messaging/messages")
        self.assertEqual(body, {"text": "Dzień dobry"})
        # it wakes as those of the base do
        self.account._wake(action.get_external_id()[action.id])
        self.assertTrue(
            self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)])
        )
        # without a connection only what needs none
        self.account.state = "reconnect"
        self._run()
        self.assertEqual(self.account.example_counted, 2)
        self.assertEqual(len(Allegro.asked), 1)
        self.account.state = "draft"
        self.assertFalse(action.active)

    def test_a_writer_of_its_own(self):
        codes = [writer.code for writer in self.account._writers()]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertIn(writers.MESSAGE, codes)
        self.assertLessEqual(set(codes), set(writers.WRITERS))

    def test_its_writer_does_nothing_before_it_is_switched_on(self):
        self._run()
        self.assertEqual(Allegro.asked, [])
        self.assertFalse(self._trail())
        self.account.message_mode = "shadow"
        self._run()
        self.assertEqual(Allegro.asked, [])
        self.assertEqual(self._trail().mapped("state"), ["shadow"])
        self.assertFalse(self.account.last_error, "it is no trouble")
        self.account.message_mode = "on"
        self._run()
        self.assertEqual(len(Allegro.asked), 1)
        told = self._trail()[0]
        self.assertEqual((told.mode, told.state), ("on", "done"))
        self.assertEqual(told.summary, "text: ***")

    def _trail(self):
        return self.env["allegro.trail"].search([("writer", "=", writers.MESSAGE)])

    def test_a_request_of_its_own(self):
        request = self.env["allegro.request"]._want(self.account, "example")
        self.run_action("requests")
        self.assertEqual((request.state, request.error), ("done", False))
        self.assertEqual((request.done_count, request.new_count), (2, 2))

    def test_steps_in_the_recipes(self):
        form = form_json()
        order = self.import_forms(form)
        self.assertEqual(order.example_marketplace, "allegro-pl")
        form["messageToSeller"] = "Please hurry"
        same = CheckoutForm.from_json(form)
        self.env["sale.order"]._allegro_update(self.account, [same, same])
        self.assertEqual(order.allegro_message, "Please hurry")
        self.assertEqual(order.example_followed, 1)

    def test_a_tile_of_its_own(self):
        self.env["allegro.request"]._want(self.account, "example")
        [tile] = [t for t in self.account.overview if t["code"] == "example"]
        self.assertEqual(tile["count"], 1)
        action = self.account.action_open_tile("example")
        self.assertEqual(action["res_model"], "allegro.request")
