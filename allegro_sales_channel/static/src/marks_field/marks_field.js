import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What is special about an order, side by side: an exclamation mark when it has items
 * that Odoo does not know, a sheet of paper when the buyer wants an invoice.
 */
export class AllegroMarksField extends Component {
    static template = "allegro_sales_channel.MarksField";
    static props = { ...standardFieldProps };

    get unmanagedLabel() {
        return _t("Has items that are not in Odoo: fulfil this order on Allegro");
    }

    get invoiceLabel() {
        return _t("The client wants an invoice");
    }
}

registry.category("fields").add("allegro_marks", {
    component: AllegroMarksField,
    displayName: _t("Marks"),
    supportedTypes: ["boolean"],
    fieldDependencies: [{ name: "allegro_invoice_required", type: "boolean", readonly: true }],
    listViewWidth: 44,
});
