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
            content: "also what is not to be sent any more",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
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

const search = (words) => [
    {
        trigger: ".o_searchview_input",
        run: `edit ${words}`,
    },
    {
        content: "Enter takes the first that is proposed",
        trigger: ".o_searchview_autocomplete .o-dropdown-item.focus:contains(Order)",
    },
    {
        trigger: ".o_searchview_input",
        run: "press Enter",
    },
];

/** The day's list: what is to be sent, the most urgent first, with all it takes. */
addTour("allegro_list_of_the_day", {
    steps: () => [
        {
            content: "the late one is first, and red",
            trigger:
                ".o_data_row:first-child:contains(LATE) [name=allegro_dispatch_to].text-danger",
        },
        {
            content: "then today's, in amber, with its number and how it goes",
            trigger:
                ".o_data_row:nth-child(2):contains(TODAY):contains(Allegro Kurier DPD):contains(0000007268757Q) [name=allegro_dispatch_to].text-warning",
        },
        {
            content: "what was sent is not to be done",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(GONE)))",
        },
        {
            content: "one column for both marks",
            trigger:
                ".o_data_row:contains(LATE) [name=allegro_has_unmanaged]:has(.o_allegro_unmanaged):has(.o_allegro_invoice_wanted)",
        },
        {
            content: "no salesperson, no channel: all are Allegro's",
            trigger:
                ".o_list_view:not(:has(th[data-name=user_id])):not(:has(th[data-name=sales_channel_id]))",
        },
        {
            trigger: ".o_data_row .o_data_cell:contains(TODAY)",
            run: "click",
        },
        {
            content: "all that a packer needs stands above the tabs",
            trigger:
                ".o_allegro_strip:contains(Jan Kowalski):contains(WAW22A):contains(0000007268757Q):contains(Is it black?) .text-warning[name=allegro_dispatch_to]",
        },
        {
            content: "and where the buyer lives does not",
            trigger: ".o_field_widget[name=partner_id]:not(:has(.o_field_many2one_extra:visible))",
        },
    ],
});

/** A parcel in the hand, or a buyer on the phone, leads to the order. */
addTour("allegro_find_an_order", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(NUMBER) ~ .o_data_row:contains(PHONE)",
        },
        ...search("7268757Q"),
        {
            content: "by a part of its tracking number",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(PHONE))) .o_data_row:contains(NUMBER)",
        },
        {
            trigger: ".o_searchview_facet:last .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(PHONE)",
        },
        ...search("601-234-567"),
        {
            content: "by a phone, however it is written",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(NUMBER))) .o_data_row:contains(PHONE)",
        },
    ],
});
