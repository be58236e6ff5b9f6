import { addTour } from "./tour";

/** One order without a tracking number: asked, and handed over all the same. */
addTour("allegro_hand_over_one", {
    steps: () => [
        {
            trigger: ".o_form_statusbar button[name=action_allegro_hand_over]",
            run: "click",
        },
        {
            content: "The one question, with what can be answered",
            trigger:
                ".modal:contains(ONE has no tracking number):not(:has(button[name=action_leave_out])) button[name=action_add_tracking]",
        },
        {
            content: "Thinking better of it changes nothing",
            trigger: ".modal footer button:contains(Cancel)",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)):not(:has(.o_allegro_telling)) .o_form_statusbar button[name=action_allegro_hand_over]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Hand over all the same)",
            run: "click",
        },
        {
            content: "It goes on, and is asked no second time",
            trigger: "body:not(:has(.modal)) .o_allegro_telling:contains(Sent)",
        },
    ],
});

/** Two orders from the list, one of them with a number: only that one goes. */
addTour("allegro_hand_over_many", {
    steps: () => [
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_allegro_hand_over]",
            run: "click",
        },
        {
            content: "How many, and which",
            trigger:
                ".modal:contains(1 of 2 have no tracking number) [name=names]:contains(BARE)",
        },
        {
            trigger: ".modal button[name=action_leave_out]",
            run: "click",
        },
        {
            content: "A result for each that went",
            trigger:
                ".modal:has([name=summary]:contains('1 waiting for Allegro')) .o_data_row:contains(NUMBERED)",
        },
        {
            trigger: ".modal:not(:has(.o_data_row:contains(BARE))) footer button:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view",
        },
    ],
});

/** The warehouse validates a delivery without a number: its form asks as well. */
addTour("allegro_hand_over_delivery", {
    steps: () => [
        {
            trigger: ".o_form_statusbar button[name=button_validate].btn-primary",
            run: "click",
        },
        {
            trigger:
                ".modal:contains(has no tracking number):not(:has(button[name=action_add_tracking]))",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is done",
            trigger:
                "body:not(:has(.modal)) .o_form_statusbar:not(:has(button[name=button_validate])) .o_arrow_button_current:contains(Done)",
        },
    ],
});
