"""The body of an answer: whole, and never larger than makes sense.

It is unpacked here, a piece at a time: the urllib3 of many an Odoo unpacks a piece all
at once, and gzip makes a thousand bytes of one.
"""

import zlib

import requests

#: The longest order is some 100 kB; more than this is not an answer of Allegro.
MAX_BYTES = 32 * 1024 * 1024
_PIECE = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class UselessBodyError(requests.RequestException):
    """An answer that is no use however often it is asked for."""


def read_body(response):
    """
    :param response: of ``requests``, asked for with ``stream=True``
    :return: bytes
    :raises UselessBodyError: when it is too large, or packed in an unknown way
    :raises requests.RequestException: when it is cut short
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        body = b"".join(_pieces(response))
    elif encoding in ("gzip", "x-gzip"):
        body = _unpacked(_pieces(response))
    else:
        raise UselessBodyError("answer packed in an unknown way")
    if _is_cut_short(response):
        raise requests.exceptions.ChunkedEncodingError("answer cut short")
    return body


def _pieces(response):
    """The body as it came over the wire."""
    size = 0
    while piece := response.raw.read(_PIECE, decode_content=False):
        size += len(piece)
        if size > MAX_BYTES:
            raise UselessBodyError("answer too large")
        yield piece


def _unpacked(pieces):
    unpacker = zlib.decompressobj(_GZIP)
    parts, room = [], MAX_BYTES
    for piece in pieces:
        try:
            part = unpacker.decompress(piece, room + 1)
        except zlib.error as error:
            raise UselessBodyError("answer that can't be unpacked") from error
        room -= len(part)
        if room < 0:
            raise UselessBodyError("answer too large")
        parts.append(part)
    if unpacker.unused_data:
        raise UselessBodyError("answer with something behind it")
    if parts and not unpacker.eof:
        raise requests.exceptions.ChunkedEncodingError("answer cut short")
    return b"".join(parts)


def _is_cut_short(response):
    """urllib3 before 2.0 takes half an answer for a whole one."""
    announced = response.headers.get("Content-Length", "")
    if response.raw.chunked or not announced.isdecimal():
        return False
    return response.raw.tell() < int(announced)
