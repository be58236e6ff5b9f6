import { stepUtils } from "@web_tour/tour_utils";

import { addTour } from "./tour";

/** The order is open on the screen: cancel it, keeping the second part. */
addTour("allegro_cancel_order", {
    steps: () => [
        {
            content: "Odoo's own Cancel is not there",
            trigger: ".o_form_view .o_statusbar_buttons:not(:has(button[name=action_cancel]))",
        },
        {
            content: "Cancel the order",
            trigger: "button[name=action_allegro_cancel]",
            run: "click",
        },
        {
            content: "The window says what Allegro does not do",
            trigger: ".modal:contains(does not pay the buyer back)",
        },
        {
            content: "Keep the second part",
            trigger: ".modal .o_data_row:contains(SKU-2) td[name=write_off] input",
            run: "click",
        },
        {
            content: "Confirm without saying why",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is asked for",
            trigger: ".modal .modal-body:contains(Say why)",
        },
        {
            content: "So it is to be told",
            trigger: ".o_error_dialog footer button, .modal:contains(Say why) footer .btn-primary",
            run: "click",
        },
        {
            content: "Into the reason",
            trigger: ".modal .o_data_row:contains(SKU-2) td[name=reason]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_data_row:contains(SKU-2) td[name=reason] input",
            run: "edit Still in its box",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "The result names what was written off",
            trigger: ".modal .o_data_row:contains(Written off):contains(SKU-1)",
        },
        {
            content: "Close the result",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "The order is cancelled, its kept part is in the audit",
            trigger: ".o_form_view .alert:contains(You cancelled this order)",
        },
        {
            content: "Look at the write-off",
            trigger: "button[name=action_allegro_open_scraps]:contains(1)",
        },
        {
            content: "Go to the parts",
            trigger: ".o-form-buttonbox button[name=action_allegro_open_stock_audit]",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".o_list_view .o_data_row:contains(SKU-2)",
        },
    ],
});

/** The list of orders: cancel two, one of which has left already. */
addTour("allegro_cancel_many", {
    steps: () => [
        {
            content: "Also what is not to be sent any more",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Sent)",
        },
        {
            content: "Select all orders",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Open the actions",
            trigger: ".o_cp_action_menus button:contains(Actions)",
            run: "click",
        },
        {
            content: "Cancel them",
            trigger: ".o-dropdown--menu .o_menu_item:contains(Cancel Allegro orders)",
            run: "click",
        },
        {
            content: "One of them can't be",
            trigger: ".modal .o_data_row:contains(handed over)",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "A result for the one",
            trigger: ".modal .o_data_row:contains(Written off)",
        },
        {
            content: "And for the other",
            trigger: ".modal .o_data_row:contains(handed over)",
        },
        {
            content: "Close the result",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Back in the list",
            trigger: "body:not(:has(.modal)) .o_list_view",
        },
    ],
});

/** Parts stock audit: a scanner finds a part, parts are decided, one is undone. */
addTour("allegro_stock_audit", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the Allegro application",
            trigger: ".o_app[data-menu-xmlid='allegro_sales_channel.menu_allegro_root']",
            run: "click",
        },
        {
            content: "Its menu counts three parts",
            trigger: ".o_nav_entry:contains(Parts stock audit):contains(3)",
            run: "click",
        },
        {
            content: "The page is there",
            trigger: ".o_breadcrumb:contains(Parts stock audit)",
        },
        {
            content: "Scan the barcode of a part",
            trigger: ".o_searchview_input",
            run: "fill 5900000000017",
        },
        {
            content: "Enter comes from the scanner",
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            content: "Only that part is left",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(SKU-2))) .o_data_row:contains(SKU-1)",
        },
        {
            content: "Put it back",
            trigger: ".o_data_row:contains(SKU-1) button[name=action_back_to_stock]",
            run: "click",
        },
        {
            content: "Nothing is left to check, and the menu knows",
            trigger: ".o_nav_entry:contains(Parts stock audit):contains(2)",
        },
        {
            content: "Forget the barcode",
            trigger: ".o_searchview .o_searchview_facet:contains(5900000000017) .o_facet_remove",
            run: "click",
        },
        {
            content: "On to the cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "Write one off",
            trigger: ".o_kanban_record:contains(SKU-2) button[name=action_ask_write_off]",
            run: "click",
        },
        {
            content: "Say what is wrong with it",
            trigger: ".modal [name=note] textarea",
            run: "edit Cracked",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "One part is left",
            trigger: ".o_nav_entry:contains(Parts stock audit):contains(1)",
        },
        {
            content: "See the decided ones too",
            trigger: ".o_searchview .o_searchview_facet:contains(To check) .o_facet_remove",
            run: "click",
        },
        {
            content: "Undo the write-off",
            trigger: ".o_kanban_record:contains(SKU-2) button[name=action_undo]",
            run: "click",
        },
        {
            content: "It is to be checked again",
            trigger: ".o_kanban_record:contains(SKU-2) button[name=action_back_to_stock]",
        },
        {
            content: "Open it",
            trigger: ".o_kanban_record:contains(SKU-2) .fa-shopping-cart",
            run: "click",
        },
        {
            content: "Note something",
            trigger: ".o_form_view [name=note] textarea",
            run: "edit It is fine after all",
        },
        {
            content: "Put it back from its form",
            trigger: "button[name=action_back_to_stock]",
            run: "click",
        },
        {
            content: "Done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Back in stock)",
        },
    ],
});

/** Handed over: who may not cancel Allegro's orders has no Cancel at all. */
addTour("allegro_no_cancel", {
    steps: () => [
        {
            trigger:
                ".o_form_view .o_statusbar_buttons:not(:has(button[name=action_cancel])):not(:has(button[name=action_allegro_cancel])) button[name=action_preview_sale_order]",
        },
    ],
});

/** Who may is told what it does not do; of what is over on Allegro nothing is revived. */
addTour("allegro_cancel_in_odoo_only", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_cancel]:contains(Cancel in Odoo only)",
            run: "click",
        },
        {
            trigger: ".modal:contains(no part comes back into stock) footer button:contains(Cancel in Odoo only)",
            run: "click",
        },
        {
            content: "The chatter says where the goods are",
            trigger: ".o-mail-Message:contains(Handed over already, and not brought back by this)",
        },
        {
            content: "On Allegro it is alive, so here it may be, too",
            trigger: ".o_statusbar_buttons button[name=action_draft]",
        },
    ],
});

addTour("allegro_no_way_back", {
    steps: () => [
        {
            trigger:
                ".o_form_view:contains(Cancelled by the buyer) .o_statusbar_buttons:not(:has(button[name=action_draft])):not(:has(button[name=action_confirm]))",
        },
    ],
});
