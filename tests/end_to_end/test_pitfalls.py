"""What is known to go wrong with Allegro's orders, each met over real HTTP.

The numbers are those of a list of 55 pitfalls gathered from Allegro's issue tracker,
https://github.com/allegro/allegro-api/issues. ``odoo:`` are tests inside Odoo
(``allegro_sales_channel/tests``), ``pure:`` those without it (``tests/unit``).

====  ========================================  ========================================
no.   pitfall (issue)                           test, or why there is none here
====  ========================================  ========================================
1     only READY_FOR_PROCESSING (6063)          test_only_what_is_ready_comes_in
2     ready after cancelled (5900)              test_ready_is_told_after_cancelled
3     announced several times (7824)            test_an_order_told_of_many_times_is_one
4     never announced (8586)                    test_an_order_never_told_of
5     paid, yet without address (8497)          test_the_address_shows_only_later
6, 7  updatedAt stands still (8419, 11068)      test_a_status_that_moves_no_date
8, 9  merged: 404, same line ids (2829, 3284)   test_merged_purchases
10    same offer twice (3797)                   test_the_same_offer_twice
11    100 status changes (11908)                fulfilment: of what is sent, not read
12    status read too early (9819)              fulfilment: likewise
13    COD finishedAt is no payment (8274)       test_cash_on_delivery_is_not_paid
14,15 COD booked by Allegro (12411, 13930)      money: shown by the payment's own tests
16,17 refunds (11207, 12208)                    no refund is sent by this addon
18    surcharge outside paidAmount (1163)       test_a_surcharge_paid_later
19    ready though not fully paid (1103)        test_ready_though_underpaid
20    Allegro Prices (9790)                     test_prices_that_allegro_tops_up
21    coupon only as two prices (5095)          test_prices_that_allegro_tops_up
22    form-level discounts gone (11428)         pure: never read, so never missed
23    deposit is per unit (13878)               test_a_deposit_is_per_piece
24    line tax null (13096)                     test_no_rate_from_allegro
25    delivery has no VAT rate (11762)          test_a_deposit_is_per_piece (total)
26    external absent or null (4806)            test_offers_without_a_reference
27    Smart with a cost (11767)                 test_smart_that_costs_something
28    calculated packages (2343)                test_packages_are_not_counted_from_it
29    SK point without address (8943)           test_no_address_at_all
30    address changed after ready (3730)        test_the_buyer_changes_the_address
31    five minutes abroad (13597)               test_cancelled_within_minutes_abroad
32    seller's CANCELLED is a label (6212)      test_cancelled_in_the_panel_only
33    cancelled takes shipments (11244)         fulfilment: nothing is sent for it
34-37 carriers and waybills                     fulfilment
38-40 invoice files                             invoices
41    offset + limit <= 10000 (4027)            pure: test_client_lists
42    totalCount wavers (3740)                  pure: test_client_lists
43    older than 12 months is gone (13031)      odoo: test_forgotten_by_allegro
44-46 tokens                                    connection
47,48 quantities of offers                      no stock is sent by this addon
49-51 Ship with Allegro                         not offered by this addon
52    One Fulfillment in the journal (12554)    test_what_allegros_warehouse_sends
53    returns not in the status (10526)         no returns are read by this addon
54    e-mail differs per order (3613)           test_a_buyer_is_known_by_his_number
55    wrong Content-Type (9669)                 pure: the simulator refuses it
====  ========================================  ========================================
"""

import pytest


def _order(client, form, *names):
    found = client.read(
        "sale.order",
        [
            (
                "allegro_checkout_form_id",
                "=",
                form if isinstance(form, str) else form["id"],
            )
        ],
        "state",
        "amount_total",
        *names,
    )
    assert len(found) <= 1, "one form, one order, always"
    return found[0] if found else None


def _bring(client, form, *names):
    client.run_action("sync")
    order = _order(client, form, *names)
    assert order, "it did not come in"
    return order


def _total(form):
    return float(form["summary"]["totalToPay"]["amount"])


def _lines(client, order, *names):
    domain = [("order_id", "=", order["id"])]
    return client.read("sale.order.line", domain, "product_uom_qty", *names)


