"""Statuses and tracking numbers reach Allegro once, over real HTTP, whoever is at work.

Several workers at once, lost answers and refusals; a browser that shows the outcome.
"""

import json
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect, sync_playwright

from dev import programs
from tests.end_to_end.client import OdooError

FIELDS = (
    "name",
    "allegro_fulfillment_status",
    "allegro_fulfillment_target",
    "allegro_sync_error",
)
WAYBILL = "0000007268757Q"


@pytest.fixture
def imported(allegro, admin):
    """Make an order on Allegro and bring it in."""
    if not admin.read("allegro.carrier", [], "code"):
        admin.run_action("sweep")

    def bring_in(template="courier"):
        form = allegro.create_order(template)
        admin.run_action("sync")
        return form, _order(admin, form)

    return bring_in


def _order(client, form):
    domain = [("allegro_checkout_form_id", "=", form["id"])]
    [order] = client.wait_for("sale.order", domain, *FIELDS)
    return order


def _settled(client, order):
    """The order when Allegro has answered, by Odoo's own scheduler or now.

    Asked again and again: what was put off for some seconds is told at its next turn.
    """
    settled = [("id", "=", order["id"]), ("allegro_fulfillment_target", "=", False)]
    for _turn in range(50):
        client.run_action("push")
        found = client.read("sale.order", settled, *FIELDS)
        if found:
            return found[0]
        time.sleep(1)
    raise AssertionError(f"{order['name']} is not settled after 50 turns")


def _enter_number(client, order, waybill=WAYBILL, carrier="DPD"):
    [carrier] = client.read("allegro.carrier", [("code", "=", carrier)], "code")
    wizard = client.call(
        "allegro.tracking.wizard",
        "create",
        {"order_id": order["id"], "waybill": waybill, "carrier_id": carrier["id"]},
    )
    client.call("allegro.tracking.wizard", "action_confirm", [wizard])


def _truth(allegro, form):
    return allegro.control("GET", f"/orders/{form['id']}")


def _sent(allegro, form, method):
    return [
        entry
        for entry in allegro.requests()
        if entry["method"] == method and form["id"] in entry["path"]
    ]


def test_three_steps(allegro, seller, admin, imported):
    form, order = imported()
    seller.call("sale.order", "action_allegro_start_processing", [order["id"]])
    assert _settled(admin, order)["allegro_fulfillment_status"] == "PROCESSING"
    _enter_number(seller, order)
    seller.call("sale.order", "action_allegro_hand_over", [order["id"]])
    assert _settled(admin, order)["allegro_fulfillment_status"] == "SENT"
    truth = _truth(allegro, form)
    assert [parcel["waybill"] for parcel in truth["shipments"]] == [WAYBILL]
    assert truth["status_changes"] == 2
    [picking] = admin.read(
        "stock.picking",
        [("sale_id", "=", order["id"])],
        "state",
        "carrier_tracking_ref",
    )
    assert (picking["state"], picking["carrier_tracking_ref"]) == ("done", WAYBILL)


@pytest.mark.parametrize("kind", ["lost_answer", "drop", "garbage"])
def test_lost_answers(allegro, admin, imported, kind):
    form, order = imported()
    allegro.fault(kind, path_pattern="/fulfillment$", times=1)
    allegro.fault(kind, path_pattern="/shipments$", method="POST", times=1)
    _enter_number(admin, order)
    admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    for _try in range(3):
        admin.run_action("push")
        # a person's click does not wait for the next try by itself
        admin.call("sale.order", "action_allegro_retry", [order["id"]])
        admin.call("sale.order", "action_allegro_add_tracking", [order["id"]])
    assert _settled(admin, order)["allegro_fulfillment_status"] == "PROCESSING"
    truth = _truth(allegro, form)
    assert truth["status_changes"] == 1
    assert [parcel["waybill"] for parcel in truth["shipments"]] == [WAYBILL]
    [parcel] = admin.read("allegro.parcel", [("order_id", "=", order["id"])], "state")
    assert parcel["state"] == "sent"


def _as_soon_as_a_person_presses(admin, order):
    """Tell Allegro now: a person's click does not wait for the next try."""
    admin.call("sale.order", "action_allegro_add_tracking", [order["id"]])
    return _settled(admin, order)


