"""The file for Allegro's support, or ours: what they ask for, no secrets, no people.

What may stand in it is named, not what may not: numbers, dates, words of selections,
Allegro's ids of orders, and of an error only its code, HTTP status and trace-id,
because its words quote what was worked on.
"""

import platform
import re

from odoo import api, fields, models, release

#: What errors of Allegro end with, see ``AllegroError``.
_DETAILS = re.compile(
    r"\((?:(?P<code>[A-Za-z_]{1,80})(?:, |\)))?"
    r"(?:HTTP (?P<status>\d{3})(?:, |\)))?"
    r"(?:trace-id (?P<trace_id>[\w-]{1,64})\))?",
    re.ASCII,
)
#: Kinds of fields that hold no words of people.
_WORDLESS = ("boolean", "integer", "float", "selection", "date", "datetime")
#: Words that are Allegro's or the addon's own.
_KNOWN_WORDS = ("seller_id", "marketplace", "scopes_granted", "event_cursor")
#: Of each kind of errors.
NEWEST = 20


class AllegroAccountSupport(models.AbstractModel):
    """The part of ``allegro.account`` that tells support about it."""

    _name = "allegro.account.support"
    _description = "Support file of an Allegro account"

    def action_support_file(self):
        """Let the browser download the file."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_url",
            "url": f"/allegro/support/{self.id}",
            "target": "self",
        }

    def _support_data(self):
        """:return: dict of JSON"""
        self.ensure_one()
        self.check_access("write")
        account = self.sudo()
        data = {"made_at": _text(fields.Datetime.now())}
        for step in self._support_steps():
            data.update(getattr(account, step)())
        return data

    @api.model
    def _support_steps(self):
        """What is in the file.

        :return: list of names of methods of one account that return a dict of JSON
        """
        return [
            "_support_versions",
            "_support_settings",
            "_support_scheduler",
            "_support_errors",
            "_support_counts",
        ]

    def _support_versions(self):
        addons = self.env["ir.module.module"].search(
            [("state", "=", "installed")], order="name"
        )
        return {
            "versions": {
                "odoo": release.version,
                "python": platform.python_version(),
                "postgresql": self.env.cr.connection.server_version,
                "user_agent": self._user_agent(),
                "wkhtmltopdf": self.env["ir.actions.report"].get_wkhtmltopdf_state(),
                "addons": {
                    # the one of the database
                    addon.name: addon.latest_version
                    for addon in addons
                },
            }
        }

    def _support_settings(self):
        company = self.company_id
        return {
            "account": {
                "id": self.id,
                **_wordless(self),
                **{name: self[name] or None for name in _KNOWN_WORDS},
                "alarm_codes": self.alarm_codes or None,
                "last_error": _details(self.last_error),
                "has_application": self.has_application,
            },
            "company": {
                "country": company.country_id.code,
                "currency": company.currency_id.name,
                **_wordless(company, "allegro_"),
            },
        }

    def _support_scheduler(self):
        actions = {}
        for action in self._scheduled_actions():
            cron = self.env.ref(action.xml_id, raise_if_not_found=False)
            actions[action.xml_id] = cron and {
                "active": cron.active,
                "every": f"{cron.interval_number} {cron.interval_type}",
                "next": _text(cron.nextcall),
                "last": _text(cron.lastcall),
                "failures": cron.failure_count,
            }
        return {"scheduled_actions": actions}

    @api.model
    def _support_error(self, form_id, at, error):
        """One error in the file.

        :param form_id: Allegro's id of the order
        :param at: datetime
        :param error: its words, of which the details are kept
        """
        return {"order": form_id or None, "at": _text(at), **_details(error)}


def _wordless(record, prefix=""):
    """Dict of a record's fields that say nothing of anybody."""
    return {
        name: _text(record[name])
        for name, field in sorted(record._fields.items())
        if field.type in _WORDLESS
        and field.store
        and field.groups != "base.group_system"
        and name.startswith(prefix)
    }


def _text(value):
    return value if isinstance(value, (bool, int, float)) else str(value)


def _details(error):
    """What of an error's words support can use, without what they quote."""
    found = {}
    for match in _DETAILS.finditer(error or ""):
        if match["status"] or match["trace_id"]:
            found = {name: value for name, value in match.groupdict().items() if value}
    return {"is_error": bool(error), **found}
