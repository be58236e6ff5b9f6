import { Component, xml } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How long ago it was; when exactly, for who points at it. */
export class AllegroAgoField extends Component {
    static template = xml`
        <span t-if="moment" t-att-title="exact">
            <t t-esc="label"/>: <t t-esc="moment.toRelative()"/>
        </span>`;
    static props = { ...standardFieldProps };

    get moment() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return _t("Last synchronisation");
    }

    get exact() {
        return formatDateTime(this.moment);
    }
}

registry.category("fields").add("allegro_ago", {
    component: AllegroAgoField,
    supportedTypes: ["datetime"],
});
