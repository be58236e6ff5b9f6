"""What a seller does: status, parcels, billing documents; and the headers' rules."""

import pytest
import requests

from tests.simulator.fulfillment import MOST_CHANGES
from tests.simulator.invoices_api import LARGEST_FILE, MOST_INVOICES, MOST_LINKS
from tests.simulator.parcels import MOST_ORDERS_OF_A_WAYBILL, MOST_PARCELS

DPD = {"carrierId": "DPD", "waybill": "1234567890123U"}
PDF = b"%PDF-1.7 invoice"


@pytest.fixture
def api(simulator):
    return simulator.api()


@pytest.fixture
def form(simulator):
    return simulator.create_order("same-offer-twice")


@pytest.fixture
def path(form):
    return f"/order/checkout-forms/{form['id']}"


def _code(response):
    return response.json()["errors"][0]["code"]


def _types(api):
    return [event["type"] for event in api.get("/order/events").json()["events"]]


# Status


def test_any_status_after_any_other(api, path):
    for status in ("SENT", "NEW", "PICKED_UP", "SUSPENDED", "CANCELLED", "PROCESSING"):
        answer = api.put(f"{path}/fulfillment", json={"status": status})
        assert answer.status_code == 204
        assert answer.content == b""
        assert api.get(path).json()["fulfillment"]["status"] == status


def test_status_moves_neither_revision_nor_updated_at(api, form, path):
    api.put(f"{path}/fulfillment", json={"status": "SENT"})
    after = api.get(path).json()
    assert after["revision"] == form["revision"]
    assert after["updatedAt"] == form["updatedAt"]
    assert _types(api)[-1] == "FULFILLMENT_STATUS_CHANGED"


def test_same_status_again_is_not_told(api, path):
    for _ in range(3):
        assert (
            api.put(f"{path}/fulfillment", json={"status": "SENT"}).status_code == 204
        )
    assert _types(api).count("FULFILLMENT_STATUS_CHANGED") == 1


@pytest.mark.parametrize("status", ["RETURNED", "DONE", ""])
def test_statuses_that_can_not_be_set(api, path, status):
    answer = api.put(f"{path}/fulfillment", json={"status": status})
    assert answer.status_code == 422
    assert _code(answer) == "SellerOrdersStoreUnprocessableEntityException"


def test_a_status_that_is_in_no_documentation(simulator, api, form, path):
    with pytest.raises(requests.HTTPError, match="status must be one of"):
        simulator.act(form, "panel-status", status="SOME_NEW_WORD")
    simulator.act(form, "panel-status", status="SOME_NEW_WORD", force=True)
    assert api.get(path).json()["fulfillment"]["status"] == "SOME_NEW_WORD"
    assert _types(api)[-1] == "FULFILLMENT_STATUS_CHANGED"
    assert api.put(f"{path}/fulfillment", json={"status": "SENT"}).status_code == 204


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"status": null}'])
def test_bodies_that_are_none(api, path, body):
    headers = {"Content-Type": "application/vnd.allegro.public.v1+json"}
    answer = api.put(f"{path}/fulfillment", data=body, headers=headers)
    assert answer.status_code == 400


def test_outdated_revision(simulator, api, form, path):
    url = f"{path}/fulfillment?checkoutForm.revision={form['revision']}"
    assert api.put(url, json={"status": "PROCESSING"}).status_code == 204
    simulator.act(form, "change-address", street="Nowa 1", force=True)
    assert api.put(url, json={"status": "SENT"}).status_code == 409


def test_a_hundred_changes_and_no_more(simulator, api, form, path):
    for index in range(MOST_CHANGES):
        status = ("PROCESSING", "SENT")[index % 2]
        answer = api.put(f"{path}/fulfillment", json={"status": status})
        assert answer.status_code == 204
    answer = api.put(f"{path}/fulfillment", json={"status": "NEW"})
    assert answer.status_code == 422
    assert form["id"] in answer.json()["errors"][0]["message"]
    shown = simulator.control("GET", f"/orders/{form['id']}")
    assert shown["status_changes"] == MOST_CHANGES


def test_read_lag(simulator, api, path):
    simulator.fault("read_lag", seconds=30)
    api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert api.get(path).json()["fulfillment"]["status"] == "NEW"
    listed = api.get("/order/checkout-forms").json()["checkoutForms"][0]
    assert listed["fulfillment"]["status"] == "NEW"
    simulator.advance(31)
    assert api.get(path).json()["fulfillment"]["status"] == "SENT"


