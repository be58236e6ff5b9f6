import { addTour } from "./tour";

const row = (buyer) => `.o_data_row:contains('${buyer}')`;

// A receipt is printed: its number is typed in the list, and one button says so; the
// sums of the day have it then.
addTour("allegro_receipts", {
    url: "/odoo/allegro-receipts",
    steps: () => [
        { trigger: `${row("23%")}:contains('To print')` },
        { trigger: `${row("23%")} td[name='number']`, run: "click" },
        {
            trigger: ".o_selected_row td[name='number'] input",
            run: "edit W000123",
        },
        { trigger: ".o_list_button_save", run: "click" },
        {
            trigger: `${row("W000123")} button[name='action_printed']`,
            run: "click",
        },
        // what is printed is no longer to print
        { trigger: ".o_list_view:not(:has(.o_data_row:contains('W000123')))" },
        {
            trigger:
                ".o_menu_sections [data-menu-xmlid='allegro_sales_channel.menu_allegro_receipts']",
            run: "click",
        },
        { trigger: ".dropdown-item:contains('Sums of the day')", run: "click" },
        { trigger: ".o_pivot th:contains('23%')" },
        { trigger: ".o_pivot .o_pivot_cell_value:contains('123.00')" },
    ],
});

// On the order: what it gets, why, and another choice.
addTour("allegro_document_choice", {
    steps: () => [
        { trigger: "a[name='allegro']", run: "click" },
        { trigger: "[name='allegro_document']:contains('Receipt'):visible" },
        { trigger: "[name='allegro_document_reason']:contains('settings')" },
        {
            trigger: "[name='allegro_document_choice'] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/^Invoice$/)",
            run: "click",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: "[name='allegro_document']:contains('Invoice'):visible" },
        { trigger: "[name='allegro_document_reason']:contains('chose')" },
    ],
});
