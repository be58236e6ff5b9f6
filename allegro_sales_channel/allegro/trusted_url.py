"""Which addresses may be told a seller's secrets."""

import re
from urllib.parse import urlsplit

#: Blanks, controls and a backslash are read in one way here and in another there; what
#: is before an "@" looks like a host and is none; what is behind "?" or "#" would take
#: the paths that are added.
_DOUBTFUL = re.compile(r"[^\x21-\x7e]|[\\@?#]")
#: This very machine: nobody listens on the way.
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def is_trusted_url(url):
    """May this be the base of addresses to which tokens are sent?

    ``https`` to any host; ``http`` to this machine alone.

    :param url: for instance ``https://api.allegro.pl``
    """
    if not isinstance(url, str) or _DOUBTFUL.search(url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return False
    if not host or port == 0:
        return False
    shown = f"[{host}]" if ":" in host else host
    if parts.netloc.lower() != (shown if port is None else f"{shown}:{port}"):
        return False  # something more stands there, which others may read as the host
    return parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
