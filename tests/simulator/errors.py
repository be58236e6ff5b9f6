"""Refusals in Allegro's form.

Codes and messages are those of real answers where one is known (digest section 3).
"""

from .answers import answer

_USER_MESSAGES = {
    "AccessDenied": {
        "en-US": "No access to the specified resource.",
        "pl-PL": "Brak dostępu do wskazanego zasobu.",
    },
    "CarrierIdValidationException": {
        "en-US": "Unrecognized value in the field carrierId",
        "pl-PL": "Nierozpoznana wartość w polu carrierId",
    },
    "CarrierWaybillValidationException": {
        "en-US": (
            "An error occurred. This tracking number is not valid for this carrier."
            " Changes were not saved. Try again."
        ),
        "pl-PL": (
            "Wystąpił błąd. Ten numer przesyłki jest niepoprawny dla tego przewoźnika."
            " Nie udało się zapisać zmian. Spróbuj ponownie."
        ),
    },
    "WaybillsAssignedToOrderLimitReached": {
        "en-US": (
            "An error occurred. The maximum number of tracking numbers assigned to the"
            " order has been reached."
        ),
        "pl-PL": (
            "Wystąpił błąd. Maksymalny limit przypisanych numerów przesyłki do"
            " zamówienia został osiągnięty."
        ),
    },
    "WaybillUsageLimitReached": {
        "en-US": "An error occurred. This tracking number is used in too many orders.",
        "pl-PL": (
            "Wystąpił błąd. Ten numer przesyłki jest użyty w zbyt wielu zamówieniach."
        ),
    },
    "NotAcceptableException": {
        "en-US": "The request contains incorrect data. Contact the application author.",
        "pl-PL": (
            "Zapytanie zawiera niepoprawne dane. Skontaktuj się z autorem aplikacji."
        ),
    },
    "NotAllowedException": {
        "en-US": "An error occurred",
        "pl-PL": "Wystąpił błąd",
    },
    "NotFoundException": {
        "en-US": "Function is not available. Contact the author of the application.",
        "pl-PL": "Funkcja jest niedostępna. Skontaktuj się z autorem aplikacji.",
    },
    "NotSupportedException": {
        "en-US": "Request contains invalid data. Contact the application author.",
        "pl-PL": (
            "Zapytanie zawiera niepoprawne dane. Skontaktuj się z autorem aplikacji."
        ),
    },
    "SERVICE_UNAVAILABLE": {
        "en-US": (
            "Server is unable to respond to your query. Try again in a few minutes."
        ),
        "pl-PL": "Serwer nie może odpowiedzieć. Spróbuj ponownie za kilka minut.",
    },
    "TooManyRequestsException": {
        "en-US": "Too many requests. Try again in a minute.",
        "pl-PL": "Zbyt wiele zapytań. Spróbuj ponownie za minutę.",
    },
}
_DEFAULT_LANGUAGE = "en-US"
#: The user's message is the developer's, untranslated.
SAME = object()


class ApiError(Exception):
    """
    :param user_message: text, None for null, SAME; by default the code's translation
    """

    def __init__(
        self,
        status,
        code,
        message,
        path=None,
        details=None,
        user_message=...,
    ):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.path = path
        self.details = details
        self.user_message = user_message

    def as_answer(self, language):
        error = {
            "code": self.code,
            "message": self.message,
            "details": self.details,
            "path": self.path,
            "userMessage": self._user_message(language),
            "metadata": {},
        }
        return answer({"errors": [error]}, self.status)

    def _user_message(self, language):
        if self.user_message is SAME:
            return self.message
        if self.user_message is not ...:
            return self.user_message
        texts = _USER_MESSAGES.get(self.code)
        if texts is None:
            return self.message
        return texts.get(language, texts[_DEFAULT_LANGUAGE])


class UnauthorizedError(Exception):
    """A token that is missing, unknown or out of date: 401 in OAuth's shape."""

    def __init__(self, code, description):
        super().__init__(description)
        self.code = code
        self.description = description

    def as_answer(self):
        return answer(
            {"error": self.code, "error_description": self.description}, status=401
        )


def invalid_parameter(path, message, status=422):
    return ApiError(status, "VALIDATION_ERROR", message, path=path, user_message=None)


def form_not_found(form_id, path):
    """Merged away, older than 12 months, or never there (issues 9729, 2829)."""
    return ApiError(
        404,
        "CheckoutFormNotFoundException",
        f"Checkout form {form_id} not found",
        path=path,
        user_message=SAME,
    )


def order_of_another_account(form_id, path):
    """Issue 7946."""
    return ApiError(
        403,
        "SellerOrdersStoreForbiddenException",
        f"Forbidden status change for order id {form_id}.",
        path=path,
        user_message=SAME,
    )


def bad_payload(path):
    """A body that is not JSON, or not of the expected shape (issue 3591)."""
    return ApiError(400, "ERROR", "An error has occurred", path=path, user_message=None)


def outdated_revision(form_id, path):
    """The buyer has changed the order meanwhile."""
    return ApiError(
        409,
        "SellerOrdersStoreConflictException",
        f"Provided revision of order {form_id} is outdated",
        path=path,
        user_message=SAME,
    )


def status_not_set(path, message):
    """A status that can't be set, or too many changes (issues 3652, 11908)."""
    return ApiError(
        422,
        "SellerOrdersStoreUnprocessableEntityException",
        message,
        path=path,
        user_message=None,
    )


def waybill_used_too_often():
    return ApiError(409, "WaybillUsageLimitReached", "Maximum waybill usage exceeded")


def invoice_still_scanned(form_id, path, status):
    """The words are those of issue 9334; the code is not known.

    :param status: 422 says the contract, 409 the staff (issues 8507, 12721)
    """
    return ApiError(
        status,
        "FILE-IN-SCANNING",
        f"Security scan for SELLER invoice in given order [{form_id}] is in progress.",
        path=path,
        user_message=SAME,
    )
