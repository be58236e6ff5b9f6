"""9000 requests a minute for each client id, then a minute's block (Allegro's FAQ)."""

from datetime import timedelta

from .errors import ApiError

PER_MINUTE = 9000
_WINDOW = timedelta(minutes=1)


class RateLimit:
    def __init__(self, clock):
        self._clock = clock
        self.per_minute = PER_MINUTE
        self._windows = {}
        self._blocked_until = {}

    def count(self, client_id):
        """
        :raises ApiError: 429 above the limit, and for the minute that follows
        """
        now = self._clock.now()
        if now < self._blocked_until.get(client_id, now):
            raise self._refusal()
        since, count = self._windows.get(client_id, (now, 0))
        if now - since >= _WINDOW:
            since, count = now, 0
        self._windows[client_id] = (since, count + 1)
        if count + 1 > self.per_minute:
            self._blocked_until[client_id] = now + _WINDOW
            raise self._refusal()

    @staticmethod
    def _refusal():
        return ApiError(429, "TooManyRequestsException", "Too many requests")
