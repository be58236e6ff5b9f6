"""What a simulated buyer may do, and what becomes of the order."""

import pytest
import requests

BEGUN = ["PROCESSING", "READY_FOR_SHIPMENT", "READY_FOR_PICKUP", "SENT", "PICKED_UP"]
PARCEL = {"carrierId": "DPD", "waybill": "1234567890123U"}


@pytest.fixture
def api(simulator):
    return simulator.api()


def _types(api):
    events = api.get("/order/events", params={"limit": 1000}).json()["events"]
    return [event["type"] for event in events]


def _refused(simulator, form, act, **details):
    with pytest.raises(requests.HTTPError) as caught:
        simulator.act(form, act, **details)
    assert caught.value.response.status_code == 409
    return str(caught.value)


def test_from_purchase_to_payment(simulator, api):
    bought = simulator.create_order("bought")
    assert bought["payment"] is None
    assert bought["delivery"] is None
    filled_in = simulator.act(bought, "fill-in")
    assert filled_in["status"] == "FILLED_IN"
    assert filled_in["payment"]["finishedAt"] is None
    assert filled_in["delivery"]["address"] is None
    paid = simulator.act(bought, "pay")
    assert paid["status"] == "READY_FOR_PROCESSING"
    assert paid["payment"]["paidAmount"] == paid["summary"]["totalToPay"]
    assert paid["delivery"]["address"]["street"]
    assert _types(api) == ["BOUGHT", "FILLED_IN", "READY_FOR_PROCESSING"]
    revisions = {form["revision"] for form in (bought, filled_in, paid)}
    assert len(revisions) == 3
    _refused(simulator, bought, "pay")
    _refused(simulator, bought, "fill-in")


def test_paying_at_once_fills_the_form_in_too(simulator, api):
    simulator.act(simulator.create_order("bought"), "pay")
    assert _types(api) == ["BOUGHT", "FILLED_IN", "READY_FOR_PROCESSING"]


def test_payment_begun_anew_is_told_again(simulator, api):
    form = simulator.create_order("filled-in")
    simulator.act(form, "fill-in")
    assert _types(api) == ["BOUGHT", "FILLED_IN", "FILLED_IN"]


def test_unrelated_orders_share_their_revision(simulator):
    revisions = {simulator.create_order()["revision"] for _ in range(3)}
    assert len(revisions) == 1


def test_cash_on_delivery_is_finished_but_not_paid(simulator):
    payment = simulator.create_order("cod-courier")["payment"]
    assert payment["finishedAt"]
    assert payment["paidAmount"] is None
    assert payment["provider"] is None


# Cancelling


def test_cancelling(simulator, api):
    form = simulator.create_order()
    cancelled = simulator.act(form, "cancel")
    assert cancelled["status"] == "CANCELLED"
    assert cancelled["fulfillment"]["status"] == "NEW"
    assert cancelled["updatedAt"] == form["updatedAt"]
    assert cancelled["revision"] != form["revision"]
    assert _types(api)[-1] == "BUYER_CANCELLED"
    assert "already" in _refused(simulator, form, "cancel")


@pytest.mark.parametrize("status", BEGUN)
def test_no_cancelling_once_the_seller_has_begun(simulator, status):
    form = simulator.create_order()
    simulator.act(form, "panel-status", status=status)
    assert status in _refused(simulator, form, "cancel")
    assert simulator.act(form, "cancel", force=True)["status"] == "CANCELLED"


@pytest.mark.parametrize("status", ["SUSPENDED", "CANCELLED"])
def test_set_aside_orders_can_be_cancelled(simulator, status):
    form = simulator.create_order()
    simulator.act(form, "panel-status", status=status)
    assert simulator.act(form, "cancel")["status"] == "CANCELLED"


def test_no_cancelling_with_a_tracking_number(simulator):
    form = simulator.create_order()
    simulator.act(form, "panel-shipment", **PARCEL)
    _refused(simulator, form, "cancel")


def test_no_cancelling_after_three_days(simulator):
    form = simulator.create_order()
    simulator.advance(3 * 86400 + 1)
    _refused(simulator, form, "cancel")


