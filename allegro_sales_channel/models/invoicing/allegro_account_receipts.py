"""Addresses of e-receipts, put on the orders at Allegro."""

from odoo import fields, models

from ...allegro import writers
from ...allegro.errors import (
    AllegroConflictError,
    AllegroDataError,
    AllegroNotFoundError,
    AllegroUnavailableError,
    WriteHeldError,
)
from ..door.fault import Fault, in_words, whose

#: Not Allegro's no to an address: its order is not found just now, or the answer can't
#: be read.
_MAY_PASS = (AllegroDataError, AllegroNotFoundError)


class AllegroAccountReceipts(models.AbstractModel):
    """The part of ``allegro.account`` that tells where e-receipts are."""

    _name = "allegro.account.receipts"
    _description = "E-receipts of an Allegro account"

    def _push_receipt_links(self):
        receipts = self.env["allegro.receipt"]
        due_ids = receipts._links_due(self).ids
        self.env["ir.cron"]._commit_progress(remaining=len(due_ids))
        if not due_ids:
            return
        with self._client() as client:
            for receipt_id in due_ids:
                with self._trailed(client):
                    self._push_receipt_link(client, receipts.browse(receipt_id))
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    def _push_receipt_link(self, client, receipt):
        """Tell one address, in a transaction that ends before Allegro is asked.

        :raises AllegroError: when it is Allegro that is in trouble
        """
        form_id, link = receipt.order_id.allegro_checkout_form_id, receipt.link
        about = receipt._about_link()
        client.gate.expect(writers.INVOICE, {about: {"url": link}})
        self.env["ir.cron"]._commit_progress()
        try:
            # after a time-out nothing is put there twice
            if link not in client.billing_links(form_id):
                client.about(about).add_billing_link(form_id, link)
        except WriteHeldError as held:
            if held.is_shadow:
                receipt.link_held_at = fields.Datetime.now()
        except AllegroConflictError:
            receipt._link_done("on_allegro")  # another worker was faster
        except AllegroUnavailableError as error:
            # Were this one the cause, the next ones must not wait behind it.
            receipt._link_later(in_words(error), is_answered=False)
            self.env["ir.cron"]._commit_progress()
            raise
        except Exception as error:
            if whose(error) is not Fault.DOCUMENT:
                raise
            if isinstance(error, _MAY_PASS):
                receipt._link_later(in_words(error))
            else:
                receipt._link_done("error", in_words(error))
        else:
            receipt._link_done("on_allegro")
