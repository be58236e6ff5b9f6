"""The e-mail about a new order tells local time and how it is paid."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref(
        "allegro_sales_channel.mail_template_allegro_order", raise_if_not_found=False
    )
    # what a person has written in it stays
    if template and template.write_uid.id == SUPERUSER_ID:
        template.reset_template()