@pytest.mark.parametrize("kind", ["bought", "filled-in", "auto-cancelled"])
def test_only_what_is_ready_comes_in(allegro, admin, kind):
    form = allegro.create_order(kind)
    admin.run_action("sync")
    assert _order(admin, form) is None


def test_ready_is_told_after_cancelled(allegro, admin):
    allegro.fault("delayed", seconds=30, event_type="READY_FOR_PROCESSING", times=1)
    form = allegro.create_order("courier")
    allegro.act(form, "cancel")
    admin.run_action("sync")
    allegro.advance(40)
    admin.run_action("sync")
    assert _order(admin, form) is None


def test_an_order_told_of_many_times_is_one(allegro, admin):
    allegro.fault("duplicated")
    form = allegro.create_order("courier")
    allegro.act(form, "surcharge", amount="1.00")
    admin.run_action("sync")
    allegro.act(form, "surcharge", amount="1.00")
    order = _bring(admin, form, "order_line")
    assert len(order["order_line"]) == len(form["lineItems"]) + 1


def test_an_order_never_told_of(allegro, admin):
    form = allegro.create_order("courier", events=False)
    admin.run_action("sync")
    assert _order(admin, form) is None
    admin.run_action("sweep")
    assert _bring(admin, form)["state"] == "sale"


def test_the_address_shows_only_later(allegro, admin):
    form = allegro.create_order("address-late")
    admin.run_action("sync")
    assert _order(admin, form) is None
    allegro.advance(61)
    [row] = admin.read(
        "allegro.incoming.order", [("checkout_form_id", "=", form["id"])], "error"
    )
    assert "FILLED_IN" in row["error"]
    # Odoo's own scheduler is woken by the button
    admin.call("allegro.incoming.order", "action_retry", [row["id"]])
    domain = [("allegro_checkout_form_id", "=", form["id"]), ("state", "=", "sale")]
    assert admin.wait_for("sale.order", domain, "name")


def test_a_status_that_moves_no_date(allegro, admin):
    form = allegro.create_order("courier")
    _bring(admin, form)
    allegro.fault("missing", event_type="FULFILLMENT_STATUS_CHANGED", times=1)
    after = allegro.act(form, "panel-status", status="SENT")
    assert after["updatedAt"] == form["updatedAt"]
    admin.run_action("sweep")
    order = _bring(admin, form, "allegro_fulfillment_status")
    assert order["allegro_fulfillment_status"] == "SENT"


def test_merged_purchases(allegro, admin):
    old = [allegro.create_order("cod-courier") for _purchase in range(2)]
    ids = [_bring(admin, form)["id"] for form in old]
    merged = allegro.post("/merge", ids=[form["id"] for form in old], force=True)
    new = _bring(admin, merged, "allegro_merged_order_ids", "order_line")
    assert new["state"] == "sale"
    assert new["amount_total"] == _total(merged)
    assert sorted(new["allegro_merged_order_ids"]) == sorted(ids)
    for form in old:
        order = _order(admin, form, "allegro_merged_into_id")
        assert order["state"] == "cancel"
        assert order["allegro_merged_into_id"][0] == new["id"]


def test_the_same_offer_twice(allegro, admin):
    form = allegro.create_order("same-offer-twice")
    order = _bring(admin, form)
    items = {
        line["allegro_line_item_id"]: line["product_uom_qty"]
        for line in _lines(admin, order, "allegro_line_item_id")
        if line["allegro_line_item_id"]
    }
    assert items == {line["id"]: line["quantity"] for line in form["lineItems"]}


def test_cash_on_delivery_is_not_paid(allegro, admin):
    form = allegro.create_order("cod-courier")
    assert form["payment"]["finishedAt"]
    order = _bring(admin, form, "allegro_payment_type", "allegro_paid_amount")
    assert order["allegro_payment_type"] == "CASH_ON_DELIVERY"
    assert order["allegro_paid_amount"] == 0


