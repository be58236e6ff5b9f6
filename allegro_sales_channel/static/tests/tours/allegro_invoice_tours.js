import { addTour } from "./tour";

const setting = (name) => `#${name} .o_field_boolean[name='${name}'] input`;

// Both settings are switched on and saved; the screen leads to template and accounts.
addTour("allegro_settings", {
    url: "/odoo/settings",
    steps: () => [
        { trigger: ".settings_tab .tab[data-key='sale_management']", run: "click" },
        { trigger: `${setting("allegro_order_email")}:not(:checked)`, run: "click" },
        { trigger: `${setting("allegro_auto_invoice")}:not(:checked)`, run: "click" },
        {
            trigger: "#allegro_auto_invoice .o_radio_item:contains('processing') input",
            run: "click",
        },
        {
            trigger:
                "#allegro_auto_invoice [name='allegro_person_document'] .o_radio_item:contains('receipt') input",
            run: "click",
        },
        { trigger: "#allegro_auto_invoice:contains('Receipts to print')" },
        { trigger: ".o_form_button_save", run: "click", expectUnloadPage: true },
        // saved: the settings are read anew, with nothing to save
        { trigger: ".settings_tab .tab[data-key='sale_management']", run: "click" },
        { trigger: `${setting("allegro_auto_invoice")}:checked` },
        {
            trigger: "#allegro_auto_invoice .o_radio_item:contains('processing') input:checked",
        },
        {
            trigger: "button[name='action_allegro_open_email_template']",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name='subject']" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".settings_tab .tab[data-key='sale_management']", run: "click" },
        { trigger: "#allegro_accounts button:contains('Allegro accounts')", run: "click" },
        { trigger: ".o_list_view .o_data_cell:contains('Test shop')" },
    ],
});

// What waits for a person is found in the list and tried again from the order.
addTour("allegro_invoice_retry", {
    url: "/odoo/orders",
    steps: () => [
        { trigger: ".o_data_row .o_allegro_invoice_wanted" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        {
            trigger: ".o_filter_menu .o_menu_item:contains('Invoice wanted')",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains('Invoice held back')",
            run: "click",
        },
        { trigger: ".o_data_row:only-of-type .o_data_cell[name='name']", run: "click" },
        { trigger: ".o_allegro_invoice_error:contains('The books are closed.')" },
        { trigger: "a[name='allegro']", run: "click" },
        {
            trigger:
                "[name='allegro_invoice_party_kind']:contains('Company'):visible",
        },
        { trigger: "[name='allegro_document_summary']:contains('None yet')" },
        { trigger: "button[name='action_allegro_retry_invoice']", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_allegro_invoice_error))" },
        { trigger: "[name='allegro_document_summary']:contains('It is made soon')" },
    ],
});

// Another tax than Allegro's: seen on the order, and let pass.
addTour("allegro_tax_accept", {
    steps: () => [
        { trigger: "td[name='allegro_tax_rate']:contains('8%')" },
        { trigger: "a[name='allegro']", run: "click" },
        { trigger: "[name='allegro_invoice_block_reason']:contains('VAT')" },
        { trigger: "button[name='action_allegro_accept_tax']", run: "click" },
        {
            trigger: ".o_form_view:not(:has(button[name='action_allegro_accept_tax']))",
        },
        { trigger: ".o-mail-Message-body:contains('8% on Allegro')" },
    ],
});

// A document that Allegro refused is put there once more.
addTour("allegro_document_retry", {
    steps: () => [
        { trigger: ".o_allegro_document_error:contains('FILE-CONTENT-INVALID')" },
        {
            trigger: ".o_allegro_document_error button:contains('Retry')",
            run: "click",
        },
        { trigger: ".o_form_view:not(:has(.o_allegro_document_error))" },
    ],
});

// Of an order's invoice one piece is taken back; the credit note opens as a draft.
addTour("allegro_correct", {
    steps: () => [
        { trigger: "button[name='action_allegro_correct']", run: "click" },
        { trigger: ".modal .o_field_widget[name='reason'] input:value(Goods returned)" },
        { trigger: ".modal .o_field_widget[name='kind'] label:contains('Price reduced')", run: "click" },
        { trigger: ".modal .o_field_widget[name='reason'] input:value(Price reduced)" },
        { trigger: ".modal .o_field_widget[name='kind'] label:contains('Goods returned')", run: "click" },
        { trigger: ".modal .o_data_row:first-child td[name='quantity']", run: "click" },
        {
            trigger: ".modal .o_data_row:first-child td[name='quantity'] input",
            run: "edit 1",
        },
        { trigger: ".modal button[name='action_confirm']", run: "click" },
        {
            trigger:
                ".o_form_view:not(:has(.modal)) [name='allegro_correction_reason']:contains('Goods returned')",
        },
    ],
});

// What is late is found in the list, red, and says why on the order.
addTour("allegro_documents_due", {
    url: "/odoo/allegro-documents-due",
    steps: () => [
        { trigger: ".o_data_row:nth-child(2)" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:contains(/^Late$/)", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:nth-child(2)))" },
        {
            trigger: ".o_data_row.text-danger .o_data_cell[name='name']",
            run: "click",
        },
        { trigger: ".o_form_view .nav-link[name='allegro']", run: "click" },
        {
            trigger:
                ".o_allegro_document_due:has(.text-danger) [name='allegro_document_deadline_words']:contains('106i')",
        },
    ],
});

// What is held up is found in the list of documents, and tried again: one by one by its
// own button, and those that are chosen.
addTour("allegro_documents_retry", {
    url: "/odoo/action-allegro_sales_channel.action_allegro_document",
    steps: () => [
        { trigger: ".o_facet_values:contains('Waiting'):contains('Failed')" },
        { trigger: ".o_data_row:contains('Held up'):contains('FILE-CONTENT-INVALID')" },
        {
            trigger: ".o_data_row:contains('S-ONE') button:contains('Retry')",
            run: "click",
        },
        { trigger: ".o_data_row:contains('S-ONE'):not(:contains('Held up'))" },
        {
            trigger: ".o_data_row:contains('S-TWO') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name='action_allegro_retry_chain']",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains('Held up')))" },
    ],
});