# Parcels


def test_each_call_adds_a_parcel(api, path):
    for _ in range(2):
        assert api.post(f"{path}/shipments", json=DPD).status_code == 201
    shipments = api.get(f"{path}/shipments").json()["shipments"]
    assert [s["waybill"] for s in shipments] == [DPD["waybill"]] * 2
    assert api.get(path).json()["fulfillment"] == {
        "status": "NEW",
        "shipmentSummary": {"lineItemsSent": "ALL"},
        "provider": {"id": "SELLER"},
    }


def test_parcel_of_some_lines(api, form, path):
    def sent():
        summary = api.get(path).json()["fulfillment"]["shipmentSummary"]
        return summary["lineItemsSent"]

    assert sent() == "NONE"
    for line, expected in zip(form["lineItems"], ("SOME", "ALL"), strict=True):
        api.post(f"{path}/shipments", json=DPD | {"lineItems": [{"id": line["id"]}]})
        assert sent() == expected


@pytest.mark.parametrize(
    ("parcel", "status", "code"),
    [
        ({"waybill": "123"}, 400, "CarrierWaybillValidationException"),
        ({"carrierId": "ALLEGRO"}, 400, "CarrierIdValidationException"),
        ({"carrierId": "WEDO"}, 400, "CarrierIdValidationException"),
        ({"carrierId": None}, 400, "VALIDATION_ERROR"),
        ({"waybill": ""}, 400, "VALIDATION_ERROR"),
        ({"waybill": "1" * 65}, 400, "VALIDATION_ERROR"),
        ({"carrierId": "OTHER"}, 400, "VALIDATION_ERROR"),
        ({"carrierId": "OTHER", "carrierName": "K" * 31}, 400, "VALIDATION_ERROR"),
        ({"lineItems": [{"id": "another"}]}, 422, "VALIDATION_ERROR"),
    ],
)
def test_refused_parcels(api, path, parcel, status, code):
    answer = api.post(f"{path}/shipments", json=DPD | parcel)
    assert (answer.status_code, _code(answer)) == (status, code)
    assert api.get(f"{path}/shipments").json() == {"shipments": []}


@pytest.mark.parametrize(
    ("carrier", "waybill"),
    [
        ("INPOST", "620000000000000000000001"),
        ("DHL", "12345678901"),
        ("UPS", "1Z999AA10123456784"),
        ("GLS", "12345678901"),
        ("POCZTA_POLSKA", "00159007738123456789"),
        ("ORLEN", "2102711810140"),
        ("OTHER", "anything/1"),
    ],
)
def test_accepted_numbers(api, path, carrier, waybill):
    parcel = {"carrierId": carrier, "waybill": waybill, "carrierName": "Kurier"}
    answer = api.post(f"{path}/shipments", json=parcel)
    assert answer.status_code == 201
    assert answer.json()["carrierName"] == ("Kurier" if carrier == "OTHER" else None)


def test_limits_of_parcels(simulator, api, path):
    for _ in range(MOST_PARCELS):
        assert api.post(f"{path}/shipments", json=DPD).status_code == 201
    answer = api.post(f"{path}/shipments", json=DPD)
    assert _code(answer) == "WaybillsAssignedToOrderLimitReached"
    for expected in [201] * (MOST_ORDERS_OF_A_WAYBILL - 1) + [409]:
        other = simulator.create_order()["id"]
        answer = api.post(f"/order/checkout-forms/{other}/shipments", json=DPD)
        assert answer.status_code == expected


def test_allegro_may_set_sent_by_itself(simulator, api, path):
    simulator.post("/sellers", login="czesci_pewne", sent_when_waybill_added=True)
    api.post(f"{path}/shipments", json=DPD)
    assert api.get(path).json()["fulfillment"]["status"] == "SENT"
    assert _types(api)[-1] == "FULFILLMENT_STATUS_CHANGED"


def test_parcels_of_the_panel_are_read_back(simulator, api, form, path):
    waybill = {"carrierId": "ALLEGRO", "waybill": "AD0MF49SNM3FVRM8J"}
    simulator.act(form, "panel-shipment", **waybill)
    shipments = api.get(f"{path}/shipments").json()["shipments"]
    assert shipments[0]["carrierId"] == "ALLEGRO"


def test_carriers_are_those_of_today(api):
    carriers = {
        c["id"]: c.get("name") for c in api.get("/order/carriers").json()["carriers"]
    }
    assert carriers["INPOST"] == "InPost"
    assert carriers["OTHER"] is None
    assert not {"ALLEGRO", "WEDO"} & set(carriers)


