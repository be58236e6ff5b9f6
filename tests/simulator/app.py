"""One request, from its arrival to the answer, and in what order it is checked."""

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request

from . import headers
from .bad_answers import CARRIED_OUT, hang_up, spoil
from .call import open_call
from .clock import wire_time
from .control import Control
from .dripping import drip
from .errors import ApiError, UnauthorizedError
from .oauth import OAuthError
from .overlays import lay_over
from .routes import ROUTES, AuthorizationPage


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
            seller = _seller(world, request)
            faults = world.faults.take_request(request.method, request.path, seller)
        for fault in faults:
            if fault.kind == "latency":
                fault.lifted.wait(fault.seconds)
        fault = next((f for f in faults if f.kind != "latency"), None)
        response = None
        if fault is None or fault.kind in CARRIED_OUT or fault.takes_effect:
            with simulator.lock:
                response = self._answer(simulator.world, request)
                _lay_overlays(simulator.world, request, seller, response)
        response = spoil(fault, response, request)
        with simulator.lock:
            simulator.log.add(
                request,
                response.status_code if response else None,
                trace_id,
                wire_time(simulator.clock.now()),
                fault and fault.kind,
            )
        if response is None:
            hang_up(request)
        if fault is None or fault.kind != "gatekeeper":  # it never reached Allegro
            response.headers["trace-id"] = trace_id
        if fault is not None and fault.kind == "drip":
            drip(fault, response, request)
            hang_up(request)
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


def _seller(world, request):
    """Whom the request is about: login, or None."""
    _kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if request.path.startswith("/auth/oauth/"):
        token = request.form.get("refresh_token", "")
    return world.tokens.seller_of(token)


def _lay_overlays(world, request, seller, response):
    if response.status_code >= 300:
        return
    for fault in world.faults.overlays(request.method, request.path, seller):
        if lay_over(fault, response):
            world.faults.count(fault)
