import { Component, onMounted, status, useState } from "@odoo/owl";

import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { ControlPanel } from "@web/search/control_panel/control_panel";

/** What needs a person, above every page that has to do with Allegro. */
export class AllegroWarnings extends Component {
    static template = "allegro_sales_channel.Warnings";
    static props = {};

    setup() {
        this.action = useService("action");
        this.menu = useService("menu");
        this.orm = useService("orm");
        this.state = useState({ warnings: [] });
        onMounted(() => this.load());
    }

    get isAllegroPage() {
        const model = this.env.searchModel?.resModel || "";
        const app = this.menu.getCurrentApp()?.xmlid;
        return (
            model.startsWith("allegro.") ||
            model === "sale.order" ||
            app === "allegro_sales_channel.menu_allegro_root"
        );
    }

    async load() {
        const group = "allegro_sales_channel.group_allegro_user";
        if (!this.isAllegroPage || !(await user.hasGroup(group))) {
            return;
        }
        // whoever clicks fast is on the next page already
        if (status(this) === "mounted") {
            this.state.warnings = await this.orm.silent.call(
                "allegro.account",
                "get_warnings",
                []
            );
        }
    }

    async open(warning) {
        this.action.doAction(
            await this.orm.call("allegro.account", "action_open_alarm", [
                [warning.account_id],
                warning.code,
            ])
        );
    }
}

patch(ControlPanel, {
    components: { ...ControlPanel.components, AllegroWarnings },
});
