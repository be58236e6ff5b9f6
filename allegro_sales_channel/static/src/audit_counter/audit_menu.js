import { useState } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { NavBar } from "@web/webclient/navbar/navbar";

const MENU = "allegro_sales_channel.menu_allegro_stock_audit";

/** The number of parts to check, behind the name of their menu. */
patch(NavBar.prototype, {
    setup() {
        super.setup();
        this.allegroAuditCounter = useState(useService("allegro_audit_counter"));
    },

    get currentAppSections() {
        const { toCheck } = this.allegroAuditCounter;
        return super.currentAppSections.map((section) =>
            section.xmlid === MENU && toCheck
                ? { ...section, name: `${section.name} (${toCheck})` }
                : section
        );
    },

    // Odoo has this dummy too: a getter without one could not be overridden.
    set currentAppSections(_) {},
});