def test_a_gatekeeper_is_not_allegro(allegro, admin, imported):
    form, order = imported()
    allegro.fault("gatekeeper", method="PUT", path_pattern="/fulfillment$", times=1)
    admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    admin.run_action("push")
    [kept] = admin.read("sale.order", [("id", "=", order["id"])], *FIELDS)
    assert (kept["allegro_fulfillment_target"], kept["allegro_sync_error"]) == (
        "PROCESSING",
        False,
    )
    [account] = admin.read("allegro.account", [], "state")
    assert account["state"] == "connected"
    settled = _as_soon_as_a_person_presses(admin, order)
    assert settled["allegro_fulfillment_status"] == "PROCESSING"
    assert not settled["allegro_sync_error"]
    assert _truth(allegro, form)["status_changes"] == 1


def test_a_known_order_is_not_found_and_sent_meanwhile(
    allegro, seller, admin, imported
):
    form, order = imported()
    missing = allegro.fault("status", status=404, path_pattern=f"{form['id']}$")
    _enter_number(seller, order)
    seller.call("sale.order", "action_allegro_hand_over", [order["id"]])
    admin.run_action("push")
    admin.run_action("sync")
    [kept] = admin.read(
        "sale.order", [("id", "=", order["id"])], *FIELDS, "allegro_missing_since"
    )
    assert kept["allegro_fulfillment_target"] == "SENT"
    assert kept["allegro_missing_since"]
    allegro.lift(missing)
    settled = _as_soon_as_a_person_presses(admin, order)
    assert settled["allegro_fulfillment_status"] == "SENT"
    assert not settled["allegro_sync_error"]
    truth = _truth(allegro, form)
    assert [parcel["waybill"] for parcel in truth["shipments"]] == [WAYBILL]
    [found] = admin.read(
        "sale.order", [("id", "=", order["id"])], "allegro_missing_since"
    )
    assert not found["allegro_missing_since"]


def test_a_number_that_is_there_though_allegro_says_conflict(allegro, admin, imported):
    form, order = imported()
    allegro.fault(
        "status",
        status=409,
        method="POST",
        path_pattern="/shipments$",
        takes_effect=True,
        times=1,
    )
    # Allegro takes a number for so many orders only: this one is no other test's
    waybill = "0000007268799Q"
    _enter_number(admin, order, waybill)
    admin.run_action("push")
    [parcel] = admin.wait_for(
        "allegro.parcel",
        [("order_id", "=", order["id"]), ("state", "=", "sent")],
        "waybill",
    )
    assert parcel["waybill"] == waybill
    [kept] = admin.read("sale.order", [("id", "=", order["id"])], *FIELDS)
    assert not kept["allegro_sync_error"]
    assert len(_truth(allegro, form)["shipments"]) == 1


def test_changed_by_the_buyer_meanwhile(allegro, admin, imported):
    form, order = imported()
    allegro.act(form, "change-address", street="ul. Nowa 1")
    allegro.fault("status", status=409, path_pattern="/fulfillment$", times=1)
    admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    assert _settled(admin, order)["allegro_fulfillment_status"] == "PROCESSING"


def test_buyer_was_faster(allegro, admin, imported):
    form, order = imported()
    allegro.act(form, "cancel")
    try:
        admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    except OdooError as told:  # Odoo's scheduler was faster still
        assert "cancelled" in str(told)
    else:
        order = _settled(admin, order)
        assert "buyer cancelled" in order["allegro_sync_error"]
    assert _truth(allegro, form)["status_changes"] == 0


def test_hundred_changes_are_not_exceeded(allegro, admin, imported):
    form, order = imported()
    for number in range(100):
        allegro.act(form, "panel-status", status=("PROCESSING", "NEW")[number % 2])
    admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    order = _settled(admin, order)
    assert "Failed to set status PROCESSING" in order["allegro_sync_error"]
    admin.run_action("push")
    assert len(_sent(allegro, form, "PUT")) == 1, "a refused wish is not repeated"


def test_too_many_requests(allegro, admin, imported):
    form, order = imported()
    allegro.fault(
        "status", status=429, retry_after=2, path_pattern="/fulfillment$", times=1
    )
    admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    admin.wait_for("allegro.account", [("paused_until", "!=", False)], "name")
    assert len(_sent(allegro, form, "PUT")) == 1
    time.sleep(2)  # as long as Allegro asked for
    assert _settled(admin, order)["allegro_fulfillment_status"] == "PROCESSING"
    assert len(_sent(allegro, form, "PUT")) == 2