def test_a_surcharge_paid_later(allegro, admin):
    form = allegro.create_order("courier")
    before = _bring(admin, form, "allegro_paid_amount", "order_line")
    allegro.act(form, "surcharge", amount="12.50")
    after = _bring(admin, form, "allegro_paid_amount", "order_line")
    paid = after["allegro_paid_amount"] - before["allegro_paid_amount"]
    assert round(paid, 2) == 12.5
    assert after["amount_total"] == before["amount_total"] == _total(form)
    assert after["order_line"] == before["order_line"]


def test_money_of_an_extended_term_comes_later(allegro, admin):
    form = allegro.create_order("extended-term")
    assert _bring(admin, form, "allegro_paid_amount")["allegro_paid_amount"] == 0
    allegro.act(form, "pay")
    order = _bring(admin, form, "allegro_paid_amount", "allegro_invoice_due_date")
    assert order["allegro_paid_amount"] == _total(form)


def test_ready_though_underpaid(allegro, admin):
    form = allegro.create_order("underpaid")
    order = _bring(admin, form, "allegro_paid_amount")
    assert order["amount_total"] == _total(form)
    assert round(order["amount_total"] - order["allegro_paid_amount"], 2) == 10


@pytest.mark.parametrize(
    "kind", ["allegro-prices-billing", "allegro-prices-wallet", "coupon"]
)
def test_prices_that_allegro_tops_up(allegro, admin, kind):
    form = allegro.create_order(kind)
    assert _bring(admin, form)["amount_total"] == _total(form)


@pytest.mark.parametrize(
    "kind", ["pickup-orlen-deposit", "pickup-inpost-deposit", "carry-in"]
)
def test_a_deposit_is_per_piece(allegro, admin, kind):
    form = allegro.create_order(kind)
    assert _bring(admin, form)["amount_total"] == _total(form)


def test_no_rate_from_allegro(allegro, admin):
    overrides = {"lineItems": {"0": {"tax": None}}}
    form = allegro.create_order("courier", overrides=overrides)
    order = _bring(admin, form, "amount_tax")
    assert order["amount_total"] == _total(form)
    assert order["amount_tax"] > 0


def test_offers_without_a_reference(allegro, admin):
    """Known all the same where the offer has its product already, else left out."""
    admin.run_action("sync")
    form = allegro.create_order("no-external-id", unmanaged="none")
    admin.run_action("sync")
    order = _order(admin, form, "allegro_has_unmanaged")
    offers = admin.read(
        "allegro.offer",
        [("offer_id", "in", [line["offer"]["id"] for line in form["lineItems"]])],
        "product_id",
    )
    known = [offer for offer in offers if offer["product_id"]]
    assert len(offers) == len({line["offer"]["id"] for line in form["lineItems"]})
    assert bool(order) == bool(known)


def test_smart_that_costs_something(allegro, admin):
    form = allegro.create_order("smart-with-cost")
    order = _bring(admin, form, "allegro_smart")
    assert order["allegro_smart"]
    assert order["amount_total"] == _total(form)


def test_packages_are_not_counted_from_it(allegro, admin):
    form = allegro.create_order("three-packages")
    assert form["delivery"]["calculatedNumberOfPackages"] == 3
    order = _bring(admin, form, "picking_ids")
    assert len(order["picking_ids"]) == 1


def test_no_address_at_all(allegro, admin):
    form = allegro.create_order("no-address")
    order = _bring(admin, form, "partner_shipping_id", "allegro_pickup_point_id")
    assert order["state"] == "sale"
    assert order["allegro_pickup_point_id"] == form["delivery"]["pickupPoint"]["id"]


def test_the_buyer_changes_the_address(allegro, admin):
    form = allegro.create_order("courier")
    order = _bring(admin, form, "picking_ids")
    allegro.act(form, "change-address", street="ul. Zmieniona 5", city="Sopot")
    _bring(admin, form)
    [picking] = admin.read(
        "stock.picking", [("id", "in", order["picking_ids"])], "partner_id"
    )
    [partner] = admin.read(
        "res.partner", [("id", "=", picking["partner_id"][0])], "street", "city"
    )
    assert (partner["street"], partner["city"]) == ("ul. Zmieniona 5", "Sopot")


