import { addTour } from "./tour";

const NEXT = ".o_form_statusbar button.btn-primary";

/** One order from new to sent, as its seller clicks. */
addTour("allegro_fulfilment", {
    steps: () => [
        {
            content: "What Allegro refused is said in its own words",
            trigger: ".o_allegro_refused:contains('Zbyt wiele zmian'):has(button[name=action_allegro_retry])",
        },
        {
            trigger: ".o_allegro_refused button[name=action_allegro_give_up]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_allegro_refused))",
        },
        {
            content: "Only the next step is offered",
            trigger: `.o_form_statusbar:not(:has(button[name=action_allegro_hand_over]))`,
        },
        {
            content: "Start processing",
            trigger: `${NEXT}[name=action_allegro_start_processing]`,
            run: "click",
        },
        {
            content: "It returns at once and says what is going on",
            trigger: ".o_allegro_telling:contains('In progress')",
        },
        {
            content: "Add tracking number",
            trigger: `${NEXT}[name=action_allegro_add_tracking]`,
            run: "click",
        },
        {
            content: "The carrier is proposed from the way of delivery",
            trigger: ".modal div[name=carrier_id] input:value('DPD')",
        },
        {
            content: "A number that can be none is complained of beside it",
            trigger: ".modal div[name=waybill] textarea",
            run: "edit 123, zażółć && press Tab",
        },
        {
            trigger: ".modal div[role=alert]:contains('zażółć is not a tracking number')",
        },
        {
            content: "Another carrier needs a name, and has its warning",
            trigger: ".modal div[name=carrier_id] input",
            run: "edit Other",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Other carrier')",
            run: "click",
        },
        {
            trigger: ".modal div[role=status]:contains('lowers your sales quality')",
        },
        {
            content: "The number's own form names its carrier",
            trigger: ".modal div[name=waybill] textarea",
            run: "edit 1Z9999999999999999, 1Z8888888888888888 && press Tab",
        },
        {
            trigger: ".modal div[name=carrier_id] input:value('UPS')",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) a.nav-link[name=allegro]",
            run: "click",
        },
        {
            content: "The numbers are on the order",
            trigger: "div[name=allegro_parcel_ids] td[name=waybill]:contains('1Z9999999999999999')",
        },
        {
            content: "One was a mistake",
            trigger:
                "div[name=allegro_parcel_ids] tr:contains('1Z8888888888888888') button[name=action_remove]",
            run: "click",
        },
        {
            trigger: "div[name=allegro_parcel_ids]:not(:contains('1Z8888888888888888'))",
        },
        {
            content: "Handed over to courier",
            trigger: `${NEXT}[name=action_allegro_hand_over]`,
            run: "click",
        },
        {
            trigger: ".o_allegro_telling:contains('Sent')",
        },
        {
            content: "Nothing is left to do",
            trigger: ".o_form_statusbar:not(:has(button.btn-primary[name^=action_allegro]))",
        },
    ],
});

/** Allegro refused the tracking number: correcting it comes before handing over. */
addTour("allegro_correct_number", {
    steps: () => [
        {
            content: "What is wrong with it, and only what helps",
            trigger:
                ".o_allegro_refused:contains('Zły numer'):not(:has(button[name=action_allegro_retry])) button[name=action_allegro_correct_parcel]",
        },
        {
            content: "Handing over is possible, but not what comes next",
            trigger: ".o_form_statusbar button[name=action_allegro_hand_over]:not(.btn-primary)",
        },
        {
            trigger: `${NEXT}[name=action_allegro_correct_parcel]`,
            run: "click",
        },
        {
            trigger: ".modal div[name=waybill] textarea:value('1234567890123A')",
            run: "edit 1234567890123B && press Tab",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is told again, so handing over comes next",
            trigger: `body:not(:has(.modal)):not(:has(.o_allegro_refused)) ${NEXT}[name=action_allegro_hand_over]`,
        },
    ],
});

/** The list: many orders at once. */
addTour("allegro_bulk", {
    steps: () => [
        {
            content: "The list is filtered to what is to be processed",
            trigger: ".o_searchview_facet:contains('Allegro: to process')",
        },
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_allegro_start_processing]",
            run: "click",
        },
        {
            content: "A result for each order",
            trigger: ".modal [name=summary]:contains('2 waiting for Allegro')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "They are to be shipped now",
            trigger: "body:not(:has(.modal)) .o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            // the list has been read again
            trigger: ".o_list_view .o_data_row:contains(AWAY)",
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains('Allegro: to ship')",
            run: "click",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains(AWAY))) .o_data_row",
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.o_filter_menu)) .o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_allegro_add_tracking]",
            run: "click",
        },
        {
            content: "A line for each",
            trigger: ".modal .o_data_row:first td[name=waybill]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:first td[name=waybill] input",
            run: "edit 0000007268757Q && press Tab",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".modal [name=summary]:contains('1 waiting for Allegro, 1 skipped')",
        },
        {
            trigger: ".modal td[name=message]:contains('No number was entered')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view",
        },
    ],
});
