"""*Handed over*, though no tracking number is known: asked once, of people only."""

from odoo import api, fields, models

#: Names that are shown; of more it is said how many there are.
NAMES_SHOWN = 10


class AllegroHandOverWizard(models.TransientModel):
    """The question about orders handed over, or about deliveries validated.

    It is asked only where a button says so in its context, so that other software,
    which can't answer, hands over as it did.
    """

    _name = "allegro.hand.over.wizard"
    _description = "Hand over without a tracking number"
    _inherit = ["allegro.dialog"]

    order_ids = fields.Many2many("sale.order", string="Orders", readonly=True)
    picking_ids = fields.Many2many("stock.picking", string="Deliveries", readonly=True)
    question = fields.Char(compute="_compute_question")
    names = fields.Text("Without a number", compute="_compute_question")
    is_about_one = fields.Boolean(compute="_compute_question")
    can_leave_out = fields.Boolean(compute="_compute_question")

    @api.depends("order_ids", "picking_ids")
    def _compute_question(self):
        for wizard in self:
            every, missing = wizard._records(), wizard._without_number()
            wizard.is_about_one = len(every) == 1
            wizard.can_leave_out = bool(every - missing)
            wizard.question = (
                self.env._("%(name)s has no tracking number.", name=missing[:1].name)
                if len(every) == 1
                else self.env._(
                    "%(count)s of %(total)s have no tracking number.",
                    count=len(missing),
                    total=len(every),
                )
            )
            names = missing[:NAMES_SHOWN].mapped("name")
            if len(missing) > NAMES_SHOWN:
                names.append(
                    self.env._("and %(count)s more", count=len(missing) - NAMES_SHOWN)
                )
            wizard.names = ", ".join(names)

    @api.model
    def _ask_about(self, records):
        """The question about these orders or deliveries, as an action.

        :return: False when there is nothing to ask: no person would answer, or each
            has what it needs
        """
        if not self.env.context.get("allegro_ask"):
            return False
        if not records._allegro_without_number():
            return False
        name = "order_ids" if records._name == "sale.order" else "picking_ids"
        # sudo: what it is about is not the browser's to say
        wizard = self.sudo().create({name: records.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Without a tracking number?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            # what was meant to happen goes on from here
            "context": {**self.env.context, "allegro_ask": False},
        }

    def _records(self):
        return self.picking_ids or self.order_ids

    def _without_number(self):
        return self._records()._allegro_without_number()

    # Answers

    def action_confirm(self):
        """Hand all of them over all the same."""
        return self._hand_over(self._records())

    def action_leave_out(self):
        """Hand over those that have a number; the others stay as they are."""
        return self._hand_over(self._records() - self._without_number())

    def action_add_tracking(self):
        """Enter the numbers first."""
        return self._without_number().action_allegro_add_tracking()

    def _hand_over(self, records):
        records = records.with_context(allegro_ask=False)
        if records._name == "sale.order":
            return records.action_allegro_hand_over()
        return records.button_validate()