def test_the_buyer_changes_the_pickup_point(allegro, admin):
    form = allegro.create_order("pickup-inpost")
    order = _bring(admin, form, "picking_ids")
    allegro.act(form, "change-point", id="SOP01A", name="Paczkomat SOP01A")
    _bring(admin, form)
    [picking] = admin.read(
        "stock.picking", [("id", "in", order["picking_ids"])], "allegro_pickup_point_id"
    )
    assert picking["allegro_pickup_point_id"] == "SOP01A"


def test_cancelled_within_minutes_abroad(allegro, admin):
    """Whatever the seller has done: the order says so, and nothing breaks."""
    form = allegro.create_order("cz-courier")
    _bring(admin, form)
    allegro.act(form, "panel-status", status="PROCESSING")
    allegro.act(form, "cancel")
    order = _bring(admin, form, "allegro_status")
    assert order["allegro_status"] == "CANCELLED"


def test_cancelled_in_the_panel_only(allegro, admin):
    """It is the seller's label: the buyer has cancelled nothing, nothing is lost."""
    form = allegro.create_order("courier")
    _bring(admin, form)
    allegro.act(form, "panel-status", status="CANCELLED")
    order = _bring(admin, form, "allegro_status", "allegro_fulfillment_status")
    assert order["allegro_status"] == "READY_FOR_PROCESSING"
    assert order["allegro_fulfillment_status"] == "CANCELLED"


def test_what_allegros_warehouse_sends(allegro, admin):
    form = allegro.create_order("one-fulfillment")
    order = _bring(admin, form, "picking_ids", "allegro_fulfilled_by_allegro")
    assert order["allegro_fulfilled_by_allegro"]
    assert not order["picking_ids"]
    assert order["amount_total"] == _total(form)


def test_a_buyer_is_known_by_his_number(allegro, admin):
    first = allegro.create_order("courier")
    buyer = {"buyer": {"id": first["buyer"]["id"], "email": "zzz+9@allegromail.pl"}}
    second = allegro.create_order("courier", overrides=buyer)
    assert (
        _bring(admin, first, "partner_id")["partner_id"]
        == _bring(admin, second, "partner_id")["partner_id"]
    )


@pytest.mark.parametrize("marketplace", ["allegro-business-pl", "allegro-business-cz"])
def test_business_marketplaces(allegro, admin, marketplace):
    kind = "cz-courier" if marketplace.endswith("cz") else "courier"
    overrides = {"marketplace": {"id": marketplace}}
    form = allegro.create_order(kind, overrides=overrides)
    order = _bring(admin, form, "allegro_marketplace")
    assert order["allegro_marketplace"] == marketplace
    assert order["amount_total"] == _total(form)


def test_guests(allegro, admin):
    form = allegro.create_order("guest-buyer")
    assert form["buyer"]["guest"]
    assert _bring(admin, form)["amount_total"] == _total(form)


def test_sets_are_put_together_from_allegros_catalogue(allegro, admin):
    [account] = admin.read("allegro.account", [], "name")
    admin.call("allegro.account", "action_read_offers", [account["id"]])
    admin.run_action("requests")
    form = allegro.create_order("product-set")
    order = _bring(admin, form, "allegro_has_unmanaged")
    assert not order["allegro_has_unmanaged"]
    assert order["amount_total"] == _total(form)
    products = {line["product_id"][0] for line in _lines(admin, order, "product_id")}
    # the set's products and the delivery
    assert len(products) == 3


def test_kinds_of_every_sort_come_to_the_grosz(allegro, admin):
    """A whole mixture at once: no order may be a grosz off."""
    forms = allegro.post("/orders", count=40, unmanaged="none")["orders"]
    admin.run_action("sync")
    ready = [form for form in forms if form["status"] == "READY_FOR_PROCESSING"]
    assert len(ready) > 20
    orders = admin.read(
        "sale.order",
        [("allegro_checkout_form_id", "in", [form["id"] for form in ready])],
        "allegro_checkout_form_id",
        "amount_total",
        "allegro_has_unmanaged",
    )
    here = {order["allegro_checkout_form_id"]: order for order in orders}
    for form in ready:
        order = here.get(form["id"])
        if order and not order["allegro_has_unmanaged"]:
            assert order["amount_total"] == _total(form), form
