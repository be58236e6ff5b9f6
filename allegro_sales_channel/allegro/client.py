"""Allegro's API for one connected seller: one short method for each endpoint.

Source: https://developer.allegro.pl/documentation
"""

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta, timezone

from . import http
from .checkout_form import CheckoutForm
from .documents import documents_from_json
from .errors import (
    AllegroAuthorisationError,
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)
from .events import events_from_items
from .offers import Offer, parts_from_json
from .seller import Seller
from .shipments import Carrier, DeliveryMethod, Shipment
from .values import JsonObject, is_token

_logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/vnd.allegro.public.v1+json"
EVENTS_PER_PAGE = 1000
FORMS_PER_PAGE = 100
OFFERS_PER_PAGE = 1000
#: ``offset + limit`` of the list of forms must not be above this.
FORMS_WINDOW = 10_000

#: The one language that Allegro's contract has for some calls.
_ENGLISH = {"Accept-Language": "en-US"}

#: What may stand in an address as the id of a form.
_FORM_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
#: Allegro's word for a scope that was not granted: it is about every form.
_SCOPE_MISSING = "AccessDenied"
#: How a server says that it does not know a call at all.
_NO_SUCH_ADDRESS = (404, 405, 415)


@dataclass(frozen=True)
class Fetched:
    """One form as asked for: either the form or what was wrong with it.

    ``error`` is :class:`AllegroNotFoundError` for a form that is gone,
    :class:`AllegroDataError` for one that can't be read, :class:`AllegroForbiddenError`
    for another seller's and :class:`AllegroRejectedError` for one that Allegro does not
    give for another reason; an outage is raised instead.
    """

    checkout_form_id: str
    form: CheckoutForm | None = None
    error: (
        AllegroNotFoundError
        | AllegroDataError
        | AllegroForbiddenError
        | AllegroRejectedError
        | None
    ) = None


