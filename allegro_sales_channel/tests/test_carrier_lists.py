"""Whose list of carriers and delivery methods stands, and when it is believed."""

from freezegun import freeze_time

from odoo.tests import tagged

from ..allegro.shipments import Carrier, DeliveryMethod
from .common import AllegroCommon


@tagged("post_install", "-at_install")
class TestCarrierLists(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carriers = cls.env["allegro.carrier"].with_context(active_test=False)
        cls.methods = cls.env["allegro.delivery.method"].with_context(active_test=False)
        cls.carriers.search([]).unlink()
        cls.methods.search([]).unlink()
        cls.shop = cls._make_account(
            name="Shop",
            seller_id="2000",
            environment="production",
            api_url="https://api.allegro.pl",
            auth_url="https://allegro.pl/auth/oauth",
        )
        cls.sandbox = cls._make_account(
            name="Sandbox",
            seller_id="3000",
            environment="sandbox",
            api_url="https://api.allegro.pl.allegrosandbox.pl",
            auth_url="https://allegro.pl.allegrosandbox.pl/auth/oauth",
        )

    def _read(self, account, *names, methods=("Kurier DPD",)):
        """Let an account read a list of carriers, whose codes are their first words."""
        self.fake.carriers = lambda: [
            Carrier(name.split()[0], name.partition(" ")[2] or None) for name in names
        ]
        self.fake.delivery_methods = lambda: [
            DeliveryMethod(f"id-{number}", name, ("allegro-pl",), False)
            for number, name in enumerate(methods)
        ]
        self._ask(account)

    def _ask(self, account):
        # as the scheduled action does, in a transaction of its own that it may commit
        with self.running_actions(), self.env.registry.cursor() as cr:
            account.with_env(self.env(cr=cr))._read_carriers()
        self.env.invalidate_all()

    def _assert_list(self, *names):
        shown = [
            f"{carrier.code} {carrier.name}"
            for carrier in self.carriers.search([("active", "=", True)])
        ]
        self.assertEqual(sorted(shown), sorted(names))

    def test_production_goes_before_what_the_sandbox_said_first(self):
        for other in (self.sandbox, self.account):
            self._read(other, "DPD Sandbox DPD", methods=["Sandbox courier"])
            self._assert_list("DPD Sandbox DPD")
        self._read(self.shop, "DPD DPD Polska", "UPS UPS")
        self._assert_list("DPD DPD Polska", "UPS UPS")
        self.assertEqual(self.methods._by_method("id-0").name, "Kurier DPD")

    def test_sandbox_and_simulator_change_nothing_of_productions(self):
        self._read(self.shop, "DPD DPD Polska", "UPS UPS")
        for state in ("connected", "draft", "reconnect"):
            self.shop.state = state
            for other in (self.sandbox, self.account):
                self._read(other, "DPD Sandbox DPD", "X Odd", methods=["Sandbox way"])
                self._assert_list("DPD DPD Polska", "UPS UPS")
                self.assertEqual(self.methods._by_method("id-0").name, "Kurier DPD")
        self.shop.unlink()
        self._read(self.sandbox, "DPD Sandbox DPD")
        self._assert_list("DPD DPD Polska", "UPS UPS")
        self.assertTrue(self.sandbox.carriers_read_at, "not asked for every hour")

    def test_an_empty_list_is_no_list(self):
        self._read(self.shop, "DPD DPD Polska", "UPS UPS")
        self.shop.carriers_read_at = False
        for day in range(10, 20):
            with freeze_time(f"2026-09-{day} 12:00:00"):
                self._read(self.shop)
        self._assert_list("DPD DPD Polska", "UPS UPS")
        self.assertFalse(self.shop.carriers_read_at, "asked for again soon")

    def test_a_list_cut_short_for_once_archives_nothing(self):
        everything = ["DPD DPD Polska", "UPS UPS", "GLS GLS"]
        with freeze_time("2026-09-10 12:00:00"):
            self._read(self.shop, *everything)
        with freeze_time("2026-09-11 12:00:00"):
            # also read by several accounts in a row
            self._read(self.shop, "DPD DPD Polska")
            self._read(self.shop, "DPD DPD Polska")
        self._assert_list(*everything)
        with freeze_time("2026-09-12 12:00:00"):
            self._read(self.shop, *everything)
        # long after, it is again the first time
        with freeze_time("2026-09-30 12:00:00"):
            self._read(self.shop, "DPD DPD Polska")
            self._assert_list(*everything)
        with freeze_time("2026-10-02 12:00:00"):
            self._read(self.shop, "DPD DPD Polska")
        self._assert_list("DPD DPD Polska")
        self._read(self.shop, *everything)
        self._assert_list(*everything)

    def test_a_name_left_out_for_once_stays(self):
        self._read(self.shop, "DPD DPD Polska")
        self._read(self.shop, "DPD", methods=["id-0"])
        self._assert_list("DPD DPD Polska")
        self.assertEqual(self.methods._by_method("id-0").name, "Kurier DPD")
        self.fake.delivery_methods = lambda: [
            DeliveryMethod("id-0", "Kurier DPD", (), False)
        ]
        self._ask(self.shop)
        self.assertEqual(self.methods._by_method("id-0").marketplaces, "allegro-pl")
