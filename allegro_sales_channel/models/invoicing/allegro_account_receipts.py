"""Addresses of e-receipts, put on the orders at Allegro."""

from functools import partial

from odoo import fields, models

from ...allegro import writers
from ...allegro.errors import AllegroConflictError, WriteHeldError


class AllegroAccountReceipts(models.AbstractModel):
    """The part of ``allegro.account`` that tells where e-receipts are."""

    _name = "allegro.account.receipts"
    _description = "E-receipts of an Allegro account"

    def _push_receipt_links(self):
        due = self.env["allegro.receipt"]._links_due(self)
        self._push_each(due, self._push_receipt_link)

    def _push_receipt_link(self, client, receipt):
        """Tell one address, in a transaction that ends before Allegro is asked.

        :raises AllegroError: when it is Allegro that is in trouble
        """
        content = {"url": receipt.link}
        client.gate.expect(writers.INVOICE, {receipt._about_link(): content})
        self.env["ir.cron"]._commit_progress()
        put = partial(self._put_receipt_link, client, receipt)
        self._put_one(put, receipt._link_later, receipt._link_done)

    def _put_receipt_link(self, client, receipt):
        form_id, link = receipt.order_id.allegro_checkout_form_id, receipt.link
        try:
            # after a time-out nothing is put there twice
            if link not in client.billing_links(form_id):
                client.about(receipt._about_link()).add_billing_link(form_id, link)
        except WriteHeldError as held:
            if held.is_shadow:
                receipt.link_held_at = fields.Datetime.now()
        except AllegroConflictError:
            receipt._link_done("on_allegro")  # another worker was faster
        else:
            receipt._link_done("on_allegro")
