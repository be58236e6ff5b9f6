"""Allegro's API for one connected seller: one short method for each endpoint.

Source: https://developer.allegro.pl/documentation
"""

import copy
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

from . import http, writers
from .documents import BillingDocument
from .errors import (
    AllegroAuthorisationError,
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)
from .events import OrderEvent
from .fetched import Fetched
from .gate import Gate, Write, through
from .lists import read_each
from .offers import Offer, parts_from_json
from .paths import path_of
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
#: Of carriers and delivery methods, which come in one list.
_LONGEST_CATALOGUE = 10_000

#: The one language that Allegro's contract has for some calls.
_ENGLISH = {"Accept-Language": "en-US"}

_FORM = "/order/checkout-forms/{form_id}"
#: Allegro's word for a scope that was not granted: it is about every form.
_SCOPE_MISSING = "AccessDenied"
#: How a server says that it does not know a call at all.
_NO_SUCH_ADDRESS = (404, 405, 415)


class AllegroClient:
    """Use as a context manager: it owns a pool of connections.

    :param api_url: for instance ``https://api.allegro.pl``
    :param access_token: a living token; renewing it is not the client's affair
    :param user_agent: ``Name/Version (+https://address)``
    :param language: of Allegro's messages to people, for instance ``pl-PL``
    :param gate: :class:`gate.Gate`: which writers may write; without one, none may
    :raises AllegroAuthorisationError: when the token can't be one

    Threads may share it.
    """

    def __init__(
        self, api_url, access_token, user_agent, language="en-US", *, gate=None
    ):
        if not is_token(access_token):
            raise AllegroAuthorisationError("The access token is missing or damaged")
        self._api_url = api_url.rstrip("/")
        self._access_token = access_token
        self.gate = gate or Gate()
        self._about = None
        self._session = http.new_session(user_agent)
        self._session.auth = http.BearerAuth(access_token)
        self._session.headers.update(
            {"Accept": MEDIA_TYPE, "Accept-Language": language}
        )

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._session.close()

    def about(self, subject):
        """The same client, whose writes are about something.

        :param subject: what the gate knows it by
        """
        client = copy.copy(self)
        client._about = subject
        return client

    # What every call goes through

    def get(self, path, params=None, headers=None):
        """Read something.

        :param path: from :func:`paths.path_of` when there is an id in it
        :return: :class:`Answer`; its status may be 202 (not done yet) or 303 (done)
        :raises AllegroError: a subclass that tells how to react
        """
        _check_path(path)
        return self._call("GET", path, params=params, headers=headers)

    def send(
        self, writer, method, path, body=None, *, params=None, headers=None, files=None
    ):
        """Change something. It is sent once, whatever happens.

        :param writer: one of :mod:`writers`: on whose behalf
        :param method: ``POST``, ``PUT``, ``PATCH`` or ``DELETE``
        :param path: from :func:`paths.path_of` when there is an id in it
        :param body: what becomes JSON; ``bytes`` go as they are; beside ``files`` a
            dict of the form's other fields
        :param files: as for ``requests``: dict of (name, content, media type)
        :return: :class:`Answer`; 202 (accepted, see ``location`` and ``retry_after``)
            and 303 (done, see ``location``) are among them
        :raises WriteHeldError: when the writer is switched off, or in shadow mode
        :raises AllegroError: a subclass that tells how to react
        """
        writers.check(writer)
        if method == "GET":
            raise ValueError("What only reads is no writer's")
        _check_path(path)
        write = Write.of(
            writer, method, path, body, params=params, files=files, about=self._about
        )
        if isinstance(body, bytes) or files:
            content, own = {"data": body, "files": files}, {}
        elif body is None:
            content, own = {}, {}
        else:
            content, own = {"data": json.dumps(body)}, {"Content-Type": MEDIA_TYPE}
        headers = {**own, **(headers or {})}
        return through(
            self.gate,
            write,
            lambda: self._call(method, path, params=params, headers=headers, **content),
        )

    def _call(self, method, path, **kwargs):
        return http.send(
            self._session,
            method,
            self._api_url + path,
            secrets=[self._access_token],
            **kwargs,
        )

    def _read(self, path, params=None, headers=None):
        """What the JSON of an answer holds, which must be an object."""
        return JsonObject(self.get(path, params, headers).done())

    # Seller

    def seller(self):
        """``GET /me``"""
        return Seller.from_json(self._read("/me"))

    def clock_off(self):
        """``GET /order/event-stats``: how far this machine's clock is from Allegro's.

        :return: seconds that it is ahead; None when Allegro does not say the time
        """
        return self.get("/order/event-stats").clock_off

    # Journal

    def latest_event_id(self):
        """``GET /order/event-stats``: where a journal read "from now" starts.

        :return: the newest event's id, None when nothing ever happened
        """
        latest = self._read("/order/event-stats").optional_object("latestEvent")
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
            answer = self._read("/order/events", params)
            # The journal must not stand still before an event that can't be read; the
            # order that it announced is found by listing the orders.
            events = read_each(answer, "events", OrderEvent.from_json)
            if not events:
                return
            yield events
            if len(answer.list("events")) < EVENTS_PER_PAGE:
                return
            cursor = events[-1].id

    # Forms

    def checkout_form(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}``

        :return: a :class:`Fetched`
        :raises AllegroError: when Allegro can't be asked at all
        """
        try:
            json_form = self.get(path_of(_FORM, form_id=checkout_form_id)).done()
        except AllegroForbiddenError as error:
            if error.code in (None, _SCOPE_MISSING):
                raise
            return Fetched(checkout_form_id, error=error)
        except (AllegroNotFoundError, AllegroDataError, AllegroRejectedError) as error:
            return Fetched(checkout_form_id, error=error)
        return Fetched.from_json(json_form, checkout_form_id)

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
        answer = self._read("/order/checkout-forms", params)
        page = [Fetched.from_json(item) for item in answer.list("checkoutForms")]
        return page, answer.optional_whole("totalCount") or 0

    # Fulfilment

    def set_fulfillment_status(self, checkout_form_id, status, revision=None):
        """``PUT /order/checkout-forms/{id}/fulfillment``: at most 100 per order.

        :param status: Allegro's word, such as ``PROCESSING``
        :param revision: of the form that this was decided upon; None for any
        :raises AllegroConflictError: the buyer changed the order since that revision
        """
        answer = self.send(
            writers.STATUS,
            "PUT",
            path_of(_FORM + "/fulfillment", form_id=checkout_form_id),
            {"status": status},
            params={"checkoutForm.revision": revision} if revision else None,
            headers=_ENGLISH,
        )
        answer.done()

    def shipments(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}/shipments``: the numbers it has already.

        :return: list of :class:`Shipment`, also those added in Allegro's panel
        """
        answer = self._read(path_of(_FORM + "/shipments", form_id=checkout_form_id))
        return read_each(answer, "shipments", Shipment.from_json, may_be_none=True)

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
        address = path_of(_FORM + "/shipments", form_id=checkout_form_id)
        answer = self.send(writers.PARCEL, "POST", address, body)
        return Shipment.from_json(JsonObject(answer.done()))

    def carriers(self):
        """``GET /order/carriers``: those of today; they come and go."""
        answer = self._read("/order/carriers")
        return read_each(answer, "carriers", Carrier.from_json, _LONGEST_CATALOGUE)

    def delivery_methods(self):
        """``GET /sale/delivery-methods``: of all marketplaces, also past ones."""
        answer = self._read("/sale/delivery-methods")
        read = DeliveryMethod.from_json
        return read_each(answer, "deliveryMethods", read, _LONGEST_CATALOGUE)

    # Invoices

    def billing_documents(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}/invoices``

        :return: list of :class:`BillingDocument`
        """
        address = path_of(_FORM + "/invoices", form_id=checkout_form_id)
        answer = self._read(address, headers=_ENGLISH)
        return read_each(answer, "invoices", BillingDocument.from_json)

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
        template = "/order/{form_id}/billing-documents/files"
        try:
            answer = self.send(
                writers.INVOICE,
                "POST",
                path_of(template, form_id=checkout_form_id),
                {"invoiceNumber": number},
                files={"file": (file_name, content, "application/pdf")},
                headers=_ENGLISH,
            )
        except AllegroRejectedError as error:
            if error.status not in _NO_SUCH_ADDRESS:
                raise
            answer = self.send(
                writers.INVOICE,
                "POST",
                path_of(_FORM + "/invoices", form_id=checkout_form_id),
                {"file": {"name": file_name}, "invoiceNumber": number},
                headers=_ENGLISH,
            )
            document = JsonObject(answer.done())
            self.upload_invoice_file(checkout_form_id, document.text("id"), content)
        else:
            answer.done()

    def upload_invoice_file(self, checkout_form_id, document_id, content):
        """``PUT .../invoices/{id}/file``: the file of one that has none yet.

        :param document_id: of a :class:`BillingDocument`
        :param content: bytes of a PDF
        """
        template = _FORM + "/invoices/{document_id}/file"
        answer = self.send(
            writers.INVOICE,
            "PUT",
            path_of(template, form_id=checkout_form_id, document_id=document_id),
            content,
            headers={"Content-Type": "application/pdf", **_ENGLISH},
        )
        answer.done()

    def billing_links(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}/invoices``: addresses of documents there.

        :return: list of texts
        """
        address = path_of(_FORM + "/invoices", form_id=checkout_form_id)
        answer = self._read(address, headers=_ENGLISH)
        if answer.raw("links") is None:
            return []
        return read_each(
            answer, "links", lambda link: link.text("url"), may_be_none=True
        )

    def add_billing_link(self, checkout_form_id, url):
        """``POST /order/{id}/billing-documents/links``: at most 10 on an order.

        :param url: as :func:`is_document_link` has it
        :raises AllegroConflictError: it is there already
        :raises AllegroRejectedError: Allegro does not know its host, or has enough
        """
        template = "/order/{form_id}/billing-documents/links"
        answer = self.send(
            writers.INVOICE,
            "POST",
            path_of(template, form_id=checkout_form_id),
            {"url": url},
            headers=_ENGLISH,
        )
        answer.done()

    # Offers

    def offers(self, offset=0, limit=OFFERS_PER_PAGE):
        """``GET /sale/offers``: one page of the seller's offers, newest first.

        :return: the offers that can be read; how many there are in all; the offset of
            the next page, None behind the last
        :raises AllegroDataError: when none of the page's offers can be read
        """
        answer = self._read("/sale/offers", {"offset": offset, "limit": limit})
        offers = read_each(answer, "offers", Offer.from_json)
        total = answer.optional_whole("totalCount") or 0
        count = len(answer.list("offers"))
        following = offset + count
        return offers, total, following if count and following < total else None

    def offer_parts(self, offer_ids):
        """``GET /sale/product-offers/{id}`` of each: what it is made of.

        :return: list, in the order of the ids, of tuples of ``OfferPart``; an offer
            that is gone, or can't be read, has none
        """
        with ThreadPoolExecutor(http.CONNECTIONS) as pool:
            return list(pool.map(self._offer_parts, offer_ids))

    def _offer_parts(self, offer_id):
        try:
            address = path_of("/sale/product-offers/{offer_id}", offer_id=offer_id)
            return parts_from_json(self._read(address))
        except (
            AllegroNotFoundError,
            AllegroDataError,
            AllegroRejectedError,
        ) as problem:
            _logger.info("Offer %s: %s", offer_id, problem.for_log)
            return ()


def _check_path(path):
    # without the slash it would be a part of the host's name
    if not path.startswith("/"):
        raise ValueError("A path at Allegro begins with a slash")


def _utc(moment):
    utc = moment.astimezone(timezone.utc)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
