"""The HTTP server, in a thread of its own: addresses, tokens, sessions, faults."""

import base64
import contextlib
import hashlib
import itertools
import re
import socket
import threading
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from . import keys
from .answers import error, json_answer
from .invoice import ACCEPTED, DUPLICATE, UNDER_WAY, WRONG, Invoice, why_wrong

_ROUTES = Map(
    [
        Rule("/security/public-key-certificates", endpoint="public_keys"),
        Rule("/auth/challenge", endpoint="challenge", methods=["POST"]),
        Rule("/auth/xades-signature", endpoint="sign_in", methods=["POST"]),
        Rule("/auth/token/redeem", endpoint="redeem", methods=["POST"]),
        Rule("/auth/token/refresh", endpoint="refreshed", methods=["POST"]),
        Rule("/auth/<reference>", endpoint="signed_in", methods=["GET"]),
        Rule("/sessions/online", endpoint="open_session", methods=["POST"]),
        Rule("/sessions/online/<session>/invoices", endpoint="send", methods=["POST"]),
        Rule("/sessions/online/<session>/close", endpoint="close", methods=["POST"]),
        Rule("/sessions/<session>", endpoint="session_status", methods=["GET"]),
        Rule("/sessions/<session>/invoices", endpoint="listed", methods=["GET"]),
        Rule(
            "/sessions/<session>/invoices/<reference>",
            endpoint="invoice_status",
            methods=["GET"],
        ),
        Rule(
            "/sessions/<session>/invoices/<reference>/upo",
            endpoint="receipt",
            methods=["GET"],
        ),
        Rule("/invoices/ksef/<number>", endpoint="file", methods=["GET"]),
    ]
)
_PUBLIC = ("public_keys", "challenge", "sign_in")
_PAGE = 2


@dataclass
class Fault:
    """What goes wrong with the next requests that match.

    :ivar pattern: of ``METHOD /path``
    :ivar status: HTTP status to answer with; None: no answer at all
    :ivar is_carried_out: what was asked for is done first
    """

    pattern: str
    status: int | None = None
    is_carried_out: bool = False
    times: int = 1
    headers: dict = field(default_factory=dict)
    body: dict | str | None = None


@dataclass
class Session:
    reference: str
    key: bytes
    iv: bytes
    is_open: bool = True
    invoices: list = field(default_factory=list)


class _QuietHandler(WSGIRequestHandler):
    disable_nagle_algorithm = True

    def log(self, type, message, *args):  # noqa: A002 - werkzeug's own name
        """What was asked is in ``requests``."""