def test_a_sandbox_has_other_carriers_and_method_names(simulator, api):
    simulator.post("/sellers", login="demontaz_kos", sandbox=True)
    sandbox = simulator.api(seller="demontaz_kos")

    def names(of, path, key):
        return {item["id"]: item.get("name") for item in of.get(path).json()[key]}

    theirs = names(sandbox, "/order/carriers", "carriers")
    ours = names(api, "/order/carriers", "carriers")
    assert ours["INPOST"] != theirs["INPOST"]
    assert set(theirs) - set(ours)
    assert set(ours) - set(theirs)
    path, key = "/sale/delivery-methods", "deliveryMethods"
    theirs, ours = names(sandbox, path, key), names(api, path, key)
    assert theirs.keys() == ours.keys()
    assert not set(theirs.values()) & set(ours.values())


def test_a_sandbox_takes_its_own_carriers(simulator, api, path):
    parcel = {"carrierId": "SANDBOX_COURIER", "waybill": "1"}
    answer = api.post(f"{path}/shipments", json=parcel)
    assert (answer.status_code, _code(answer)) == (400, "CarrierIdValidationException")
    simulator.post("/sellers", login="czesci_pewne", sandbox=True)
    assert api.post(f"{path}/shipments", json=parcel).status_code == 201


def test_parcels_of_another_accounts_order_are_not_found(simulator, api):
    other = simulator.create_order(seller="demontaz_kos")["id"]
    url = f"/order/checkout-forms/{other}/shipments"
    for answer in (api.get(url), api.post(url, json=DPD)):
        assert answer.status_code == 404
        assert _code(answer) == "CheckoutFormNotFoundException"


@pytest.mark.parametrize("lines", [7, "all", {"id": "x"}])
def test_lines_of_a_parcel_that_are_no_list(api, path, lines):
    answer = api.post(f"{path}/shipments", json=DPD | {"lineItems": lines})
    assert answer.status_code == 400


def test_tracking_goes_on_with_time(simulator, api, path):
    def codes():
        url = f"/order/carriers/DPD/tracking?waybill={DPD['waybill']}&waybill=unknown"
        known, unknown = api.get(url).json()["waybills"]
        assert unknown["trackingDetails"] is None
        return [status["code"] for status in known["trackingDetails"]["statuses"]]

    api.post(f"{path}/shipments", json=DPD)
    assert codes() == ["PENDING"]
    simulator.advance(3 * 3600)
    assert codes() == ["PENDING", "IN_TRANSIT"]


def test_too_many_numbers_to_track(api):
    query = "&".join(["waybill=1"] * 21)
    assert api.get(f"/order/carriers/DPD/tracking?{query}").status_code == 400
    assert api.get("/order/carriers/DPD/tracking").status_code == 400


# Billing documents


@pytest.fixture
def invoiced(simulator):
    return simulator.create_order("company-invoice")["id"]


def _upload(api, order_id, name="FV_1.pdf", content=PDF):
    return api.post(
        f"/order/{order_id}/billing-documents/files",
        files={"file": (name, content, "application/pdf")},
        data={"invoiceNumber": "FV/1"},
    )


def _invoices(api, order_id):
    return api.get(f"/order/checkout-forms/{order_id}/invoices").json()["invoices"]


def test_upload_and_scan(simulator, api, invoiced):
    assert _upload(api, invoiced).status_code == 201
    (invoice,) = _invoices(api, invoiced)
    assert invoice["invoiceNumber"] == "FV/1"
    assert invoice["file"]["securityVerification"]["status"] == "WAITING"
    too_soon = _upload(api, invoiced, "FV_2.pdf")
    assert too_soon.status_code == 422
    assert "scan" in too_soon.json()["errors"][0]["message"]
    simulator.advance(5)
    (invoice,) = _invoices(api, invoiced)
    assert invoice["file"]["securityVerification"]["status"] == "ACCEPTED"
    assert _upload(api, invoiced).status_code == 409
    assert _upload(api, invoiced, "FV_2.pdf", b"%PDF-1.7 EICAR").status_code == 201
    simulator.advance(5)
    infected = _invoices(api, invoiced)[1]
    assert infected["file"]["securityVerification"]["status"] == "REJECTED"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "EMPTY-ATTACHMENT"),
        (b"JVBERi0xLjcK", 422, "FILE-CONTENT-INVALID"),
        (PDF + b" " * LARGEST_FILE, 413, "FILE-TOO-LARGE"),
    ],
)
def test_files_that_are_refused(api, invoiced, content, status, code):
    answer = _upload(api, invoiced, content=content)
    assert (answer.status_code, _code(answer)) == (status, code)
    assert _invoices(api, invoiced) == []


