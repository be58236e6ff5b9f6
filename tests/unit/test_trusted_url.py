"""Which addresses may be told a seller's secrets."""

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from allegro.trusted_url import is_trusted_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.allegro.pl",
        "https://allegro.pl/auth/oauth",
        "HTTPS://API.ALLEGRO.PL/",
        "https://api.allegro.pl.allegrosandbox.pl:8443",
        "https://10.0.0.1:8443/x",
        "https://[2001:db8::1]/",
        "http://localhost",
        "http://localhost:8069/auth/oauth",
        "HTTP://LocalHost:80",
        "http://127.0.0.1:5000",
        "http://[::1]:5000/",
    ],
)
def test_where_nobody_listens_on_the_way(url):
    assert is_trusted_url(url) is True


@pytest.mark.parametrize(
    "url",
    [
        "http://api.allegro.pl",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80@evil.example",
        "https://api.allegro.pl@evil.example",
        "https://user:secret@api.allegro.pl",
        "http://localhost.evil.example",
        "http://localhost.",
        "http://evil.example/127.0.0.1",
        "http://evil.example?127.0.0.1",
        "http://evil.example#127.0.0.1",
        "http://127.0.0.1\\@evil.example",
        "http:\\\\127.0.0.1",
        "http://evil.example\\.127.0.0.1",
        "http://127.0.0.1\n.evil.example",
        "http://127.0.0.1\t",
        " https://api.allegro.pl",
        "https://api.allegro.pl ",
        "https://api.allegro.pl\x00",
        "https://api.allegro.pl?x=",
        "https://api.allegro.pl/#",
        "http://127.1",
        "http://2130706433",
        "http://0x7f.1",
        "http://0.0.0.0",
        "http://127.0.0.2",
        "http://[::ffff:127.0.0.1]",
        "http://[::1",
        "http://[::1]x",
        "http://localhost:80:90",
        "http://localhost:port",
        "http://localhost:99999",
        "http://localhost:0",
        "http://loc\u0430lhost",
        "http://\uff11\uff12\uff17.0.0.1",
        "http://\u2113ocalhost",
        "https://",
        "https:///path",
        "https:api.allegro.pl",
        "http:127.0.0.1",
        "//api.allegro.pl",
        "api.allegro.pl",
        "ftp://localhost",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        None,
        False,
        5,
    ],
)
def test_where_somebody_may(url):
    assert is_trusted_url(url) is False


_HOSTS = ["127.0.0.1", "localhost", "[::1]", "evil.example", "api.allegro.pl"]
_PIECES = st.sampled_from(
    [
        *_HOSTS,
        "http://",
        "https://",
        "@",
        ":",
        "/",
        "\\",
        ".",
        "//",
        "%",
        ";",
        "80",
        "a",
    ]
)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_what_is_trusted_goes_where_it_seems_to(url):
    """As the library that sends it reads the address, not as ours does."""
    if is_trusted_url(url):
        sent_to = urllib3.util.parse_url(url)
        here = ("127.0.0.1", "localhost", "[::1]")
        assert sent_to.scheme == "https" or sent_to.host in here
        assert not sent_to.auth
