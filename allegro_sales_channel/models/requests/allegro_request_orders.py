"""*Import this order* and *Load a period*: through the inbox, like every order."""

from odoo import models
from odoo.tools import format_datetime

from ...allegro import rules, statuses
from ...allegro.errors import AllegroNotFoundError
from ..orders.allegro_account_journal import BATCH


class AllegroRequestOrders(models.AbstractModel):
    """The kinds ``orders`` and ``period`` of ``allegro.request``."""

    _name = "allegro.request.orders"
    _description = "Importing orders on request"

    def _fetch_orders(self, client):
        """The orders that were named."""
        wanted = self.checkout_form_ids or []
        self.total_count = len(wanted)
        for start in range(self.done_count, len(wanted), BATCH):
            self.env["ir.cron"]._commit_progress()
            yield client.checkout_forms(wanted[start : start + BATCH])

    def _take_orders(self, fetched):
        self._note(self._import_fetched(fetched, asked_for=True))

    def _fetch_period(self, client):
        return self._fetch_listed(client)

    def _take_period(self, fetched):
        self._note(self._import_fetched(fetched))
        self._remember_position(fetched)

    def _import_fetched(self, fetched, asked_for=False):
        """Let the inbox import these, and tell what became of each.

        :param fetched: list of ``Fetched``
        :return: list of dicts, as :meth:`_note` takes them
        """
        account = self.account_id
        orders = self.env["sale.order"]
        inbox = self.env["allegro.incoming.order"]
        answers = {answer.checkout_form_id: answer for answer in fetched}
        before = orders._allegro_known(account, answers)
        news = orders._allegro_different(account, fetched)
        changed = {
            form_id: order._allegro_change_text(answers[form_id].form)
            for form_id, order in before.items()
            if form_id in news and answers[form_id].form
        }
        if asked_for:
            news = set(answers)
        inbox._add(account, news, only_new=not asked_for)
        rows = inbox.search(
            [("account_id", "=", account.id), ("checkout_form_id", "in", list(news))]
        ).try_lock_for_update()
        if asked_for:
            rows.asked_for = True
        taken = set(rows.mapped("checkout_form_id"))
        if rows:
            # asked for, so no news to anybody: no e-mail, no invoice by itself
            rows.with_context(allegro_back_fill=True)._process(
                [answers[form_id] for form_id in taken],
                {row.id: row.news_count for row in rows},
            )
        after = orders._allegro_known(account, answers)
        left = inbox.search(
            [("account_id", "=", account.id), ("checkout_form_id", "in", list(taken))]
        )
        failed = {row.checkout_form_id: row.error for row in left}
        results = []
        for form_id, answer in answers.items():
            order = after.get(form_id)
            if form_id in failed:
                result, reason = "failed", failed[form_id]
            elif form_id in news - taken:
                result, reason = "skipped", self.env._("It is being imported just now")
            elif order and form_id not in before:
                result, reason = "new", False
            elif changed.get(form_id):
                result, reason = "changed", changed[form_id]
            elif isinstance(answer.error, AllegroNotFoundError):
                result, reason = "failed", self._why_not_found(order)
            else:
                result, reason = "skipped", self._why_skipped(answer, order)
            results.append(
                {
                    "checkout_form_id": form_id,
                    "result": result,
                    "reason": reason,
                    "order_id": order.id if order else False,
                }
            )
        return results

    def _why_not_found(self, order):
        """In words: why Allegro does not know this order."""
        if order:
            return self.env._("The buyer merged it with another purchase")
        return self.env._(
            "Allegro knows no such order of this account: the number is another"
            " seller's, was replaced by a merge, or is older than 12 months"
        )

    def _why_skipped(self, answer, order):
        """In words: why this order on Allegro changed nothing here."""
        if order:
            return self.env._("It is here already, as Allegro has it")
        form = answer.form
        if form.status == statuses.CANCELLED:
            return self.env._("It was cancelled on Allegro")
        if not rules.is_importable(form):
            return self.env._(
                "The buyer has not completed it yet (%(status)s)", status=form.status
            )
        start = self.account_id.order_import_start
        if not self.account_id._is_since_start(form) and self.kind != "orders":
            return self.env._(
                "Bought before the import's start, %(start)s: load it as an older"
                " order",
                start=format_datetime(self.env, start, tz=self.create_uid.tz or "UTC"),
            )
        return self.env._("None of its items is a product in Odoo")