def test_no_file_where_no_invoice_was_asked_for(simulator, api, form):
    assert _upload(api, form["id"]).status_code == 422
    links = f"/order/{form['id']}/billing-documents/links"
    assert api.post(links, json={"url": "https://paragony.pl/1"}).status_code == 201


def test_upload_in_two_steps(simulator, api, invoiced):
    path = f"/order/checkout-forms/{invoiced}/invoices"
    invoice = api.post(path, json={"file": {"name": "FV.pdf"}}).json()["id"]
    too_soon = api.post(path, json={"file": {"name": "FV2.pdf"}})
    assert too_soon.status_code == 429
    file = f"{path}/{invoice}/file"
    assert api.put(file, data=PDF).status_code == 415
    pdf = {"Content-Type": "application/pdf"}
    assert api.put(file, data=b"", headers=pdf).status_code == 422
    assert api.put(file, data=PDF, headers=pdf).status_code == 200
    assert api.put(file, data=PDF, headers=pdf).status_code == 409
    assert api.put(f"{path}/other/file", data=PDF, headers=pdf).status_code == 404


def test_limits_of_billing_documents(simulator, api, invoiced):
    for number in range(MOST_INVOICES):
        assert _upload(api, invoiced, f"FV_{number}.pdf").status_code == 201
        simulator.advance(5)
    assert _upload(api, invoiced, "more.pdf").status_code == 422
    links = f"/order/{invoiced}/billing-documents/links"
    for number in range(MOST_LINKS):
        url = f"https://paragony.pl/{number}"
        assert api.post(links, json={"url": url}).status_code == 201
    answer = api.post(links, json={"url": "https://paragony.pl/more"})
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [{}, {"file": {}}, {"file": "FV.pdf"}])
def test_metadata_without_a_file_name(api, invoiced, body):
    answer = api.post(f"/order/checkout-forms/{invoiced}/invoices", json=body)
    assert answer.status_code == 400


# Offers


def test_offers_are_found_by_external_id(api):
    url = "/sale/offers?external.id=ALT-0124525&external.id=LUS-E90-P"
    answer = api.get(url).json()
    assert {offer["external"]["id"] for offer in answer["offers"]} == {
        "ALT-0124525",
        "LUS-E90-P",
    }
    assert answer["totalCount"] == 2


def test_offers_come_in_pages(api):
    total = api.get("/sale/offers").json()["totalCount"]
    ids = []
    for offset in range(0, total, 7):
        page = api.get(f"/sale/offers?limit=7&offset={offset}").json()["offers"]
        ids += [offer["id"] for offer in page]
    assert len(set(ids)) == total


def test_offer_tells_its_ean_among_the_product_parameters(simulator, api):
    offer = simulator.control("GET", "/catalogue")["offers"][0]
    product = api.get(f"/sale/product-offers/{offer['offer_id']}").json()["productSet"][
        0
    ]
    values = {p["name"]: p["values"] for p in product["product"]["parameters"]}
    assert values["EAN (GTIN)"] == [offer["ean"]]


def test_the_seller_changes_a_signature(simulator, api):
    offer_id = "17000000101"

    def signature(form):
        shown = api.get(f"/order/checkout-forms/{form['id']}").json()
        return shown["lineItems"][0]["offer"]["external"]

    sold = simulator.create_order(lines=[{"offer_id": offer_id}])
    old = signature(sold)
    changed = simulator.post(f"/offers/{offer_id}", external_id="NEW-1", price="5.00")
    assert (changed["external_id"], changed["price"]) == ("NEW-1", "5.00")
    assert api.get("/sale/offers?external.id=NEW-1").json()["totalCount"] == 1
    new = simulator.create_order(lines=[{"offer_id": offer_id}])
    assert (signature(sold), signature(new)) == (old, {"id": "NEW-1"})
    simulator.post(f"/offers/{offer_id}", external_id=None, in_orders=True)
    assert (signature(sold), signature(new)) == (None, None)


@pytest.mark.parametrize(
    ("offer_id", "change", "status"),
    [("1", {"stock": 1}, 404), ("17000000101", {"offer_id": "2"}, 400)],
)
def test_changes_of_offers_that_make_no_sense(simulator, offer_id, change, status):
    url = f"{simulator.url}/_control/offers/{offer_id}"
    assert requests.post(url, json=change).status_code == status


