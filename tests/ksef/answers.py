"""Answers in KSeF's form."""

import json

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response


def json_answer(body, status=200):
    return Response(json.dumps(body), status, mimetype="application/json")


def error_body(code, description, *details):
    reason = {
        "exceptionCode": code,
        "exceptionDescription": description,
        "details": list(details),
    }
    return {"exception": {"exceptionDetailList": [reason]}}


def error(status, code, description):
    """:raises HTTPException: which answers with KSeF's form of an error"""
    raise HTTPException(response=json_answer(error_body(code, description), status))
