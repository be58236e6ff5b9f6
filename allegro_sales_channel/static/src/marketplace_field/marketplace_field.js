import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** Allegro's word for a marketplace, as the address under which people know it. */
export class AllegroMarketplaceField extends CharField {
    get formattedValue() {
        return super.formattedValue
            .replace(/^allegro-business-/, "business.allegro.")
            .replace(/^allegro-/, "allegro.");
    }
}

registry.category("fields").add("allegro_marketplace", {
    ...charField,
    component: AllegroMarketplaceField,
});
