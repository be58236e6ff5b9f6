"""Records without which orders could not come in, or not go out.

Each model of them is opened here by what they need: not to be deleted, not to become
something else, not to be archived while an account works with them.
"""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

#: This addon, and those that are built on it.
_MODULES = "allegro\\_sales\\_channel%"


class AllegroNeeded(models.AbstractModel):
    """Records of the addon's own data files: people may change, not delete them."""

    _name = "allegro.needed"
    _description = "What the Allegro application needs"

    def _allegro_needed(self):
        """Those of these records that came with the addon."""
        known = (
            self.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("module", "=like", _MODULES),
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                ]
            )
        )
        return self.browse(known.mapped("res_id"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        for record in self._allegro_needed():
            raise UserError(
                self.env._(
                    "%(record)s is needed by the application for Allegro and can't be"
                    " deleted. You can rename it.",
                    record=record.display_name,
                )
            )


class AllegroNeededByAccounts(models.AbstractModel):
    """What accounts are set to work with, and can't work with when it is archived."""

    _name = "allegro.needed.by.accounts"
    _description = "What Allegro accounts work with"

    @api.constrains("active")
    def _check_no_account_works_with_it(self):
        archived = self.filtered(lambda record: not record.active)
        accounts = self.env["allegro.account"].sudo()
        for field in accounts._fields.values():
            if field.type != "many2one" or field.comodel_name != self._name:
                continue
            account = accounts.search([(field.name, "in", archived.ids)], limit=1)
            if account:
                raise ValidationError(
                    self.env._(
                        "The Allegro account %(account)s works with %(record)s"
                        " (%(field)s). Choose another one there first.",
                        account=account.name,
                        record=account[field.name].display_name,
                        field=field.get_description(self.env)["string"],
                    )
                )


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "allegro.needed"]

    @api.constrains("type", "company_id")
    def _check_allegro_helper(self):
        """Lines of deposits and services are no goods, of whatever company."""
        for product in self._allegro_needed():
            if product.type != "service" or product.company_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s stands for deposits, services or deliveries on the"
                        " Allegro orders of all companies: it has to stay a service"
                        " without a company.",
                        product=product.display_name,
                    )
                )


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "allegro.needed"]


class SalesChannel(models.Model):
    _name = "sales.channel"
    _inherit = ["sales.channel", "allegro.needed"]


class StockScrapReasonTag(models.Model):
    _name = "stock.scrap.reason.tag"
    _inherit = ["stock.scrap.reason.tag", "allegro.needed"]


class MailActivityType(models.Model):
    _name = "mail.activity.type"
    _inherit = ["mail.activity.type", "allegro.needed"]


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["mail.template", "allegro.needed"]


class ResGroups(models.Model):
    _name = "res.groups"
    _inherit = ["res.groups", "allegro.needed"]


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "allegro.needed.by.accounts"]


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["account.journal", "allegro.needed.by.accounts"]
