/** Shows what a scheduled action is doing: reads the record anew while it is at it. */

import { Component, useEffect, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY_MILLISECONDS = 2000;
const UNFINISHED = ["waiting", "running"];

export class AllegroLive extends Component {
    static template = xml`
        <span t-if="isUnfinished" class="text-muted" role="status">
            <i class="fa fa-refresh fa-spin me-1" aria-hidden="true"/>
            <t t-esc="props.text"/>
        </span>`;
    static props = { ...standardWidgetProps, text: { type: String, optional: true } };

    setup() {
        useEffect(
            (isUnfinished) => {
                if (!isUnfinished) {
                    return;
                }
                const timer = setInterval(() => {
                    if (document.visibilityState === "visible") {
                        this.props.record.load();
                    }
                }, EVERY_MILLISECONDS);
                return () => clearInterval(timer);
            },
            () => [this.isUnfinished]
        );
    }

    get isUnfinished() {
        return UNFINISHED.includes(this.props.record.data.state);
    }
}

registry.category("view_widgets").add("allegro_live", {
    component: AllegroLive,
    extractProps: ({ attrs }) => ({ text: attrs.text }),
});
