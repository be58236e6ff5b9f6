"""Orders come in over real HTTP into a real Odoo, faults included."""

from contextlib import contextmanager

import pytest

from dev import console

FIELDS = ("name", "state", "amount_total", "allegro_total_to_pay", "sales_channel_id")


def _orders(client, form, *names):
    domain = [("allegro_checkout_form_id", "=", form["id"])]
    return client.read("sale.order", domain, *(names or FIELDS))


def test_a_bought_order_appears_by_itself(allegro, admin):
    form = allegro.create_order("courier")
    [account] = admin.read("allegro.account", [], "name")
    # nothing more than the button: the rest is done by Odoo's own scheduler
    admin.call("allegro.account", "action_sync_now", [account["id"]])
    [order] = admin.wait_for(
        "sale.order", [("allegro_checkout_form_id", "=", form["id"])], *FIELDS
    )
    assert order["state"] == "sale"
    assert order["sales_channel_id"][1] == "Allegro"
    assert f"{order['amount_total']:.2f}" == form["summary"]["totalToPay"]["amount"]


def test_an_unpaid_order_waits_until_it_is_paid(allegro, admin):
    form = allegro.create_order("filled-in")
    admin.run_action("sync")
    assert not _orders(admin, form)
    allegro.act(form, "pay")
    admin.run_action("sync")
    assert len(_orders(admin, form)) == 1


def test_an_event_that_comes_twice_makes_one_order(allegro, admin):
    allegro.fault("duplicated", times=1)
    form = allegro.create_order("courier")
    admin.run_action("sync")
    admin.run_action("sync")
    assert len(_orders(admin, form)) == 1


def test_an_event_that_never_comes_is_found_by_the_sweep(allegro, admin):
    form = allegro.create_order("courier", events=False)
    admin.run_action("sync")
    assert not _orders(admin, form)
    admin.run_action("sweep")
    admin.run_action("sync")
    assert len(_orders(admin, form)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503, "times": 4},
        {"kind": "html", "status": 502, "times": 4},
        {"kind": "lost_answer", "times": 4},
        {"kind": "garbage", "times": 1},
    ],
    ids=lambda fault: fault["kind"],
)
def test_trouble_at_allegro_loses_nothing(allegro, admin, fault):
    form = allegro.create_order("courier")
    allegro.post("/faults", path_pattern="/order/", **fault)
    admin.run_action("sync")
    allegro.control("DELETE", "/faults")
    admin.run_action("sync")
    admin.run_action("sync")
    [order] = _orders(admin, form)
    assert f"{order['amount_total']:.2f}" == form["summary"]["totalToPay"]["amount"]
    assert not admin.read(
        "allegro.incoming.order", [("state", "=", "quarantined")], "error"
    )


MALFORMED = {
    "malformed-price": "lineItems[0].price.amount",
    "malformed-no-lines": "lineItems",
    "malformed-null-buyer": "buyer",
    "malformed-quantity": "lineItems[0].quantity",
    "malformed-date": "lineItems[0].boughtAt",
    "malformed-mixed-currency": "lineItems[0].price.currency",
}


def test_malformed_orders_name_the_field_and_do_not_stop_the_others(allegro, admin):
    broken = {kind: allegro.create_order(kind)["id"] for kind in MALFORMED}
    good = [
        allegro.create_order(kind)
        for kind in ("courier", "hostile-text", "long-text", "unknown-values")
    ]
    admin.run_action("sync")
    assert [len(_orders(admin, form)) for form in good] == [1] * len(good)
    waiting = admin.read(
        "allegro.incoming.order",
        [("checkout_form_id", "in", list(broken.values()))],
        "checkout_form_id",
        "state",
        "error",
    )
    errors = {row["checkout_form_id"]: row["error"] for row in waiting}
    for kind, field in MALFORMED.items():
        assert field in errors.get(broken[kind], ""), kind
    assert {row["state"] for row in waiting} == {"failed"}


def test_only_unmanaged_items_are_not_saved(allegro, admin):
    partners = admin.call("res.partner", "search_count", [])
    form = allegro.create_order("courier", unmanaged="all")
    admin.run_action("sync")
    assert not _orders(admin, form)
    assert admin.call("res.partner", "search_count", []) == partners


def test_choosing_the_product_of_an_offer_imports_what_waited_for_it(allegro, admin):
    wish = [{"name": "Zderzak bez numeru", "price": "99.90"}]
    [offer] = allegro.post("/offers", offers=wish)["offers"]
    number = offer["offer_id"]
    form = allegro.create_order("courier", lines=[{"offer_id": number}])
    admin.run_action("sync")
    assert not _orders(admin, form)
    [waiting] = admin.read(
        "allegro.offer", [("offer_id", "=", number)], "waiting_order_count"
    )
    assert waiting["waiting_order_count"] == 1
    [product] = admin.call("product.product", "create", [{"name": "Zderzak"}])
    admin.call("allegro.offer", "write", [waiting["id"]], {"product_id": product})
    # the rest is done by Odoo's own scheduler: the list, then the order itself
    [order] = admin.wait_for(
        "sale.order", [("allegro_checkout_form_id", "=", form["id"])], *FIELDS
    )
    assert order["state"] == "sale"
    assert f"{order['amount_total']:.2f}" == form["summary"]["totalToPay"]["amount"]


def test_some_unmanaged_items_mark_the_order(allegro, admin):
    form = allegro.create_order("courier", unmanaged="some")
    admin.run_action("sync")
    [order] = _orders(
        admin, form, "allegro_has_unmanaged", "allegro_url", "allegro_unmanaged_items"
    )
    assert order["allegro_has_unmanaged"]
    assert form["id"] in order["allegro_url"]
    assert order["allegro_unmanaged_items"]


#: A worker that the system kills, as for its memory, in the middle of an order.
_KILLED = """
import os, signal
orders = env.registry["sale.order"]
import_orders = orders._allegro_import
def die(self, account, forms):
    if os.environ["DEADLY"] in {form.id for form in forms}:
        os.kill(os.getpid(), signal.SIGKILL)
    return import_orders(self, account, forms)
orders._allegro_import = die
env["allegro.account"]._cron_sync()
"""


@contextmanager
def _without_scheduler(admin, name):
    """Nobody else runs an action meanwhile."""
    domain = [("module", "=", "allegro_sales_channel"), ("name", "=", name)]
    [record] = admin.read("ir.model.data", domain, "res_id")
    admin.call("ir.cron", "write", [record["res_id"]], {"active": False})
    try:
        yield
    finally:
        admin.call("ir.cron", "write", [record["res_id"]], {"active": True})


def test_an_order_that_kills_its_worker_keeps_no_other_out(
    running_shop, allegro, admin
):
    shop, _address = running_shop
    with _without_scheduler(admin, "ir_cron_allegro_sync"):
        before, deadly, after = (allegro.create_order("courier") for _ in range(3))
        for attempts in (1, 2):
            with pytest.raises(console.Problem):
                shop.odoo.script(shop.database, _KILLED, DEADLY=deadly["id"])
            [row] = admin.read(
                "allegro.incoming.order",
                [("checkout_form_id", "=", deadly["id"])],
                "attempts",
            )
            assert row["attempts"] == attempts
        with pytest.raises(console.Problem):
            shop.odoo.script(shop.database, _KILLED, DEADLY=deadly["id"])
        assert len(_orders(admin, before)) == len(_orders(admin, after)) == 1
        assert not _orders(admin, deadly)
        admin.run_action("sync")
    assert len(_orders(admin, deadly)) == 1