def test_offers_of_another_seller_are_not_there(simulator):
    api = simulator.api(seller="demontaz_kos")
    assert api.get("/sale/product-offers/17000000101").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("offer.id=17000000101&offer.id=17000000102&offer.id=1", 2),
        ("name=alternator", 2),
        ("publication.status=ACTIVE&name=alternator", 2),
        ("publication.status=ENDED", 0),
        ("publication.marketplace=allegro-cz", 0),
        ("isFulfillment=true", 0),
        ("isFulfillment=false&name=alternator", 2),
    ],
)
def test_filters_of_offers(api, query, count):
    assert api.get(f"/sale/offers?{query}").json()["totalCount"] == count


def test_sorting_of_offers(api):
    offers = api.get("/sale/offers?limit=1000").json()["offers"]
    ids = [offer["id"] for offer in offers]
    assert ids == sorted(ids, reverse=True)
    cheapest = api.get("/sale/offers?limit=1000&sort=sellingMode.price.amount").json()
    prices = [float(o["sellingMode"]["price"]["amount"]) for o in cheapest["offers"]]
    assert prices == sorted(prices)
    fullest = api.get("/sale/offers?limit=1000&sort=-stock.available").json()["offers"]
    stocks = [offer["stock"]["available"] for offer in fullest]
    assert stocks == sorted(stocks, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        "category.id=1",
        "sort=stock.sold",
        "publication.status=GONE",
        "isFulfillment=maybe",
        "external.id=" + "x" * 101,
        "&".join(["external.id=x"] * 101),
    ],
)
def test_what_is_not_simulated_or_not_allowed_is_not_ignored(api, query):
    assert api.get(f"/sale/offers?{query}").status_code == 400


def test_delivery_methods_of_a_marketplace(api):
    url = "/sale/delivery-methods?marketplace="
    methods = api.get(f"{url}allegro-hu").json()["deliveryMethods"]
    assert {method["destinationCountry"] for method in methods} == {"HU"}
    assert {method["paymentPolicy"] for method in methods} == {
        "IN_ADVANCE",
        "CASH_ON_DELIVERY",
    }
    assert api.get(f"{url}allegro-de").status_code == 422


# Headers, scopes, paths


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Accept": "application/json"}, 406),
        ({"Accept": "*/*"}, 406),
        ({"Accept": None}, 406),
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer x.y.z"}, 401),
        ({"User-Agent": "python-requests/2.32"}, 403),
        ({"User-Agent": "Odoo (+https://example.com)"}, 403),
        ({"User-Agent": "Odoo/19.0 (+https://example.com)"}, 200),
        ({"User-Agent": "Moja Apka/1 (+https://example.com) requests/2"}, 200),
    ],
)
def test_headers(api, headers, status):
    assert api.get("/order/events", headers=headers).status_code == status


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
def test_body_of_another_media_type(api, path, media_type):
    answer = api.put(
        f"{path}/fulfillment",
        json={"status": "SENT"},
        headers={"Content-Type": media_type},
    )
    assert (answer.status_code, _code(answer)) == (415, "NotSupportedException")


def test_scopes(simulator, path):
    api = simulator.api(scopes=["allegro:api:orders:read"])
    assert api.get(path).status_code == 200
    answer = api.put(f"{path}/fulfillment", json={"status": "SENT"})
    assert (answer.status_code, _code(answer)) == (403, "AccessDenied")
    assert api.get("/me").status_code == 403


def test_paths(api, path):
    assert _code(api.get("/order/nothing")) == "NotFoundException"
    answer = api.delete(path)
    assert (answer.status_code, _code(answer)) == (405, "NotAllowedException")


@pytest.mark.parametrize(
    ("language", "start"),
    [("pl-PL", "Wystąpił błąd."), ("en-US", "An error"), ("hu-HU", "An error")],
)
def test_message_to_the_user_is_translated(simulator, path, language, start):
    api = simulator.api(language=language)
    error = api.post(f"{path}/shipments", json=DPD | {"waybill": "1"}).json()["errors"][
        0
    ]
    assert error["userMessage"].startswith(start)
    assert error["message"] == "Provided waybill is not valid for this carrier"


def test_rate_limit_blocks_for_a_minute(simulator, api):
    simulator.post("/rate-limit", per_minute=3)
    statuses = [api.get("/me").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    simulator.advance(61)
    assert api.get("/me").status_code == 200
