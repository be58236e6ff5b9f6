"""``python3 -m dev translations``: brings the translation files up to the sources."""

import argparse

import polib

from .. import console, postgres
from ..odoo_process import Odoo
from ..places import ADDONS, REPOSITORY

_LANGUAGES = ("pl",)
_EXPORT = """
import io, os, sys
from odoo.tools.translate import trans_export

buffer = io.BytesIO()
trans_export(False, [os.environ["ADDON"]], buffer, "po", env)
sys.stdout.write(buffer.getvalue().decode())
"""


def run(arguments):
    """:return: 0 when nothing is left to translate"""
    argparse.ArgumentParser(prog="python3 -m dev translations").parse_args(arguments)
    missing = 0
    with postgres.running() as server:
        odoo = Odoo.prepare(server)
        database = odoo.new_database("translations", addons=ADDONS)
        try:
            for addon in ADDONS:
                missing += _update(addon, odoo.script(database, _EXPORT, ADDON=addon))
        finally:
            odoo.drop(database)
    return 1 if missing else 0


def _update(addon, exported):
    """:return: how many terms of an addon have no translation"""
    template = polib.pofile(exported)
    # the moment of the export would be a difference each time
    for name in ("POT-Creation-Date", "PO-Revision-Date"):
        template.metadata.pop(name, None)
    folder = REPOSITORY / addon / "i18n"
    folder.mkdir(exist_ok=True)
    template.save(str(folder / f"{addon}.pot"))
    return sum(_merge(folder / f"{name}.po", name, template) for name in _LANGUAGES)


def _merge(file, language, template):
    translated = polib.pofile(str(file)) if file.exists() else polib.POFile()
    translated.metadata = {**template.metadata, "Language": language}
    translated.merge(template)
    for entry in translated.obsolete_entries():
        translated.remove(entry)
    # a guess of the merge is no translation
    for entry in translated.fuzzy_entries():
        entry.msgstr = ""
        entry.flags.remove("fuzzy")
    translated.save(str(file))
    missing = len(translated.untranslated_entries())
    place = file.relative_to(REPOSITORY)
    console.say(f"{place}: {missing} of {len(translated)} terms to translate")
    return missing
