"""Who may import what: the rules that keep the house simple, checked in the source."""

import ast
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_ADDON = "allegro_sales_channel"
_PURE = f"{_ADDON}.allegro"
#: The modules of the pure package that talk to the network, or about it.
_ON_THE_NETWORK = ("body", "client", "deadline", "http", "oauth")
#: What talks to Allegro, and the exceptions who may: the door, and the push, which
#: asks as many things at once as there are connections.
_THE_DOOR = (f"{_PURE}.client", f"{_PURE}.oauth", f"{_PURE}.http")
_DOORKEEPERS = (
    "allegro/*",
    "models/door/allegro_account*.py",
    "models/fulfilment/allegro_account.py",
    # tests stand in for either side
    "tests/*",
)


def _imports(source, module):
    """Every module, or name in a module, that is imported, however deep it stands.

    :param source: the text of the file
    :param module: its own dotted name, a package's with ``.__init__``
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _is_in(name, package):
    return name == package or name.startswith(f"{package}.")


def _without_odoo(name):
    """The addon's own modules by one name, whichever way they are reached."""
    return name.removeprefix("odoo.addons.")


def _files(folder):
    return sorted((_ROOT / folder).rglob("*.py"))


def _name_of(path):
    return ".".join(path.relative_to(_ROOT).with_suffix("").parts)


def _offences(paths, is_offence):
    return [
        f"{path.relative_to(_ROOT)} imports {name}"
        for path in paths
        for name in _imports(path.read_text(encoding="utf-8"), _name_of(path))
        if is_offence(_without_odoo(name))
    ]


# The rules


def test_the_pure_package_knows_no_odoo():
    paths = _files(f"{_ADDON}/allegro")
    assert len(paths) > 10
    # nor any part of the addon outside itself, which would bring odoo in
    assert not _offences(
        paths,
        lambda name: (
            _is_in(name, "odoo") or (_is_in(name, _ADDON) and not _is_in(name, _PURE))
        ),
    )


def test_the_pure_package_needs_nothing_but_requests():
    allowed = {*sys.stdlib_module_names, "requests", "urllib3", _ADDON}
    assert not _offences(
        _files(f"{_ADDON}/allegro"), lambda name: name.split(".")[0] not in allowed
    )


def test_only_the_account_talks_to_allegro():
    others = [
        path
        for path in _files(_ADDON)
        if not any(
            fnmatch(path.relative_to(_ROOT / _ADDON).as_posix(), pattern)
            for pattern in _DOORKEEPERS
        )
    ]
    assert others
    assert not _offences(others, lambda name: any(_is_in(name, d) for d in _THE_DOOR))


def test_nobody_else_speaks_http():
    others = [
        path
        for path in _files(_ADDON)
        if path.relative_to(_ROOT / _ADDON).parts[0] not in ("allegro", "tests")
    ]
    assert not _offences(
        others,
        lambda name: any(
            _is_in(name, library)
            for library in ("requests", "urllib3", "http.client", "urllib.request")
        ),
    )


def test_the_simulator_knows_nothing_of_the_addon():
    paths = _files("tests/simulator")
    assert len(paths) > 20
    assert not _offences(
        paths,
        lambda name: any(_is_in(name, package) for package in (_ADDON, "allegro")),
    )


def test_only_those_that_talk_reach_for_the_network():
    """All else of the pure package reads, decides and keeps: it needs no connection."""
    paths = [
        path for path in _files(f"{_ADDON}/allegro") if path.stem not in _ON_THE_NETWORK
    ]
    assert len(paths) > 15
    network = ("requests", "urllib3", "socket", "http", *_THE_DOOR)
    assert not _offences(
        paths, lambda name: any(_is_in(name, package) for package in network)
    )


# The judge itself


@pytest.mark.parametrize(
    "line",
    [
        "from ..allegro.client import AllegroClient",
        "from ..allegro import client",
        "from ..allegro import rules, client as c",
        "import odoo.addons.allegro_sales_channel.allegro.client",
        "from odoo.addons.allegro_sales_channel.allegro.client import Fetched",
        "from odoo.addons.allegro_sales_channel.allegro import client",
        "def late():\n    from ..allegro.client import AllegroClient",
        "try:\n    from ..allegro import client\nexcept ImportError:\n    pass",
    ],
)
def test_an_import_is_seen_however_it_is_written(line):
    names = _imports(line, f"{_ADDON}.models.sale_order")
    assert any(_is_in(_without_odoo(name), f"{_PURE}.client") for name in names)


@pytest.mark.parametrize(
    "line",
    [
        "from ..allegro import rules",
        "from ..allegro.errors import AllegroError",
        "from ..allegro.client_side import x",
        "from . import client",
        'text = "from ..allegro import client"',
    ],
)
def test_other_imports_are_not_mistaken_for_it(line):
    names = _imports(line, f"{_ADDON}.models.sale_order")
    assert not any(_is_in(_without_odoo(name), f"{_PURE}.client") for name in names)


@pytest.mark.parametrize(
    ("module", "line", "expected"),
    [
        ("a.b.c", "from . import d", "a.b.d"),
        ("a.b.__init__", "from . import d", "a.b.d"),
        ("a.b.c", "from ..x import d", "a.x.d"),
        ("a.b.c", "import odoo", "odoo"),
    ],
)
def test_a_relative_import_is_of_its_package(module, line, expected):
    assert expected in set(_imports(line, module))
