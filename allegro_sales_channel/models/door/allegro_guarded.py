"""What people may write, and who may read: Odoo enforces ``readonly`` on screens only.

Over RPC, in an import or with a default of their own, people could write any field of a
record that they may change. So a field of ours says by its own definition whose it is:
stored and ``readonly`` means the system's, all others are people's.
"""

from odoo import api, models
from odoo.fields import Domain

#: The addons of this family: their models are guarded whole.
_OURS = "allegro_sales_channel"
#: How fields of ours on other models are named.
_PREFIX = "allegro_"


class AllegroGuarded(models.AbstractModel):
    """Inherited by every model of ours, and by those of Odoo's that we open."""

    _name = "allegro.guarded"
    _description = "Fields that only the system writes"

    @api.model
    def _is_of_allegro(self, field):
        """Is this a field of ours, or one of a model of ours?"""
        return self._original_module.startswith(_OURS) or field.name.startswith(_PREFIX)

    @api.model
    def _is_systems(self, field):
        """Is this field the system's to write, and nobody's else?"""
        return (
            field.readonly
            and field.store
            and field.name not in models.MAGIC_COLUMNS
            and self._is_of_allegro(field)
        )

    @api.model
    def _has_field_access(self, field, operation):
        """Odoo asks this before each read, create and write that is not a superuser's.

        A buyer reads his own orders over RPC, too: of Allegro's side of them nothing is
        his, neither the seller's note nor Allegro's answers.
        """
        if not self.env.su:
            if operation == "write" and self._is_systems(field):
                return False
            if field.name.startswith(_PREFIX) and not self.env.user._is_internal():
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def _search(self, domain, *args, **options):
        """What one may not read one may not guess either.

        Odoo looks at the fields that it finds in the table, not at those that are
        another record's.
        """
        if not self.env.su and not self.env.user._is_internal():
            for condition in Domain(domain).iter_conditions():
                name = condition.field_expr.split(".")[0]
                if name.startswith(_PREFIX) and name in self._fields:
                    self._check_field_access(self._fields[name], "read")
        return super()._search(domain, *args, **options)

    @api.model
    def default_get(self, fields):
        """A field of the system takes no default from people.

        They may keep defaults of their own for any field, and name them in the context;
        both would hold also where the system creates a record at their request.
        """
        defaults = super().default_get(fields)
        for name in defaults.keys() & self._fields.keys():
            field = self._fields[name]
            if self._is_systems(field):
                del defaults[name]
                if field.default:
                    value = field.convert_to_cache(field.default(self), self)
                    defaults[name] = field.convert_to_write(value, self)
        return defaults

    def write(self, vals):
        """Nobody moves a record of ours to where he has no rights.

        Odoo looks at who owns a record before it is written, not at who does after.
        """
        result = super().write(vals)
        if not self.env.su and self._original_module.startswith(_OURS):
            self.check_access("write")
        return result
