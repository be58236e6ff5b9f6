import { Component } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The numbers about one account: each opens its list. */
export class AllegroOverviewField extends Component {
    static template = "allegro_sales_channel.OverviewField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get tiles() {
        return this.props.record.data[this.props.name] || [];
    }

    get isNothingToDo() {
        return this.tiles.every((tile) => !tile.count);
    }

    colour(tile) {
        if (!tile.count) {
            return "text-muted";
        }
        return tile.is_alarming ? "o_allegro_tile_alarming text-danger fw-bold" : "fw-bold";
    }

    async open(tile) {
        const { resId, resModel } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_tile", [
            [resId],
            tile.code,
        ]);
        this.action.doAction(action);
    }
}

registry.category("fields").add("allegro_overview", {
    component: AllegroOverviewField,
    supportedTypes: ["json"],
});
