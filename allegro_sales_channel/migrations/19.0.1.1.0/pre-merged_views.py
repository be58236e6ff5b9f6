"""Views that became part of another one of the addon: they go before it is loaded.

Odoo would remove them at the end of the update only. Until then they would look for
their places in a view that says the same already.
"""

from odoo import SUPERUSER_ID, api

MODULE = "allegro_sales_channel"
#: What became part of what.
MERGED = {
    "account_move_view_form_allegro": "account_move_view_form",
    "account_move_view_search_allegro": "account_move_view_search",
    "allegro_account_view_form_audit": "allegro_account_view_form",
    "allegro_account_view_form_invoice": "allegro_account_view_form",
    "allegro_account_view_list_audit": "allegro_account_view_list",
    "report_delivery_document_message": "report_delivery_document",
    "report_picking_messages": "report_picking",
    "res_config_settings_view_form_audit": "res_config_settings_view_form",
    "sale_order_view_form": "sale_order_view_form_allegro",
    "sale_order_view_form_allegro_cancel": "sale_order_view_form_allegro",
    "sale_order_view_form_allegro_invoice": "sale_order_view_form_allegro",
    "sale_order_view_form_allegro_merge": "sale_order_view_form_allegro",
    "sale_order_view_form_fulfilment": "sale_order_view_form_allegro",
    "sale_order_view_kanban": "sale_order_view_kanban_allegro",
    "sale_order_view_list": "sale_order_view_list_allegro",
    "sale_order_view_list_allegro_invoice": "sale_order_view_list_allegro",
    "sale_order_view_list_fulfilment": "sale_order_view_list_allegro",
    "sale_order_view_search": "sale_order_view_search_allegro",
    "sale_order_view_search_allegro_cancel": "sale_order_view_search_allegro",
    "sale_order_view_search_allegro_invoice": "sale_order_view_search_allegro",
    "sale_order_view_search_fulfilment": "sale_order_view_search_allegro",
    "stock_picking_view_form_allegro_messages": "stock_picking_view_form",
    "stock_picking_view_form_fulfilment": "stock_picking_view_form",
    "stock_picking_view_list_allegro_deadline": "stock_picking_view_list",
    "stock_picking_view_search_allegro_late": "stock_picking_view_search",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, survivor in MERGED.items():
        view = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if not view:
            continue
        # somebody's own view on it stays, on the one that says the same now
        cr.execute(
            "UPDATE ir_ui_view SET inherit_id = %s WHERE inherit_id = %s",
            [env.ref(f"{MODULE}.{survivor}").id, view.id],
        )
        env.invalidate_all()
        view.unlink()
