"""What a browser says in a dialog is asked for by a user, not known to be his."""

from odoo import api, models


class AllegroDialog(models.AbstractModel):
    """Inherited by every dialog of ours.

    Odoo shows the name of whatever record a field points at, also of another company's
    order or offer. So a dialog points at nothing that its user may not read. Whether he
    may do what he asks for is checked where it is done.
    """

    _name = "allegro.dialog"
    _description = "Dialog about Allegro"
    _inherit = ["allegro.guarded"]

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        self.new(defaults)._check_named(defaults)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_named(self._fields)
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self._check_named(vals)
        return result

    def _check_named(self, names):
        """
        :param names: of fields
        :raises AccessError: when one of them points at what the user may not read
        """
        if self.env.su:
            return
        for name in names:
            field = self._fields[name]
            if field.relational and field.store and name not in models.MAGIC_COLUMNS:
                self[name]._origin.check_access("read")
