"""*Check connection*: does everything stand that orders need on their way here?"""

from odoo import api, models, tools

from ...allegro.errors import AllegroError
from .allegro_account_alarms import CLOCK_TOLERANCE
from .seams import Finding

#: Allegro's own limit, for each Client ID.
_REQUESTS_A_MINUTE = 9000


class AllegroAccountCheck(models.AbstractModel):
    """The part of ``allegro.account`` that looks at its connection."""

    _name = "allegro.account.check"
    _description = "Check of an Allegro account's connection"

    def action_check_connection(self):
        """Look at everything, and show a line about each.

        Allegro is only asked, and nothing was written before: so the calls may stand in
        the user's transaction, who waits for them.
        """
        self.ensure_one()
        self.check_access("write")
        findings = [
            finding for step in self._check_steps() for finding in getattr(self, step)()
        ]
        return self.env["allegro.connection.check"]._show(self, findings)

    @api.model
    def _check_steps(self):
        """:return: list of names of methods that return a list of :class:`Finding`"""
        return [
            "_check_account",
            "_check_scopes",
            "_check_limits",
            "_check_redirect",
            "_check_scheduler",
            "_check_printing",
        ]

    def _check_account(self):
        label = self.env._("Account")
        if self.state != "connected":
            text = self.env._("Not connected: press Connect.")
            if self.state == "reconnect":
                text = self.env._("Allegro ended the connection: press Reconnect.")
            return [Finding(label, "bad", text)]
        if self._token_needs_refresh():
            # never here: a new token that this transaction loses would be the last one
            self._wake("sync")
            text = self.env._(
                "The connection is just due for renewal, which the import of orders"
                " does within a minute. Check again then."
            )
            return [Finding(label, "warning", text)]
        try:
            with self._client() as client:
                seller = client.seller()
                clock_off = client.clock_off()
        except AllegroError as error:
            text = self.env._(
                "Allegro does not answer as it should: %(error)s. When this lasts, see"
                " allegrostatus.pl, let an administrator check that the server reaches"
                " %(address)s, or connect the account again.",
                error=error,
                address=self.api_url,
            )
            return [Finding(label, "bad", text)]
        if seller.id != self.seller_id:
            text = self.env._(
                "Allegro answers as another seller (%(seller)s). Connect the account"
                " again.",
                seller=seller.login,
            )
            return [Finding(label, "bad", text)]
        text = self.env._("Allegro answers as %(seller)s.", seller=seller.login)
        return [Finding(label, "fine", text), self._check_clock(clock_off)]

    def _check_clock(self, seconds):
        label = self.env._("Clock")
        if seconds is None:
            text = self.env._("Allegro's answer does not say the time.")
            return Finding(label, "warning", text)
        if abs(seconds) > CLOCK_TOLERANCE:
            words = self._say_clock({"seconds": seconds})
            return Finding(label, "bad", words.text)
        return Finding(label, "fine", self.env._("The same as Allegro's."))

    def _check_scopes(self):
        label = self.env._("Permissions")
        if self.state == "draft":
            return []
        missing = self._missing_scopes()
        if not missing:
            text = self.env._("Everything that is needed is granted.")
            return [Finding(label, "fine", text)]
        text = self.env._(
            "Not granted: %(scopes)s. Disconnect the account and connect it again to"
            " ask for them.",
            scopes=", ".join(f"{scope.name} ({scope.loss})" for scope in missing),
        )
        return [Finding(label, "warning", text)]

    def _check_limits(self):
        label = self.env._("Limits")
        if self._is_paused():
            text = self.env._(
                "Allegro asked for a pause until %(moment)s (too many requests). It"
                " goes on by itself; other programs with the same Client ID count too.",
                moment=self._in_words_of_reader(self.paused_until),
            )
            return [Finding(label, "warning", text)]
        text = self.env._(
            "Allegro asks for no pause. It allows %(count)s requests a minute.",
            count=_REQUESTS_A_MINUTE,
        )
        return [Finding(label, "fine", text)]

    def _check_redirect(self):
        label, address = self.env._("Redirect address"), self.redirect_uri
        if address.startswith("https://"):
            text = self.env._(
                "%(address)s: so it has to be registered at Allegro, letter by letter.",
                address=address,
            )
            return [Finding(label, "fine", text)]
        text = self.env._(
            "%(address)s does not begin with https://. Allegro's browser connection may"
            " refuse it: let an administrator set the system parameter web.base.url, or"
            " use Connect by a code.",
            address=address,
        )
        return [Finding(label, "warning", text)]

    def _check_scheduler(self):
        label = self.env._("Scheduled actions")
        if not tools.config["max_cron_threads"]:
            text = self.env._(
                "This server is set to run none (max_cron_threads is 0). Unless another"
                " server with this database does, set it to 2."
            )
            return [Finding(label, "warning", text)]
        facts = self._find_cron_off()
        if facts:
            return [Finding(label, "bad", self._say_cron_off(facts).text)]
        if self.state != "connected":
            text = self.env._("They start when the account is connected.")
            return [Finding(label, "fine", text)]
        sync = self.env.ref("allegro_sales_channel.ir_cron_allegro_sync").sudo()
        text = self.env._(
            "All are on. Orders were last read: %(moment)s. Workers: %(workers)s, of"
            " them for scheduled actions: %(crons)s.",
            moment=sync.lastcall
            and self._in_words_of_reader(sync.lastcall)
            or self.env._("not yet"),
            workers=tools.config["workers"] or self.env._("threads"),
            crons=tools.config["max_cron_threads"],
        )
        return [Finding(label, "fine", text)]

    def _check_printing(self):
        label = self.env._("PDF printing")
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        if state == "ok":
            text = self.env._("wkhtmltopdf is there: invoices and slips can be made.")
            return [Finding(label, "fine", text)]
        texts = {
            "install": self.env._("wkhtmltopdf is not installed"),
            "upgrade": self.env._("wkhtmltopdf is too old"),
            "workers": self.env._("the server needs at least 2 workers"),
        }
        text = self.env._(
            "No invoice can be put on Allegro: %(problem)s. Let an administrator"
            " install wkhtmltopdf 0.12.6 with patched Qt.",
            problem=texts.get(state) or self.env._("wkhtmltopdf does not answer"),
        )
        return [Finding(label, "bad", text)]
