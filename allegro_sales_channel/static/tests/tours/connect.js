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
            content: "without keys there is nothing to press, but a word of what to do",
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
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "what was entered is not shown again",
            trigger:
                ".o_form_saved .o_field_widget[name=client_secret_entry] input:value(/^$/)",
        },
        {
            content: "connect: Allegro's page allows it, and leads back here",
            trigger: "button[name=action_connect]:contains(Connect)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "connected, as the seller who allowed it",
            trigger: ".o_arrow_button_current:contains(Connected)",
        },
        {
            trigger: ".o_field_widget[name=seller_login]:contains(demontaz_kos)",
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
