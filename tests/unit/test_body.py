"""How large an answer may be, packed or not."""

import gzip
import json
import tracemalloc
import zlib

import pytest

from allegro import body, errors, http
from tests.simulator.driver import USER_AGENT

from .wire import Wire, http_answer

_MB = 1024 * 1024
_GZIP = "Content-Encoding: gzip"


@pytest.fixture
def session():
    with http.new_session(USER_AGENT) as session:
        yield session


def _bomb(megabytes):
    """Some kB of gzip that hold so many MB of blanks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [packer.compress(b" " * _MB) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


def _get(session, *answer, **how):
    with Wire(http_answer(*answer), **how) as wire:
        return http.send(session, "GET", wire.url), wire


def _error(session, *answer):
    with Wire(http_answer(*answer)) as wire:
        with pytest.raises(errors.AllegroUnavailableError) as caught:
            http.send(session, "GET", wire.url)
    return caught.value, len(wire.heads)


def test_a_packed_answer_is_unpacked(session):
    said = {"orders": ["zażółć"] * 10_000}
    packed = gzip.compress(json.dumps(said).encode())
    for encoding in (_GZIP, "Content-Encoding: x-gzip", "content-encoding:  GZIP"):
        answer, wire = _get(session, packed, encoding)
        assert answer.body == said
        assert "Accept-Encoding: gzip\r\n" in wire.heads[0]


def test_an_answer_that_says_it_is_not_packed_is_not(session):
    assert _get(session, b'{"a": 1}', "Content-Encoding: identity")[0].body == {"a": 1}


def test_a_packed_answer_in_chunks_is_unpacked(session):
    packed = gzip.compress(b'{"a": 1}')
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in packed) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + _GZIP.encode()
    with Wire(head + b"\r\n\r\n" + chunks) as wire:
        assert http.send(session, "GET", wire.url).body == {"a": 1}


def test_a_few_kilobytes_do_not_become_gigabytes(session):
    bomb = _bomb(256)
    assert len(bomb) < _MB
    tracemalloc.start()
    try:
        error, attempts = _error(session, bomb, _GZIP)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "UselessBodyError" in error.message
    assert attempts == 1
    assert most < 2.5 * body.MAX_BYTES


def test_a_bomb_within_a_bomb_is_not_even_begun(session):
    twice = gzip.compress(_bomb(64))
    for packing in ("gzip, gzip", "deflate", "br", "zstd", "gzip;q=1"):
        error, attempts = _error(session, twice, f"Content-Encoding: {packing}")
        assert "UselessBodyError" in error.message
        assert attempts == 1


def test_what_is_not_packed_has_the_same_limit(session, monkeypatch):
    monkeypatch.setattr(body, "MAX_BYTES", 1000)
    assert _get(session, b'"' + b"x" * 998 + b'"')[0].body == "x" * 998
    error, attempts = _error(session, b'"' + b"x" * 999 + b'"')
    assert "UselessBodyError" in error.message
    assert attempts == 1


def test_the_limit_is_of_what_is_unpacked(session, monkeypatch):
    monkeypatch.setattr(body, "MAX_BYTES", 1000)
    fits = gzip.compress(b'"' + b"x" * 998 + b'"')
    assert _get(session, fits, _GZIP)[0].body == "x" * 998
    error, attempts = _error(session, gzip.compress(b'"' + b"x" * 999 + b'"'), _GZIP)
    assert "UselessBodyError" in error.message
    assert attempts == 1


def test_what_comes_behind_a_packed_answer_is_not_collected(session, monkeypatch):
    monkeypatch.setattr(body, "MAX_BYTES", 100_000)
    packed = gzip.compress(b'{"a": 1}')
    for behind in (b"x", bytes(200_000), gzip.compress(b"{}")):
        error, attempts = _error(session, packed + behind, _GZIP)
        assert "UselessBodyError" in error.message
        assert attempts == 1


def test_half_a_packed_answer_is_asked_for_again(session):
    packed = gzip.compress(json.dumps(["x"] * 1000).encode())
    assert _error(session, packed[:-9], _GZIP)[1] == http.READ_ATTEMPTS


def test_a_packed_answer_may_be_empty(session):
    with Wire(http_answer(b"", _GZIP, status="204 No Content")) as wire:
        assert http.send(session, "PUT", wire.url).body is None