@pytest.mark.parametrize("kind", ["cz-courier", "sk-pickup", "hu-pickup"])
def test_abroad_there_are_always_five_minutes(simulator, kind):
    early, late = simulator.create_order(kind), simulator.create_order(kind)
    for form in (early, late):
        simulator.act(form, "panel-status", status="SENT")
        simulator.act(form, "panel-shipment", **PARCEL)
    assert simulator.act(early, "cancel")["status"] == "CANCELLED"
    simulator.advance(301)
    _refused(simulator, late, "cancel")


def test_only_the_unpaid_is_cancelled_by_itself(simulator, api):
    form = simulator.create_order("filled-in")
    assert simulator.act(form, "auto-cancel")["status"] == "CANCELLED"
    assert _types(api)[-1] == "AUTO_CANCELLED"
    _refused(simulator, simulator.create_order(), "auto-cancel")


def test_cancelling_what_is_sent(simulator, api):
    form = simulator.create_order("cancelled-after-sent")
    assert (form["status"], form["fulfillment"]["status"]) == ("CANCELLED", "SENT")
    assert form["fulfillment"]["shipmentSummary"]["lineItemsSent"] == "ALL"
    assert _types(api)[-2:] == ["FULFILLMENT_STATUS_CHANGED", "BUYER_CANCELLED"]


# Changes


def test_address_change(simulator, api):
    form = simulator.create_order()
    changed = simulator.act(form, "change-address", street="Nowa 8", zipCode="00-002")
    address = changed["delivery"]["address"]
    assert (address["street"], address["zipCode"]) == ("Nowa 8", "00-002")
    assert address["modifiedAt"]
    assert changed["revision"] != form["revision"]
    assert changed["updatedAt"] == form["updatedAt"]
    assert _types(api)[-1] == "BUYER_MODIFIED"
    simulator.act(form, "panel-status", status="PROCESSING")
    _refused(simulator, form, "change-address", street="Inna 1")


def test_point_and_method_change(simulator, api):
    form = simulator.create_order("pickup-inpost")
    changed = simulator.act(form, "change-point", id="WAW01A", name="Paczkomat WAW01A")
    assert changed["delivery"]["pickupPoint"]["id"] == "WAW01A"
    changed = simulator.act(form, "change-method", method="orlen")
    assert changed["delivery"]["method"]["name"] == "Allegro Automat ORLEN Paczka"
    assert _types(api)[-2:] == ["BUYER_MODIFIED"] * 2
    _refused(simulator, simulator.create_order("courier"), "change-point", id="X")


def test_dearer_method(simulator, api):
    form = simulator.create_order("pickup-inpost")
    point = form["delivery"]["pickupPoint"]
    changed = simulator.act(form, "change-method", method="dpd", cost="24.99")
    delivery, before = changed["delivery"], form["delivery"]
    assert delivery["method"]["name"] == "Allegro Kurier DPD"
    assert (point is not None, delivery["pickupPoint"]) == (True, None)
    assert delivery["cost"]["amount"] == "24.99"
    dearer = 24.99 - float(before["cost"]["amount"])
    total = float(changed["summary"]["totalToPay"]["amount"])
    assert total == pytest.approx(
        float(form["summary"]["totalToPay"]["amount"]) + dearer
    )
    assert changed["payment"] == form["payment"]
    assert changed["revision"] != form["revision"]
    assert _types(api)[-1] == "BUYER_MODIFIED"
    topped_up = simulator.act(form, "surcharge", amount=f"{dearer:.2f}")
    assert topped_up["summary"] == changed["summary"]


def test_method_with_another_kind_of_point(simulator):
    form = simulator.create_order("courier")
    changed = simulator.act(form, "change-method", method="orlen")
    assert changed["delivery"]["pickupPoint"]["name"] == "Automat ORLEN Paczka"
    assert changed["delivery"]["cost"] == form["delivery"]["cost"]
    assert changed["summary"] == form["summary"]


def test_the_same_is_announced_again(simulator, api):
    form = simulator.create_order()
    assert simulator.act(form, "announce") == form
    simulator.act(form, "announce", type="SOMETHING_NEW")
    assert _types(api)[-2:] == ["READY_FOR_PROCESSING", "SOMETHING_NEW"]
    (event,) = api.get("/order/events").json()["events"][-1:]
    assert event["order"]["checkoutForm"]["id"] == form["id"]


