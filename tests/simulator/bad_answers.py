"""Answers as a fault leaves them: see README.md for the kinds."""

import contextlib
import gzip
import json
import socket
from urllib.parse import quote

from werkzeug.wrappers import Response

from .answers import answer, html, plain_json
from .refusals import usual_refusal

#: Kinds for which the request is carried out all the same.
CARRIED_OUT = ("drip", "garbage", "lost_answer", "oversized")

_ERROR_PAGE = (
    "<html><head><title>{status}</title></head>"
    "<body><center><h1>{status}</h1></center><hr><center>proxy</center></body></html>"
)
#: Of the guard before allegro.pl and, now and then, before its API: issues 6755, 9670
#: (the address) and 6639 (the page). The address repeats the one that was asked for.
_CAPTCHA = (
    "https://geo.captcha-delivery.com/captcha/?initialCid=AHrlqAAAAAMAsimulatorIyg%3D"
    "&cid=simulated~cid&referer={referer}&hash=77DC0FFBAA0B77570F6B414F8E5BDB"
    "&t=bv&s=29544&e=1b1ad8afac1486d334f18d426f55d07b"
)
_CAPTCHA_PAGE = (
    "<html><head><title>allegro.pl</title></head><body style='margin:0'>"
    "<p id='cmsg'>Please enable JS and disable any ad blocker</p>"
    "<script>var dd={{'t':'bv','host':'geo.captcha-delivery.com','url':'{url}'}}"
    "</script><script src='https://ct.captcha-delivery.com/c.js'></script>"
    "</body></html>"
)
_BOMB_PIECE = 4 * 1024**2
_LARGEST_LIST = 64 * 1024**2


def spoil(fault, response, request):
    """The answer as the fault leaves it; None for none at all.

    :param response: the true answer; None when the request was not carried out
    """
    if fault is None or fault.kind == "drip":
        return response
    return _MADE_BY[fault.kind](fault, response, request)


def hang_up(request):
    """Close the connection, as a network does that breaks."""
    with contextlib.suppress(OSError):
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def _nothing(_fault, _response, _request):
    return None


def _proxys_page(fault, _response, _request):
    page = html(_ERROR_PAGE.format(status=fault.status), fault.status)
    if fault.status == 401:
        page.headers["WWW-Authenticate"] = 'Basic realm="proxy"'
    return page


def _gatekeeper(fault, _response, request):
    url = _CAPTCHA.format(referer=quote(request.url, safe=""))
    if fault.page:
        refusal = html(_CAPTCHA_PAGE.format(url=url), 403)
    else:
        refusal = plain_json({"url": url}, 403)
    refusal.headers["X-DataDome"] = "protected"
    refusal.headers["Set-Cookie"] = "datadome=simulated; Path=/; Secure; SameSite=Lax"
    return refusal


def _status(fault, _response, request):
    if fault.body is None:
        refusal = usual_refusal(fault.status, request)
    else:
        text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
        refusal = answer({}, fault.status)
        refusal.set_data(text)
    if fault.retry_after is not None:
        refusal.headers["Retry-After"] = str(fault.retry_after)
    return refusal


def _garbage(fault, response, request):
    if fault.truncated:
        return _truncated(response, request)
    spoiled = answer({})
    spoiled.set_data(b'{"checkoutForms": [{"id": ')
    return spoiled


def _truncated(response, request):
    """Half of the answer under the length of the whole, then the end."""
    whole = response.get_data()

    def half():
        yield whole[: len(whole) // 2]
        hang_up(request)

    spoiled = Response(half(), status=response.status_code, headers=response.headers)
    spoiled.headers["Content-Length"] = str(len(whole))
    return spoiled


def _bomb(fault, _response, _request):
    """Gzip in gzip: ever the same piece of blanks, and at the end good JSON.

    It is small on its way and never unpacked here.
    """
    piece = gzip.compress(b" " * _BOMB_PIECE)
    pieces = max(1, fault.unpacks_to // _BOMB_PIECE)
    armed = answer({})
    armed.set_data(gzip.compress(piece * pieces + gzip.compress(b"{}")))
    armed.headers["Content-Encoding"] = "gzip, gzip"
    return armed


def _oversized(fault, response, _request):
    """The list of the answer, its items ever again, however few were asked for.

    The answer stays one that this machine can hold.
    """
    body = json.loads(response.get_data() or b"null")
    lists = body if isinstance(body, dict) else {}
    name = next((key for key in lists if lists[key] and type(lists[key]) is list), None)
    if name is None or response.status_code >= 300:
        return response
    once = body[name]
    wanted = fault.items // len(once) + 1
    held = max(1, _LARGEST_LIST // len(response.get_data()))
    body[name] = (once * min(wanted, held))[: fault.items]
    response.set_data(json.dumps(body))
    return response


_MADE_BY = {
    "bomb": _bomb,
    "drop": _nothing,
    "garbage": _garbage,
    "gatekeeper": _gatekeeper,
    "html": _proxys_page,
    "lost_answer": _nothing,
    "oversized": _oversized,
    "status": _status,
}
