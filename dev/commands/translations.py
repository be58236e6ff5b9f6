"""``python3 -m dev translations``: brings the translation files up to the sources."""

import argparse

import polib

from .. import console, postgres
from ..odoo_process import Odoo
from ..places import ADDON, REPOSITORY

_FOLDER = ADDON / "i18n"
_LANGUAGES = ("pl",)
_EXPORT = """
import io, sys
from odoo.tools.translate import trans_export

buffer = io.BytesIO()
trans_export(False, ["allegro_sales_channel"], buffer, "po", env)
sys.stdout.write(buffer.getvalue().decode())
"""


def run(arguments):
    """:return: 0 when nothing is left to translate"""
    argparse.ArgumentParser(prog="python3 -m dev translations").parse_args(arguments)
    with postgres.running() as server:
        odoo = Odoo.prepare(server)
        database = odoo.new_database("translations")
        try:
            template = polib.pofile(odoo.script(database, _EXPORT))
        finally:
            odoo.drop(database)
    # the moment of the export would be a difference each time
    for name in ("POT-Creation-Date", "PO-Revision-Date"):
        template.metadata.pop(name, None)
    _FOLDER.mkdir(exist_ok=True)
    template.save(str(_FOLDER / f"{ADDON.name}.pot"))
    return 1 if any(_update(language, template) for language in _LANGUAGES) else 0


def _update(language, template):
    """:return: how many terms of a language have no translation"""
    file = _FOLDER / f"{language}.po"
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
    missing = translated.untranslated_entries()
    place = file.relative_to(REPOSITORY)
    console.say(f"{place}: {len(missing)} of {len(translated)} terms to translate")
    return len(missing)
