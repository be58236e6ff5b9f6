"""Answers in Allegro's form."""

import json

from werkzeug.wrappers import Response

MEDIA_TYPE = "application/vnd.allegro.public.v1+json"


def answer(body, status=200):
    """JSON of the versioned media type."""
    return Response(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type=f"{MEDIA_TYPE};charset=UTF-8",
    )


def empty(status=204):
    return Response(b"", status=status)


def plain_json(body, status=200):
    """Unversioned JSON: of the authorization server and of the control interface."""
    return Response(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type="application/json;charset=UTF-8",
    )


def html(page, status=200):
    return Response(page, status=status, content_type="text/html;charset=UTF-8")
