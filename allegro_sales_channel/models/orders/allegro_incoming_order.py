"""The inbox: ids of orders that wait to be imported, or that failed, and why."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...allegro import rules, statuses
from ...allegro.errors import AllegroNotFoundError
from ..door import pauses
from ..door.fault import attempt, in_log, in_words_of, keep
from . import allegro_order_link  # noqa: F401 - what it inherits

_logger = logging.getLogger(__name__)

#: After so many failures an order is left to a person.
MAX_ATTEMPTS = 5
#: Minutes until a failed order is tried again, by the number of failures.
RETRY_MINUTES = (1, 5, 30, 120, 720)


class AllegroIncomingOrder(models.Model):
    """The inbox: ids of orders that wait to be imported, or that failed, and why.

    A row that was dealt with is deleted: what stays is what needs attention.
    """

    _name = "allegro.incoming.order"
    _description = "Allegro order waiting or failed"
    _inherit = ["allegro.order.link", "allegro.guarded"]
    _order = "id"
    _rec_name = "checkout_form_id"

    account_id = fields.Many2one(
        "allegro.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    checkout_form_id = fields.Char("Allegro order", required=True, readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("failed", "Failed"),
            ("quarantined", "Needs a person"),
        ],
        required=True,
        readonly=True,
        index=True,
        default="pending",
        help="A failed order is tried again by itself, five times in all. Then it waits"
        " for a person: put right what is wrong, and press Retry.",
    )
    attempts = fields.Integer("Failures", readonly=True)
    is_begun = fields.Boolean(
        "A try is begun",
        readonly=True,
        help="A try was begun and has not ended. When no scheduled action is running,"
        " the server died of it, or meanwhile.",
    )
    error = fields.Text("What is wrong", readonly=True, translate=True)
    next_try_at = fields.Datetime("Next try", readonly=True)
    news_at = fields.Datetime(
        "Last news",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="When Allegro last announced something about this order.",
    )
    news_count = fields.Integer(readonly=True, required=True, default=1)
    announced_ready = fields.Boolean(
        readonly=True,
        help="Allegro's journal said that the order is ready for processing. The order"
        " itself may say so only a little later.",
    )

    asked_for = fields.Boolean(
        readonly=True,
        help="A person named this very order, so it is imported although it was bought"
        " before the import's start.",
    )

    _form_unique = models.UniqueIndex(
        "(account_id, checkout_form_id)", "This order is waiting already."
    )

    # In

    @api.model
    def _add(self, account, checkout_form_ids, *, ready=False, only_new=False):
        """Note that there is news of these orders; one row for each, ever.

        Plain SQL, because two workers may add the same order at the same time and the
        database itself must decide that it is one.

        :param ready: the journal announced them as ready for processing
        :param only_new: leave rows that are here already as they are
        """
        if not checkout_form_ids:
            return
        now = fields.Datetime.now()
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, 'pending', 0, 1, %s, %s, %s, %s, %s, %s)",
                account.id,
                account.company_id.id,
                form_id,
                now,
                ready,
                self.env.uid,
                self.env.uid,
                now,
                now,
            )
            for form_id in sorted(checkout_form_ids)  # in order: no deadlocks
        )
        # News of an order in quarantine is a reason to look at it again at once; its
        # failures stay counted, so that it goes back there after one more.
        conflict = SQL(
            """DO UPDATE SET state = 'pending', next_try_at = NULL,
                news_at = EXCLUDED.news_at,
                news_count = allegro_incoming_order.news_count + 1,
                announced_ready =
                    allegro_incoming_order.announced_ready OR EXCLUDED.announced_ready
            """
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO allegro_incoming_order (
                    account_id, company_id, checkout_form_id, state, attempts,
                    news_count, news_at, announced_ready,
                    create_uid, write_uid, create_date, write_date
                ) VALUES %s
                ON CONFLICT (account_id, checkout_form_id) %s""",
                rows,
                SQL("DO NOTHING") if only_new else conflict,
            )
        )
        self.invalidate_model()

    # Out

    @api.model
    def _due(self, account):
        """The rows of an account that are to be tried now, oldest first."""
        return self.search(
            [
                ("account_id", "=", account.id),
                ("state", "in", ("pending", "failed")),
                "|",
                ("next_try_at", "=", False),
                ("next_try_at", "<=", fields.Datetime.now()),
            ]
        )

    def _next_batch(self, size):
        """Those of these rows that are tried together now.

        One of which a try was begun that never ended is tried alone, and after all
        others: so an order that kills its worker takes no other along.
        """
        healthy = self.filtered(lambda row: not row.is_begun)
        return healthy[:size] or self.sorted(lambda row: (row.attempts, row.id))[:1]

    def _begin(self):
        """Count a try of these rows before it is made, to be committed at once.

        Whoever dies of an order, by its memory or its time, can't count it afterwards.
        """
        for row in self:
            attempts = row.attempts + 1
            values = {"attempts": attempts, "is_begun": True}
            if row.is_begun:
                keep(row, "error", _server_died)
            if attempts >= MAX_ATTEMPTS:
                values["state"] = "quarantined"
            row.write(values)

    def _take_back(self):
        """A try that was begun has ended: it is no failure by itself.

        Not before it is known what came of it: when the server is stopped, Odoo commits
        what was written until then.
        """
        for row in self.filtered("is_begun"):
            attempts = row.attempts - 1
            values = {"attempts": attempts, "is_begun": False}
            if row.state == "quarantined":
                values["state"] = "failed" if attempts else "pending"
            row.write(values)

    def _process(self, fetched, news_seen):
        """Make of each row what its order on Allegro demands.

        Afterwards each row is gone, or due again only later.

        :param fetched: list of ``Fetched``, of at least these rows
        :param news_seen: ``news_count`` of each row's id before Allegro was asked; a
            row that got more news since then is kept for next time
        """
        answers = {answer.checkout_form_id: answer for answer in fetched}
        account = self.account_id.ensure_one()
        known = self.env["sale.order"]._allegro_known(account, list(answers))
        imports, updates, gone = [], [], []
        done = self.browse()
        for row in self:
            answer = answers[row.checkout_form_id]
            order = known.get(row.checkout_form_id)
            if isinstance(answer.error, AllegroNotFoundError) and not order:
                done += row  # merged with another purchase before it got here
            elif isinstance(answer.error, AllegroNotFoundError):
                gone.append((row, order))
            elif answer.error:
                row._fail_to_read(answer, order)
            elif order:
                updates.append((row, answer.form))
            elif row._wanted(answer.form):
                imports.append((row, answer.form))
            elif row.announced_ready and not _is_final(answer.form):
                row._wait_for_form(answer.form)
            else:
                done += row
        for kind, pairs in (("_allegro_import", imports), ("_allegro_update", updates)):
            done += self._apply(kind, account, pairs)
        for row, order in gone:
            # only now: the order that replaced it may have come with this very batch
            error = attempt(self.env, row._wait_for_return, order)
            if error:
                row._fail(error)
            elif not order.allegro_missing_since:
                done += row
        over = done.filtered(lambda row: row.news_count == news_seen[row.id])
        (self - over).exists()._take_back()
        over.unlink()

    def _wanted(self, form):
        """Is this form, which is not here yet, to become an order?"""
        is_asked_for = self.asked_for and rules.is_importable(form)
        return is_asked_for or self.account_id._wants(form)

    @api.model
    def _apply(self, method, account, pairs):
        """Hand forms over to ``sale.order``: all at once, or else one by one.

        :param method: of ``sale.order``, taking the account and a list of forms
        :param pairs: list of (row, form)
        :return: the rows that are done
        """
        rows = self.browse().concat(*(row for row, _form in pairs))
        if not pairs:
            return rows
        orders = self.env["sale.order"].with_company(account.company_id)
        work = getattr(orders, method)
        error = attempt(self.env, work, account, [form for _row, form in pairs])
        if error is None:
            return rows
        if len(pairs) == 1:
            # a poisonous order may break anything on its way through Odoo and other
            # addons, and must never stop the rest
            rows._fail(error)
            return self.browse()
        _logger.info("A batch of %s orders failed, now one by one", len(pairs))
        done = (self._apply(method, account, [pair]) for pair in pairs)
        return self.browse().concat(*done)

    def _fail_to_read(self, answer, order):
        """Keep what is wrong with a form; what is known of the order is followed.

        :param answer: ``Fetched``
        :param order: the order that is here, None when there is none
        """
        problem = None
        if order and answer.state:
            # it can be cancelled, whatever else can't be read of it
            problem = attempt(self.env, order._allegro_follow_state, answer.state)
        self._fail(problem or answer.error)

    def _fail(self, error):
        """Keep the error on the row and come back later, or leave it to a person."""
        self._take_back()
        for row in self:
            attempts = row.attempts + 1
            given_up = attempts >= MAX_ATTEMPTS
            delay = RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1]
            row.write(
                {
                    "state": "quarantined" if given_up else "failed",
                    "attempts": attempts,
                    "next_try_at": False
                    if given_up
                    else fields.Datetime.now() + timedelta(minutes=delay),
                }
            )
            keep(row, "error", lambda env: in_words_of(env, error))
            _logger.info("Allegro order %s: %s", row.checkout_form_id, in_log(error))

    def _wait_for_return(self, order):
        """Allegro does not find an order that is here: ask until it does.

        No failure of its import, so it is never left to a person. Of what is gone for
        good nothing is awaited.
        """
        if not order._allegro_lost():
            return
        now = fields.Datetime.now()
        pause = pauses.as_long_again(order.allegro_missing_since, now)
        self.write({"state": "pending", "next_try_at": now + pause})
        for row in self:
            keep(
                row, "error", lambda env: order.with_env(env)._allegro_not_found_text()
            )

    def _wait_for_form(self, form):
        """The journal was faster than the order: look again, but not for ever."""
        self.ensure_one()
        self._take_back()
        attempts = self.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self.unlink()  # it is not ready after all; its next event brings it back
            return
        delay = RETRY_MINUTES[attempts - 1]
        self.write(
            {
                "attempts": attempts,
                "next_try_at": fields.Datetime.now() + timedelta(minutes=delay),
            }
        )
        keep(
            self,
            "error",
            lambda env: env._(
                "Allegro still shows it as %(status)s", status=form.status
            ),
        )

    # Buttons

    def action_retry(self):
        """Try these orders again now."""
        self.check_access("write")
        self.sudo().write({"state": "pending", "attempts": 0, "next_try_at": False})
        self.env["allegro.account"]._wake("sync")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The order is being tried again.")
                if len(self) == 1
                else self.env._(
                    "%(count)s orders are being tried again.", count=len(self)
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


def _server_died(env):
    return env._("The server died, or was stopped, while it imported this order.")


def _is_final(form):
    return form.status == statuses.CANCELLED
