"""A plugin of pytest: of Odoo's own tests it takes those that Odoo takes itself.

A class of tests that a module imports to build on it belongs to the module that
defines it, and what a class inherits to the class that defines it, unless it says
otherwise (``odoo/tests/loader.py``). Pytest would run all those again.
"""


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if not _is_own(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _is_own(item)]


def _is_own(item):
    if item.cls.__module__ != item.module.__name__:
        return False
    inherits = getattr(item.cls, "allow_inherited_tests_method", False)
    return inherits or item.originalname in vars(item.cls)
