"""KSeF, the ministry's system for invoices, asked through Odoo's own client.

Odoo's client says of everything that goes wrong that the user made a mistake. Here it
is told apart who is to blame, and whether what was sent may have arrived; and KSeF is
asked what Odoo's client does not ask. The API: https://api.ksef.mf.gov.pl/docs/v2
"""

import base64
import hashlib
import re
from urllib.parse import quote

import requests

from odoo.exceptions import UserError

from odoo.addons.l10n_pl_edi.tools.ksef_api_service import KsefApiService

#: Fields of the company that hold its session at KSeF.
_SESSION = (
    "l10n_pl_edi_session_id",
    "l10n_pl_edi_session_key",
    "l10n_pl_edi_session_iv",
)
#: Invoices on one page of a session's list: the most that KSeF gives.
_PAGE = 1000
#: What is kept of KSeF's own words.
_LONGEST_WORDS = 500
#: So KSeF says that a session is over.
_SESSION_IS_OVER = 21180


class KsefTroubleError(Exception):
    """KSeF, or the company's access to it, is in trouble: come again later.

    :ivar is_unknown: what was sent may have arrived all the same
    :ivar retry_after: seconds that KSeF wants to be left alone, or None
    """

    def __init__(self, message, *, is_unknown=False, retry_after=None):
        super().__init__(message)
        self.is_unknown = is_unknown
        self.retry_after = retry_after


class KsefRefusedError(Exception):
    """KSeF said no to what it was asked, and will say so again.

    :ivar status: of HTTP
    :ivar code: KSeF's own number of the reason, or None
    """

    def __init__(self, message, status, code=None):
        super().__init__(message)
        self.status = status
        self.code = code


class _AccessError(KsefTroubleError):
    """The company's tokens are over."""


