"""A server that drips is left when the time of the whole exchange is over."""

import datetime
import ipaddress
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from allegro import deadline, errors, http
from allegro.client import AllegroClient
from allegro.oauth import OAuth
from tests.scopes import SCOPES
from tests.simulator.driver import USER_AGENT

from .wire import Wire, http_answer

#: Each byte comes long before anybody would lose patience with the next.
_DRIP = 0.02
_LONGEST = 0.4
_ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000
_ENDLESS_HEADS = b"HTTP/1.1 100 Continue\r\n\r\n" * 1000
_ENDLESS_BODY = http_answer(b" " * 10_000)
_ENDLESS_CHUNKS = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 2000
)
_ENDLESS_SIZE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 10_000
_ENDLESS = [
    _ENDLESS_HEAD,
    _ENDLESS_HEADS,
    _ENDLESS_BODY,
    _ENDLESS_CHUNKS,
    _ENDLESS_SIZE,
]


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(http, "LONGEST_EXCHANGE", _LONGEST)


@pytest.fixture
def session():
    with http.new_session(USER_AGENT) as session:
        yield session


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A server's context, and the file with the certificate that it shows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "wire")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    shown, secret = folder / "certificate.pem", folder / "key.pem"
    pem = serialization.Encoding.PEM
    shown.write_bytes(certificate.public_bytes(pem))
    secret.write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    return context, str(shown)


def _left_in_time(call, *args, **kwargs):
    started = time.monotonic()
    with pytest.raises(errors.AllegroUnavailableError) as caught:
        call(*args, **kwargs)
    assert time.monotonic() - started < _LONGEST + 1
    return caught.value


@pytest.mark.parametrize("answer", _ENDLESS)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_whatever_drips_is_left(session, method, answer):
    with Wire(answer, drip=_DRIP) as wire:
        error = _left_in_time(http.send, session, method, wire.url)
    assert error.outcome_unknown is (method == "PUT")
    # it was the server who took too long: not a thing to repeat at once
    assert len(wire.heads) == 1


@pytest.mark.parametrize("answer", [_ENDLESS_HEAD, _ENDLESS_BODY])
def test_it_is_left_over_tls_too(session, tls, answer, monkeypatch):
    context, certificate = tls
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    with Wire(http_answer(b'{"a": 1}'), tls=context) as wire:
        assert http.send(session, "GET", wire.url).body == {"a": 1}
    with Wire(answer, drip=_DRIP, tls=context) as wire:
        _left_in_time(http.send, session, "GET", wire.url)


def test_a_server_that_does_not_listen_to_the_end_is_left(session):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        content = bytes(64 * 1024 * 1024)
        error = _left_in_time(http.send, session, "PUT", url, data=content)
    assert error.outcome_unknown is True


@pytest.mark.parametrize(
    "half", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_repetitions_share_the_time(session, monkeypatch, half):
    monkeypatch.setattr(http, "READ_ATTEMPTS", 100_000)
    with Wire(half) as wire:
        _left_in_time(http.send, session, "GET", wire.url)
    assert 1 < len(wire.heads) < http.READ_ATTEMPTS


def test_the_consent_server_is_left_too():
    with Wire(_ENDLESS_BODY, drip=_DRIP) as wire:
        oauth = OAuth(wire.url, "id", "secret", USER_AGENT)
        assert _left_in_time(oauth.refresh, "token").outcome_unknown is True
        _left_in_time(oauth.start_device, SCOPES)


def test_each_of_several_threads_has_its_own_time():
    with (
        Wire(_ENDLESS_BODY, drip=_DRIP) as slow,
        AllegroClient(slow.url, "token", USER_AGENT) as client,
        ThreadPoolExecutor(3) as pool,
    ):
        calls = [pool.submit(_left_in_time, client.seller) for _ in range(3)]
        assert all(call.result() for call in calls)


def test_a_connection_of_an_earlier_exchange_has_its_time_anew(simulator, client):
    for _ in range(4):
        simulator.fault("latency", seconds=_LONGEST / 2, times=1)
        assert client.seller().login == "czesci_pewne"


def test_who_answers_slowly_but_in_time_is_heard(session):
    with Wire(http_answer(b'{"a": 1}'), drip=0.002) as wire:
        assert http.send(session, "GET", wire.url).body == {"a": 1}


def test_the_time_is_over_once_and_for_all():
    assert deadline.time_left() is None
    with deadline.within(10):
        assert 9 < deadline.time_left() <= 10
    assert deadline.time_left() is None


def test_a_proxy_is_no_way_round(session):
    adapter = session.get_adapter("https://api.allegro.pl")
    manager = adapter.proxy_manager_for("http://127.0.0.1:3128")
    pools = {adapter.poolmanager, manager}
    for pool in [p.connection_from_url("https://allegro.example/") for p in pools]:
        assert pool.ConnectionCls.response_class is deadline._Response
        assert issubclass(pool.ConnectionCls, deadline._Timed)


def test_a_real_exchange_has_time_for_an_invoice_on_a_slow_line(monkeypatch):
    monkeypatch.undo()
    assert 60 <= http.LONGEST_EXCHANGE <= 180
