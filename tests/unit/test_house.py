"""The wings of ``models/``: who builds on whom, and that each thing stands once.

Drawn from the sources: a wing may use what it or a wing above it has. What runs after
what is written in the recipes, whose lists name steps of every wing; they, and other
lists of steps, are the one place where a wing names what stands below it.
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

_MODELS = Path(__file__).parents[2] / "allegro_sales_channel" / "models"
WINGS = (
    "channel",
    "door",
    "offers",
    "orders",
    "money",
    "fulfilment",
    "cancelling",
    "invoicing",
    "requests",
)
#: Fields of Odoo's own that are opened for good reason: how they are defined differs
#: for orders and for invoices.
_OPENED_FIELDS = {"company_price_include"}
#: Odoo's own methods, to which several wings may add something by ``super()``.
_ODOOS_METHODS = re.compile(
    r"create|write|unlink|_auto_init|_compute_(?!allegro)\w+|_prepare_invoice"
    r"|_get_invoice_grouping_keys|_action_cancel|action_cancel|action_confirm"
)
#: Lists of steps: they name what stands in wings below.
_LISTS = re.compile(r"_\w*steps\w*|_overview_tiles|_scheduled_actions")


def _files():
    return sorted(path for path in _MODELS.glob("*/*.py"))


def _wing(path):
    return path.parent.name


def _strings(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, (ast.List, ast.Tuple)):
        return [word for item in node.elts for word in _strings(item)]
    return []


class Opening:
    """One class of a file that defines a model, or opens it."""

    def __init__(self, path, node):
        self.path, self.node, self.wing = path, node, _wing(path)
        values = {
            target.id: item.value
            for item in node.body
            if isinstance(item, ast.Assign)
            for target in item.targets
            if isinstance(target, ast.Name)
        }
        self.inherits = _strings(values["_inherit"]) if "_inherit" in values else []
        named = _strings(values["_name"]) if "_name" in values else []
        self.model = (named or self.inherits)[0]
        self.is_abstract = any(
            isinstance(base, ast.Attribute) and base.attr == "AbstractModel"
            for base in node.bases
        )
        self.defines = self.model not in self.inherits
        self.fields = {
            name
            for name, value in values.items()
            if isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and isinstance(value.func.value, ast.Name)
            and value.func.value.id == "fields"
        }
        self.methods = [
            item.name for item in node.body if isinstance(item, ast.FunctionDef)
        ]


def _openings():
    return [
        Opening(path, node)
        for path in _files()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
        and any(
            isinstance(base, ast.Attribute) and base.attr in ("Model", "AbstractModel")
            for base in node.bases
        )
    ]


OPENINGS = _openings()
#: Which wing each model of ours belongs to.
HOME = {opening.model: opening.wing for opening in OPENINGS if opening.defines}
#: What each model is made of: its own openings, and the mixins that they inherit.
PARTS = defaultdict(list)
for _opening in OPENINGS:
    PARTS[_opening.model].append(_opening)
    for _parent in _opening.inherits:
        if _parent != _opening.model:
            PARTS[_opening.model] += [o for o in OPENINGS if o.model == _parent]


def _place(opening):
    return f"{opening.wing}/{opening.path.name}"


def test_the_wings_are_imported_in_their_order():
    text = (_MODELS / "__init__.py").read_text()
    imported = re.findall(r"\w+", " ".join(re.findall(r"import ([\w, ]+)", text)))
    assert tuple(imported[: len(WINGS) + 4])
    named = [word for word in re.findall(r"\b\w+\b", text) if word in WINGS]
    assert tuple(dict.fromkeys(named)) == WINGS
    assert {_wing(path) for path in _files()} == set(WINGS)


def test_a_wing_imports_only_from_those_above_it():
    wrong = []
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 2:
                other = node.module.split(".")[0]
                if WINGS.index(other) > WINGS.index(_wing(path)):
                    wrong.append(f"{_wing(path)}/{path.name} imports from {other}")
    assert not wrong


def _used_models(tree):
    """The models of ours that a file names, wherever it does."""
    for node in ast.walk(tree):
        for word in _strings(node):
            if word in HOME:
                yield word


def test_a_wing_uses_only_models_of_those_above_it():
    wrong = [
        f"{_wing(path)}/{path.name} uses {model} of {HOME[model]}"
        for path in _files()
        for model in set(_used_models(ast.parse(path.read_text())))
        if WINGS.index(HOME[model]) > WINGS.index(_wing(path))
    ]
    assert not wrong


def _members_by_wing(model):
    """In which wing each field and method of a model of ours, or our part, stands."""
    members = {}
    for opening in PARTS[model]:
        for name in {*opening.fields, *opening.methods}:
            if not _ODOOS_METHODS.fullmatch(name):
                members[name] = opening.wing
    return members


def test_a_wing_uses_only_fields_and_methods_of_those_above_it():
    """Of orders and accounts, which every wing opens; outside the lists of steps."""
    members = _members_by_wing("allegro.account")
    members |= _members_by_wing("sale.order")
    # a name that several models have tells nothing
    ours = {
        name: wing
        for name, wing in members.items()
        if name.startswith(("allegro_", "_allegro_", "action_allegro_"))
    }
    wrong = []
    for path in _files():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and _LISTS.fullmatch(node.name):
                node.body = []
        for node in ast.walk(tree):
            names = [node.attr] if isinstance(node, ast.Attribute) else _strings(node)
            for name in names:
                wing = ours.get(name.split(".")[0])
                if wing and WINGS.index(wing) > WINGS.index(_wing(path)):
                    wrong.append(f"{_wing(path)}/{path.name} uses {name} of {wing}")
    assert not sorted(set(wrong))


def test_a_model_is_opened_once_in_a_wing():
    places = defaultdict(list)
    for opening in OPENINGS:
        places[opening.model, opening.wing].append(_place(opening))
    assert not {key: where for key, where in places.items() if len(where) > 1}


@pytest.mark.parametrize("model", sorted(PARTS))
def test_a_field_is_defined_once(model):
    places = defaultdict(list)
    for opening in PARTS[model]:
        for name in opening.fields - _OPENED_FIELDS:
            places[name].append(_place(opening))
    assert not {name: where for name, where in places.items() if len(where) > 1}


@pytest.mark.parametrize("model", sorted(PARTS))
def test_a_method_of_ours_is_defined_once(model):
    places = defaultdict(list)
    for opening in PARTS[model]:
        for name in opening.methods:
            if not _ODOOS_METHODS.fullmatch(name):
                places[name].append(_place(opening))
    assert not {name: where for name, where in places.items() if len(where) > 1}


def test_nothing_of_ours_calls_super_of_ours():
    """``super()`` is for what Odoo, or another addon, defines."""
    ours = {
        name
        for opening in OPENINGS
        for name in opening.methods
        if not _ODOOS_METHODS.fullmatch(name)
    }
    wrong = [
        f"{_wing(path)}/{path.name}: super().{node.attr}"
        for path in _files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "super"
        and node.attr in ours
        and node.attr.startswith(("_allegro", "action_allegro"))
    ]
    assert not wrong


def test_the_drawing_sees_the_house():
    assert len(OPENINGS) > 60
    assert HOME["allegro.account"] == "door"
    assert {"orders", "money"} <= {o.wing for o in PARTS["sale.order"]}
    assert "_allegro_follow" in {m for o in PARTS["sale.order"] for m in o.methods}
