"""A kind of request of its own."""

from odoo import fields, models


class AllegroRequest(models.Model):
    _inherit = "allegro.request"

    kind = fields.Selection(
        selection_add=[("example", "Read the threads")],
        ondelete={"example": "cascade"},
    )

    def _fetch_example(self, client):
        self.env["ir.cron"]._commit_progress()
        yield client.get("/messaging/threads", {"limit": 2}).done()

    def _take_example(self, answer):
        self.done_count += len(answer["threads"])

    def _finish_example(self):
        self.new_count = self.done_count