def test_message(simulator):
    form = simulator.create_order("bought")
    assert simulator.act(form, "message", text="Proszę")["messageToSeller"] == "Proszę"
    assert simulator.act(form, "pay")["messageToSeller"] == "Proszę"
    _refused(simulator, form, "message", text="Jeszcze")
    forced = simulator.act(form, "message", text="Jeszcze", force=True)
    assert forced["messageToSeller"] == "Jeszcze"


def test_surcharge_is_beside_the_payment(simulator, api):
    form = simulator.create_order()
    topped_up = simulator.act(form, "surcharge", amount="12.00")
    assert topped_up["surcharges"][0]["paidAmount"]["amount"] == "12.00"
    assert topped_up["summary"] == form["summary"]
    assert _types(api).count("READY_FOR_PROCESSING") == 2


def test_cash_is_booked(simulator):
    form = simulator.create_order("cod-pickup")
    booked = simulator.act(form, "book-cod")["codBookedPayments"]
    assert booked[0]["paidAmount"] == form["summary"]["totalToPay"]
    _refused(simulator, simulator.create_order(), "book-cod")


def test_extended_term_is_paid_in_the_end(simulator, api):
    form = simulator.create_order("extended-term")
    assert form["payment"]["paidAmount"] is None
    paid = simulator.act(form, "pay")
    assert paid["payment"]["paidAmount"] == form["summary"]["totalToPay"]
    assert _types(api)[-1] == "READY_FOR_PROCESSING"
    _refused(simulator, form, "pay")


# Merging


def test_merge(simulator, api):
    first, second = (simulator.create_order("bought") for _ in range(2))
    merged = simulator.post("/merge", ids=[first["id"], second["id"]])
    assert merged["id"] not in (first["id"], second["id"])
    lines = [line["id"] for form in (first, second) for line in form["lineItems"]]
    assert [line["id"] for line in merged["lineItems"]] == lines
    assert merged["status"] == "READY_FOR_PROCESSING"
    goods = sum(
        float(form["summary"]["totalToPay"]["amount"]) for form in (first, second)
    )
    delivery = float(merged["delivery"]["cost"]["amount"])
    total = float(merged["summary"]["totalToPay"]["amount"])
    assert total == pytest.approx(goods + delivery)
    for form in (first, second):
        gone = api.get(f"/order/checkout-forms/{form['id']}")
        assert gone.status_code == 404
    events = api.get("/order/events").json()["events"]
    told = [
        (event["type"], event["order"]["checkoutForm"]["id"] == merged["id"])
        for event in events
    ]
    assert told == [
        ("BOUGHT", False),
        ("BOUGHT", False),
        ("BOUGHT", True),
        ("FILLED_IN", True),
        ("READY_FOR_PROCESSING", True),
    ]


def test_paid_orders_merge_only_by_force(simulator):
    ids = [simulator.create_order()["id"] for _ in range(2)]
    with pytest.raises(requests.HTTPError):
        simulator.post("/merge", ids=ids)
    merged = simulator.post("/merge", ids=ids, force=True, pay=False)
    assert merged["status"] == "BOUGHT"


def test_merged_while_sent(simulator, api):
    first, second = (simulator.create_order("bought") for _ in range(2))
    for form in (first, second):
        simulator.act(form, "panel-shipment", **PARCEL)
        simulator.act(form, "panel-status", status="SENT")
    merged = simulator.post("/merge", ids=[first["id"], second["id"]])
    assert merged["status"] == "READY_FOR_PROCESSING"
    assert merged["fulfillment"]["status"] == "SENT"
    assert merged["fulfillment"]["shipmentSummary"]["lineItemsSent"] == "ALL"
    path = f"/order/checkout-forms/{merged['id']}/shipments"
    assert len(api.get(path).json()["shipments"]) == 2
    old = f"/order/checkout-forms/{first['id']}/fulfillment"
    assert api.put(old, json={"status": "PICKED_UP"}).status_code == 404


def test_merged_when_one_is_sent(simulator, api):
    first, second = (simulator.create_order("bought") for _ in range(2))
    simulator.act(second, "panel-shipment", **PARCEL)
    merged = simulator.post("/merge", ids=[first["id"], second["id"]])
    assert merged["fulfillment"]["status"] == "NEW"
    assert merged["fulfillment"]["shipmentSummary"]["lineItemsSent"] == "SOME"
