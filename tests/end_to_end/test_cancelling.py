"""Cancelling both ways, over real HTTP, and by two workers at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from .client import OdooClient, OdooError

_FIELDS = (
    "name",
    "state",
    "allegro_cancelled_by",
    "allegro_fulfillment_status",
    "allegro_fulfillment_target",
)


def _bought(allegro, admin):
    """A new order, on both sides.

    :return: the form, and the order as a dict
    """
    form = allegro.create_order("courier")
    admin.run_action("sync")
    return form, _order(admin, form)


def _order(admin, form):
    domain = [("allegro_checkout_form_id", "=", form["id"])]
    [order] = admin.wait_for("sale.order", domain, *_FIELDS)
    return order


def _audits(admin, order):
    domain = [("order_id", "=", order["id"])]
    return admin.read("allegro.stock.audit", domain, "product_id", "quantity", "state")


def _scraps(admin, order):
    domain = [("allegro_order_id", "=", order["id"])]
    return admin.read("stock.scrap", domain, "product_id", "scrap_qty", "state")


def _bought_quantity(form):
    return sum(line["quantity"] for line in form["lineItems"])


def _wizard(admin, order):
    return admin.call("sale.order", "action_allegro_cancel", [order["id"]])["res_id"]


@pytest.fixture
def colleague(running_shop):
    """A second session, so that two calls run at the same time."""
    shop, address = running_shop
    return OdooClient(address, shop.database, "admin")


def test_the_buyer_cancels_and_the_parts_come_back(allegro, admin):
    form, _order_before = _bought(allegro, admin)
    allegro.act(form, "cancel")
    admin.run_action("sync")

    order = _order(admin, form)
    assert order["state"] == "cancel"
    assert order["allegro_cancelled_by"] == "buyer"
    audits = _audits(admin, order)
    assert sum(audit["quantity"] for audit in audits) == _bought_quantity(form)

    ids = [audit["id"] for audit in audits]
    admin.call("allegro.stock.audit", "action_back_to_stock", ids)
    assert {audit["state"] for audit in _audits(admin, order)} == {"back_in_stock"}


def test_the_cancellation_may_be_announced_twice_or_before_the_order(allegro, admin):
    allegro.fault("duplicated", times=2)
    form, order = _bought(allegro, admin)
    allegro.act(form, "cancel")
    admin.run_action("sync")
    admin.run_action("sweep")
    admin.run_action("sync")
    audits = _audits(admin, order)
    assert sum(audit["quantity"] for audit in audits) == _bought_quantity(form)

    early = allegro.create_order("courier")
    allegro.act(early, "cancel")
    admin.run_action("sync")
    domain = [("allegro_checkout_form_id", "=", early["id"])]
    assert not admin.read("sale.order", domain, "name")


def test_the_seller_cancels_and_allegro_hears_of_it(allegro, admin):
    form, order = _bought(allegro, admin)
    admin.call("allegro.cancel.wizard", "action_confirm", [_wizard(admin, order)])
    assert _order(admin, form)["allegro_fulfillment_target"] == "CANCELLED"
    scraps = _scraps(admin, order)
    assert sum(scrap["scrap_qty"] for scrap in scraps) == _bought_quantity(form)

    admin.run_action("push")
    on_allegro = allegro.control("GET", f"/orders/{form['id']}")
    assert on_allegro["form"]["fulfillment"]["status"] == "CANCELLED"
    admin.run_action("sync")  # our own echo
    after = _order(admin, form)
    assert after["allegro_fulfillment_status"] == "CANCELLED"
    assert not after["allegro_fulfillment_target"]
    assert len(_scraps(admin, order)) == len(scraps)
    assert not _audits(admin, order)


def test_the_sellers_own_panel_only_asks(allegro, admin):
    form, order = _bought(allegro, admin)
    allegro.act(form, "panel-status", status="CANCELLED")
    admin.run_action("sync")
    assert _order(admin, form)["state"] == "sale"
    assert not _scraps(admin, order)
    domain = [("res_model", "=", "sale.order"), ("res_id", "=", order["id"])]
    activities = admin.read("mail.activity", domain, "summary")
    assert any("write off" in activity["summary"] for activity in activities)


# Two workers at once


def _at_once(*calls):
    """Run calls at the same time.

    :return: what each answered, or its :class:`OdooError`
    """

    def quietly(call):
        try:
            return call()
        except OdooError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(quietly, calls))


def test_two_people_cancel_the_same_order(allegro, admin, colleague):
    for _round in range(3):
        form, order = _bought(allegro, admin)
        wizards = [_wizard(admin, order), _wizard(colleague, order)]
        answers = _at_once(
            *(
                lambda c=client, w=wizard: c.call(
                    "allegro.cancel.wizard", "action_confirm", [w]
                )
                for client, wizard in zip((admin, colleague), wizards, strict=True)
            )
        )
        assert sum(isinstance(answer, OdooError) for answer in answers) == 1
        scraps = _scraps(admin, order)
        assert sum(scrap["scrap_qty"] for scrap in scraps) == _bought_quantity(form)


def test_seller_and_buyer_cancel_at_the_same_time(allegro, admin, colleague):
    for _round in range(3):
        form, order = _bought(allegro, admin)
        wizard = _wizard(admin, order)
        allegro.act(form, "cancel")
        _at_once(
            lambda w=wizard: admin.call("allegro.cancel.wizard", "action_confirm", [w]),
            lambda: colleague.run_action("sync"),
        )
        admin.run_action("sync")
        order = _order(admin, form)
        assert order["state"] == "cancel"
        written_off = sum(scrap["scrap_qty"] for scrap in _scraps(admin, order))
        to_check = sum(audit["quantity"] for audit in _audits(admin, order))
        # whoever was first, each part went one way
        assert written_off + to_check == _bought_quantity(form)
        assert 0 in (written_off, to_check)
        first = {"seller": written_off, "buyer": to_check}
        assert first[order["allegro_cancelled_by"]]


def test_two_people_decide_about_the_same_part(allegro, admin, colleague):
    form, order = _bought(allegro, admin)
    allegro.act(form, "cancel")
    admin.run_action("sync")
    ids = [audit["id"] for audit in _audits(admin, order)]
    _at_once(
        lambda: admin.call("allegro.stock.audit", "action_back_to_stock", ids),
        lambda: colleague.call("allegro.stock.audit", "action_write_off", ids),
    )
    [state] = {audit["state"] for audit in _audits(admin, order)}
    written_off = sum(scrap["scrap_qty"] for scrap in _scraps(admin, order))
    assert written_off == (_bought_quantity(form) if state == "written_off" else 0)


# Step by step, with two connections of the same database: no luck involved
_RACE = """
import os
import psycopg2
from odoo import api, SUPERUSER_ID
from odoo.exceptions import LockError

