"""One request, from its arrival to the answer, and in what order it is checked."""

import contextlib
import json
import socket
import time

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from . import headers
from .answers import answer, html
from .call import open_call
from .clock import wire_time
from .control import Control
from .errors import ApiError, UnauthorizedError
from .oauth import OAuthError
from .routes import ROUTES, AuthorizationPage

_ERROR_PAGE = (
    "<html><head><title>{status}</title></head>"
    "<body><center><h1>{status}</h1></center><hr><center>proxy</center></body></html>"
)


class Application:
    """The WSGI application."""

    def __init__(self, simulator):
        self._simulator = simulator
        self._control = Control(simulator)

    def __call__(self, environ, start_response):
        request = Request(environ)
        request.get_data(parse_form_data=False)  # before any lock is taken
        if request.path.startswith("/_control"):
            response = self._control.handle(request)
        else:
            response = self._serve(request)
        return response(environ, start_response)

    def _serve(self, request):
        simulator = self._simulator
        with simulator.lock:
            world = simulator.world
            trace_id = f"{world.random.getrandbits(64):016x}"
            faults = world.faults.take_request(request.method, request.path)
        for fault in faults:
            if fault.kind == "latency":
                time.sleep(fault.seconds)
        fault = next((f for f in faults if f.kind != "latency"), None)
        response = None
        if fault is None or fault.kind in _CARRIED_OUT or fault.takes_effect:
            with simulator.lock:
                response = self._answer(simulator.world, request)
        response = _spoil(fault, response, request)
        with simulator.lock:
            simulator.log.add(
                request,
                response.status_code if response else None,
                trace_id,
                wire_time(simulator.clock.now()),
                fault and fault.kind,
            )
        if response is None:
            _hang_up(request)
        response.headers["trace-id"] = trace_id
        return response

    @staticmethod
    def _answer(world, request):
        language = headers.language(request)
        try:
            resource, arguments = ROUTES.bind("allegro").match(
                request.path, request.method
            )
            if isinstance(resource, AuthorizationPage):
                return resource.handler(world, request)
            call = open_call(world, request, resource.scope)
            return resource.handler(call, **arguments)
        except NotFound:
            error = ApiError(404, "NotFoundException", "Not found")
        except MethodNotAllowed:
            error = ApiError(
                405, "NotAllowedException", "The HTTP method is not allowed"
            )
        except ApiError as api_error:
            error = api_error
        except (UnauthorizedError, OAuthError) as refusal:
            return refusal.as_answer()
        return error.as_answer(language)


# Faults

#: Kinds for which the request is carried out all the same.
_CARRIED_OUT = ("lost_answer", "garbage")


def _spoil(fault, response, request):
    """The answer as the fault leaves it; None for none at all."""
    if fault is None:
        return response
    if fault.kind in ("drop", "lost_answer"):
        return None
    if fault.kind == "html":
        return html(_ERROR_PAGE.format(status=fault.status), fault.status)
    if fault.kind == "status":
        return _bare_status(fault)
    if fault.truncated:
        return _truncated(response, request)
    spoiled = answer({})
    spoiled.set_data(b'{"checkoutForms": [{"id": ')
    return spoiled


def _bare_status(fault):
    if fault.body is not None:
        text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
        response = answer({}, fault.status)
        response.set_data(text)
    elif fault.status == 401:
        response = UnauthorizedError(
            "invalid_token", "Invalid access token"
        ).as_answer()
    elif fault.status == 429:
        response = ApiError(
            429, "TooManyRequestsException", "Too many requests"
        ).as_answer("en-US")
    elif fault.status == 503:
        response = ApiError(
            503, "SERVICE_UNAVAILABLE", "Service unavailable."
        ).as_answer("en-US")
    else:
        response = ApiError(fault.status, "ERROR", "An error has occurred").as_answer(
            "en-US"
        )
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _truncated(response, request):
    """Half of the answer under the length of the whole, then the end."""
    whole = response.get_data()

    def half():
        yield whole[: len(whole) // 2]
        _hang_up(request)

    spoiled = Response(half(), status=response.status_code, headers=response.headers)
    spoiled.headers["Content-Length"] = str(len(whole))
    return spoiled


def _hang_up(request):
    """Close the connection, as a network does that breaks."""
    with contextlib.suppress(OSError):
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError
