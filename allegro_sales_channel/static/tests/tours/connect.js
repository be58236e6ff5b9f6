import { addTour } from "./tour";

const openAccount = [
    {
        content: "open the account",
        trigger: ".o_data_cell[name=name]:contains(My Allegro shop)",
        run: "click",
    },
];

addTour("allegro_connect_browser", {
    steps: () => [
        ...openAccount,
        {
            content: "without keys there is a word of what to do",
            trigger: ".o_form_view .alert-info:contains(Register an application)",
        },
        {
            content: "enter the keys of the application",
            trigger: ".o_field_widget[name=client_id] input",
            run: "edit simulator-client-id",
        },
        {
            trigger: ".o_field_widget[name=client_secret_entry] input[type=password]",
            run: "edit simulator-client-secret",
        },
        {
            content: "connect: Allegro's page allows it, and leads back here",
            trigger: "button[name=action_connect]:contains(Connect)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "connected, as the seller who allowed it",
            trigger: "[name=step_settings]:contains(Connected as demontaz_kos)",
        },
        {
            trigger: "button[name=action_open_account]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Connected)",
        },
        {
            content: "every permission is granted",
            trigger: ".o_field_widget[name=scope_overview]:not(:has(.fa-times)) .fa-check",
        },
        {
            content: "ask for orders now",
            trigger: "button[name=action_sync_now]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Allegro is being asked)",
        },
    ],
});

/** The page on which the seller types the code, and a cross-origin form sent to it. */
function allegroPage() {
    const link = document.querySelector(".modal [name=verification_url] a, .modal [name=verification_url] span");
    return new URL(link.textContent.trim());
}

async function post(address, body) {
    await fetch(address, { method: "POST", mode: "no-cors", body });
}

const check = {
    trigger: ".modal button[name=action_check]",
    run: "click",
};

addTour("allegro_connect_device", {
    steps: () => [
        ...openAccount,
        {
            trigger: "button[name=action_connect_device]",
            run: "click",
        },
        {
            content: "too early",
            ...check,
        },
        {
            trigger: ".modal .alert-warning:contains(no consent yet)",
        },
        {
            content: "too fast",
            ...check,
        },
        {
            content: "now the seller allows it at Allegro, and some seconds pass",
            trigger: ".modal .alert-warning:contains(a bit fast)",
            async run() {
                const page = allegroPage();
                const form = new URLSearchParams({
                    user_code: page.searchParams.get("code"),
                    seller: "czesci_pewne",
                    decision: "allow",
                });
                await post(page.origin + page.pathname, form);
                const clock = JSON.stringify({ advance_seconds: 6 });
                await post(page.origin + "/_control/clock", clock);
            },
        },
        check,
        {
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Connected)",
        },
        {
            trigger: ".o_field_widget[name=seller_login]:contains(czesci_pewne)",
        },
        {
            content: "disconnecting asks first",
            trigger: "button[name=action_disconnect]",
            run: "click",
        },
        {
            trigger: ".modal:contains(No orders will come in) .btn-secondary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Connected)",
        },
    ],
});

addTour("allegro_guided_start", {
    steps: () => [
        {
            content: "nothing is here yet",
            trigger: ".o_allegro_welcome button:contains(Connect your Allegro account)",
            run: "click",
        },
        {
            content: "the address to register is there to be copied",
            trigger:
                ".o_allegro_start .o_field_widget[name=redirect_uri]:contains(/allegro/oauth/callback) .o_clipboard_button",
        },
        {
            content: "without keys one is told what is missing",
            trigger: "button[name=action_connect]",
            run: "click",
        },
        {
            trigger: ".modal:contains(Enter the Client ID and the Client Secret) .btn-primary",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=environment] .o_radio_item:contains(sandbox) input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=client_id] input",
            run: "edit simulator-client-id",
        },
        {
            trigger: ".o_field_widget[name=client_secret_entry] input[type=password]",
            run: "edit wrong-secret",
        },
        {
            content: "a wrong secret is told here, not at Allegro",
            trigger: "button[name=action_connect]",
            run: "click",
        },
        {
            trigger:
                ".modal:contains(know this Client ID and Secret. Check both.) .btn-primary",
            run: "click",
        },
        {
            content: "what was typed is still there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=client_id] input:value(/^simulator-client-id$/)",
        },
        {
            trigger: ".o_field_widget[name=client_secret_entry] input[type=password]",
            run: "edit simulator-client-secret",
        },
        {
            content: "connect, without saving first",
            trigger: "button[name=action_connect]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "connected; the rest is asked now",
            trigger: "[name=step_settings]:contains(Connected as demontaz_kos)",
        },
        {
            trigger: ".o_field_widget[name=order_import_start]",
        },
        {
            trigger: "button[name=action_open_overview]",
            run: "click",
        },
        {
            content: "the first page has the account, and nothing to do",
            trigger: ".o_allegro_overview .o_kanban_record:contains(Connected)",
        },
        {
            trigger: ".o_allegro_nothing:contains(Nothing to do)",
        },
        {
            content: "a number opens its list",
            trigger: ".o_allegro_tile[data-code=to_start]",
            run: "click",
        },
        {
            trigger: ".o_searchview_facet:contains(Allegro: to process)",
        },
    ],
});
