"""What Allegro's own refusal of a status usually says, for each of its resources."""

from .errors import (
    ApiError,
    UnauthorizedError,
    form_not_found,
    invoice_still_scanned,
    outdated_revision,
    status_not_set,
    waybill_used_too_often,
)
from .routes import AuthorizationPage, find_resource

_ANYWHERE = {
    403: ("AccessDenied", "Access is denied"),
    429: ("TooManyRequestsException", "Too many requests"),
    503: ("SERVICE_UNAVAILABLE", "Service unavailable."),
}


def usual_refusal(status, request):
    """The answer of Allegro when it refuses this request with this status."""
    if status == 401:
        return UnauthorizedError("invalid_token", "Invalid access token").as_answer()
    form_id = _form_id(request)
    error = _of_an_order(status, form_id, request.path) if form_id else None
    if error is None:
        code, message = _ANYWHERE.get(status, ("ERROR", "An error has occurred"))
        error = ApiError(status, code, message)
    return error.as_answer("en-US")


def _of_an_order(status, form_id, path):
    """None when Allegro has no words of its own for it."""
    if status == 404:
        return form_not_found(form_id, path)
    if path.endswith("/fulfillment"):
        return {
            409: outdated_revision(form_id, path),
            422: status_not_set(path, None),
        }.get(status)
    if status == 409 and path.endswith("/shipments"):
        return waybill_used_too_often()
    if status == 409 and path.endswith(("/invoices", "/files")):
        return invoice_still_scanned(form_id, path, status)
    return None


def _form_id(request):
    """Of the order that the request is about; None when it is about none."""
    resource, arguments = find_resource(request)
    if resource is None or isinstance(resource, AuthorizationPage):
        return None
    return arguments.get("form_id")
