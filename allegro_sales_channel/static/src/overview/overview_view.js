import { Component, onMounted, onWillStart, onWillUnmount } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const EVERY_MILLISECONDS = 20000;
const MANAGER = "allegro_sales_channel.group_allegro_manager";

/** The page while there is no account yet: what is to be done, and by whom. */
export class AllegroWelcome extends Component {
    static template = "allegro_sales_channel.Welcome";
    static props = { "*": true };

    setup() {
        this.action = useService("action");
        onWillStart(async () => {
            this.isManager = await user.hasGroup(MANAGER);
        });
    }

    begin() {
        this.action.doAction("allegro_sales_channel.action_allegro_start");
    }
}

class OverviewRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, ActionHelper: AllegroWelcome };
}

/** Counts anew by itself, as long as somebody looks at it. */
class OverviewController extends KanbanController {
    setup() {
        super.setup();
        let timer;
        onMounted(() => {
            timer = setInterval(() => {
                if (document.visibilityState === "visible") {
                    this.model.load();
                }
            }, EVERY_MILLISECONDS);
        });
        onWillUnmount(() => clearInterval(timer));
    }
}

registry.category("views").add("allegro_overview", {
    ...kanbanView,
    Controller: OverviewController,
    Renderer: OverviewRenderer,
});
