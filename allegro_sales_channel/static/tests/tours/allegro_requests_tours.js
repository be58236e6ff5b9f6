import { addTour } from "./tour";

const DONE = ".o_form_view .o_statusbar_status button[data-value=done].o_arrow_button_current";

function chooseMenu(section, entry) {
    return [
        {
            trigger: `.o_menu_sections button:contains(${section})`,
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu .dropdown-item:contains(/^${entry}$/)`,
            run: "click",
        },
    ];
}

/** Asking: what is wanted is written down, and its page shows that it is waited for. */
addTour("allegro_ask", {
    steps: () => [
        ...chooseMenu("Orders", "Import orders"),
        {
            content: "something that is no order",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit nonsense",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "is refused in words",
            trigger: ".o_error_dialog:contains(is no Allegro order) button:contains(Close)",
            run: "click",
        },
        {
            content: "an address with the order's number",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit https://salescenter.allegro.com/orders/11111111-2222-3333-4444-555555555555",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "it waits for the scheduled action and says so",
            trigger: ".o_form_view:contains(Import these orders) [role=status]:contains(background)",
        },
        ...chooseMenu("Orders", "Load a period"),
        {
            content: "by default the orders that are missing",
            trigger: ".modal .o_radio_item input[data-value=period]:checked",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains(Load orders of a period) button[name=action_stop]",
            run: "click",
        },
        {
            content: "stopped, it can go on",
            trigger: ".o_form_view button[name=action_resume]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_stop]",
        },
        ...chooseMenu("Orders", "Older orders"),
        {
            content: "nothing there yet, and what to do about it",
            trigger: ".o_view_nocontent:contains(Load older orders)",
        },
        {
            trigger: ".o_control_panel button:contains(Load older orders)",
            run: "click",
        },
        {
            trigger: ".modal .o_radio_item input[data-value=history]:checked",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains(Load older orders) button[name=action_stop]",
        },
        ...chooseMenu("Offers", "Without product"),
        {
            trigger: ".o_control_panel button[name=action_read_all_offers]",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains(Read all offers) button[name=action_stop]",
        },
        ...chooseMenu("Orders", "Daily comparison"),
        {
            trigger: ".o_control_panel button[name=action_compare_now]",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains(Compare with Allegro) button[name=action_stop]",
        },
    ],
});

/** Looking at what came of it, and settling the offers. */
addTour("allegro_look_at_results", {
    steps: () => [
        ...chooseMenu("Orders", "Requests"),
        {
            trigger: ".o_data_row:contains(Import these orders) .o_data_cell",
            run: "click",
        },
        {
            content: "the order that was named came in",
            trigger: `.o_form_view:has(${DONE}) .o_data_row:contains(New):contains(11111111-2222)`,
        },
        {
            trigger: "button[name=action_open_orders]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row [name=sales_channel_id]:contains(Allegro)",
        },
    ],
});

/** The history: found by its buyer, opened, and only to be looked at. */
addTour("allegro_history", {
    steps: () => [
        {
            trigger: ".o_searchview_input",
            run: "edit old_buyer",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains(another))) .o_data_row:contains(old_buyer)",
        },
        {
            content: "nothing can be made here by hand",
            trigger: ".o_control_panel:not(:has(.o_list_button_add))",
        },
        {
            trigger: ".o_data_row:contains(old_buyer) .o_data_cell[name=buyer_login]",
            run: "click",
        },
        {
            trigger: ".o_form_readonly:contains(nothing to do with stock) [name=url] a[href*=orders]",
        },
        {
            trigger: "button[name=action_import]",
            run: "click",
        },
        {
            content: "asked before stock is touched",
            trigger: ".modal:contains(reserves stock) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains(Import these orders) button[name=action_stop]",
        },
    ],
});

/** The resolver: a suggestion is used, a conflict settled, an offer ignored. */
addTour("allegro_resolver", {
    steps: () => [
        {
            content: "the suggestion and why",
            trigger:
                ".o_data_row:contains(Suggested offer) [name=suggestion_reason]:contains(written alike)",
        },
        {
            trigger: ".o_data_row:contains(Suggested offer) button[name=action_use_suggestion]",
            run: "click",
        },
        {
            content: "it has its product and is gone from here",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Suggested offer)))",
        },
        {
            content: "a conflict offers no suggestion to be used blindly",
            trigger:
                ".o_data_row:contains(Claimed offer):not(:has(button[name=action_use_suggestion])) [name=problem]:contains(First twin):contains(Second twin)",
        },
        {
            trigger: ".o_data_row:contains(Claimed offer) button[name=action_choose_product]",
            run: "click",
        },
        {
            trigger:
                ".modal:contains(never guessed) .o_data_row:contains(Second twin):contains(The same reference) button[name=action_use]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains(Claimed offer)))",
        },
        {
            trigger: ".o_data_row:contains(Gift wrap) button[name=action_choose_product]",
            run: "click",
        },
        {
            content: "nothing resembles it",
            trigger: ".modal:contains(No product resembles it) button[name=action_ignore]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(Every offer has its product)",
        },
    ],
});