class FakeKsef:
    """A running KSeF; use as a context manager.

    :ivar slowness: so often an invoice is still under way when it is asked about
    :ivar verdict: status that the next invoices get instead of being taken
    :ivar requests: ``METHOD /path`` of every request
    """

    def __init__(self):
        self.lock = threading.RLock()
        self.slowness = 0
        self.verdict = None
        self.faults = []
        self.requests = []
        self.sessions = {}
        self._numbers = itertools.count(1)
        self._challenges = set()
        self._signing_in = {}
        self._access, self._refresh_tokens = set(), set()
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_QuietHandler
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.port}"

    # What a test looks at, and does

    @property
    def invoices(self):
        """Every file that arrived, in order."""
        return [
            invoice
            for session in self.sessions.values()
            for invoice in session.invoices
        ]

    @property
    def accepted(self):
        return [invoice for invoice in self.invoices if invoice.ksef_number]

    def goes_wrong(self, pattern, **values):
        self.faults.append(Fault(pattern, **values))

    def access_ends(self, *, for_good=False):
        """The access token is over; for good: so is what renews it."""
        with self.lock:
            self._access.clear()
            if for_good:
                self._refresh_tokens.clear()

    def asked(self, pattern):
        return [line for line in self.requests if re.fullmatch(pattern, line)]

    # Serving

    def _serve(self, environ, start_response):
        request = Request(environ)
        request.get_data()
        line = f"{request.method} {request.path}"
        with self.lock:
            self.requests.append(line)
            fault = self._fault(line)
            answer = None
            if fault is None or fault.is_carried_out:
                answer = self._answer(request)
            if fault is not None:
                answer = self._spoilt(fault, environ)
        return answer(environ, start_response)

    def _fault(self, line):
        for fault in self.faults:
            if fault.times and re.fullmatch(fault.pattern, line):
                fault.times -= 1
                return fault
        return None

    @staticmethod
    def _spoilt(fault, environ):
        if fault.status is None:
            with contextlib.suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        if isinstance(fault.body, str):
            return Response(fault.body, fault.status, fault.headers, "text/html")
        answer = json_answer(fault.body or {}, fault.status)
        answer.headers.extend(fault.headers)
        return answer

    def _answer(self, request):
        try:
            endpoint, arguments = _ROUTES.bind("ksef").match(
                request.path, request.method
            )
            self._check_token(endpoint, request)
            return getattr(self, f"_{endpoint}")(request, **arguments)
        except HTTPException as problem:
            return problem.get_response()

    def _check_token(self, endpoint, request):
        if endpoint in _PUBLIC:
            return
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        valid = {
            "redeem": self._signing_in,
            "signed_in": self._signing_in,
            "refreshed": self._refresh_tokens,
        }.get(endpoint, self._access)
        if token not in valid:
            error(401, 21301, "Brak autoryzacji.")

    def _new(self, kind):
        return f"20260910-{kind}-{next(self._numbers):010X}"

    # Signing in

    def _public_keys(self, request):
        own = keys.certificate(keys.own_key(), "Fake KSeF").public_bytes(Encoding.DER)
        return json_answer(
            [
                {
                    "certificate": base64.b64encode(own).decode(),
                    "usage": ["SymmetricKeyEncryption", "KsefTokenEncryption"],
                }
            ]
        )

    def _challenge(self, request):
        challenge = self._new("CR")
        self._challenges.add(challenge)
        return json_answer({"challenge": challenge})

    def _sign_in(self, request):
        root = etree.fromstring(request.get_data())
        challenge = root.findtext("{*}Challenge")
        if challenge not in self._challenges or not keys.is_signed(root):
            error(400, 21111, "Nieprawidłowe wyzwanie autoryzacyjne.")
        self._challenges.remove(challenge)
        reference, token = self._new("AU"), self._new("AT")
        self._signing_in[token] = reference
        return json_answer(
            {"referenceNumber": reference, "authenticationToken": {"token": token}}, 202
        )

    def _signed_in(self, request, reference):
        return json_answer({"status": {"code": 200, "description": "Sukces"}})

    def _redeem(self, request):
        access, refresh = self._new("AC"), self._new("RE")
        self._access.add(access)
        self._refresh_tokens.add(refresh)
        return json_answer(
            {"accessToken": {"token": access}, "refreshToken": {"token": refresh}}
        )

    def _refreshed(self, request):
        access = self._new("AC")
        self._access.add(access)
        return json_answer({"accessToken": {"token": access}})

    # Sessions

    def _session(self, reference):
        if reference not in self.sessions:
            error(404, 21173, f"Brak sesji o numerze referencyjnym {reference}.")
        return self.sessions[reference]

    def _open_session(self, request):
        encryption = request.json["encryption"]
        session = Session(
            self._new("SO"),
            keys.decrypt_key(encryption["encryptedSymmetricKey"]),
            base64.b64decode(encryption["initializationVector"]),
        )
        self.sessions[session.reference] = session
        return json_answer({"referenceNumber": session.reference}, 201)

    def _session_status(self, request, session):
        is_open = self._session(session).is_open
        return json_answer({"status": {"code": 100 if is_open else 200}})

    def _close(self, request, session):
        self._session(session).is_open = False
        return Response(status=204)

    def _send(self, request, session):
        session = self._session(session)
        if not session.is_open:
            error(400, 21180, "Status sesji uniemożliwia wykonanie operacji.")
        body = request.json
        encrypted = base64.b64decode(body["encryptedInvoiceContent"])
        content = keys.decrypt(encrypted, session.key, session.iv)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        if digest != body["invoiceHash"] or len(content) != body["invoiceSize"]:
            error(400, 21405, "Błąd walidacji danych wejściowych.")
        invoice = Invoice(self._new("EE"), session.reference, content)
        self._judge(invoice)
        session.invoices.append(invoice)
        return json_answer({"referenceNumber": invoice.reference}, 202)

    def _judge(self, invoice):
        """What it will be told once it is no longer under way."""
        first = next((i for i in self.accepted if i.key == invoice.key), None)
        wrong = why_wrong(invoice)
        if self.verdict:
            invoice.status = self.verdict
        elif wrong:
            invoice.status = {**WRONG, "details": wrong}
        elif first:
            extensions = {
                "originalSessionReferenceNumber": first.session,
                "originalKsefNumber": first.ksef_number,
            }
            invoice.status = {
                **DUPLICATE,
                "details": ["Duplikat faktury."],
                "extensions": extensions,
            }
        else:
            invoice.status = ACCEPTED
            number = next(self._numbers)
            invoice.ksef_number = f"{invoice.text('NIP')}-20260910-{number:012X}-3F"

    # Invoices

    def _told(self, invoice):
        if invoice.asked <= self.slowness:
            return {**invoice.as_json(), "ksefNumber": None, "status": UNDER_WAY}
        return invoice.as_json()

    def _invoice(self, session, reference):
        for invoice in self._session(session).invoices:
            if invoice.reference == reference:
                return invoice
        return error(404, 21173, f"Brak faktury o numerze referencyjnym {reference}.")

    def _invoice_status(self, request, session, reference):
        invoice = self._invoice(session, reference)
        invoice.asked += 1
        return json_answer(self._told(invoice))

    def _listed(self, request, session):
        """Page by page: small pages here, so that a reader has to turn them."""
        invoices = self._session(session).invoices
        start = int(request.headers.get("x-continuation-token") or 0)
        page, following = invoices[start : start + _PAGE], start + _PAGE
        token = str(following) if following < len(invoices) else None
        listed = [self._told(invoice) for invoice in page]
        return json_answer({"invoices": listed, "continuationToken": token})

    def _receipt(self, request, session, reference):
        invoice = self._invoice(session, reference)
        if not invoice.ksef_number:
            error(404, 21178, "Nie znaleziono UPO.")
        return Response(
            f"<Potwierdzenie>{invoice.ksef_number}</Potwierdzenie>",
            mimetype="application/xml",
        )

    def _file(self, request, number):
        for invoice in self.accepted:
            if invoice.ksef_number == number:
                return Response(invoice.content, mimetype="application/xml")
        raise NotFound
