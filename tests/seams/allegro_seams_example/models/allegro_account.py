"""A feature of its own: a scope, a scheduled action, a writer, a number to look at."""

from odoo import api, fields, models

from odoo.addons.allegro_sales_channel.allegro import gate, writers
from odoo.addons.allegro_sales_channel.models.door.seams import (
    MODES,
    ScheduledAction,
    Scope,
    Tile,
    Writer,
)
from odoo.addons.allegro_sales_channel.models.door.trail_gate import Subject


class AllegroAccount(models.Model):
    _inherit = "allegro.account"

    message_mode = fields.Selection(MODES, "Messages", required=True, default="off")
    example_is_on = fields.Boolean("Example is on")
    example_thread = fields.Char("Where Allegro put it", readonly=True)
    example_wait = fields.Integer("Seconds to wait", readonly=True)
    example_counted = fields.Integer(readonly=True)

    def _scopes(self):
        return super()._scopes() + [
            Scope(
                "allegro:api:messaging",
                use=self.env._("answering buyers"),
                loss=self.env._("buyers get no answer"),
                is_wanted=self.example_is_on,
            )
        ]

    @api.model
    def _scheduled_actions(self):
        return super()._scheduled_actions() + [
            ScheduledAction(
                "allegro_seams_example.ir_cron_example",
                offline_steps=("_example_count",),
                steps=("_example_send",),
            )
        ]

    @api.model
    def _writers(self):
        return super()._writers() + [Writer(writers.MESSAGE, self.env._("Messages"))]

    @api.model
    def _overview_tiles(self):
        return super()._overview_tiles() + [
            Tile(
                "example",
                self.env._("Examples"),
                "allegro_sales_channel.action_allegro_request",
                "account_id",
            )
        ]

    def _example_count(self):
        self.sudo().example_counted += 1
        self.env["ir.cron"]._commit_progress()

    def _example_send(self):
        if self._mode(writers.MESSAGE) == gate.OFF:
            return
        message = {"text": "Dzień dobry"}
        about = Subject(self._name, self.id, None, self.env.uid)
        with self._client() as client:
            client.gate.expect(writers.MESSAGE, {about: None})
            self.env["ir.cron"]._commit_progress()
            with self._trailed(client):
                answer = client.about(about).send(
                    writers.MESSAGE, "POST", "/messaging/messages", message
                )
        self.sudo().write(
            {"example_thread": answer.location, "example_wait": answer.retry_after}
        )
        self.env["ir.cron"]._commit_progress()
