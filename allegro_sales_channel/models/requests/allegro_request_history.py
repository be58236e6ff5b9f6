"""*Load older orders*: a period of the past, into the read-only history."""

from odoo import models

from ...allegro import statuses


class AllegroRequestHistory(models.AbstractModel):
    """The kind ``history`` of ``allegro.request``."""

    _name = "allegro.request.history"
    _description = "Loading older Allegro orders"

    def _fetch_history(self, client):
        return self._fetch_listed(client)

    def _take_history(self, fetched):
        """Keep what was bought in a period."""
        self._note(self._keep_fetched(fetched), unlisted=("new",))
        self._remember_position(fetched)

    def _keep_fetched(self, fetched):
        """:return: list of dicts, as :meth:`_note` takes them"""
        account = self.account_id
        ids = [answer.checkout_form_id for answer in fetched]
        orders = self.env["sale.order"]._allegro_known(account, ids)
        results, forms = [], []
        for answer in fetched:
            form_id = answer.checkout_form_id
            result = {"checkout_form_id": form_id, "result": "skipped"}
            if answer.error:
                result |= {"result": "failed", "reason": str(answer.error)}
            elif form_id in orders:
                order = orders[form_id]
                result |= {
                    "order_id": order.id,
                    "reason": self.env._("It is a sales order"),
                }
            elif account._is_since_start(answer.form):
                result["reason"] = self.env._(
                    "Bought since the import's start: no older order"
                )
            elif answer.form.status not in (statuses.READY, statuses.CANCELLED):
                result["reason"] = self.env._(
                    "The buyer has not completed it yet (%(status)s)",
                    status=answer.form.status,
                )
            else:
                forms.append(answer.form)
                continue
            results.append(result)
        stored = self.env["allegro.historic.order"]._store(account, forms)
        for form_id, result in stored.items():
            reason = result == "skipped" and self.env._("It is here already")
            results.append(
                {"checkout_form_id": form_id, "result": result, "reason": reason}
            )
        return results
