import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** An exclamation mark for orders with items that Odoo does not know; else nothing. */
export class AllegroUnmanagedField extends Component {
    static template = "allegro_sales_channel.UnmanagedField";
    static props = { ...standardFieldProps };

    get label() {
        return _t("Has items that are not in Odoo: fulfil this order on Allegro");
    }
}

registry.category("fields").add("allegro_unmanaged", {
    component: AllegroUnmanagedField,
    displayName: _t("Exclamation mark"),
    supportedTypes: ["boolean"],
    listViewWidth: 32,
});
