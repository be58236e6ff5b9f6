"""What can go wrong with Allegro, one class for each way to react.

Source: https://developer.allegro.pl/tutorials/informacje-podstawowe-b21569boAI1
"""


class AllegroError(Exception):
    """Anything that Allegro refused, or that kept us from reaching it.

    :param message: Allegro's own words when it gave any
    :param code: Allegro's error code, such as ``CheckoutFormNotFoundException``
    :param status: HTTP status, None when there was no answer
    :param trace_id: Allegro's ``trace-id``: its support always asks for it
    """

    #: Would the same call, later, have a chance?
    retryable = False

    def __init__(self, message, *, code=None, status=None, trace_id=None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.trace_id = trace_id

    def __str__(self):
        details = [
            self.code,
            f"HTTP {self.status}" if self.status else None,
            f"trace-id {self.trace_id}" if self.trace_id else None,
        ]
        known = ", ".join(detail for detail in details if detail)
        return f"{self.message} ({known})" if known else self.message

    @property
    def for_log(self):
        """Kind and place, for a log that people without rights may read.

        The message is for the screen: it quotes values, which may be a person's.
        """
        known = [
            f"HTTP {self.status}" if self.status else None,
            f"trace-id {self.trace_id}" if self.trace_id else None,
        ]
        return ", ".join([type(self).__name__, *filter(None, known)])


class AllegroAuthorisationError(AllegroError):
    """The access token is not accepted (401): refresh it and come again."""


class AllegroKeysRefusedError(AllegroAuthorisationError):
    """Allegro doesn't know the application by its Client ID and Secret."""


class AllegroConsentLostError(AllegroAuthorisationError):
    """The refresh token is refused for good: only a new consent helps."""


class AllegroAuthorisationPending(AllegroError):
    """Device flow: the seller has not answered yet. ``slow_down``: ask less often."""

    retryable = True

    def __init__(self, message, *, slow_down=False, **details):
        super().__init__(message, **details)
        self.slow_down = slow_down


class AllegroForbiddenError(AllegroError):
    """A scope is missing, or the resource is another account's (403)."""


class AllegroNotFoundError(AllegroError):
    """Merged away, older than 12 months, or never there (404)."""


class AllegroConflictError(AllegroError):
    """Changed meanwhile, or done already (409)."""


class AllegroRejectedError(AllegroError):
    """Allegro understood and refused (other 4xx): repeating it is useless."""


class AllegroTooManyRequestsError(AllegroError):
    """Over the limit (429). ``retry_after``: seconds to leave Allegro in peace."""

    retryable = True

    def __init__(self, message, *, retry_after, **details):
        super().__init__(message, **details)
        self.retry_after = retry_after


class AllegroUnavailableError(AllegroError):
    """Allegro is down, or the network is (5xx, time-out, no connection).

    ``outcome_unknown``: the request may have taken effect although no answer came;
    ask Allegro before sending it again.
    """

    retryable = True

    def __init__(self, message, *, outcome_unknown=False, **details):
        super().__init__(message, **details)
        self.outcome_unknown = outcome_unknown

    @property
    def for_log(self):
        """All of it: the words are ours, or a server's about itself."""
        return f"{type(self).__name__}: {self}"


class AllegroDataError(AllegroError):
    """Allegro's JSON lacks something or holds nonsense.

    :param path: where, for instance ``lineItems[2].price.amount``
    :param problem: what is wrong there, without the value
    :param quoted: the value in short, None when there is none to show
    """

    def __init__(self, path, problem, *, quoted=None, **details):
        shown = problem if quoted is None else f"{quoted} {problem}"
        super().__init__(f"{path}: {shown}", **details)
        self.path = path
        self.problem = problem

    @property
    def for_log(self):
        return f"{super().for_log} at {self.path}"


class WriteHeldError(AllegroError):
    """Not sent: the seller has switched its writer off, or to shadow.

    No trouble and no refusal: what is wanted waits. ``is_shadow``: it was worked out,
    and is in the trail.
    """

    def __init__(self, writer, *, is_shadow):
        how = "in shadow mode" if is_shadow else "switched off"
        super().__init__(f"Not sent: {writer} is {how}")
        self.is_shadow = is_shadow


#: Allegro's word about one order or document: the same call later would end the same
#: way, and the others are not concerned.
REFUSALS = (
    AllegroConflictError,
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)
