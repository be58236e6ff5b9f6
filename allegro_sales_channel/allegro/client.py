"""Allegro's API for one connected seller: one short method for each endpoint.

Source: https://developer.allegro.pl/documentation
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timezone

from . import http
from .checkout_form import CheckoutForm
from .errors import AllegroDataError, AllegroNotFoundError
from .events import events_from_json
from .offers import Offer
from .seller import Seller
from .values import JsonObject

MEDIA_TYPE = "application/vnd.allegro.public.v1+json"
EVENTS_PER_PAGE = 1000
FORMS_PER_PAGE = 100
OFFERS_PER_PAGE = 1000
#: ``offset + limit`` of the list of forms must not be above this.
FORMS_WINDOW = 10_000


@dataclass(frozen=True)
class Fetched:
    """One form as asked for: either the form or what was wrong with it.

    ``error`` is :class:`AllegroNotFoundError` for a form that is gone and
    :class:`AllegroDataError` for one that can't be read; an outage is raised instead.
    """

    checkout_form_id: str
    form: CheckoutForm | None = None
    error: AllegroNotFoundError | AllegroDataError | None = None


class AllegroClient:
    """Use as a context manager: it owns a pool of connections.

    :param api_url: for instance ``https://api.allegro.pl``
    :param access_token: a living token; renewing it is not the client's affair
    :param user_agent: ``Name/Version (+https://address)``
    :param language: of Allegro's messages to people, for instance ``pl-PL``
    """

    def __init__(self, api_url, access_token, user_agent, language="en-US"):
        self._api_url = api_url.rstrip("/")
        self._session = http.new_session(user_agent)
        self._session.headers.update(
            {
                "Accept": MEDIA_TYPE,
                "Accept-Language": language,
                "Authorization": f"Bearer {access_token}",
            }
        )

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._session.close()

    def _get(self, path, **params):
        return http.send(self._session, "GET", self._api_url + path, params=params)

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
        """
        while True:
            params = {"limit": EVENTS_PER_PAGE}
            if cursor:
                params["from"] = cursor
            events = events_from_json(self._get("/order/events", **params))
            if events:
                yield events
            # a journal that does not move on would be read for ever
            if len(events) < EVENTS_PER_PAGE or events[-1].id == cursor:
                return
            cursor = events[-1].id

    # Forms

    def checkout_form(self, checkout_form_id):
        """``GET /order/checkout-forms/{id}``

        :return: a :class:`Fetched`
        :raises AllegroError: when Allegro can't be asked at all
        """
        try:
            json = self._get(f"/order/checkout-forms/{checkout_form_id}")
            return Fetched(checkout_form_id, CheckoutForm.from_json(json))
        except (AllegroNotFoundError, AllegroDataError) as error:
            return Fetched(checkout_form_id, error=error)

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
            oldest = None
            for offset in range(0, FORMS_WINDOW, FORMS_PER_PAGE):
                page = self._form_page(bought_from, bought_to, offset)
                for fetched in page:
                    if fetched.checkout_form_id:
                        yield fetched
                    if fetched.form:
                        oldest = fetched.form.bought_at
                if len(page) < FORMS_PER_PAGE:
                    return
            # at least 10,000 purchases of one moment, or none that can be read
            if oldest is None or oldest == bought_to:
                return
            bought_to = oldest

    def _form_page(self, bought_from, bought_to, offset):
        params = {
            "lineItems.boughtAt.gte": _utc(bought_from),
            "sort": "-lineItems.boughtAt",
            "limit": FORMS_PER_PAGE,
            "offset": offset,
        }
        if bought_to:
            params["lineItems.boughtAt.lte"] = _utc(bought_to)
        answer = JsonObject(self._get("/order/checkout-forms", **params))
        return [_listed(item) for item in answer.raw_items("checkoutForms")]

    # Offers

    def offers(self, offset=0, limit=OFFERS_PER_PAGE):
        """``GET /sale/offers``: one page of the seller's offers."""
        answer = JsonObject(self._get("/sale/offers", offset=offset, limit=limit))
        return [Offer.from_json(item) for item in answer.objects("offers")]


def _listed(json):
    """A form out of a list: one that can't be read must not hide the others."""
    try:
        form = CheckoutForm.from_json(json)
    except AllegroDataError as error:
        form_id = json.get("id") if isinstance(json, dict) else None
        return Fetched(form_id if isinstance(form_id, str) else "", error=error)
    return Fetched(form.id, form)


def _utc(moment):
    utc = moment.astimezone(timezone.utc)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
