"""The daily comparison of Odoo with Allegro, by number and total."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..allegro.errors import AllegroUnavailableError
from .common import AllegroCommon, form_json, line_json
from .test_import_on_request import bought

MOMENT = "2026-09-09T08:00:00Z"


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 12:00:00")
class TestDailyProof(AllegroCommon):
    def _put(self, *lines, event=None, moment=MOMENT, **values):
        return self.fake.put(bought(form_json(*lines, **values), moment), event)

    def _prove(self):
        """The comparisons of today, by currency."""
        self.run_action("daily")
        self.run_action("requests")
        request = self.env["allegro.request"].search([("kind", "=", "proof")], limit=1)
        self.assertEqual(request.state, "done")
        return {proof.currency_id.name: proof for proof in request.proof_ids}

    def _reasons(self, proof):
        return {line.checkout_form_id: line.reason for line in proof.exception_ids}

    def test_all_equal(self):
        for _number in range(3):
            self._put(event="READY_FOR_PROCESSING")
        self._put(status="BOUGHT")
        self.run_action("sync")
        proof = self._prove()["PLN"]

        self.assertEqual(proof.state, "equal")
        self.assertEqual((proof.listed_count, proof.here_count), (3, 3))
        self.assertEqual((proof.listed_total, proof.here_total), (369, 369))
        self.assertFalse(proof.difference)

    def test_quiet_week_is_a_result_too(self):
        proof = self._prove()["PLN"]
        self.assertEqual((proof.state, proof.listed_count), ("equal", 0))

    def test_every_exception_has_its_reason(self):
        self.account.order_import_start = "2026-09-05"
        part = self._put(line_json("SKU-1"), line_json("NOPE"), event="BOUGHT")
        unmanaged = self._put(line_json("NOPE"), event="BOUGHT")
        cancelled = self._put(event="BOUGHT")
        changed = self._put(event="BOUGHT")
        currency = self._put(line_json(currency="GBP"), currency="GBP", event="BOUGHT")
        self.env.ref("base.GBP").name = "GBX"
        self.run_action("sync")
        self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", cancelled)]
        )._action_cancel()
        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", changed)]
        )
        order.order_line.price_unit = 100
        self.env.ref("base.GBP").name = "GBP"
        early = self._put(moment="2026-09-04T08:00:00Z")
        missing = self._put()
        proofs = self._prove()

        reasons = self._reasons(proofs["PLN"])
        self.assertEqual(
            reasons,
            {
                part: "part",
                unmanaged: "unmanaged",
                cancelled: "cancelled",
                changed: "total",
                early: "before_start",
                missing: "missing",
            },
        )
        self.assertEqual(self._reasons(proofs["GBP"]), {currency: "failed"})
        self.assertEqual(proofs["PLN"].alarm_count, 2)
        self.assertEqual(proofs["PLN"].state, "alarm")

    def test_missing_order_is_fetched(self):
        form_id = self._put()
        self._prove()
        self.run_action("sync")

        order = self.env["sale.order"].search(
            [("allegro_checkout_form_id", "=", form_id)]
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._prove()["PLN"].state, "equal")

    def test_order_that_allegro_does_not_list(self):
        form_id = self._put(event="READY_FOR_PROCESSING")
        self.run_action("sync")
        del self.fake.forms[form_id]
        proof = self._prove()["PLN"]

        self.assertEqual(self._reasons(proof), {form_id: "unlisted"})

    def test_interrupted_it_goes_on_and_counts_each_once(self):
        for _number in range(60):
            self._put(event="READY_FOR_PROCESSING")
        self.run_action("sync")
        listed = type(self.fake).iter_checkout_forms

        def dies(fake, bought_from, bought_to=None):
            for number, fetched in enumerate(listed(fake, bought_from, bought_to)):
                if number == 55:
                    raise AllegroUnavailableError("away")
                yield fetched

        self.run_action("daily")
        with patch.object(type(self.fake), "iter_checkout_forms", dies):
            self.run_action("requests")
        proof = self.env["allegro.daily.proof"].search([], limit=1)
        self.assertEqual(proof.listed_count, 50)
        self.run_action("requests")

        self.assertEqual((proof.listed_count, proof.here_count), (60, 60))
        self.assertEqual(proof.state, "equal")
