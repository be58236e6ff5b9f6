"""The watch: what somebody must know about an account, said once, and taken back.

For each cause there are two methods, each in the wing that knows about it:
``_find_<code>`` looks whether it is there, ``_say_<code>`` puts it into words.
"""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .people import people_of
from .seams import Words

#: The activities of alarms.
ACTIVITY = "mail.mail_activity_data_warning"
#: Days before the consent's end on which the managers are told.
CONSENT_DAYS = (1, 3, 12)
#: A scheduled action that is so much behind its time is stuck.
PATIENCE = timedelta(hours=1)
#: Seconds by which this server's clock may be wrong.
CLOCK_TOLERANCE = 120
#: What is the matter with the server is said once for all accounts of a company.
_OF_SERVER = ("clock", "cron_off")
#: What costs next to nothing to look at: the banner does it whenever it is shown.
_LIVE = ("consent_ending", "cron_off")


class AllegroAccountAlarms(models.AbstractModel):
    """The part of ``allegro.account`` that says what is wrong with it."""

    _name = "allegro.account.alarms"
    _description = "Alarms about Allegro accounts"

    @api.model
    def _alarm_steps(self):
        """The causes that are looked for.

        Each has a method ``_find_<code>`` of one account, which returns a dict of JSON
        with the facts, None when all is well; with another ``stage`` among them it is
        said anew. ``_say_<code>`` takes the facts and returns :class:`Words`.

        :return: list of codes
        """
        return [
            "consent_ending",
            "cron_off",
            "clock",
            "silence",
            "quarantine",
            "audit_overdue",
            "documents_overdue",
            "difference",
        ]

    # The scheduled action's steps

    def _watch(self):
        self._review_alarms(self._alarm_steps())
        self.env["ir.cron"]._commit_progress()

    def _watch_clock(self):
        """How far this server's clock is from Allegro's."""
        self.env["ir.cron"]._commit_progress()
        with self._client() as client:
            clock_off = client.clock_off()
        self.sudo().clock_off = round(clock_off or 0)
        self._review_alarms(["clock"])
        self.env["ir.cron"]._commit_progress()

    def _review_alarms(self, codes):
        """Raise the alarms that are due, end those whose cause is over.

        :param codes: of which causes
        """
        self.ensure_one()
        account = self.sudo()
        alarms = dict(account.alarms or {})
        for code in codes:
            facts = getattr(account, f"_find_{code}")()
            before = alarms.pop(code, None)
            if before and facts and _stage(before["facts"]) == _stage(facts):
                alarms[code] = {**before, "facts": facts}
                continue
            if before:
                account._take_back(before)
            if facts:
                told = account._tell_managers(code, facts)
                alarms[code] = {"facts": facts, "activity_ids": told.ids}
        if alarms != (account.alarms or {}):
            account.write(
                {"alarms": alarms, "alarm_codes": " ".join(sorted(alarms)) or False}
            )

    def _take_back(self, alarm):
        activities = self.env["mail.activity"].browse(alarm["activity_ids"])
        # what a person has done stays in the history
        activities.exists().filtered("active").unlink()

    def _managers(self):
        """The people who answer for this account."""
        self.ensure_one()
        group = "allegro_sales_channel.group_allegro_manager"
        return people_of(self.env, group, self.company_id)

    def _tell_managers(self, code, facts):
        """:return: the activities; each is sent to its person by e-mail"""
        told = self.env["mail.activity"]
        if code in _OF_SERVER and self._is_said_of_another(code):
            return told
        for user in self._managers():
            words = self._words(code, facts, lang=user.lang, tz=user.tz)
            told += self.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=words.title,
                note=Markup("<p>%s</p>") % words.text,
            )
        return told

    def _is_said_of_another(self, code):
        others = self.search(
            [("company_id", "=", self.company_id.id), ("id", "!=", self.id)]
        )
        return any((other.alarms or {}).get(code) for other in others)

    def _words(self, code, facts, **context):
        return getattr(self.with_context(**context), f"_say_{code}")(facts)

    # The banner

    @api.model
    def get_warnings(self):
        """What the user must know, for the banner of the web client.

        Whether the scheduled actions run, for instance, is looked at here and now: the
        watch itself may be the one that is off.

        :return: list of dicts: ``account_id`` and ``code`` of the alarm, ``text`` and
            ``button`` to show
        """
        if not self.env.user.has_group("allegro_sales_channel.group_allegro_user"):
            return []
        warnings, said = [], set()
        for account in self.search([("state", "!=", "draft")]):
            alarms = {
                code: alarm["facts"] for code, alarm in (account.alarms or {}).items()
            }
            alarms |= {code: getattr(account, f"_find_{code}")() for code in _LIVE}
            for code, facts in alarms.items():
                key = (account.company_id.id, code)
                if not facts or code in _OF_SERVER and key in said:
                    continue
                said.add(key)
                warnings.append(account._warning(code, account._words(code, facts)))
        return warnings

    def _warning(self, code, words):
        """A line of the banner.

        :param code: of the cause
        :param words: :class:`Words`
        """
        return {
            "account_id": self.id,
            "code": code,
            "text": words.text,
            "button": words.button or self.env._("Open the account"),
        }

    def action_open_alarm(self, code=None):
        """Show where something can be done about an alarm.

        :param code: of the alarm; the account itself when there is no such alarm
        """
        self.ensure_one()
        self._check_is_user()
        self.check_access("read")
        alarm = (self.alarms or {}).get(code)
        method = alarm and self._words(code, alarm["facts"]).method
        if method:
            return getattr(self, method)()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # Consent

    def _find_consent_ending(self):
        if self.state == "reconnect":
            return {"stage": "lost", "error": self.last_error or ""}
        ends_at = self.state == "connected" and self.consent_ends_at
        if not ends_at:
            return None
        left = ends_at - fields.Datetime.now()
        for days in CONSENT_DAYS:
            if left <= timedelta(days=days):
                return {
                    "stage": str(days),
                    "ends_at": fields.Datetime.to_string(ends_at),
                }
        return None

    def _say_consent_ending(self, facts):
        if facts["stage"] == "lost":
            return Words(
                self.env._("Reconnect Allegro"),
                self.env._(
                    "Allegro no longer accepts the connection of %(account)s"
                    " (%(error)s): no orders come in and nothing is sent until it is"
                    " reconnected. Open the account and press Reconnect. No order is"
                    " lost meanwhile: the import goes on where it stopped.",
                    account=self.name,
                    error=facts["error"] or "-",
                ),
            )
        return Words(
            self.env._("Allegro's consent ends soon"),
            self.env._(
                "The connection of %(account)s was not renewed for a long time and ends"
                " on %(moment)s. See under Last problem why, and press Check"
                " connection. When it can't be put right, disconnect the account and"
                " connect it again.",
                account=self.name,
                moment=self._in_words_of_reader(facts["ends_at"]),
            ),
        )

    def _in_words_of_reader(self, moment):
        """:param moment: as Odoo stores it, a string"""
        # Odoo's own, by the language and the time zone of the context
        return self.env["ir.qweb.field.datetime"].value_to_html(
            fields.Datetime.to_datetime(moment), {"hide_seconds": True}
        )

    # Scheduled actions

    def _find_cron_off(self):
        """Those that are switched off, fail, or should have run long ago."""
        wrong = [
            [action.xml_id, problem]
            for action in self._scheduled_actions()
            if self.filtered_domain(action.domain)
            and (problem := self._problem_of(action.xml_id))
        ]
        return {"actions": wrong} if wrong else None

    @api.model
    def _problem_of(self, xml_id):
        """What is wrong with a scheduled action: a word; None when it runs."""
        cron = self.env.ref(xml_id, raise_if_not_found=False)
        cron = cron and cron.sudo()
        if not cron or not cron.active:
            return "off"
        limit = fields.Datetime.now() - PATIENCE
        if cron.first_failure_date and cron.first_failure_date < limit:
            return "fails"
        # it may have been switched on, or be at work, since it was due
        if cron.nextcall >= limit or cron.write_date >= limit:
            return None
        # while the server was off nothing could run: what tells is another run since
        last_watch = self.env.context.get("lastcall")
        if last_watch and last_watch < limit:
            return None
        at_work = (
            self.env["ir.cron.progress"]
            .sudo()
            .search_count(
                [("cron_id", "=", cron.id), ("write_date", ">=", limit)], limit=1
            )
        )
        return None if at_work else "late"

    def _say_cron_off(self, facts):
        problems = {
            "off": self.env._("switched off"),
            "fails": self.env._("fails"),
            "late": self.env._("has not run for over an hour"),
        }
        named = []
        for xml_id, problem in facts["actions"]:
            cron = self.env.ref(xml_id, raise_if_not_found=False)
            name = cron.sudo().cron_name if cron else xml_id
            named.append(f"{name} ({problems[problem]})")
        return Words(
            self.env._("Allegro's scheduled actions do not run"),
            self.env._(
                "Work for Allegro is not done: %(actions)s. An administrator finds"
                " these under Settings > Technical > Scheduled Actions and switches"
                " them on there, or sees in the server's log why they do not run.",
                actions=", ".join(named),
            ),
        )

    # Clock

    def _find_clock(self):
        seconds = self.clock_off
        return {"seconds": seconds} if abs(seconds) > CLOCK_TOLERANCE else None

    def _say_clock(self, facts):
        minutes = max(round(abs(facts["seconds"]) / 60), 1)
        if facts["seconds"] > 0:
            off = self.env._("%(minutes)s minutes ahead of", minutes=minutes)
        else:
            off = self.env._("%(minutes)s minutes behind", minutes=minutes)
        return Words(
            self.env._("The server's clock is wrong"),
            self.env._(
                "This server's clock is %(off)s Allegro's. Connections are renewed at"
                " the wrong time and deadlines are wrong. Let the server's"
                " administrator switch on the synchronisation of its clock (NTP).",
                off=off,
            ),
        )


def _stage(facts):
    return facts.get("stage")
