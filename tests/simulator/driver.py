"""How a test takes hold of a running simulator."""

import requests

from .answers import MEDIA_TYPE

USER_AGENT = "SimulatorTests/1.0 (+https://example.com/simulator-tests)"


class Driver:
    """
    :param url: of the simulator
    """

    def __init__(self, url):
        self.url = url
        self._session = requests.Session()

    def control(self, method, path, /, **body):
        """
        :raises requests.HTTPError: when the simulator refuses, with its words
        """
        response = self._session.request(
            method, f"{self.url}/_control{path}", json=body
        )
        answer = response.json()
        if not response.ok:
            raise requests.HTTPError(answer["error"], response=response)
        return answer

    def post(self, path, /, **body):
        return self.control("POST", path, **body)

    def create_order(self, template="courier", **wish):
        """
        :return: the form
        """
        return self.post("/orders", template=template, **wish)["orders"][0]

    def act(self, form, act, /, **details):
        """
        :param form: the form, or its id
        :return: the form after the act
        """
        form_id = form if isinstance(form, str) else form["id"]
        return self.post(f"/orders/{form_id}/{act}", **details)

    def fault(self, kind, /, **details):
        return self.post("/faults", kind=kind, **details)

    def overlay(self, form, edits, /, **details):
        """Put values over what is answered for an order.

        :param form: the form, or its id
        :param edits: path to value, such as ``{"lineItems[0].tax.rate": "EXEMPT"}``
        """
        form_id = form if isinstance(form, str) else form["id"]
        return self.fault("overlay", order=form_id, edits=edits, **details)

    def lift(self, fault):
        """
        :param fault: as :meth:`fault` or :meth:`overlay` returned it
        """
        return self.control("DELETE", f"/faults/{fault['id']}")

    def advance(self, seconds):
        return self.post("/clock", advance_seconds=seconds)

    def requests(self):
        """What clients have sent."""
        return self.control("GET", "/requests")["requests"]

    def issue_tokens(self, seller=None, scopes=None):
        return self.post("/tokens", action="issue", seller=seller, scopes=scopes)

    def api(self, seller=None, scopes=None, language="en-US"):
        """A client of the API that is allowed in."""
        token = self.issue_tokens(seller, scopes)["access_token"]
        return ApiClient(self.url, token, language)

    def close(self):
        self._session.close()


class ApiClient(requests.Session):
    """A session with Allegro's headers; paths in place of addresses."""

    def __init__(self, url, token, language="en-US"):
        super().__init__()
        self._url = url
        self.headers.update(
            {
                "Accept": MEDIA_TYPE,
                "Accept-Language": language,
                "Authorization": f"Bearer {token}",
                "User-Agent": USER_AGENT,
            }
        )

    def request(self, method, url, *args, **kwargs):
        if kwargs.get("json") is not None:
            kwargs["headers"] = {"Content-Type": MEDIA_TYPE} | kwargs.get("headers", {})
        return super().request(method, self._url + url, *args, **kwargs)
