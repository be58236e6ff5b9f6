"""*Compare with Allegro*: what it lists for the last days against what is here."""

from datetime import timedelta

from odoo import fields, models

from ...allegro import rules, statuses
from .allegro_daily_proof import PROOF_DAYS
from .allegro_request_shadow import Truths

#: What was bought a moment ago may still be on its way.
_ON_ITS_WAY = timedelta(minutes=30)


class AllegroRequestProof(models.AbstractModel):
    """The kind ``proof`` of ``allegro.request``."""

    _name = "allegro.request.proof"
    _description = "Comparison with Allegro"

    def _fetch_proof(self, client):
        if not self.date_from:
            now = fields.Datetime.now()
            self.write(
                {
                    "date_from": now - timedelta(days=PROOF_DAYS),
                    "date_to": now - _ON_ITS_WAY,
                }
            )
        yield from self._fetch_listed(client)
        yield from self._fetch_shadows(client)

    def _take_proof(self, piece):
        """Compare a piece: of Allegro's list with what is here, or of the shadows."""
        if isinstance(piece, Truths):
            self._take_shadows(piece)
        else:
            self._take_listed(piece)

    def _take_listed(self, fetched):
        self.done_count += len(fetched)
        account = self.account_id
        ids = [answer.checkout_form_id for answer in fetched]
        known = self.env["sale.order"]._allegro_known(account, ids)
        waiting = self._waiting_rows(ids)
        missing = []
        for answer in fetched:
            form_id = answer.checkout_form_id
            order = known.get(form_id, self.env["sale.order"])
            form = answer.form
            if not form:
                exception = {"reason": "unreadable", "detail": str(answer.error)}
                self._proof_of(account.company_id.currency_id.name)._add(
                    exceptions=[{"checkout_form_id": form_id, **exception}]
                )
                continue
            if not rules.is_importable(form):
                continue
            reason, detail = self._difference(form, order, waiting.get(form_id))
            if reason == "missing":
                missing.append(form_id)
            exception = {
                "checkout_form_id": form_id,
                "reason": reason,
                "detail": detail,
                "listed_total": float(form.total_to_pay.amount),
                "here_total": order.amount_total,
                "order_id": order.id,
            }
            self._proof_of(form.total_to_pay.currency)._add(
                listed=[form.total_to_pay.amount],
                here=order,
                exceptions=[exception] if reason else [],
            )
        self._fetch_missing(missing)
        self._remember_position(fetched)
        self._remember_known(known.values())

    def _waiting_rows(self, form_ids):
        """Dict of the inbox's rows by form id."""
        rows = self.env["allegro.incoming.order"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("checkout_form_id", "in", form_ids),
            ]
        )
        return {row.checkout_form_id: row for row in rows}

    def _difference(self, form, order, row):
        """Why an order that Allegro lists is not, or not so, in Odoo.

        :return: pair of a reason and a detail, both False when all is equal
        """
        if order:
            if order.state == "cancel":
                return "cancelled", False
            total = float(form.total_to_pay.amount)
            if not order.currency_id.compare_amounts(order.amount_total, total):
                return False, False
            if order.allegro_has_unmanaged:
                return "part", order.allegro_unmanaged_items
            return "total", False
        if row:
            return ("failed", row.error) if row.error else ("waiting", False)
        if not self.account_id._is_since_start(form):
            return "before_start", False
        offer_ids = {line.offer_id for line in form.lines}
        unmanaged = self.env["allegro.offer"].search_count(
            [
                ("account_id", "=", self.account_id.id),
                ("offer_id", "in", list(offer_ids)),
                ("product_id", "=", False),
            ]
        )
        if unmanaged == len(offer_ids):
            return "unmanaged", ", ".join(line.offer_name for line in form.lines)
        return "missing", False

    def _fetch_missing(self, form_ids):
        """Let the inbox bring in what the journal and the sweep both missed."""
        if form_ids:
            self.env["allegro.incoming.order"]._add(
                self.account_id, form_ids, only_new=True
            )
            self.account_id._wake("sync")

    def _remember_known(self, orders):
        position = self.sudo().position or {}
        ids = position.get("known", []) + [order.id for order in orders]
        self.sudo().position = {**position, "known": ids}

    def _proof_of(self, code):
        """This request's comparison in a currency."""
        currency = self.env["res.currency"]._allegro_by_code(code)
        found = self.proof_ids.filtered(lambda proof: proof.currency_id == currency)
        return found or self.env["allegro.daily.proof"].create(
            {
                "request_id": self.id,
                "account_id": self.account_id.id,
                "currency_id": currency.id,
                "day": fields.Date.context_today(self),
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
        )

    def _finish_proof(self):
        """The other direction: orders here that Allegro does not list."""
        known = (self.sudo().position or {}).get("known", [])
        orders = self.env["sale.order"].search(
            [
                ("allegro_account_id", "=", self.account_id.id),
                ("date_order", ">=", self.date_from),
                ("date_order", "<=", self.date_to),
                ("allegro_status", "=", statuses.READY),
                ("state", "=", "sale"),
                ("id", "not in", known),
            ]
        )
        for order in orders:
            self._proof_of(order.currency_id.name)._add(
                exceptions=[
                    {
                        "checkout_form_id": order.allegro_checkout_form_id,
                        "reason": "unlisted",
                        "here_total": order.amount_total,
                        "order_id": order.id,
                    }
                ]
            )
        self._fetch_missing(orders.mapped("allegro_checkout_form_id"))
        # a quiet week is a result as well
        self._proof_of(self.account_id.company_id.currency_id.name)