#: Written by the system itself, so that nobody is woken before the workers.
_WISHES = textwrap.dedent("""
    import json, os
    for order_id, waybill in json.loads(os.environ["WANTED"]).items():
        order = env["sale.order"].browse(int(order_id))
        carrier = env["allegro.carrier"]._by_code("DPD")
        env["allegro.parcel"].create(order._allegro_parcel_values(carrier, waybill))
        order.allegro_fulfillment_target = "PROCESSING"
    env.cr.commit()
""")


_WORKER = textwrap.dedent("""
    import os, time
    meeting = os.environ["MEETING"]
    open(os.path.join(meeting, os.environ["WORKER"]), "w").close()
    while len(os.listdir(meeting)) < 3:
        time.sleep(0.01)
    time.sleep(float(os.environ["LATER"]))
    env["allegro.account"]._cron_push()
    env.cr.commit()
""")


def test_several_workers_at_once(running_shop, allegro, admin, imported, tmp_path):
    shop, _address = running_shop
    orders = [imported() for _number in range(8)]
    # long enough for both to be at it
    allegro.fault("latency", seconds=0.3)
    wanted = {order["id"]: f"00000072687{n:02}Q" for n, (_, order) in enumerate(orders)}
    shop.odoo.script(shop.database, _WISHES, WANTED=json.dumps(wanted))
    with ThreadPoolExecutor(3) as workers:
        done = [
            workers.submit(
                shop.odoo.script,
                shop.database,
                _WORKER,
                MEETING=str(tmp_path),
                WORKER=str(number),
                LATER=later,
            )
            # two at the same moment, one while the first is waiting for Allegro
            for number, later in enumerate(("0", "0", "0.4"))
        ]
        for worker in done:
            worker.result()
    allegro.control("DELETE", "/faults")
    for form, order in orders:
        settled = _settled(admin, order)
        assert settled["allegro_fulfillment_status"] == "PROCESSING"
        assert len(_sent(allegro, form, "PUT")) == 1, "told by one worker only"
        assert len(_sent(allegro, form, "POST")) == 1, "one parcel"


@pytest.fixture
def page(running_shop):
    """A browser in which the seller has logged in."""
    _shop, address = running_shop
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(programs.browser()),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = chromium.new_page(base_url=address)
        page.goto("/web/login")
        page.fill("input[name=login]", "seller")
        page.fill("input[name=password]", "seller")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        yield page
        chromium.close()


def test_open_form_shows_the_confirmation_by_itself(page, admin, imported):
    _form, order = imported()
    page.goto(f"/odoo/sales/{order['id']}")
    page.click("button[name=action_allegro_start_processing]")
    page.wait_for_selector("button.btn-primary[name=action_allegro_add_tracking]")
    admin.run_action("push")
    status = page.locator("div[name=allegro_fulfillment_status] [aria-checked=true]")
    expect(status).to_have_text("In progress", timeout=20_000)
    expect(page.locator(".o_allegro_telling")).to_be_hidden()


def test_open_list_shows_it_too(page, admin, imported):
    _form, order = imported()
    page.goto("/odoo/allegro-orders")
    row = page.locator(".o_data_row", has_text=order["name"])
    expect(row).to_contain_text("New")
    row.locator(".o_list_record_selector input").check()
    admin.call("sale.order", "action_allegro_start_processing", [order["id"]])
    admin.run_action("push")
    expect(row).to_contain_text("In progress", timeout=20_000)
    # what was selected still is
    expect(row.locator(".o_list_record_selector input")).to_be_checked()


def test_news_do_not_cost_what_was_typed(page, allegro, admin, imported):
    form, order = imported()
    page.goto(f"/odoo/sales/{order['id']}")
    page.click("a.nav-link[name=other_information]")
    reference = page.locator("div[name=client_order_ref] input")
    reference.fill("typed, not saved")
    allegro.act(form, "panel-status", status="PROCESSING")
    admin.run_action("sync")
    page.wait_for_timeout(2_000)
    expect(reference).to_have_value("typed, not saved")
    page.click(".o_form_button_cancel")
    status = page.locator("div[name=allegro_fulfillment_status] [aria-checked=true]")
    expect(status).to_have_text("In progress", timeout=10_000)