class AllegroClient:
    """Use as a context manager: it owns a pool of connections.

    :param api_url: for instance ``https://api.allegro.pl``
    :param access_token: a living token; renewing it is not the client's affair
    :param user_agent: ``Name/Version (+https://address)``
    :param language: of Allegro's messages to people, for instance ``pl-PL``
    :raises AllegroAuthorisationError: when the token can't be one
    """

    def __init__(self, api_url, access_token, user_agent, language="en-US"):
        if not is_token(access_token):
            raise AllegroAuthorisationError("The access token is missing or damaged")
        self._api_url = api_url.rstrip("/")
        self._access_token = access_token
        self._session = http.new_session(user_agent)
        self._session.auth = http.BearerAuth(access_token)
        self._session.headers.update(
            {"Accept": MEDIA_TYPE, "Accept-Language": language}
        )

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._session.close()

    def _get(self, path, **params):
        return self._call("GET", path, params=params)

    def _send(self, method, path, body, *, params=None, headers=None):
        """A call whose body is JSON."""
        return self._call(
            method,
            path,
            data=json.dumps(body),
            params=params,
            headers={"Content-Type": MEDIA_TYPE, **(headers or {})},
        )

    def _call(self, method, path, **kwargs):
        return http.send(
            self._session,
            method,
            self._api_url + path,
            secrets=[self._access_token],
            **kwargs,
        )

    # Seller

    def seller(self):
        """``GET /me``"""
        return Seller.from_json(self._get("/me"))

    # Journal

    def latest_event_id(self):
        """``GET /order/event-stats``: where a journal read "from now" starts.

        :return: the newest event's id, None when nothing ever happened
        """
        stats = JsonObject(self._get("/order/event-stats"))
        latest = stats.optional_object("latestEvent")
        return latest and latest.optional_text("id")

    def iter_event_pages(self, cursor):
        """``GET /order/events``: pages of events after the cursor, oldest first.

        All types: a filter would hide BUYER_MODIFIED and what Allegro adds later.

        :param cursor: id of the last event already seen, None for the oldest kept
        :return: iterator of non-empty lists; the last one's id is the next cursor
        """
        seen = set()
        # a journal that comes back to where it was would be read for ever
        while cursor not in seen:
            seen.add(cursor)
            params = {"limit": EVENTS_PER_PAGE}
            if cursor:
                params["from"] = cursor
            answer = JsonObject(self._get("/order/events", **params))
            items = answer.raw_items("events")
            events = events_from_items(items)
            if not events:
                return
            yield events
            if len(items) < EVENTS_PER_PAGE:
                return
            cursor = events[-1].id

    # Forms

    def checkout_form(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}``

        :return: a :class:`Fetched`
        :raises AllegroError: when Allegro can't be asked at all
        """
        try:
            return Fetched(checkout_form_id, self._form(checkout_form_id))
        except AllegroForbiddenError as error:
            if error.code in (None, _SCOPE_MISSING):
                raise
            return Fetched(checkout_form_id, error=error)
        except (AllegroNotFoundError, AllegroDataError, AllegroRejectedError) as error:
            return Fetched(checkout_form_id, error=error)

    def _form(self, checkout_form_id):
        return CheckoutForm.from_json(self._get(_form_path(checkout_form_id)))

    def checkout_forms(self, checkout_form_ids):
        """The named forms, a few at a time, in the order they were named."""
        with ThreadPoolExecutor(http.CONNECTIONS) as pool:
            return list(pool.map(self.checkout_form, checkout_form_ids))

    def iter_checkout_forms(self, bought_from, bought_to=None):
        """``GET /order/checkout-forms``: what was bought in a period, newest first.

        The list ends at 10,000; behind that the period is moved back to the last
        purchase seen, so some forms of that very moment may come twice.

        :param bought_from: aware time, inclusive
        :param bought_to: aware time, inclusive; None for now
        :return: iterator of :class:`Fetched`; a form without an id is left out
        """
        while True:
            oldest = yield from self._iter_window(bought_from, bought_to)
            if oldest is None:
                return
            if bought_to and oldest >= bought_to:
                _logger.warning(
                    "Allegro lists too many orders of %s: older ones are left out",
                    oldest,
                )
                return
            bought_to = oldest

    def count_checkout_forms(self, bought_from, bought_to=None):
        """How many forms the list of a period has, as far as Allegro says.

        The number may waver: good for showing progress, for nothing else.
        """
        _page, total = self._form_page(bought_from, bought_to, 0, limit=1)
        return total

    def _iter_window(self, bought_from, bought_to):
        """The forms of a period, as far as the list goes.

        :return: the last purchase seen when there are more behind it, else None
        """
        oldest = None
        for offset in range(0, FORMS_WINDOW, FORMS_PER_PAGE):
            page, total = self._form_page(bought_from, bought_to, offset)
            for fetched in page:
                if fetched.checkout_form_id:
                    yield fetched
                if fetched.form:
                    oldest = fetched.form.last_bought_at
            # Allegro's pages may be short, even empty, with more behind them
            if len(page) < FORMS_PER_PAGE and total <= offset + FORMS_PER_PAGE:
                return None
        return oldest

    def _form_page(self, bought_from, bought_to, offset, limit=None):
        params = {
            "lineItems.boughtAt.gte": _utc(bought_from),
            "sort": "-lineItems.boughtAt",
            "limit": limit or FORMS_PER_PAGE,
            "offset": offset,
        }
        if bought_to:
            # the whole last millisecond: Allegro counts no finer
            params["lineItems.boughtAt.lte"] = _utc(
                bought_to + timedelta(microseconds=999)
            )
        answer = JsonObject(self._get("/order/checkout-forms", **params))
        page = [_listed(item) for item in answer.raw_items("checkoutForms")]
        return page, answer.optional_whole("totalCount") or 0

    # Fulfilment

    def set_fulfillment_status(self, checkout_form_id, status, revision=None):
        """``PUT /order/checkout-forms/{id}/fulfillment``: at most 100 per order.

        :param status: Allegro's word, such as ``PROCESSING``
        :param revision: of the form that this was decided upon; None for any
        :raises AllegroConflictError: the buyer changed the order since that revision
        """
        self._send(
            "PUT",
            _form_path(checkout_form_id, "/fulfillment"),
            {"status": status},
            params={"checkoutForm.revision": revision} if revision else None,
            headers=_ENGLISH,
        )

    def shipments(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}/shipments``: the numbers it has already.

        :return: list of :class:`Shipment`, also those added in Allegro's panel
        """
        path = _form_path(checkout_form_id, "/shipments")
        answer = JsonObject(self._get(path))
        return [Shipment.from_json(item) for item in answer.objects("shipments")]

    def add_shipment(
        self, checkout_form_id, carrier_id, waybill, carrier_name=None, line_ids=()
    ):
        """``POST /order/checkout-forms/{id}/shipments``: every call adds one.

        :param carrier_name: for the carrier ``OTHER`` only
        :param line_ids: Allegro's ids of the lines in the parcel; empty for all
        :return: the :class:`Shipment`
        :raises AllegroRejectedError: the carrier does not have such numbers
        :raises AllegroConflictError: the number is on too many orders
        """
        body = {"carrierId": carrier_id, "waybill": waybill}
        if carrier_name:
            body["carrierName"] = carrier_name
        if line_ids:
            body["lineItems"] = [{"id": line_id} for line_id in line_ids]
        path = _form_path(checkout_form_id, "/shipments")
        return Shipment.from_json(JsonObject(self._send("POST", path, body)))

    def carriers(self):
        """``GET /order/carriers``: those of today; they come and go."""
        answer = JsonObject(self._get("/order/carriers"))
        return [Carrier.from_json(item) for item in answer.objects("carriers")]

    def delivery_methods(self):
        """``GET /sale/delivery-methods``: of all marketplaces, also past ones."""
        answer = JsonObject(self._get("/sale/delivery-methods"))
        methods = answer.objects("deliveryMethods")
        return [DeliveryMethod.from_json(item) for item in methods]

    # Invoices

    def billing_documents(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}/invoices``

        :return: list of :class:`BillingDocument`
        """
        path = f"/order/checkout-forms/{checkout_form_id}/invoices"
        return documents_from_json(self._call("GET", path, headers=_ENGLISH))

    def upload_invoice(self, checkout_form_id, number, file_name, content):
        """Put an invoice on an order. Not to be repeated without asking.

        ``POST /order/{id}/billing-documents/files``; where Allegro has no such address,
        the two older calls ``POST .../invoices`` and ``PUT .../invoices/{id}/file``.

        :param number: of the invoice
        :param file_name: unique on the order: Allegro refuses a second of its name
        :param content: bytes of a PDF of at most ``LARGEST_FILE_BYTES``
        :raises AllegroConflictError: it is there already
        :raises AllegroRejectedError: the order takes no invoice, or not this file
        """
        try:
            self._call(
                "POST",
                f"/order/{checkout_form_id}/billing-documents/files",
                files={"file": (file_name, content, "application/pdf")},
                data={"invoiceNumber": number},
                headers=_ENGLISH,
            )
        except AllegroRejectedError as error:
            if error.status not in _NO_SUCH_ADDRESS:
                raise
            answer = self._send(
                "POST",
                f"/order/checkout-forms/{checkout_form_id}/invoices",
                {"file": {"name": file_name}, "invoiceNumber": number},
                headers=_ENGLISH,
            )
            document_id = JsonObject(answer).text("id")
            self.upload_invoice_file(checkout_form_id, document_id, content)

    def upload_invoice_file(self, checkout_form_id, document_id, content):
        """``PUT .../invoices/{id}/file``: the file of one that has none yet.

        :param document_id: of a :class:`BillingDocument`
        :param content: bytes of a PDF
        """
        self._call(
            "PUT",
            f"/order/checkout-forms/{checkout_form_id}/invoices/{document_id}/file",
            data=content,
            headers={"Content-Type": "application/pdf", **_ENGLISH},
        )

    # Offers

    def offers(self, offset=0, limit=OFFERS_PER_PAGE):
        """``GET /sale/offers``: one page of the seller's offers, newest first.

        :return: the offers that can be read; how many there are in all; the offset of
            the next page, None behind the last
        :raises AllegroDataError: when none of the page's offers can be read
        """
        answer = JsonObject(self._get("/sale/offers", offset=offset, limit=limit))
        items, offers = answer.raw_items("offers"), []
        first_problem = None
        for index, item in enumerate(items):
            try:
                offers.append(Offer.from_json(JsonObject(item, f"offers[{index}]")))
            except AllegroDataError as problem:
                _logger.warning("An offer is left out: %s", problem)
                first_problem = first_problem or problem
        if first_problem and not offers:
            raise first_problem
        total = answer.optional_whole("totalCount") or 0
        following = offset + len(items)
        return offers, total, following if items and following < total else None

    def offer_parts(self, offer_ids):
        """``GET /sale/product-offers/{id}`` of each: what it is made of.

        :return: list, in the order of the ids, of tuples of ``OfferPart``; an offer
            that is gone, or can't be read, has none
        """
        with ThreadPoolExecutor(http.CONNECTIONS) as pool:
            return list(pool.map(self._offer_parts, offer_ids))

    def _offer_parts(self, offer_id):
        if not _FORM_ID.fullmatch(offer_id):
            return ()
        try:
            return parts_from_json(
                JsonObject(self._get(f"/sale/product-offers/{offer_id}"))
            )
        except (
            AllegroNotFoundError,
            AllegroDataError,
            AllegroRejectedError,
        ) as problem:
            _logger.info("Offer %s: %s", offer_id, problem)
            return ()


def _form_path(checkout_form_id, rest=""):
    """Where a form, or what belongs to it, is found."""
    if not _FORM_ID.fullmatch(checkout_form_id):
        problem = f"{checkout_form_id!r:.80} is not the id of an order"
        raise AllegroDataError("id", problem)
    return f"/order/checkout-forms/{checkout_form_id}{rest}"


def _listed(json):
    """A form out of a list: one that can't be read must not hide the others."""
    try:
        form = CheckoutForm.from_json(json)
    except AllegroDataError as error:
        return Fetched(_id_of(json), error=error)
    return Fetched(form.id, form)


def _id_of(json):
    """The id of a form that can't be read; empty when even that can't."""
    try:
        return JsonObject(json).text("id")
    except AllegroDataError:
        return ""


def _utc(moment):
    utc = moment.astimezone(timezone.utc)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
