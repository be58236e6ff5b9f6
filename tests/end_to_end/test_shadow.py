"""Three days in shadow mode, beside a seller who works in Allegro's own panel.

Nothing may reach Allegro, and the daily comparison has to name exactly what Odoo would
have done otherwise.
"""

import pytest

#: Lines, purchases and results of the days before are a day older.
_A_DAY_LATER = """
for table, column in (
    ("allegro_trail", "create_date"),
    ("sale_order", "date_order"),
):
    env.cr.execute(
        f"UPDATE {table} SET {column} = {column} - interval '1 day'"
    )
env.cr.commit()
"""
_DAYS = 3


@pytest.fixture
def shadow(admin):
    [account] = admin.read("allegro.account", [], "name")
    modes = ("status_mode", "parcel_mode")
    admin.run_action("sweep")
    admin.call(
        "allegro.account", "write", [account["id"]], dict.fromkeys(modes, "shadow")
    )
    yield
    admin.call("allegro.account", "write", [account["id"]], dict.fromkeys(modes, "on"))


class Shop:
    """What the seller does in Odoo, and what he does in Allegro's panel."""

    def __init__(self, allegro, admin, seller):
        self._allegro, self._admin, self._seller = allegro, admin, seller
        self._numbers = iter(range(10, 99))

    def buy(self, count):
        forms = [self._allegro.create_order("courier") for _number in range(count)]
        self._admin.run_action("sync")
        return forms

    def order(self, form):
        domain = [("allegro_checkout_form_id", "=", form["id"])]
        [order] = self._admin.wait_for(
            "sale.order", domain, "name", "allegro_waiting_reason", "allegro_sync_error"
        )
        return order

    def in_odoo(self, form):
        """Start, number and hand over; gives the number back."""
        order = self.order(form)
        waybill = f"00000072688{next(self._numbers)}Q"
        act = self._seller.call
        act("sale.order", "action_allegro_start_processing", [order["id"]])
        [carrier] = self._admin.read("allegro.carrier", [("code", "=", "DPD")], "code")
        wizard = act(
            "allegro.tracking.wizard",
            "create",
            {"order_id": order["id"], "waybill": waybill, "carrier_id": carrier["id"]},
        )
        act("allegro.tracking.wizard", "action_confirm", [wizard])
        self._admin.run_action("push")
        act("sale.order", "action_allegro_hand_over", [order["id"]])
        self._admin.run_action("push")
        return waybill

    def in_panel(self, form, waybill, status="SENT"):
        if waybill:
            self._allegro.act(form, "panel-shipment", carrierId="DPD", waybill=waybill)
        self._allegro.act(form, "panel-status", status=status)

    def follow(self):
        self._admin.run_action("sync")
        self._admin.run_action("push")


def _compare(admin):
    """What the comparison of today says of shadow mode."""
    admin.call("allegro.daily.proof", "action_compare_now", [])
    admin.run_action("requests")
    [request] = admin.call(
        "allegro.request",
        "search_read",
        [("kind", "=", "proof")],
        ["state"],
        limit=1,
        order="id desc",
    )
    assert request["state"] == "done"
    proofs = admin.read(
        "allegro.daily.proof",
        [("request_id", "=", request["id"])],
        "shadow_same_count",
        "shadow_different_count",
    )
    named = admin.read(
        "allegro.daily.proof.exception",
        [
            ("proof_id", "in", [proof["id"] for proof in proofs]),
            ("reason", "like", "shadow_"),
        ],
        "checkout_form_id",
        "reason",
        "wanted",
        "there",
        "words",
    )
    return (
        sum(proof["shadow_same_count"] for proof in proofs),
        sum(proof["shadow_different_count"] for proof in proofs),
        {(e["checkout_form_id"], e["reason"]): e for e in named},
    )


def test_three_days_beside_the_panel(running_shop, allegro, admin, seller, shadow):
    stage, _address = running_shop
    shop = Shop(allegro, admin, seller)
    expected, same = {}, 0
    for day in range(_DAYS):
        good, other_number, not_sent, cancelled, forgotten = shop.buy(5)
        numbers = {form["id"]: shop.in_odoo(form) for form in (good, other_number)}
        shop.in_panel(good, numbers[good["id"]])
        shop.in_panel(other_number, f"00000072699{day:02}Q")
        expected[other_number["id"], "shadow_parcel"] = f"00000072699{day:02}Q"
        same += 3  # two statuses, one number

        number = shop.in_odoo(not_sent)
        shop.in_panel(not_sent, number, status="PROCESSING")
        expected[not_sent["id"], "shadow_status"] = "PROCESSING"
        same += 1

        number = shop.in_odoo(cancelled)
        shop.in_panel(cancelled, number, status="CANCELLED")
        expected[cancelled["id"], "shadow_status"] = "CANCELLED"
        same += 1

        shop.in_odoo(forgotten)
        expected[forgotten["id"], "shadow_status"] = "NEW"
        expected[forgotten["id"], "shadow_parcel"] = ""

        # in Odoo it waits without a complaint
        order = shop.order(forgotten)
        assert "shadow mode" in order["allegro_waiting_reason"]
        assert not order["allegro_sync_error"]
        shop.follow()
        stage.odoo.script(stage.database, _A_DAY_LATER)

        same_count, different_count, named = _compare(admin)
        assert {key: e["there"] or "" for key, e in named.items()} == expected
        assert (same_count, different_count) == (same, len(expected))
    assert all("Odoo would have sent" in e["words"] for e in named.values())
    # nothing came from Odoo
    assert [
        r["path"]
        for r in allegro.requests()
        if r["method"] not in ("GET",) and "/order/" in r["path"]
    ] == []
