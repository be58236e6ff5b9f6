"""*Import orders* and *Load a period*, each with its result (behaviour 2.9)."""

import uuid
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..allegro.errors import AllegroForbiddenError, AllegroUnavailableError
from .common import AllegroCommon, form_json, line_json


def bought(form, moment):
    for line in form["lineItems"]:
        line["boughtAt"] = moment
    return form


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 12:00:00")
class TestImportOnRequest(AllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "seller", "allegro_sales_channel.group_allegro_user"
        )

    def _request(self, action):
        return self.env["allegro.request"].browse(action["res_id"])

    def _import(self, text):
        wizard = (
            self.env["allegro.import.wizard"]
            .with_user(self.user)
            .create({"text": text})
        )
        return self._request(wizard.action_confirm())

    def _load(self, date_from="2026-09-01", date_to="2026-09-10"):
        wizard = self.env["allegro.period.wizard"].with_user(self.user)
        wizard = wizard.create({"date_from": date_from, "date_to": date_to})
        return self._request(wizard.action_confirm())

    def _results(self, request):
        return {line.checkout_form_id: line.result for line in request.line_ids}

    def test_a_request_that_kills_its_worker_is_given_up(self):
        """Whoever dies of it can't say so: counted before."""
        request = self._import(self.fake.put(form_json(), event=None))

        def die(*_arguments):
            raise SystemExit

        with patch.object(self.env.registry["allegro.request"], "_take_orders", die):
            for attempts in range(1, 6):
                try:
                    self.run_action("requests")
                except SystemExit:
                    self.env.invalidate_all()
                self.assertEqual(
                    (request.attempts, request.state), (attempts, "running")
                )
            self.run_action("requests")
        self.assertEqual(request.state, "failed")
        self.assertIn("died", request.error)
        request.action_resume()
        self.run_action("requests")
        self.assertEqual(request.state, "done")
        self.assertEqual(request.attempts, 0)

    def test_trouble_of_allegro_is_no_try_of_a_request(self):
        request = self._import(self.fake.put(form_json(), event=None))
        self.fake.failure = AllegroUnavailableError("down")
        for _ in range(6):
            with mute_logger("odoo.addons.allegro_sales_channel.models"):
                self.run_action("requests")
        self.assertNotEqual(request.state, "failed")
        self.assertEqual(request.attempts, 0)

    # One order

    def test_order_by_number_and_by_address(self):
        first, second = (self.fake.put(form_json(), event=None) for _ in range(2))
        request = self._import(
            f"Zamówienie nr {first.upper()}\n"
            f"https://salescenter.allegro.com/orders/{second}?tab=1"
        )
        self.assertEqual(request.state, "waiting")
        self.run_action("requests")

        self.assertEqual(request.state, "done")
        self.assertEqual(self._results(request), {first: "new", second: "new"})
        self.assertEqual(len(request.line_ids.order_id), 2)
        self.assertEqual(set(request.line_ids.order_id.mapped("state")), {"sale"})
        self.assertEqual(request.new_count, 2)

    def test_order_of_odoos_number_is_read_again(self):
        form = form_json()
        order = self.import_forms(form)
        self.fake.put(form | {"messageToSeller": "Dziękuję"}, event=None)
        request = self._import(order.name.lower())
        self.run_action("requests")

        self.assertEqual(request.line_ids.result, "changed")
        self.assertIn("Buyer's message", request.line_ids.reason)
        self.assertEqual(order.allegro_message, "Dziękuję")

    def test_reasons_why_not(self):
        here = form_json()
        self.import_forms(here)
        forms = {
            "is here already": here,
            "not completed": form_json(status="FILLED_IN"),
            "cancelled on Allegro": form_json(status="CANCELLED"),
            "None of its items": form_json(line_json("NOPE")),
        }
        for form in forms.values():
            self.fake.put(form, event=None)
        request = self._import("\n".join(form["id"] for form in forms.values()))
        self.run_action("requests")

        self.assertEqual(request.skipped_count, 4)
        reasons = {line.checkout_form_id: line.reason for line in request.line_ids}
        for words, form in forms.items():
            self.assertIn(words, reasons[form["id"]])

    def test_failures_and_why(self):
        broken = form_json()
        broken["lineItems"][0]["price"]["amount"] = "abc"
        broken_id = self.fake.put(broken, event=None)
        unknown_id = str(uuid.uuid4())
        request = self._import(f"{broken_id}\n{unknown_id}")
        self.run_action("requests")

        reasons = {line.checkout_form_id: line.reason for line in request.line_ids}
        self.assertIn("lineItems[0].price.amount", reasons[broken_id])
        self.assertEqual(self._results(request)[broken_id], "failed")
        self.assertIn("knows no such order", reasons[unknown_id])
        row = self.env["allegro.incoming.order"].search([])
        self.assertEqual(row.checkout_form_id, broken_id)

    def test_one_named_order_from_before_the_start(self):
        form_id = self.fake.put(bought(form_json(), "2025-12-31T10:00:00Z"), event=None)
        request = self._import(form_id)
        self.run_action("requests")

        self.assertEqual(self._results(request), {form_id: "new"})

    def test_nonsense_is_refused_with_words(self):
        for text in ("to nie jest numer", "https://allegro.pl/moje-allegro"):
            with self.assertRaisesRegex(UserError, "is no Allegro order"):
                self._import(text)

    def test_user_asks_nothing_over_http_himself(self):
        with patch.object(
            self.env.registry["allegro.account"], "_client", side_effect=AssertionError
        ):
            self._import(str(uuid.uuid4()))
            self._load()

    def test_who_may_ask(self):
        other = new_test_user(self.env, "other", "sales_team.group_sale_salesman")
        wizards = self.env["allegro.import.wizard"].with_user(other)
        with self.assertRaises(AccessError):
            wizards.create({"text": str(uuid.uuid4()), "account_id": self.account.id})

    # A period

    def test_period(self):
        self.account.order_import_start = "2026-09-05"
        here = self.import_forms(form_json())
        self.fake.put(form_json() | {"id": here.allegro_checkout_form_id}, event=None)
        new = self.fake.put(bought(form_json(), "2026-09-06T10:00:00Z"), event=None)
        early = self.fake.put(bought(form_json(), "2026-09-03T10:00:00Z"), event=None)
        outside = self.fake.put(bought(form_json(), "2026-08-20T10:00:00Z"), event=None)
        request = self._load()
        self.run_action("requests")

        results = self._results(request)
        self.assertEqual(results[new], "new")
        self.assertEqual(results[early], "skipped")
        self.assertNotIn(outside, results)
        reason = request.line_ids.filtered(
            lambda li: li.checkout_form_id == early
        ).reason
        self.assertIn("before the import's start, 09/05/2026", reason)
        self.assertEqual(request.total_count, 3)
        self.assertEqual(request.progress, 100)

    def test_days_are_those_of_the_person(self):
        self.user.tz = "Europe/Warsaw"
        inside = self.fake.put(bought(form_json(), "2026-08-31T22:30:00Z"), event=None)
        self.fake.put(bought(form_json(), "2026-08-31T21:30:00Z"), event=None)
        request = self._load()
        self.run_action("requests")

        self.assertEqual(list(self._results(request)), [inside])

    def test_period_goes_on_where_it_was_interrupted(self):
        start = datetime(2026, 9, 2)
        ids = []
        for number in range(120):
            # three at each moment: a seam of the list runs through some of them
            moment = start + timedelta(minutes=number // 3)
            form = bought(form_json(status="CANCELLED"), f"{moment.isoformat()}Z")
            ids.append(self.fake.put(form, event=None))
        request = self._load()
        listed = type(self.fake).iter_checkout_forms

        def dies(fake, bought_from, bought_to=None):
            for number, fetched in enumerate(listed(fake, bought_from, bought_to)):
                if number == 70:
                    raise AllegroUnavailableError("away")
                yield fetched

        with patch.object(type(self.fake), "iter_checkout_forms", dies):
            self.run_action("requests")
        self.assertEqual((request.state, request.done_count), ("running", 50))
        self.run_action("requests")

        self.assertEqual((request.state, request.done_count), ("done", 120))
        self.assertEqual(
            sorted(request.line_ids.mapped("checkout_form_id")), sorted(ids)
        )

    def test_dates_that_make_no_sense(self):
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self._load("2026-09-10", "2026-09-01")
        with self.assertRaisesRegex(ValidationError, "12 months"):
            self._load("2025-01-01", "2026-09-01")

    # The request itself

    def test_stop_and_go_on(self):
        self.fake.put(form_json(), event=None)
        request = self._load().with_user(self.user)
        request.action_stop()
        self.run_action("requests")
        self.assertEqual((request.state, request.done_count), ("stopped", 0))

        request.action_resume()
        self.run_action("requests")
        self.assertEqual((request.state, request.new_count), ("done", 1))

    def test_refusal_is_given_up_and_keeps_nobody_waiting(self):
        refused = self._load()
        self.fake.failure = AllegroForbiddenError(
            "No access", code="AccessDenied", status=403, trace_id="t-1"
        )
        for _attempt in range(5):
            self.run_action("requests")
        self.assertEqual(refused.state, "failed")
        self.assertIn("t-1", refused.error)

        self.fake.failure = None
        later = self._load("2026-09-02")
        self.run_action("requests")
        self.assertEqual(later.state, "done")

    def test_same_request_twice_is_one(self):
        self.assertEqual(self._load(), self._load())
        self.assertNotEqual(self._load(), self._load("2026-09-02"))

    def test_other_company_sees_and_asks_nothing_of_it(self):
        request = self._load()
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "allegro_sales_channel.group_allegro_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(
            self.env["allegro.request"]
            .with_user(stranger)
            .search([("id", "=", request.id)])
        )
        for model, values in (
            ("allegro.import.wizard", {"text": str(uuid.uuid4())}),
            (
                "allegro.period.wizard",
                {"date_from": "2026-09-01", "date_to": "2026-09-02"},
            ),
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(stranger).create(
                    {"account_id": self.account.id, **values}
                ).action_confirm()