def order_of(cr):
    env = api.Environment(cr, SUPERUSER_ID, {})
    return env["sale.order"].browse(int(os.environ["ORDER"]))

env.cr.rollback()
with env.registry.cursor() as first, env.registry.cursor() as second:
    mine, theirs = order_of(first), order_of(second)
    theirs.state  # the second one's view of the world begins here
    mine._allegro_cancelled_on_allegro("buyer")
    try:
        theirs._allegro_cancelled_on_allegro("buyer")
    except LockError:
        print("OUTCOME locked")
    first.commit()
    try:
        theirs._allegro_cancelled_on_allegro("buyer")
    except psycopg2.errors.SerializationFailure:
        print("OUTCOME refused by the database")
    second.rollback()
    order_of(second)._allegro_cancelled_on_allegro("buyer")
    second.commit()
    print("OUTCOME lines", len(order_of(second).allegro_stock_audit_ids))
"""


def test_two_workers_step_by_step(allegro, admin, odoo, running_shop):
    shop, _address = running_shop
    form = allegro.create_order("courier")
    admin.run_action("sync")
    order = _order(admin, form)

    said = odoo.script(shop.database, _RACE, ORDER=str(order["id"]))

    outcomes = [
        line.removeprefix("OUTCOME ")
        for line in said.splitlines()
        if line.startswith("OUTCOME ")
    ]
    assert outcomes == [
        "locked",
        "refused by the database",
        f"lines {len(form['lineItems'])}",
    ]
    audits = _audits(admin, order)
    assert sum(audit["quantity"] for audit in audits) == _bought_quantity(form)
