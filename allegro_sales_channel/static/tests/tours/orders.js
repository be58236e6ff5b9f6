import { addTour } from "./tour";

const openFilters = {
    trigger: ".o_searchview_dropdown_toggler",
    run: "click",
};

addTour("allegro_sales_orders", {
    steps: () => [
        {
            content: "the standard list shows where each order was made",
            trigger: "th[data-name=sales_channel_id]",
        },
        {
            trigger:
                ".o_data_row:contains(Direct Buyer) [name=sales_channel_id]:contains(Direct)",
        },
        {
            content: "an order with unmanaged items bears a mark, also for screen readers",
            trigger:
                ".o_data_row:contains(Unmanaged Buyer) i.o_allegro_unmanaged[role=img][aria-label*='not in Odoo'][data-tooltip*='not in Odoo']",
        },
        {
            content: "others don't",
            trigger: ".o_data_row:contains(Plain Buyer):not(:has(.o_allegro_unmanaged))",
        },
        openFilters,
        {
            content: "only Allegro's",
            trigger: ".o_filter_menu .o_menu_item:contains(/^Allegro$/)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains(Direct Buyer))) .o_data_row:contains(Plain Buyer)",
        },
        {
            content: "by channel",
            trigger: ".o_group_by_menu .o_menu_item:contains(Sales channel)",
            run: "click",
        },
        {
            trigger: ".o_group_header:contains(Allegro)",
            run: "click",
        },
        {
            content: "open the marked order",
            trigger: ".o_data_row .o_data_cell:contains(Unmanaged Buyer)",
            run: "click",
        },
        {
            content: "what is missing is named, and where to fulfil it",
            trigger:
                ".o_allegro_unmanaged_note:contains(recommended to fulfil the order on Allegro):contains(1 × Part None)",
        },
        {
            content: "with a link to the order on Allegro",
            trigger: ".o_allegro_unmanaged_note button[name=action_allegro_open]",
        },
        {
            content: "everything for the parcel and the invoice is on one page",
            trigger: ".o_notebook .nav-link[name=allegro]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=allegro_recipient_phone]:contains(500)",
        },
        {
            trigger: ".o_field_widget[name=allegro_total_difference]:contains(50)",
        },
        {
            trigger: ".o_field_widget[name=allegro_url] a[target=_blank]",
        },
        {
            content: "add a channel of one's own",
            trigger: "button[data-menu-xmlid='sale.menu_sale_config']",
            run: "click",
        },
        {
            trigger: "a[data-menu-xmlid='allegro_sales_channel.menu_sales_channel']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Allegro)",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit By phone",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=code] input",
            run: "edit phone",
        },
        {
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:not(.o_selected_row):contains(By phone)",
        },
    ],
});

addTour("allegro_integration", {
    steps: () => [
        {
            content: "what is wrong stands beside each order",
            trigger: ".o_data_row:contains(lineItems[0].quantity)",
        },
        {
            content: "the lost connection is told on every page",
            trigger: ".o_allegro_warning:contains(Lost shop)",
        },
        {
            content: "retry one from its form",
            trigger: ".o_data_row .o_data_cell:contains(buyer: is missing)",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_retry]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(being tried again)",
        },
        {
            trigger: ".o_form_view .o_arrow_button_current:contains(Waiting)",
        },
        {
            trigger: ".breadcrumb-item a:contains(Orders waiting or failed), .o_back_button",
            run: "click",
        },
        {
            content: "the list is up to date before anything is chosen in it",
            trigger: ".o_data_row:contains(buyer: is missing):contains(Waiting)",
        },
        {
            content: "and the other from the list",
            trigger:
                ".o_data_row:contains(lineItems[0].quantity) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_retry]",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.text-bg-danger)) .o_data_row:contains(Waiting)",
        },
        {
            content: "offers that are no product yet",
            trigger: "button[data-menu-xmlid='allegro_sales_channel.menu_allegro_offers']",
            run: "click",
        },
        {
            trigger:
                "a[data-menu-xmlid='allegro_sales_channel.menu_allegro_offer_without_product']",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains(UNKNOWN-PART):has([name=waiting_order_count]:contains(1)) [name=product_id]",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit SKU-8",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(SKU-8)",
            run: "click",
        },
        {
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:not(.o_selected_row):contains([SKU-8] Part SKU-8)",
        },
        {
            content: "the banner is here too, and leads to the account",
            trigger: ".o_allegro_warning:contains(Lost shop) button",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_connect]:contains(Reconnect)",
        },
        {
            trigger: ".o_arrow_button_current:contains(Must be reconnected)",
        },
    ],
});

/** What was refused is red, what the buyer cancelled says so; filters narrow down. */
addTour("allegro_orders_that_need_a_person", {
    steps: () => [
        {
            content: "refused: red as a whole, and said in words",
            trigger:
                ".o_data_row.text-danger:contains(REFUSED) .o_allegro_status.text-bg-danger:contains(New) i[role=img][aria-label*='Zbyt wiele zmian']",
        },
        {
            content: "others are not",
            trigger:
                ".o_data_row:not(.text-danger):contains(PARTLY) .o_allegro_status.text-bg-info:not(:has(i)):contains(New)",
        },
        {
            content: "cancelled by the buyer: not as new as Allegro's status says",
            trigger:
                ".o_data_row.text-muted:contains(CANCELLED) .o_allegro_status:not(.text-bg-info):contains(/^Cancelled by the buyer$/)",
        },
        {
            trigger: ".o_data_row .o_data_cell:contains(CANCELLED)",
            run: "click",
        },
        {
            content: "nor on its form",
            trigger:
                ".o_form_view .o_allegro_fulfilment:not(:has(.o_statusbar_status)):contains(Cancelled by the buyer)",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        openFilters,
        {
            trigger: ".o_filter_menu .o_menu_item:contains(Items not in Odoo)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains(REFUSED))):has(.o_data_row:contains(GONE))",
        },
        {
            content: "of these, what is to be processed",
            trigger: ".o_filter_menu .o_menu_item:contains(Allegro: to process)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains(REFUSED))):not(:has(.o_data_row:contains(GONE))) .o_data_row:contains(PARTLY)",
        },
    ],
});
