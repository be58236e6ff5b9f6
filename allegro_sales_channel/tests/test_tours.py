"""What people do, in a browser."""

import json
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tests.common import ChromeBrowser
from odoo.tools import mute_logger

from ..models.door.allegro_account import ENVIRONMENTS
from .common import AllegroCommon, form_json, line_json
from .simulator import running_simulator
from .tour_common import TourCase

MANAGER = "allegro_sales_channel.group_allegro_manager"
ALSO = "sales_team.group_sale_manager,stock.group_stock_user"

#: Runs on every page: on Allegro's own, the seller chooses the shop and allows.
_CONSENT = """
if (location.origin === %(origin)s) {
    addEventListener("DOMContentLoaded", () => {
        document.querySelector("select[name=seller]").value = "demontaz_kos";
        document.querySelector("button[value=allow]").click();
    });
}
"""


@tagged("post_install", "-at_install")
class TestConnectTours(TourCase):
    """The real client and the real flow of consent, against the simulator."""

    def setUp(self):
        super().setUp()
        self.simulator = self.enterContext(running_simulator())
        new_test_user(self.env, "manager_one", groups=MANAGER)
        self.account = self.env["allegro.account"].create(
            {
                "name": "My Allegro shop",
                "environment": "custom",
                "api_url": self.simulator.url,
                "auth_url": f"{self.simulator.url}/auth/oauth",
            }
        )

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        # Odoo's guard of the network can't compare the client's pair of time-outs
        return super()._request_handler(session, request, **{**kwargs, "timeout": 30})

    def _consents_by_itself(self):
        script = _CONSENT % {"origin": json.dumps(self.simulator.url)}
        navigate = ChromeBrowser.navigate_to

        def navigate_to(browser, url, wait_stop=False):
            browser._websocket_request(
                "Page.addScriptToEvaluateOnNewDocument", params={"source": script}
            )
            return navigate(browser, url, wait_stop)

        self.startPatcher(patch.object(ChromeBrowser, "navigate_to", navigate_to))

    def test_in_the_browser(self):
        self._consents_by_itself()
        self.start_tour(
            "/odoo/allegro-accounts", "allegro_connect_browser", login="manager_one"
        )
        self.account.invalidate_recordset()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.account.seller_login, "demontaz_kos")
        self.assertFalse(self.account.missing_scope_text)
        # and orders come in
        form = self.simulator.control(
            "/orders", template="courier", seller="demontaz_kos"
        )["orders"][0]
        self.env["product.product"].create(
            {
                "name": "Part",
                "default_code": form["lineItems"][0]["offer"]["external"]["id"],
            }
        )
        self.env.ref(
            "allegro_sales_channel.ir_cron_allegro_sync"
        ).method_direct_trigger()
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form["id"])]
        )
        self.assertEqual(order.state, "sale")

    def test_guided_start(self):
        self.account.unlink()
        url = self.simulator.url
        here = {"sandbox": (url, f"{url}/auth/oauth", url)}
        self.startPatcher(patch.dict(ENVIRONMENTS, here))
        self._consents_by_itself()
        self.start_tour("/odoo/allegro", "allegro_guided_start", login="manager_one")
        account = self.env["allegro.account"].search([("state", "=", "connected")])
        self.assertEqual(account.seller_login, "demontaz_kos")
        self.assertEqual(account.api_url, url)

    def test_by_a_code(self):
        self.account.write(
            {
                "client_id": "simulator-client-id",
                "client_secret": "simulator-client-secret",
            }
        )
        self.start_tour(
            "/odoo/allegro-accounts", "allegro_connect_device", login="manager_one"
        )
        self.account.invalidate_recordset()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.account.seller_login, "czesci_pewne")


@tagged("post_install", "-at_install")
class TestTours(AllegroCommon, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager_one", groups=f"{MANAGER},{ALSO}")

    def test_sales_orders(self):
        unmanaged = form_json(line_json("SKU-1"), line_json(sku=None, price="50.00"))
        plain = self.import_forms(form_json())
        order = self.import_forms(unmanaged)
        order.partner_id.name = "Unmanaged Buyer"
        plain.partner_id = plain.partner_id.copy({"name": "Plain Buyer"})
        self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"]
                .create({"name": "Direct Buyer"})
                .id,
                "state": "sale",
            }
        )
        self.start_tour("/odoo/orders", "allegro_sales_orders", login="manager_one")
        channel = self.env["sales.channel"].search([("code", "=", "phone")])
        self.assertEqual(channel.name, "By phone")

    def test_allegro_integration(self):
        bad = form_json(buyer=None)
        worse = form_json()
        worse["lineItems"][0]["quantity"] = 0
        for form in (bad, worse):
            self.fake.put(form)
        self.fake.put(form_json(line_json("UNKNOWN-PART")))
        with mute_logger("odoo.addons.allegro_sales_channel.models"):
            self.env.ref(
                "allegro_sales_channel.ir_cron_allegro_sync"
            ).method_direct_trigger()
        rows = self.env["allegro.incoming.order"].search([])
        self.assertEqual(len(rows), 2)
        rows.write({"state": "quarantined", "attempts": 5})
        self._make_account(name="Lost shop", state="reconnect", seller_id="77")
        self.start_tour(
            "/odoo/allegro-incoming-orders",
            "allegro_integration",
            login="manager_one",
        )
        rows.invalidate_recordset()
        self.assertEqual(set(rows.mapped("state")), {"pending"})
        self.assertEqual(set(rows.mapped("attempts")), {0})
        offer = self.env["allegro.offer"].search([("external_id", "=", "UNKNOWN-PART")])
        self.assertEqual(offer.product_id, self.products["SKU-8"])
        self.assertTrue(self.account.sweep_from)