class Ksef:
    """A company's access to KSeF.

    :raises KsefTroubleError: every method, also without a certificate or a token
    :raises KsefRefusedError: every method
    """

    def __init__(self, company):
        self.company = company.sudo()
        self.env = company.env
        if not self.company.l10n_pl_edi_certificate:
            raise KsefTroubleError(
                self.env._("The company has no KSeF certificate: see the settings.")
            )
        self._service = KsefApiService(self.company)
        self._is_renewed = False

    def open(self):
        """Use the open session, or open one."""
        if self.session_id:
            try:
                self._ask(self._service.open_ksef_session)
                return
            except KsefRefusedError:
                # KSeF does not know it any more
                self.forget_session()
        try:
            self._ask(self._service.open_ksef_session)
        except KsefRefusedError as error:
            raise KsefTroubleError(str(error)) from error

    @property
    def session_id(self):
        return self.company.l10n_pl_edi_session_id

    def forget_session(self):
        """The next documents go by a new one."""
        self.company.write(dict.fromkeys(_SESSION, False))

    def send(self, content):
        """Hand over a file.

        :param content: bytes
        :return: KSeF's reference
        """
        try:
            answer = self._ask(self._service.send_invoice, content)
        except KsefRefusedError as error:
            if error.status != 403 and error.code != _SESSION_IS_OVER:
                raise
            self.forget_session()
            raise KsefTroubleError(str(error)) from error
        reference = answer.get("referenceNumber")
        if not reference:
            raise self._unreadable()
        return reference

    def status(self, session_id, reference):
        """What has become of a file, as KSeF tells it: a dict."""
        return self._ask(
            self._service.get_invoice_status, reference, session_id=session_id
        )

    def find(self, session_id, content):
        """Look in a session for a file of which it is not known whether it arrived.

        ``get_invoices_status`` of Odoo's client has another address than KSeF's, and
        knows the open session only.

        :return: as :meth:`status` does; None when it is not there
        """
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        token = None
        while True:
            invoices, token = self._get_page(session_id, token)
            for invoice in invoices:
                if invoice.get("invoiceHash") == digest:
                    return invoice
            if not token:
                return None

    def original(self, ksef_number):
        """The file that has a number in KSeF.

        :param ksef_number: or None
        :return: bytes; None where there is none, or KSeF does not show it
        """
        if not ksef_number:
            return None
        number = quote(str(ksef_number), safe="")
        address = f"{self._service.api_url}/invoices/ksef/{number}"
        try:
            return self._ask(self._service._make_request, "GET", address).content
        except KsefRefusedError:
            return None

    def _get_page(self, session_id, token):
        headers = {"x-continuation-token": token} if token else {}
        address = f"{self._service.api_url}/sessions/{session_id}/invoices"
        answer = self._ask(
            lambda: self._service._make_request(
                "GET", address, params={"pageSize": _PAGE}, headers=headers
            ).json()
        )
        try:
            return list(answer["invoices"]), answer.get("continuationToken")
        except (KeyError, TypeError) as error:
            # no list is not an empty list: nothing may be sent again by it
            raise self._unreadable() from error

    def _unreadable(self):
        return KsefTroubleError(
            self.env._("KSeF's answer can't be read."), is_unknown=True
        )

    def _ask(self, question, *arguments, **options):
        try:
            return self._try(question, *arguments, **options)
        except _AccessError:
            if self._is_renewed:
                raise
            self._renew_access()
            return self._try(question, *arguments, **options)

    def _try(self, question, *arguments, **options):
        try:
            return question(*arguments, **options)
        except (UserError, requests.RequestException) as error:
            raise self._understood(error) from error

    def _renew_access(self):
        """Sign in by the certificate once more, as the settings do.

        The tokens last a week, and nobody looks at the settings every week.
        """
        self._is_renewed = True
        settings = self.env["res.config.settings"].sudo().with_company(self.company)
        form = settings.new({"company_id": self.company.id})
        try:
            self._try(form._l10n_pl_edi_ksef_authenticate)
        except KsefRefusedError as error:
            raise self._without_access(error) from error
        self._service.refresh_token = self.company.l10n_pl_edi_refresh_token

    def _understood(self, error):
        cause = _cause(error)
        if cause is None:
            # Odoo's client found something missing before it asked
            return KsefTroubleError(str(error))
        answer = cause.response
        if answer is None:
            return KsefTroubleError(
                self.env._("KSeF does not answer."), is_unknown=True
            )
        words, code = _words(answer)
        status = answer.status_code
        if status == 429:
            return KsefTroubleError(
                self.env._("KSeF asks for a pause."),
                retry_after=_seconds(answer.headers.get("Retry-After")),
            )
        if status == 401:
            return self._without_access(words)
        if status >= 500 or not words:
            # not in KSeF's own form: what stands before it answered
            return KsefTroubleError(
                self.env._("KSeF is out of order (%(status)s).", status=status),
                is_unknown=True,
            )
        return KsefRefusedError(words, status, code)

    def _without_access(self, words):
        return _AccessError(
            self.env._(
                "KSeF does not accept the company's access. Renew it: choose the"
                " certificate once more in the settings. %(words)s",
                words=words,
            ).strip()
        )


def is_same_document(content, other):
    """Are two files the same but for the moment at which they were made?"""
    made = re.compile(rb"<DataWytworzeniaFa>[^<]*</DataWytworzeniaFa>")
    return made.sub(b"", content) == made.sub(b"", other)


def status_of(answer):
    """``status`` of KSeF's answer: a dict of code, description, details, extensions."""
    status = answer.get("status") if isinstance(answer, dict) else None
    return status if isinstance(status, dict) else {}


def answer_words(status):
    """What KSeF says of a file, in its own words.

    :param status: ``status`` of its answer: code, description, details
    """
    details = [text for text in status.get("details") or () if isinstance(text, str)]
    said = ": ".join([str(status.get("description") or ""), *details])
    return said.strip(": ")[:_LONGEST_WORDS]


def _cause(error):
    """The HTTP error behind what Odoo's client raised."""
    while error is not None and not isinstance(error, requests.RequestException):
        error = error.__cause__ or error.__context__
    return error


def _words(answer):
    """KSeF's reasons and the number of the first; nothing of what is not KSeF's."""
    try:
        body = answer.json()
    except ValueError:
        return "", None
    try:
        reasons = body["exception"]["exceptionDetailList"]
        texts = [
            text
            for reason in reasons
            for text in (
                str(reason.get("exceptionDescription") or ""),
                *map(str, reason.get("details") or ()),
            )
        ]
        words, code = " ".join(filter(None, texts)), reasons[0]["exceptionCode"]
    except (LookupError, TypeError, AttributeError):
        words, code = str(body), None
    return words[:_LONGEST_WORDS], code


def _seconds(text):
    return int(text) if (text or "").isdecimal() else None
