"""Allegro's demands on the headers of a request (digest section 2)."""

import re

from .answers import MEDIA_TYPE
from .errors import ApiError

#: ``Name/Version (+https://address)``; more may follow.
_USER_AGENT = re.compile(r"[^/()]+/\S+ \(\+https://[^\s()]+\)")


def check_user_agent(request):
    """Demanded since the end of June 2026 (issues 13126 and 13527)."""
    if not _USER_AGENT.match(request.headers.get("User-Agent", "")):
        raise ApiError(
            403,
            "InvalidUserAgent",
            "User-Agent header must look like: AppName/Version (+https://docs-url)",
        )


def check_accept(request):
    accepted = request.headers.get("Accept", "").split(",")
    if MEDIA_TYPE not in (part.split(";")[0].strip() for part in accepted):
        raise ApiError(
            406,
            "NotAcceptableException",
            "Not acceptable representation requested."
            " Please check 'Accept' request header",
        )


def check_content_type(request, expected):
    if request.mimetype != expected:
        raise ApiError(
            415,
            "NotSupportedException",
            "Unsupported content type. Please check 'Content-Type' request header",
        )


def language(request):
    return (
        request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    )
