"""Orders come in over real HTTP into a real Odoo, faults included."""

import pytest

FIELDS = ("name", "state", "amount_total", "allegro_total_to_pay", "sales_channel_id")


def _orders(client, form, *names):
    domain = [("allegro_checkout_form_id", "=", form["id"])]
    return client.read("sale.order", domain, *(names or FIELDS))


def test_a_bought_order_appears_by_itself(allegro, admin):
    form = allegro.create_order("courier")
    # nobody runs anything: Odoo's own scheduler does
    [order] = admin.wait_for(
        "sale.order", [("allegro_checkout_form_id", "=", form["id"])], *FIELDS
    )
    assert order["state"] == "sale"
    assert order["sales_channel_id"][1] == "Allegro"
    assert f"{order['amount_total']:.2f}" == form["summary"]["totalToPay"]["amount"]


def test_an_unpaid_order_waits_until_it_is_paid(allegro, admin):
    templates = allegro.control("GET", "/templates")["templates"]
    names = {template["name"] for template in templates}
    assert "filled-in-payment-pending" in names
    form = allegro.create_order("filled-in-payment-pending")
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
    allegro.fault(**fault, path_pattern="/order/")
    admin.run_action("sync")
    allegro.control("DELETE", "/faults")
    admin.run_action("sync")
    admin.run_action("sync")
    [order] = _orders(admin, form)
    assert f"{order['amount_total']:.2f}" == form["summary"]["totalToPay"]["amount"]
    assert not admin.read(
        "allegro.incoming.order", [("state", "=", "quarantined")], "error"
    )


def test_one_poisonous_order_does_not_stop_the_others(allegro, admin):
    broken = allegro.create_order(
        "courier", overrides={"lineItems": {"0": {"price": {"amount": "zloty"}}}}
    )
    good = [allegro.create_order("courier") for _number in range(3)]
    admin.run_action("sync")
    assert [len(_orders(admin, form)) for form in good] == [1, 1, 1]
    [waiting] = admin.read(
        "allegro.incoming.order",
        [("checkout_form_id", "=", broken["id"])],
        "state",
        "error",
    )
    assert waiting["state"] == "failed"
    assert "lineItems[0].price.amount" in waiting["error"]


def test_only_unmanaged_items_are_not_saved_until_a_product_is_mapped(allegro, admin):
    form = allegro.create_order("courier", unmanaged="all")
    admin.run_action("sync")
    assert not _orders(admin, form)
    partners = admin.read(
        "res.partner", [("allegro_buyer_id", "=", form["buyer"]["id"])], "name"
    )
    assert not partners


def test_some_unmanaged_items_mark_the_order(allegro, admin):
    form = allegro.create_order("courier", unmanaged="some")
    admin.run_action("sync")
    [order] = _orders(
        admin, form, "allegro_has_unmanaged", "allegro_url", "allegro_unmanaged_items"
    )
    assert order["allegro_has_unmanaged"]
    assert form["id"] in order["allegro_url"]
    assert order["allegro_unmanaged_items"]
