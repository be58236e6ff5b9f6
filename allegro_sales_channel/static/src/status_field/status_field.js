import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

/** Who cancelled, as the form knows it: Allegro's own status stays what it was. */
const CANCELLED_BY = {
    buyer: _t("Cancelled by the buyer"),
    allegro: _t("Cancelled: never paid"),
    seller: _t("Cancelled"),
};

/**
 * How an order stands on Allegro, in one badge: its fulfilment status, unless somebody
 * cancelled the order; red and with a mark when Allegro refused what was wanted.
 *
 * What it looks at beside its own field has to be in the view as well.
 */
export class AllegroStatusField extends BadgeField {
    static template = "allegro_sales_channel.StatusField";

    get isCancelled() {
        const { allegro_status: status, is_cancelled: isCancelled } = this.props.record.data;
        return status === "CANCELLED" || isCancelled;
    }

    get text() {
        if (this.isCancelled) {
            return CANCELLED_BY[this.props.record.data.allegro_cancelled_by || "seller"];
        }
        return this.formattedValue;
    }

    get refusal() {
        return this.props.record.data.allegro_sync_error;
    }

    get refusalLabel() {
        return _t("Refused by Allegro: %(error)s", { error: this.refusal });
    }

    get badgeClass() {
        if (this.refusal) {
            return "text-bg-danger";
        }
        return this.isCancelled ? "text-bg-300" : super.badgeClass;
    }
}

registry.category("fields").add("allegro_status", {
    ...badgeField,
    component: AllegroStatusField,
    displayName: _t("Status on Allegro"),
    supportedTypes: ["selection"],
});
