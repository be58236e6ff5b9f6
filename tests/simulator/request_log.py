"""What clients sent, without their secrets, for tests to look at."""

from collections import deque

KEPT = 20_000
_LONGEST_BODY = 20_000
_SECRET_HEADERS = {"authorization", "cookie"}
_SECRET_FIELDS = {
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
}


class RequestLog:
    """The newest requests; the oldest fall out when there are too many."""

    def __init__(self):
        self._entries = deque(maxlen=KEPT)

    def clear(self):
        self._entries.clear()

    def add(self, request, status, trace_id, at, fault=None):
        """
        :param status: of the answer, None when none was sent
        :param fault: kind of the fault that met the request
        """
        self._entries.append(
            {
                "at": at,
                "method": request.method,
                "path": request.path,
                "query": _without_secrets(request.args),
                "headers": _headers(request),
                "body": _body(request),
                "status": status,
                "trace_id": trace_id,
                "fault": fault,
            }
        )

    def entries(self):
        return list(self._entries)


def _headers(request):
    return {
        name: value.split(" ")[0] + " ***" if name.lower() in _SECRET_HEADERS else value
        for name, value in request.headers.items()
    }


def _without_secrets(fields):
    """Pairs in their order: a name may come several times."""
    return [
        [name, "***" if name in _SECRET_FIELDS else value]
        for name, value in fields.items(multi=True)
    ]


def _body(request):
    """JSON as JSON, a form as its fields, a file as its name and size."""
    if request.files:
        return {
            "fields": _without_secrets(request.form),
            "files": [
                {
                    "field": field,
                    "name": file.filename,
                    "type": file.content_type,
                }
                for field, file in request.files.items(multi=True)
            ],
        }
    if request.form:
        return _without_secrets(request.form)
    raw = request.get_data()
    if not raw:
        return None
    is_json = (request.mimetype or "").endswith("json")
    if is_json and len(raw) <= _LONGEST_BODY:
        try:
            return request.get_json(force=True)
        except Exception:  # whatever it is, it stays readable as text
            pass
    if request.mimetype == "application/pdf":
        return {"size": len(raw)}
    return raw[:_LONGEST_BODY].decode("utf-8", "replace")
