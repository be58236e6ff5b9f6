import io
import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import trans_export

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|\$\{.*?\}")
_TAG = re.compile(r"</?(\w+)")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """English is the source; Polish is complete."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        addons = cls.env["ir.module.module"].search(
            [("name", "=like", "allegro_sales_channel%"), ("state", "=", "installed")]
        )
        cls.terms = {addon: cls._terms(addon) for addon in addons.mapped("name")}

    @classmethod
    def _terms(cls, addon):
        """The terms of the sources, and the Polish of those that have it."""
        buffer = io.BytesIO()
        trans_export(False, [addon], buffer, "po", cls.env)
        sources = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
        with file_open(f"{addon}/i18n/pl.po") as file:
            polish = polib.pofile(file.read())
        return sources, {entry.msgid: entry.msgstr for entry in polish}

    def test_every_term_is_translated(self):
        for addon, (sources, polish) in self.terms.items():
            with self.subTest(addon=addon):
                missing = sorted(term for term in sources if not polish.get(term))
                self.assertFalse(missing, "add them: python3 -m dev translations")

    def test_nothing_is_translated_that_is_not_there(self):
        for addon, (sources, polish) in self.terms.items():
            with self.subTest(addon=addon):
                self.assertFalse(sorted(polish.keys() - sources))

    def test_placeholders_and_markup_are_the_same(self):
        for _sources, polish in self.terms.values():
            for source, translated in polish.items():
                for pattern in (_PLACEHOLDER, _TAG):
                    with self.subTest(source=source):
                        self.assertEqual(
                            sorted(pattern.findall(translated)),
                            sorted(pattern.findall(source)),
                        )
