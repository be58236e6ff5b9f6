import { addTour } from "./tour";

addTour("allegro_check_connection", {
    steps: () => [
        {
            trigger: "button[name=action_check_connection]",
            run: "click",
        },
        {
            content: "a line for each thing: fine, or what to do",
            trigger:
                ".modal .o_data_row:contains(Account):contains(Fine):contains(test_seller)",
        },
        {
            trigger:
                ".modal .o_data_row:contains(Clock):contains(Not working):contains(ahead of)",
        },
        {
            content: "look again",
            trigger: ".modal button[name=action_check_again]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Permissions):contains(Fine)",
        },
        {
            trigger: ".modal footer .btn-primary:contains(Close)",
            run: "click",
        },
        {
            content: "the file is a click away; a download is nothing that a tour can wait for",
            trigger: "body:not(:has(.modal)) button[name=action_support_file]",
        },
    ],
});
