"""Ids get into addresses at one place, and nothing but ids."""

import ast
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegro import client
from allegro.errors import AllegroDataError
from allegro.paths import path_of

_TEMPLATE = "/order/checkout-forms/{form_id}/invoices/{document_id}/file"


def test_ids_stand_in_their_places():
    path = path_of(_TEMPLATE, form_id="f-1", document_id="QUxMRUdSTw==")
    assert path == "/order/checkout-forms/f-1/invoices/QUxMRUdSTw==/file"


@pytest.mark.parametrize(
    "odd",
    ["", ".", "..", "../me", "a/b", "a?b", "a#b", "a b", "a\n", "ą", "%2e", "a\\b"]
    + ["x" * 129, "a;b", "{form_id}", "@evil", None, 5, ["a"]],
)
def test_what_is_no_id_is_named_by_its_place(odd):
    with pytest.raises(AllegroDataError) as caught:
        path_of(_TEMPLATE, form_id="f-1", document_id=odd)
    assert caught.value.path == "document_id"


@given(st.text(max_size=140))
def test_whatever_the_id_the_path_keeps_its_shape(text):
    try:
        path = path_of("/a/{part}/b", part=text)
    except AllegroDataError:
        return
    assert path.split("/") == ["", "a", text, "b"]
    assert path.isascii() and path.isprintable()


def test_the_client_builds_no_path_by_itself():
    """Every address with something in it is a template, filled in by ``path_of``."""
    tree = ast.parse(inspect.getsource(client))
    texts = [
        ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    ]
    assert texts == []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    filled = [call for call in calls if ast.unparse(call.func) == "path_of"]
    assert len(filled) > 5
    assert not [call for call in calls if ast.unparse(call.func).endswith(".format")]
