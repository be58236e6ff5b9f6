import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A sheet of paper for orders whose buyer wants an invoice; else nothing. */
export class AllegroInvoiceWantedField extends Component {
    static template = "allegro_sales_channel.InvoiceWantedField";
    static props = { ...standardFieldProps };

    get label() {
        return _t("The client wants an invoice");
    }
}

registry.category("fields").add("allegro_invoice_wanted", {
    component: AllegroInvoiceWantedField,
    displayName: _t("Client wants an invoice"),
    supportedTypes: ["boolean"],
    listViewWidth: 32,
});
